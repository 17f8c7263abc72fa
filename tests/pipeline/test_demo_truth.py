"""The main job on the simulated company: every mart equals the truth, every planted fault is found, none beside."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.demo import DemoPaths
from pipelines.demo.calendar import day
from pipelines.demo.truth import cohort, deals, funnel, numbers, pipeline, rep, sales, times, tracks, truth_of
from pipelines.demo.truth.earlier import earlier_channel_rows
from pipelines.demo.world import World, simulate
from pipelines.home import Home
from pipelines.run import run
from pipelines.settings import load
from tests.conftest import DEMO_SCALE, DEMO_SEED
from tests.fixtures.truth import compare_faults, compare_mart, compared, planted, read_truth

ROW_KINDS = ("quarantined", "duplicate", "held")


def released(home: Home, demo: DemoPaths, as_of: date | None = None) -> Path:
    outcome = run(load(home), demo.source_folders, as_of)
    assert outcome.exit_code == 0, outcome.error and outcome.error.lines()
    assert outcome.release_id
    return home.releases / outcome.release_id


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(DEMO_SCALE, DEMO_SEED)


# Of the truth; what the warehouse does not publish cannot be compared. Nothing may be absent.
UNPUBLISHED: set[str] = set()


def test_every_mart_equals_the_truth(demo: DemoPaths, demo_release: Path) -> None:
    found = compared(demo_release, read_truth(demo.truth))

    assert found.differences == []
    assert found.absent <= UNPUBLISHED
    assert sum(found.figures.values()) > 150_000


def test_the_pipeline_of_a_whole_month_is_compared_and_closes_for_every_team_and_day(demo: DemoPaths) -> None:
    """open(t-1) = opening(t), and the flows carry it to open(t) (R11), in the truth that the mart equals above.

    Each kind of flow occurs, so that none is 0 = 0 alone.
    """
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in read_truth(demo.truth)["mart_pipeline_health"]:
        team, day_text = row["key"]["team_code"], row["key"]["snapshot_date"]
        for name in ("opening", *pipeline.FLOWS, "open"):
            sums[team, day_text, name] += int(row["values"][f"{name}_amount"].replace(".", ""))
    days = [f"2024-04-{number:02d}" for number in range(1, 31)]
    teams = {team for team, day_text, _ in sums if day_text in days}
    leaving = ("won", "lost", "merged", "moved_out", "transferred_out")

    assert len(teams) == 8
    for team in teams:
        for before, today in zip(["2024-03-31", *days], days, strict=False):
            assert sums[team, before, "open"] == sums[team, today, "opening"]
            change = sum(sums[team, today, flow] * (-1 if flow in leaving else 1) for flow in pipeline.FLOWS)
            assert sums[team, today, "opening"] + change == sums[team, today, "open"]
    assert all(any(sums[team, today, flow] for team in teams for today in days) for flow in pipeline.FLOWS)


def test_all_planted_faults_are_found_and_none_beside(demo: DemoPaths, demo_release: Path) -> None:
    found = pl.read_parquet(demo_release / "quarantine_row.parquet")

    assert compare_faults(found, demo.truth, ROW_KINDS) == []


def test_checks_warn_of_the_planted_rows_and_of_no_other(demo: DemoPaths, demo_release: Path) -> None:
    warned = [fault for fault in planted(demo.truth) if fault["outcome"] == "warned"]
    checks = json.loads((demo_release / "report.json").read_text(encoding="utf-8"))["checks"]["results"]

    found = {
        (check["rule"], key.split("|")[1])
        for check in checks
        if check["rule"] in {fault["rule"] for fault in warned}
        for key in check["failing_keys"]
    }
    assert found == {(fault["rule"], fault["key"]) for fault in warned} != set()


def test_rows_dated_after_the_day_of_the_run_wait(
    demo_release: Path, demo_home: Home, demo: DemoPaths, world: World
) -> None:
    earlier = released(demo_home, demo, date(2024, 9, 12))

    rows = earlier_channel_rows(world, day("2024-09-12"))
    mart = pl.read_parquet(earlier / "mart_channel_performance.parquet")
    assert compare_mart("mart_channel_performance", rows, mart) == []
    found = pl.read_parquet(earlier / "quarantine_row.parquet")
    assert compare_faults(found, demo.truth, ("quarantined", "duplicate")) == []


def close_at_the_month_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """E3: a cancellation after the month counts as one after the close."""
    monkeypatch.setattr(sales, "close_day", lambda day: times.last_day(times.month_of(day)))


def cut_instead_of_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Money converted by cutting digits off."""
    monkeypatch.setattr(numbers, "half_away", lambda top, bottom: top // bottom)


def days_of_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    """The business date is that of UTC."""
    monkeypatch.setattr(deals, "business_day", lambda utc: utc // 86_400)


def convert_within_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """K21 with another window."""
    monkeypatch.setattr(rep, "CONVERSION_DAYS", 30)


def nothing_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """E1: a rate of nothing out of nothing is 0."""
    monkeypatch.setattr(numbers, "quotient", lambda top, below: top * numbers.RATE // below if below else 0)


def stages_within_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """K14 with another window."""
    monkeypatch.setattr(funnel, "STAGE_DAYS", 30)


def state_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A past day of the pipeline taken from today's record."""
    monkeypatch.setattr(tracks.Field, "on", lambda self, _: self.values[-1])


def retained_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retained consecutively taken for retained."""
    monkeypatch.setattr(cohort, "all", any, raising=False)


@pytest.mark.parametrize(
    ("mutate", "mart", "column"),
    [
        (close_at_the_month_end, "mart_channel_performance", "gross_revenue"),
        (cut_instead_of_rounding, "mart_channel_performance", "net_revenue"),
        (days_of_greenwich, "mart_rep_scorecard", "won_count"),
        (convert_within_thirty_days, "mart_rep_scorecard", "lead_conversion_numerator"),
        (nothing_is_zero, "mart_rep_scorecard", "win_rate_ratio"),
        (stages_within_a_month, "mart_funnel", "reached_numerator"),
        (state_of_today, "mart_pipeline_health", "open_amount"),
        (retained_any_time, "mart_customer_cohort", "consecutive_customer_count"),
    ],
)
def test_one_rule_changed_makes_the_comparison_fail(
    demo_release: Path,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    mutate: Callable[[pytest.MonkeyPatch], None],
    mart: str,
    column: str,
) -> None:
    if not (demo_release / f"{mart}.parquet").exists():
        pytest.skip(f"{mart} is not published")
    mutate(monkeypatch)
    rows: list[dict[str, Any]] = truth_of(world)[mart]

    differences = compare_mart(mart, rows, pl.read_parquet(demo_release / f"{mart}.parquet"))

    assert any(f" {column}: expected" in line for line in differences)


def test_a_fault_that_nobody_planted_is_told(demo: DemoPaths, demo_release: Path) -> None:
    found = pl.read_parquet(demo_release / "quarantine_row.parquet")
    more = pl.concat([found, found.head(1)])

    assert len(compare_faults(more, demo.truth, ROW_KINDS)) == 1
    assert len(compare_faults(found.tail(-1), demo.truth, ROW_KINDS)) == 1


def test_scale_of_the_comparison_is_exact(demo_release: Path) -> None:
    mart = pl.read_parquet(demo_release / "mart_channel_performance.parquet")
    row = mart.row(0, named=True)
    key = {name: row[name] for name in ("channel_code", "fiscal_month")}
    one = {"key": key, "values": {"gross_revenue": str(row["gross_revenue"])}}
    other = {"key": key, "values": {"gross_revenue": f"{row['gross_revenue']}1"}}
    mart = mart.head(1)

    assert compare_mart("mart_channel_performance", [one], mart) == []
    assert len(compare_mart("mart_channel_performance", [other], mart)) == 1
