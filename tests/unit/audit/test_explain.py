from decimal import Decimal

import pytest

from pipelines.audit import explain as audit
from pipelines.audit.question import find
from pipelines.errors import UsageError
from pipelines.reader import Release, connect

DIRECT = {"channel_code": "direct_cn", "fiscal_month": "2024-02"}


@pytest.fixture
def ask(folders):
    release = Release(folders[0].name, folders[0])

    def asked(mart, column, keys, first=2, raw=None):
        with connect(release) as connection:
            question = find(connection, release, mart, column, keys)
            return audit.explain(connection, release, question, first, raw)

    return asked


def test_net_revenue_is_its_order_lines_less_its_return_lines(ask):
    found = ask("mart_channel_performance", "net_revenue", DIRECT)
    group = found["groups"][0]
    # Month 25, channel 0: five revenue lines of 100 + 250 + n less 5 each: 5 x 345 + 10 = 1735; one return of 20.
    assert [part["row_count"] for part in group["parts"]] == [5, 1]
    assert [part["total"] for part in group["parts"]] == [Decimal(1735), Decimal(-20)]
    assert group["rows_total"] == found["value"] == Decimal(1715)
    assert group["agrees"] is True
    assert found["metrics"][0]["kpi"] == "K02"
    assert found["documented"]["description_zh"] == "销售净额"


def test_each_row_leads_to_its_source_line(ask):
    seen = []

    def raw(row_id):
        seen.append(row_id)
        return {"file": "orders.csv", "line": 2, "text": "SO300;345"}

    part = ask("mart_channel_performance", "gross_revenue", DIRECT, first=1, raw=raw)["groups"][0]["parts"][0]
    assert seen == ["erp|orders-2024-02|2"]
    assert part["rows"][0]["source"]["text"] == "SO300;345"
    assert part["rows"][0]["order_id"] == "SO300"


def test_a_ratio_is_explained_by_its_two_parts(ask):
    found = ask("mart_channel_performance", "discount_ratio", DIRECT)
    assert [(one["role"], one["rows_total"]) for one in found["groups"]] == [
        ("numerator", Decimal(25)),
        ("denominator", Decimal(1760)),
    ]


def test_a_figure_of_the_overview_is_found_by_its_kpi(ask):
    found = ask("mart_executive_overview", "kpi_value", {"kpi_code": "K03", "fiscal_month": "2024-02"})
    assert found["value"] == Decimal(12)
    assert found["groups"][0]["rows_total"] == Decimal(12)


def test_the_filter_can_be_run_as_it_stands(ask, folders):
    part = ask("mart_channel_performance", "gross_revenue", DIRECT)["groups"][0]["parts"][0]
    release = Release(folders[0].name, folders[0])
    with connect(release) as connection:
        sql = f"select sum({part['measure']}) from {part['fact']} where {part['where']}"
        assert connection.execute(sql).fetchone()[0] == part["total"]


def test_a_mart_that_disagrees_with_its_facts_is_told(tmp_path):
    import duckdb

    from tests.fixtures import release as fixture

    folder = fixture.build(tmp_path / "broken")
    path = folder / "mart_channel_performance.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table mart as from '{path}'")
        connection.execute("update mart set gross_revenue = gross_revenue + 1 where fiscal_month = '2024-02'")
        connection.execute(f"copy mart to '{path}'")
    release = Release(folder.name, folder)
    with connect(release) as connection:
        question = find(connection, release, "mart_channel_performance", "gross_revenue", DIRECT)
        assert audit.explain(connection, release, question, 1, None)["groups"][0]["agrees"] is False


def test_all_rows_for_an_export_add_up_too(folders):
    release = Release(folders[0].name, folders[0])
    with connect(release) as connection:
        question = find(connection, release, "mart_channel_performance", "net_revenue", DIRECT)
        rows = list(audit.all_rows(connection, question))
    assert len(rows) == 6
    assert sum(row["amount"] for row in rows) == Decimal(1715)


@pytest.mark.parametrize(
    ("mart", "column", "keys", "said"),
    [
        ("mart_nothing", "x", {}, "has no mart"),
        ("mart_channel_performance", "nothing", DIRECT, "has no column nothing"),
        ("mart_channel_performance", "net_revenue", {"colour": "red"}, "has no column colour"),
        ("mart_channel_performance", "net_revenue", {"channel_code": "direct_cn"}, "more than one row"),
        ("channel_performance", "net_revenue", {"fiscal_month": "2024-02"}, "more than one row"),
        ("mart_channel_performance", "net_revenue", {"channel_code": "x' or '1'='1"}, "no row"),
    ],
)
def test_a_wrong_question_is_a_usage_error(ask, mart, column, keys, said):
    with pytest.raises(UsageError, match=said) as caught:
        ask(mart, column, keys)
    assert caught.value.todo


def test_a_question_that_few_rows_answer_names_them(ask):
    with pytest.raises(UsageError) as caught:
        ask("mart_channel_performance", "net_revenue", {"fiscal_month": "2024-02"})
    assert "give also channel_code=..., reporting_currency=..., one of: " in caught.value.todo
    assert "channel_code=direct_cn reporting_currency=CNY (channel_type direct, " in caught.value.todo


def test_a_column_without_rows_behind_it_is_shown_with_its_value(ask):
    found = ask("mart_channel_performance", "channel_type", DIRECT)
    assert (found["value"], found["is_mapped"]) == ("direct", False)
