"""The map of lineage.yml against the catalogue, and against a real release where one is there."""

from decimal import Decimal

import pytest

from pipelines.audit import explain as audit
from pipelines.reader import connect, open_release
from quality import feeds, lineage, metrics


def test_every_mart_of_the_catalogue_has_a_lineage_and_no_other():
    assert set(lineage.marts()) == set(metrics.marts())


def test_every_feed_with_a_fact_is_a_canonical_feed_and_its_amount_the_control_amount():
    for one in lineage.feed_facts():
        assert one.feed in feeds.feeds()
        assert (one.amount is None) == (feeds.feeds()[one.feed].control_amount is None)


def test_no_term_is_left_open():
    for mart in lineage.marts().values():
        for parts in (*mart.columns.values(), *mart.kpis.values()):
            for part in parts:
                assert "{" not in part.where + part.measure


def test_money_and_order_columns_of_the_first_marts_are_mapped():
    wanted = {
        "mart_channel_performance": "gross_revenue discount_amount return_amount net_revenue order_count",
        "mart_rep_scorecard": "credited_gross_revenue credited_net_revenue won_amount lost_amount",
        "mart_customer_360": "net_revenue_month net_revenue_12m net_revenue_total order_count_month",
        "mart_market_penetration": "net_revenue market_size_amount",
    }
    for mart, columns in wanted.items():
        assert set(columns.split()) <= set(lineage.marts()[mart].columns)


@pytest.fixture(scope="module")
def real_release(demo_home, demo_release):
    return open_release(demo_home, demo_release.name)


def cells(connection, release, mart, column, sample=12):
    """Some rows of the mart where the column has a value: the newest, the oldest and the largest."""
    rows = []
    for order in (f'abs("{column}") desc', "2 desc, 3 desc", "2, 3"):
        sql = f'select * from {mart} where "{column}" is not null order by {order} limit {sample // 3}'
        rows += audit.ask(connection, sql).records()
    return [audit.Question(mart, column, row) for row in rows]


def test_explained_rows_add_up_to_the_marts_of_a_real_release(real_release):
    differing, compared = [], 0
    with connect(real_release) as connection:
        for mart, mapped in lineage.marts().items():
            have = audit._columns(connection, mart) if mart in real_release.tables else []
            for column in [name for name in mapped.columns if name in have]:
                for question in cells(connection, real_release, mart, column):
                    found = audit.explain(connection, real_release, question, 1, None)
                    compared += 1
                    if not all(group["agrees"] for group in found["groups"]):
                        differing.append((mart, column, found["key"], found["value"]))
    assert compared > 0
    assert differing == []


def test_explained_rows_add_up_to_the_overview_of_a_real_release(real_release):
    differing = []
    with connect(real_release) as connection:
        for name in lineage.marts()["mart_executive_overview"].kpis:
            code, variant, column = name.split()
            rows = audit.ask(
                connection,
                f"select * from mart_executive_overview where kpi_code = '{code}' and kpi_variant = '{variant}' "
                f"and {column} is not null order by fiscal_month desc limit 5",
            ).records()
            for row in rows:
                question = audit.Question("mart_executive_overview", column, row)
                group = audit.explain(connection, real_release, question, 1, None)["groups"][0]
                if Decimal(str(group["value"])) != (group["rows_total"] or 0):
                    differing.append((name, row["fiscal_month"], group["value"], group["rows_total"]))
    assert differing == []
