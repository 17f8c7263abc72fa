"""What a source deleted or replaced after it was told leaves the figures, and is shown as a restatement with its cause.

January as first delivered (net, CNY): 20 orders of one line of 10.00, a second line of 5.00 of SO10, and SO21 of 7.77:
212.77. After the close of January come a list of all orders, which has no SO21 (-7.77), and a file that supersedes the
one with the lines of SO1 to SO10: SO1 is 11.00 in it (+1.00), and SO10 has one line (-5.00). January is 201.00.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.files import read_json
from pipelines.home import Home
from pipelines.reader import ask, connect, open_release
from pipelines.release.rebuild import rebuild
from pipelines.release.verify import verify
from pipelines.run import run
from pipelines.settings import load

SOURCE = "name: shop\nkind: files\ntime_zone: UTC\ndefault_currency: CNY\npath: data\n"
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
name: {feed}
schema:
  - name: {stem}
    physicalName: "{stem}_*.csv"
    properties:
"""
FEEDS = {
    "orders.orders": ["order_id", "order_date", "status", "customer_id", "channel_code"],
    "orders.order_lines": ["order_id", "line_id", "quantity", "unit_price", "net_amount"],
    "orders.orders.keys": ["order_id"],
    "orders.order_lines.keys": ["order_id"],
}


def deliver(folder, name, stem, header, rows):
    (folder / "data" / f"{stem}_{name}.csv").write_text("\n".join([header, *rows]) + "\n")


LINE_HEADER = "order_id,line_id,quantity,unit_price,net_amount"


def line(number, price, line_id=1):
    return f"SO{number},{line_id},1,{price},{price}"


def first_delivery(folder):
    rows = [f"SO{number},2026-01-{number:02},paid,C{number % 3},web" for number in range(1, 22)]
    deliver(folder, "1", "orders", "order_id,order_date,status,customer_id,channel_code", rows)
    first = [*(line(number, "10.00") for number in range(1, 11)), line(10, "5.00", 2)]
    deliver(folder, "1_a", "order_lines", LINE_HEADER, first)
    second = [*(line(number, "10.00") for number in range(11, 21)), line(21, "7.77")]
    deliver(folder, "1_b", "order_lines", LINE_HEADER, second)
    deliver(folder, "1", "keys", "order_id", [f"SO{number}" for number in range(1, 22)])


def second_delivery(folder):
    deliver(folder, "2", "keys", "order_id", [f"SO{number}" for number in range(1, 21)])
    corrected = [line(1, "11.00"), *(line(number, "10.00") for number in range(2, 11))]
    deliver(folder, "2_a", "order_lines", LINE_HEADER, corrected)
    with (folder / "source.yaml").open("a") as text:
        text.write(
            "supersedes:\n"
            "  - {file: order_lines_2_a.csv, replaces: order_lines_1_a.csv, reason: a price was wrong}\n"
        )


def source(folder):
    (folder / "data").mkdir(parents=True)
    (folder / "source.yaml").write_text(SOURCE)
    for feed, columns in FEEDS.items():
        stem = "keys" if feed.endswith(".keys") else feed.partition(".")[2]
        text = CONTRACT.format(feed=feed, stem=stem)
        text += "".join(f"      - {{name: {name}, physicalName: {name}}}\n" for name in columns)
        (folder / f"{feed.partition('.')[2]}.odcs.yaml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """A home with January as first told, and as told after the list of keys; the ids of both releases."""
    root = tmp_path_factory.mktemp("corrected")
    settings = load(Home(root / "home"))
    settings.home.prepare()
    folder = source(root / "shop")
    first_delivery(folder)
    ids = [run(settings, [folder], date(2026, 2, 10))]
    second_delivery(folder)
    ids.append(run(settings, [folder], date(2026, 2, 12)))
    assert [one.error for one in ids] == [None, None]
    return settings, [one.release_id for one in ids]


def answer(corrected, number, sql):
    settings, ids = corrected
    with connect(open_release(settings.home, ids[number])) as connection:
        return ask(connection, sql).rows


def test_what_was_deleted_or_replaced_leaves_january_and_nothing_else_does(corrected):
    sql = "select fiscal_month, sum(net_revenue) from mart_channel_performance where net_revenue <> 0 group by 1"
    assert answer(corrected, 0, sql) == [("2026-01", Decimal("212.7700"))]
    assert answer(corrected, 1, sql) == [("2026-01", Decimal("201.0000"))]
    assert answer(corrected, 1, "select count(*) from fct_order") == [(20,)]
    assert answer(corrected, 1, "select count(*) from fct_order_line") == [(20,)]


def test_it_is_listed_with_its_amount_the_rule_and_the_list(corrected):
    sql = "select feed, natural_key, amount, rule_id, kind, reason from quarantine_row order by 1"
    assert answer(corrected, 0, sql) == []
    said = "its key is not in keys_2.csv"
    assert answer(corrected, 1, sql) == [
        ("orders__order_lines", "SO21|1", Decimal("7.7700"), "S13", "withdrawn", said),
        ("orders__orders", "SO21", None, "S13", "withdrawn", said),
    ]


def test_the_difference_is_told_as_late(corrected):
    sql = (
        "select entity_type, delta_value, late_row_amount from mart_restatement "
        "where kpi_code = 'K02' and entity_type in ('company', 'channel') order by 1"
    )
    late = (Decimal("-11.77"), Decimal("-11.77"))
    assert answer(corrected, 1, sql) == [("channel", *late), ("company", *late)]


def test_the_report_accounts_for_it(corrected):
    settings, ids = corrected
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


def test_it_is_built_again_alike(corrected, tmp_path: Path):
    settings, ids = corrected
    assert rebuild(settings.home, ids[1], tmp_path / "again", run).differing == {}
