"""Rules M20, M21 and R06 on real runs: what was told of a closed month stays, and each difference has its causes.

January by the first delivery (net, CNY): SO1 30 (R1), SO2 50 USD at 7.00 = 350 (R2), SO3 20 (R1), SO5 30 (R2), all on
the web: company 430, R1 50, R2 380. The second delivery, after the close: SO4 of 100 gross, 90 net (R1) came late;
SO1 was returned for 10; the rate of SO2's own day came, 7.10 (355: +5), where that of the day before had stood in for
it; SO3 went from R1 to R2, SO5 from the web to the app.

Pay of January by the first delivery: R1 earns 10 % up to 40 % of a quota of 100 and 20 % above it, on booking: SO1 is
30 x 10 %, SO3 reaches 50 % and is cut into 10 x 10 % and 10 x 20 %. R2 earns 5 %, due on payment: SO2 was paid, SO5
not. February has no quota: SO7 and SO8 at 10 %, SO8 comes back.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.audit.explain import explain
from pipelines.audit.question import find
from pipelines.files import read_json
from pipelines.home import Home
from pipelines.reader import connect, open_release
from pipelines.release.rebuild import rebuild
from pipelines.release.verify import verify
from pipelines.run import run
from tests.fixtures.restated_world import World, rows, told_four_times, weir

CAUSES = ("late_row", "return", "fx", "owner_change", "merge", "rule_change")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return told_four_times(tmp_path_factory.mktemp("world"))


def restated(world: World, number: int, kpi: str, as_of: str, revision: int = 1) -> dict[str, list[Decimal]]:
    """Old, new, and the causes of one KPI in January, by entity."""
    causes = ", ".join(f"{cause}_amount" for cause in CAUSES)
    found = rows(
        world,
        number,
        f"select entity_type || ' ' || entity_code, old_value, new_value, {causes} from mart_restatement "
        f"where kpi_code = '{kpi}' and kpi_variant = 'main' and period_code = '2026-01' "
        f"and restated_as_of_date = '{as_of}' and revision_no = {revision}",
    )
    return {one[0]: list(one[1:]) for one in found}


def test_the_first_close_is_no_restatement(world: World) -> None:
    assert rows(world, 0, "select count(*) from mart_restatement") == [(0,)]
    assert rows(
        world,
        0,
        "select entity_type, entity_code, kpi_value, is_first_close from fct_kpi_snapshot where kpi_code = 'K02' "
        "and period_code = '2026-01' and kpi_value <> 0 order by all",
    ) == [
        ("channel", "web", 430, True),
        ("company", "company", 430, True),
        ("rep", "R1", 50, True),
        ("rep", "R2", 380, True),
        ("team", "T1", 50, True),
        ("team", "T2", 380, True),
    ]


def test_60_a_row_that_comes_late_restates_its_closed_month_by_a_cause_of_its_own(world: World) -> None:
    #                       old  new  late return fx owner merge rule
    expected = {
        "company company": [430, 515, 90, -10, 5, 0, 0, 0],
        "channel web": [430, 485, 90, -10, 5, -30, 0, 0],
        "channel app": [0, 30, 0, 0, 0, 30, 0, 0],
        "rep R1": [50, 110, 90, -10, 0, -20, 0, 0],
        "rep R2": [380, 405, 0, 0, 5, 20, 0, 0],
        "team T1": [50, 110, 90, -10, 0, -20, 0, 0],
        "team T2": [380, 405, 0, 0, 5, 20, 0, 0],
    }
    assert restated(world, 1, "K02", "2026-02-12") == expected


def test_causes_of_gross_revenue_know_no_return(world: World) -> None:
    # 430 + SO4 100 + 5 of the rate
    assert restated(world, 1, "K01", "2026-02-12")["company company"] == [430, 535, 100, 0, 5, 0, 0, 0]


def test_a_second_run_on_the_same_day_is_a_revision(world: World) -> None:
    # RT2 takes 10 of SO3 back from R2, who owns it now; the restatement of before still stands beside it.
    again = restated(world, 2, "K02", "2026-02-12", 2)
    assert again["company company"] == [515, 505, 0, -10, 0, 0, 0, 0]
    assert again["rep R2"] == [405, 395, 0, -10, 0, 0, 0, 0]
    assert "rep R1" not in again
    assert restated(world, 2, "K02", "2026-02-12") == restated(world, 1, "K02", "2026-02-12")


def test_a_merge_of_customers_is_a_cause_of_restated_retention(world: World) -> None:
    """January of 2026 against its year before: C3 bought 100 then, C5 40 then and 40 since, C4 60 since only.

    Logo 1 of 2, money 40 of 140. The third delivery merges C4 into C3 (2 of 2; 60 + 40 of 140), brings 14 of C5 late
    and takes 7 of C5 back: net 100, 114, 107 of 140; gross counts of C5 40 at most, so neither moves it.
    """
    kept, more = Decimal("0.28571429"), Decimal("0.42857142")
    #                    old  new  late return fx owner merge rule
    half = Decimal("0.5")
    expected = {
        "K22": [half, 1, 0, 0, 0, 0, half, 0],
        "K23": [kept, Decimal("0.71428571"), 0, 0, 0, 0, more, 0],
        "K24": [kept, Decimal("0.76428571"), Decimal("0.1"), Decimal("-0.05"), 0, 0, more, 0],
    }
    found = {kpi: restated(world, 2, kpi, "2026-02-12") for kpi in expected}
    assert found == {kpi: {"company company": values} for kpi, values in expected.items()}
    assert all(restated(world, 1, kpi, "2026-02-12") == {} for kpi in expected)


def test_a_merge_is_explained_down_to_the_account_that_went(world: World) -> None:
    said = weir(world, 3, "mart_restatement", "delta_value", "kpi_code=K24", "period_code=2026-01")
    for line in (
        "0.28571429 as told on 2026-02-10, 0.76428571 as of 2026-02-12: "
        "difference 0.47857142 = late_row 0.10 + return -0.05 + merge 0.42857142  (agrees with the row)",
        "    C4 of shop: master C4 -> C3 (merged)\n      accounts_third.csv:2  C4,C3\n",
    ):
        assert line in said


def test_another_setting_is_a_changed_rule(world: World) -> None:
    # SO7 was confirmed on 1 February in Shanghai, on 31 January in UTC: its 12 move into the closed month.
    assert restated(world, 3, "K02", "2026-02-13")["company company"] == [505, 517, 0, 0, 0, 0, 0, 12]


def test_rows_of_a_closed_month_never_change(world: World) -> None:
    snapshots = [set(rows(world, number, "select * from fct_kpi_snapshot")) for number in range(4)]
    assert snapshots[0] < snapshots[1] < snapshots[2] < snapshots[3]


def test_causes_add_up_wherever_they_are_given(world: World) -> None:
    total = " + ".join(f"{cause}_amount" for cause in CAUSES)
    sql = f"select count(*), count(*) filter (where {total} = delta_value), count(delta_value) from mart_restatement"
    ((count, equal, known),) = rows(world, 3, f"{sql} where decomposition_status = 'decomposed'")
    assert count == equal == known > 20
    assert rows(
        world,
        3,
        "select count(*) from mart_restatement "
        "where decomposition_status <> 'decomposed' and late_row_amount is not null",
    ) == [(0,)]


def test_a_restated_figure_is_explained_down_to_its_rows(world: World) -> None:
    settings, ids = world
    keys = {"kpi_code": "K02", "entity_type": "company", "period_code": "2026-01"}
    release = open_release(settings.home, ids[1])
    with connect(release) as connection:
        question = find(connection, release, "mart_restatement", "delta_value", keys)
        told = explain(connection, release, question, 9, None)
    (group,) = told["groups"]
    assert (group["agrees"], group["rows_total"]) == (True, 85)
    found = {row["row_id"].split("|")[1]: row["amount"] for part in group["parts"] for row in part["rows"]}
    assert found == {"order_lines_second.csv": 90, "return_lines_second.csv": -10, "order_lines_first.csv": 5}


def test_a_changed_fact_is_shown_as_it_was_and_as_it_became(world: World) -> None:
    settings, ids = world
    keys = {"kpi_code": "K02", "entity_type": "company", "period_code": "2026-01"}
    keys |= {"restated_as_of_date": "2026-02-12", "revision_no": "1"}
    release = open_release(
        settings.home, ids[3]
    )  # two releases later, the two that differed are still compared
    with connect(release) as connection:
        question = find(connection, release, "mart_restatement", "delta_value", keys)
        told = explain(connection, release, question, 9, None)
    assert told["restated"] == {"told_by": ids[1], "before": ids[0], "moved": []}
    assert (
        told["steps"][0]["en"] == "430.00 as told on 2026-02-10, 515.00 as of 2026-02-12: "
        "difference 85.00 = late_row 90.00 + return -10.00 + fx 5.00"
    )
    found = {row["cause_code"]: row for part in told["groups"][0]["parts"] for row in part["rows"]}
    assert found["late_row"]["before"] is None
    assert found["late_row"]["after"]["order_id"] == "SO4"
    rates = [found["fx"][side]["fx_rate"] for side in ("before", "after")]
    assert rates == [Decimal("7.00"), Decimal("7.10")]
    assert found["fx"]["changed"] == ["fx_rate", "gross_amount_reporting", "net_amount_reporting"]
    said = weir(world, 1, "mart_restatement", "delta_value", "kpi_code=K02", "entity_code=R1")
    assert "owner_change: the same amount under another channel, rep or team" in said
    assert (
        "was     payees R1 T1\n      became  payees R2 T2\n      order_lines_first.csv:4  SO3,1,2,10.00"
        in said
    )


def ledger(world: World, number: int) -> list[tuple[Any, ...]]:
    """The rows that one release added: payee, type, order, earned and posted day of the year 2026, amount, cause."""
    day = "strftime({}, '%m-%d')"
    sql = (
        f"select accrual_key, payee_code, accrual_type, order_id, {day.format('earn_date')}, "
        f"{day.format('posting_date')}, amount, cause_code from fct_commission_accrual order by 2, 5, 4, 3, 7"
    )
    before = {row[0] for row in rows(world, number - 1, sql)} if number else set()
    return [row[1:] for row in rows(world, number, sql) if row[0] not in before]


def test_pay_of_the_first_release_is_that_worked_by_hand(world: World) -> None:
    assert ledger(world, 0) == [
        ("R1", "accrual", "SO1", "01-05", "01-05", 3, None),
        ("R1", "accrual", "SO3", "01-07", "01-07", 1, None),
        ("R1", "accrual", "SO3", "01-07", "01-07", 2, None),
        ("R1", "accrual", "SO7", "02-01", "02-01", Decimal("1.2"), None),
        ("R1", "accrual", "SO8", "02-02", "02-02", Decimal("0.1"), None),
        ("R1", "clawback", "SO8", "02-05", "02-05", Decimal("-0.1"), None),
        ("R2", "accrual", "SO2", "01-06", "01-06", Decimal("17.5"), None),
        ("R2", "release", "SO2", "01-06", "01-07", Decimal("17.5"), "due"),
        ("R2", "reserve", "SO2", "01-06", "01-06", Decimal("-17.5"), "due"),
        ("R2", "accrual", "SO5", "01-08", "01-08", Decimal("1.5"), None),
        ("R2", "reserve", "SO5", "01-08", "01-08", Decimal("-1.5"), "due"),
    ]


def test_pay_that_comes_late_posts_today_with_its_cause(world: World) -> None:
    # SO3 is R2's now. SO4 of 90 runs from 30 % to 120 %: 10 x 10 % and 80 x 20 %. SO2 is 355 now: 17.75. SO5 was paid.
    day, late = (
        "02-12",
        [("R1", "adjustment", "SO3", -2, "split_edit"), ("R1", "adjustment", "SO3", -1, "split_edit")],
    )
    late += [("R1", "accrual", "SO4", 1, "late_order"), ("R1", "accrual", "SO4", 16, "late_order")]
    late += [("R1", "clawback", "SO1", -1, "late_return")]
    quarter = Decimal("0.25")
    late += [
        ("R2", "adjustment", "SO2", quarter, "rule_change"),
        ("R2", "release", "SO2", quarter, "rule_change"),
    ]
    late += [("R2", "reserve", "SO2", -quarter, "rule_change"), ("R2", "accrual", "SO3", 1, "split_edit")]
    late += [
        ("R2", "reserve", "SO3", -1, "late_payment"),
        ("R2", "release", "SO5", Decimal("1.5"), "late_payment"),
    ]
    assert [(*row[:3], row[5], row[6]) for row in ledger(world, 1)] == late
    assert {row[4] for row in ledger(world, 1)} == {day}
    # RT2 takes half of SO3 back from R2, and half of what is held of it with it.
    assert [row[:7] for row in ledger(world, 2)] == [
        ("R2", "release", "SO3", "01-07", day, Decimal("0.5"), "late_payment"),
        ("R2", "clawback", "SO3", "01-26", day, Decimal("-0.5"), "late_return"),
    ]
    # By UTC SO7 belongs to January, which stands at 110 %: 12 x 20 % instead of 10 %.
    assert ledger(world, 3) == [
        ("R1", "accrual", "SO7", "01-31", "02-13", Decimal("2.4"), "rule_change"),
        ("R1", "adjustment", "SO7", "02-01", "02-01", Decimal("-1.2"), "rule_change"),
    ]


def test_rows_of_the_ledger_never_change_and_are_recomputed(world: World) -> None:
    settings, ids = world
    ledgers = [set(rows(world, number, "select * from fct_commission_accrual")) for number in range(4)]
    assert ledgers[0] < ledgers[1] < ledgers[2] < ledgers[3]
    for one, count in zip(ids, (len(ledger) for ledger in ledgers), strict=True):
        checks = read_json(settings.home.releases / one / "verdict.json")["results"]
        (judged,) = [check for check in checks if check["check_id"] == "R06.fct_commission_accrual"]
        assert (judged["status"], judged["observed"]) == ("passed", f"{count} rows, 0 differ")
    assert [proof for proof in verify(settings.home) if not proof.holds] == []


def test_a_late_clawback_is_explained_down_to_tier_order_line_and_accrual(
    world: World,
) -> None:
    said = weir(
        world, 1, "mart_incentive_statement", "clawback_amount", "accrual_type=clawback", "order_id=SO1"
    )
    for line in (
        "less what came back: 10.00 x 0.10, at most what accrued = 1.00, less 3.00 of the rows before = -1.00"
        "  (agrees with the row)",
        "(earned 2026-01-25), which was closed: late_return",
        "late_return: a return of a month that was closed when it came in 退货所属月份在到达时已关账",
        "comp_plans_first.csv:2  TIERED,commission,commission,net_revenue,marginal,booking,month,CNY,2025-01-01",
        "  > tier_no 1, from_attainment 0.00000000, to_attainment 0.40000000, rate 0.10000000\n"
        "      comp_rate_tiers_first.csv:2  TIERED,commission,0,0.4,0.10,2025-01-01",
        "quotas_first.csv:2  rep,R1,2026-01-01,2026-01-31,net_revenue,v1,100.00,CNY",
        "order_lines_first.csv:2  SO1,1,3,10.00,30.00,0.00,30.00,CNY",
        "return_lines_second.csv:2  RT1,1,SO1,1,1,2026-01-25,10.00,CNY",
        "accrual_type accrual, earn_date 2026-01-05, posting_date 2026-01-05, posted_as_of 2026-02-10",
    ):
        assert line in said


def test_a_release_with_restatements_is_built_again_alike_on_the_one_that_it_carries_on(
    world: World, tmp_path: Path
) -> None:
    settings, ids = world
    before = open_release(settings.home, ids[1]).manifest["logical_hash"]["all"]
    carried = open_release(settings.home, ids[2]).manifest["carried_from"]
    assert carried == {"release_id": ids[1], "as_of": "2026-02-12", "logical_hash": before}
    found = rebuild(settings.home, ids[2], tmp_path / "again", run)
    assert found.differing == {}
    again = open_release(Home(tmp_path / "again"), found.rebuilt_id).manifest
    assert (again["carried_from"], again["parent_id"]) == (carried, None)
