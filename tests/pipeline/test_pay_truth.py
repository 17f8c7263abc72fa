"""What hangs on the ledger of variable pay, worked out again: K67, K68 and K69 from the released ledger and the truth.
And whether the truth of integrity and collaboration would notice a rule that is not kept.

The ledger itself is recomputed in whole numbers by rule R06; here its rows are taken as they are, and everything that
the marts make of them is made once more in plain Python.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.demo import DemoPaths, company
from pipelines.demo.calendar import AS_OF, quarter_bounds
from pipelines.demo.pushes import PUSHER
from pipelines.demo.truth import collaboration, integrity, productivity, times
from pipelines.demo.truth.facts import Facts, facts_of
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.world import simulate
from tests.conftest import DEMO_SCALE, DEMO_SEED
from tests.fixtures.truth import compare_mart, read_truth

EARNED = ("accrual", "adjustment", "clawback")
Quarter = tuple[str, str]  # rep, 2024-Q3


def quarter_of(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def last_day(quarter: str) -> int:
    return quarter_bounds(int(quarter[:4]), int(quarter[6]))[1]


@pytest.fixture(scope="module")
def ledger(demo_release: Path) -> list[dict[str, Any]]:
    return pl.read_parquet(demo_release / "fct_commission_accrual.parquet").rows(named=True)


@pytest.fixture(scope="module")
def pay(ledger: list[dict[str, Any]]) -> dict[Quarter, Decimal]:
    """By rep and quarter what was earned."""
    found: dict[Quarter, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["accrual_type"] in EARNED:
            found[row["payee_code"], quarter_of(row["earn_month"])] += row["amount_reporting"]
    return found


def test_pay_of_the_company_over_its_revenue(demo_release: Path, ledger: list[dict[str, Any]]) -> None:
    overview = pl.read_parquet(demo_release / "mart_executive_overview.parquet")
    revenue = dict(
        overview.filter(pl.col("kpi_code") == "K02").select("fiscal_month", "kpi_value").iter_rows()
    )
    earned: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["accrual_type"] in EARNED:
            earned[row["earn_month"]] += row["amount_reporting"]

    found = overview.filter(kpi_code="K67", kpi_variant="main").rows(named=True)

    assert len(found) == 36
    for row in found:
        month = row["fiscal_month"]
        assert (row["kpi_numerator"], row["kpi_denominator"]) == (earned[month], revenue[month])
        exact = (earned[month] / revenue[month]).quantize(Decimal("1e-8"), ROUND_HALF_UP)
        assert row["kpi_value"] == exact


def test_clawback_belongs_to_the_quarter_that_earned_it(
    demo_release: Path, ledger: list[dict[str, Any]]
) -> None:
    quarters = {row["accrual_key"]: quarter_of(row["earn_month"]) for row in ledger}
    back: dict[Quarter, Decimal] = defaultdict(Decimal)
    made: dict[Quarter, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["accrual_type"] == "clawback":
            back[row["payee_code"], quarters[row["origin_accrual_key"]]] -= row["amount_reporting"]
        elif row["accrual_type"] in EARNED:
            made[row["payee_code"], quarter_of(row["earn_month"])] += row["amount_reporting"]

    mart = pl.read_parquet(demo_release / "mart_incentive_integrity.parquet")

    assert sum(back.values()) > 0
    found = {(row["rep_code"], row["fiscal_quarter"]): row for row in mart.iter_rows(named=True)}
    assert {*back, *made} <= set(found)
    for key, row in found.items():
        if row["ledger_status"] == "ok":
            assert (row["clawback_numerator"], row["clawback_denominator"]) == (back[key], made[key])


def attainments(truth: list[dict[str, Any]]) -> dict[Quarter, Decimal]:
    """By rep and quarter, of reps on a quota above nothing, at eight decimals."""
    sums: dict[Quarter, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in truth:
        quota = row["values"]["quota_amount"]
        if quota is not None:
            own = sums[row["key"]["rep_code"], quarter_of(row["key"]["fiscal_month"])]
            own[0] += Decimal(row["values"]["attainment_numerator"])
            own[1] += Decimal(quota)
    return {
        key: (top / below).quantize(Decimal("1e-8"), ROUND_HALF_UP)
        for key, (top, below) in sums.items()
        if below > 0
    }


def role_on(rep: str, number: int) -> str:
    return [one.role for one in company.reps() if one.code == rep and one.valid_from <= number][-1]


def ranked(values: list[Decimal]) -> list[Decimal]:
    """Places from the least; equal ones share the mean of theirs."""
    ordered = sorted(values)
    places = defaultdict(list)
    for place, value in enumerate(ordered, start=1):
        places[value].append(place)
    return [Decimal(sum(places[value])) / len(places[value]) for value in values]


def spearman(pairs: list[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Deviations from the mean rank, multiplied; forty digits, then eight decimals."""
    with localcontext() as context:
        context.prec = 40
        mean = Decimal(len(pairs) + 1) / 2
        left, right = ([rank - mean for rank in ranked([pair[side] for pair in pairs])] for side in (0, 1))
        spread = sum(a * a for a in left) * sum(b * b for b in right)
        if spread == 0:
            return None
        rho = sum(a * b for a, b in zip(left, right, strict=True)) / Decimal(spread).sqrt()
        return rho.quantize(Decimal("1e-8"), ROUND_HALF_UP)


