"""The map of lineage.yml against the catalogue, and against a real release where one is there."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.audit import explain as audit
from pipelines.audit.question import Question, columns_of
from pipelines.reader import ask, ask_user, connect, open_release
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
        for one in mart.behind:
            assert "{" not in one.where + (one.applies or "")


def test_money_and_order_columns_of_the_first_marts_are_mapped():
    wanted = {
        "mart_channel_performance": "gross_revenue discount_amount return_amount net_revenue order_count "
        "commission_amount total_channel_cost_amount",
        "mart_rep_scorecard": "credited_gross_revenue credited_net_revenue won_amount lost_amount",
        "mart_customer_360": "net_revenue_month net_revenue_12m net_revenue_total order_count_month",
        "mart_market_penetration": "net_revenue market_size_amount",
    }
    for mart, columns in wanted.items():
        assert set(columns.split()) <= set(lineage.marts()[mart].columns)


@pytest.fixture(scope="module")
def real_release(demo_home, demo_release):
    return open_release(demo_home, demo_release.name)


def cells(connection, release, mart, column, sample=6):
    """Some rows of the mart where the column has a value: the newest, the oldest and the largest."""
    rows = []
    for order in (f'abs("{column}") desc', "2 desc, 3 desc", "2, 3"):
        sql = f'select * from {mart} where "{column}" is not null order by {order} limit {sample // 3}'
        rows += ask(connection, sql).records()
    return [Question(mart, column, row) for row in rows]


def test_explained_rows_add_up_to_the_marts_of_a_real_release(real_release):
    differing, compared = [], 0
    with connect(real_release) as connection:
        for mart, mapped in lineage.marts().items():
            have = columns_of(connection, mart) if mart in real_release.tables else []
            for column in [name for name in mapped.columns if name in have]:
                for question in cells(connection, real_release, mart, column):
                    groups = audit.groups(connection, question, 1, None)
                    compared += 1
                    if not all(group["agrees"] for group in groups):
                        key = {name: question.row[name] for name in metrics.marts()[mart].grain}
                        differing.append((mart, column, key, question.value))
    assert compared > 0
    assert differing == []


def test_explained_rows_add_up_to_the_overview_of_a_real_release(real_release):
    differing = []
    with connect(real_release) as connection:
        for name in lineage.marts()["mart_executive_overview"].kpis:
            code, variant, column = name.split()
            rows = ask(
                connection,
                f"select * from mart_executive_overview where kpi_code = '{code}' and kpi_variant = '{variant}' "
                f"and {column} is not null order by fiscal_month desc limit 5",
            ).records()
            for row in rows:
                question = Question("mart_executive_overview", column, row)
                group = audit.groups(connection, question, 1, None)[0]
                if Decimal(str(group["value"])) != (group["rows_total"] or 0):
                    differing.append((name, row["fiscal_month"], group["value"], group["rows_total"]))
    assert differing == []


def test_rows_of_variable_pay_explain_themselves_down_to_plan_tier_and_order_line(real_release):
    differing, kinds = [], set()
    with connect(real_release) as connection:
        rows = ask(
            connection,
            "select * from mart_incentive_statement where accrual_type in ('accrual', 'adjustment', 'clawback') "
            "qualify 1 = row_number() over (partition by plan_code, component_code, accrual_type order by accrual_key)",
        ).records()
        for row in rows:
            told = audit.explain(
                connection, real_release, Question("mart_incentive_statement", "amount", row), 99, None
            )
            found = {one["table"]: one["rows"] for one in told["behind"]}
            tiers = [one for one in found.get("bridge_comp_plan_tier", []) if one["applies"]]
            kinds.add((row["accrual_type"], row["mode"]))
            is_worked = all(step["agrees"] for step in told["steps"])
            is_rated = row["plan_code"] == "(none)" or (
                len(tiers) == 1 and found["dim_comp_plan"][0]["row_id"]
            )
            if not (is_worked and is_rated and found["fct_order_line"]):
                differing.append((row["accrual_key"], told["steps"], tiers))
    assert {("accrual", "flat"), ("clawback", "marginal"), ("adjustment", "whole")} <= kinds
    assert differing == []


def test_what_is_held_drawn_forgiven_and_paid_is_worked_to_its_amount_and_ends_in_source_rows(real_release):
    differing, kinds = [], set()
    with connect(real_release) as connection:
        rows = ask(
            connection,
            "select * from mart_incentive_statement "
            "where accrual_type in ('reserve', 'release', 'draw', 'forgiveness', 'payout') "
            "qualify 1 = row_number() over (partition by plan_code, accrual_type, cause_code order by accrual_key)",
        ).records()
        for row in rows:
            told = audit.explain(
                connection, real_release, Question("mart_incentive_statement", "amount", row), 99, None
            )
            kinds.add(row["accrual_type"])
            agrees = {step["agrees"] for step in told["steps"]}
            ends = [one for found in told["behind"] for one in found["rows"] if one.get("row_id")]
            if True not in agrees or False in agrees or not ends:
                differing.append((row["accrual_key"], told["steps"]))
    assert kinds == {"reserve", "release", "draw", "forgiveness", "payout"}
    assert differing == []


def test_every_question_of_the_readme_has_an_answer_in_the_demo(real_release):
    text = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    asked = re.findall(r'^weir sql "([^"]+)"', text, re.M)
    marts = {found for sql in asked for found in re.findall(r"mart_\w+", sql)}
    empty = []
    with connect(real_release) as connection:
        for sql in asked:
            answer = ask_user(connection, sql)
            if not answer.rows and "mart_restatement" not in sql:
                empty.append(sql)
    assert len(marts) > 10
    assert empty == []
