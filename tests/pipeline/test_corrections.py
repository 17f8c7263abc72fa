"""What a source deleted or replaced after it was told leaves the figures, and is shown as a restatement with its cause.

January is 212.77 as first told and 201.00 after: tests/fixtures/corrected_shop.py.
"""

from decimal import Decimal

from pipelines.files import read_json
from pipelines.reader import ask, connect, open_release
from pipelines.release.verify import verify


def answer(corrected_home, number, sql):
    settings, ids = corrected_home
    with connect(open_release(settings.home, ids[number])) as connection:
        return ask(connection, sql).rows


def test_what_was_deleted_or_replaced_leaves_january_and_nothing_else_does(corrected_home):
    sql = "select fiscal_month, sum(net_revenue) from mart_channel_performance where net_revenue <> 0 group by 1"
    assert answer(corrected_home, 0, sql) == [("2026-01", Decimal("212.7700"))]
    assert answer(corrected_home, 1, sql) == [("2026-01", Decimal("201.0000"))]
    assert answer(corrected_home, 1, "select count(*) from fct_order") == [(20,)]
    assert answer(corrected_home, 1, "select count(*) from fct_order_line") == [(20,)]


def test_it_is_listed_with_its_amount_the_rule_and_the_list(corrected_home):
    sql = "select feed, natural_key, amount, rule_id, kind, reason from quarantine_row order by 1"
    assert answer(corrected_home, 0, sql) == []
    said = "its key is not in keys_2.csv"
    assert answer(corrected_home, 1, sql) == [
        ("orders__order_lines", "SO21|1", Decimal("7.7700"), "S13", "withdrawn", said),
        ("orders__orders", "SO21", None, "S13", "withdrawn", said),
    ]


def test_the_difference_is_told_as_late(corrected_home):
    sql = (
        "select entity_type, delta_value, late_row_amount from mart_restatement "
        "where kpi_code = 'K02' and entity_type in ('company', 'channel') order by 1"
    )
    late = (Decimal("-11.77"), Decimal("-11.77"))
    assert answer(corrected_home, 1, sql) == [("channel", *late), ("company", *late)]


def test_the_report_accounts_for_it(corrected_home):
    settings, ids = corrected_home
    report = read_json(settings.home.releases / ids[1] / "report.json")
    lines = next(one for one in report["reconciliation"]["facts"] if one["feed"] == "orders__order_lines")
    assert (lines["rows_accepted"], lines["rows_in_fact"], lines["rows_withdrawn"], lines["rows_rest"]) == (
        21,
        20,
        1,
        0,
    )
    replaced = [
        (one["extract_id"], one["replaced_by"], one["reason"]) for one in report["landing"]["superseded"]
    ]
    assert replaced == [("order_lines_1_a.csv", "order_lines_2_a.csv", "a price was wrong")]
    assert (lines["amount_withdrawn"], lines["amount_rest"]) == ("7.7700", "0.0000")
    assert [proof for proof in verify(settings.home, ids[1]) if not proof.holds] == []