def test_rank_correlation_of_pay_and_attainment(
    demo: DemoPaths, demo_release: Path, pay: dict[Quarter, Decimal]
) -> None:
    payees = {rep for rep, _ in pay}
    groups: dict[Quarter, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for (rep, quarter), attained in attainments(read_truth(demo.truth)["mart_rep_scorecard"]).items():
        if rep in payees and last_day(quarter) <= AS_OF:
            groups[role_on(rep, last_day(quarter)), quarter].append((pay[rep, quarter], attained))

    mart = pl.read_parquet(demo_release / "mart_pay_performance.parquet")

    found = {(row["role_code"], row["fiscal_quarter"]): row for row in mart.iter_rows(named=True)}
    assert found.keys() == groups.keys()
    for key, pairs in groups.items():
        rho = spearman(pairs) if len(pairs) >= 8 else None
        assert (found[key]["member_count"], found[key]["pay_performance_correlation"]) == (len(pairs), rho), (
            key
        )
    assert any(row["pay_performance_status"] == "ok" for row in found.values())


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_of(simulate(DEMO_SCALE, DEMO_SEED))


def test_the_planted_push_is_seen(demo_release: Path) -> None:
    mart = pl.read_parquet(demo_release / "mart_incentive_integrity.parquet")
    (row,) = mart.filter(rep_code=PUSHER, fiscal_quarter="2024-Q2").rows(named=True)

    assert (row["revenue_status"], row["discount_status"]) == ("ok", "ok")
    assert row["period_end_order_count"] >= 6
    assert row["discount_rate_difference"] > Decimal("0.05")


def test_a_period_end_of_calendar_days_would_be_noticed(
    demo_release: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "period_end", lambda first, last: last - (last - first) // 10)
    mart = pl.read_parquet(demo_release / "mart_incentive_integrity.parquet")

    rows = integrity.integrity_rows(facts, Board(facts))

    differences = compare_mart("mart_incentive_integrity", rows, mart)
    assert any(" period_end_revenue_numerator: expected" in line for line in differences)


def test_a_group_of_four_that_is_shown_would_be_noticed(
    demo_release: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collaboration, "FEW", 4)
    mart = pl.read_parquet(demo_release / "mart_collaboration.parquet")

    differences = compare_mart("mart_collaboration", collaboration.collaboration_rows(facts), mart)

    assert any("suppressed" in line for line in differences)


def test_pay_of_reps_with_base_pay_is_shown_hidden_and_hidden_beside_others(demo_release: Path) -> None:
    mart = pl.read_parquet(demo_release / "mart_team_productivity.parquet")
    shown = mart.filter(commission_cost_with_base_pay_status="ok")

    assert set(shown["team_code"]) == {"T01", "T06", "(all)"}
    # Three of T05 alone are fewer than five: T01 is hidden with them, though six of it have base pay.
    (row,) = mart.filter(team_code="T01", fiscal_month="2022-08").rows(named=True)
    assert row["commission_cost_with_base_pay_status"] == "suppressed"
    assert row["base_pay_rep_count"] is row["commission_cost_with_base_pay_numerator"] is None


@pytest.mark.parametrize(
    ("name", "value", "column"),
    [
        ("FEW", 3, "commission_cost_with_base_pay_status"),
        ("last_day", lambda month: times.first_day(month) + 29, "commission_cost_with_base_pay_numerator"),
    ],
)
def test_another_rule_of_base_pay_would_be_noticed(
    demo_release: Path, facts: Facts, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, column: str
) -> None:
    monkeypatch.setattr(productivity, name, value)
    mart = pl.read_parquet(demo_release / "mart_team_productivity.parquet")

    rows = productivity.productivity_rows(productivity.team_months(facts))

    differences = compare_mart("mart_team_productivity", rows, mart)
    assert any(f" {column}: expected" in line for line in differences)
