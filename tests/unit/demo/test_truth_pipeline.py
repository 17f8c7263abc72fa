"""The truth of the pipeline against days worked out by hand, and what one changed rule does to it.

One deal of 1,000 yuan, made on 2 February, qualified on the 10th, thought lost on the 20th, opened again on the
25th, raised to 1,500 on the 27th, won on 8 March; its close was expected on 15 February and moved to 10 March on the
12th. R005 owned it until 5 February, then R001 did.
"""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from pipelines.demo.calendar import day
from pipelines.demo.truth import cohort, rfm, tracks
from pipelines.demo.truth import deals as rules
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.customer import History
from pipelines.demo.truth.facts import facts_of
from pipelines.demo.truth.forecast import cells_of, forecast_rows
from pipelines.demo.truth.funnel import funnel_rows, lost_rows
from pipelines.demo.truth.identity import masters, plain_number
from pipelines.demo.truth.pipeline import Board, pipeline_rows
from pipelines.demo.world import World
from tests.unit.demo.tiny import UNIT, at, tiny_world

Rows = list[dict[str, Any]]


def world() -> World:
    tiny = tiny_world()
    changes = [
        ("X", "owner", at("2024-02-05"), "R005", "R001"),
        ("X", "stage", at("2024-02-10"), "prospecting", "qualified"),
        ("X", "expected_close_date", at("2024-02-12"), "2024-02-15", "2024-03-10"),
        ("X", "stage", at("2024-02-20"), "qualified", "closed"),
        ("X", "stage", at("2024-02-25"), "closed", "qualified"),
        ("X", "amount", at("2024-02-27"), "1000.00", "1500.00"),
        ("X", "stage", at("2024-03-08"), "qualified", "closed"),
    ]
    deal = (
        "X", "zoho", "R001", "B", at("2024-02-02"), at("2024-03-08"), "won", "CNY", 1_500 * UNIT, day("2024-03-10"), 4
    )  # fmt: skip
    names = ["id", "field", "at", "old", "new"]
    forecasts = [
        ("T01", "2024-Q1", at("2023-12-30"), "commit", 900 * UNIT, "CNY"),
        ("T01", "2024-Q1", at("2024-02-15"), "commit", 1_200 * UNIT, "CNY"),
        ("T01", "2024-Q1", at("2024-02-16"), "commit", 5_000 * UNIT, "CNY"),
    ]
    crm = replace(
        tiny.crm,
        changes=pl.DataFrame(changes, schema=names, orient="row"),
        details=tiny.crm.details.head(1),
        forecasts=pl.DataFrame(forecasts, schema=tiny.crm.forecasts.columns, orient="row"),
    )
    return replace(tiny, deals=pl.DataFrame([deal], schema=tiny.deals.columns, orient="row"), crm=crm)


def rows_of(*days: str) -> Rows:
    return pipeline_rows(Board(facts_of(world())), [day(one) for one in days])


def values(rows: Rows, **key: str) -> dict[str, Any]:
    found = [row["values"] for row in rows if key.items() <= row["key"].items()]
    assert len(found) == 1
    return dict(found[0])


def test_a_deal_is_created_in_the_team_of_its_owner_that_day() -> None:
    # R005 moved to T02 on 15 May 2024; in February the rep was in T05.
    found = values(rows_of("2024-02-02"), team_code="T05", stage="prospecting")

    assert (found["open_count"], found["created_amount"], found["open_amount"]) == (
        1,
        "1000.0000",
        "1000.0000",
    )
    assert found["weighted_amount"] == "100.0000"  # 10 %


def test_it_goes_with_its_owner_and_with_its_stage() -> None:
    rows = rows_of("2024-02-05", "2024-02-10")

    left = values(rows, team_code="T05", snapshot_date="2024-02-05")
    assert (left["opening_amount"], left["transferred_out_amount"], left["open_amount"]) == (
        "1000.0000", "1000.0000", "0.0000",
    )  # fmt: skip
    moved = values(rows, team_code="T01", snapshot_date="2024-02-10", stage="qualified")
    assert (moved["moved_in_amount"], moved["qualified_count"], moved["weighted_amount"]) == (
        "1000.0000", 1, "250.0000",
    )  # fmt: skip


def test_the_day_of_the_push_shows_it_and_the_day_after_does_not() -> None:
    rows = rows_of("2024-02-12", "2024-02-13")

    assert values(rows, snapshot_date="2024-02-12")["pushed_count"] == 1
    assert values(rows, snapshot_date="2024-02-13")["pushed_count"] == 0


def test_an_undone_close_is_lost_absent_and_then_reopened() -> None:
    rows = rows_of("2024-02-20", "2024-02-22", "2024-02-25")

    assert values(rows, snapshot_date="2024-02-20")["lost_amount"] == "1000.0000"
    assert not [row for row in rows if row["key"]["snapshot_date"] == "2024-02-22"]
    back = values(rows, snapshot_date="2024-02-25")
    assert (back["reopened_amount"], back["created_amount"], back["open_count"]) == ("1000.0000", "0.0000", 1)


def test_a_raise_and_the_win_stand_on_their_days() -> None:
    rows = rows_of("2024-02-27", "2024-03-08")

    assert values(rows, snapshot_date="2024-02-27")["amount_change_amount"] == "500.0000"
    won = values(rows, snapshot_date="2024-03-08")
    assert (won["opening_amount"], won["won_amount"], won["open_amount"]) == (
        "1500.0000",
        "1500.0000",
        "0.0000",
    )


def test_forecast_of_each_horizon_is_the_newest_before_it() -> None:
    rows = forecast_rows(cells_of(Board(facts_of(world()))))

    def forecast(horizon: str, kind: str) -> dict[str, Any]:
        return values(
            rows, team_code="T01", fiscal_quarter="2024-Q1", horizon_code=horizon, forecast_kind=kind
        )

    assert forecast("day_1", "submitted")["forecast_amount"] == "900.0000"
    assert forecast("mid", "submitted")["forecast_amount"] == "1200.0000"  # 1 January + 45 days = 15 February
    assert forecast("day_minus_10", "derived")["forecast_amount"] == "1500.0000"  # won on 8 March
    first = forecast("day_1", "submitted")
    assert first["forecast_accuracy_ratio"] == "0.60000000"  # 1 - 600 / 1,500
    assert first["forecast_bias_ratio"] == "-0.40000000"


def test_funnel_counts_a_deal_once_per_stage_and_names_the_skipped_ones_reached() -> None:
    rows = funnel_rows(Board(facts_of(world())))

    first = values(rows, stage="prospecting")
    assert (first["entered_count"], first["reached_ratio"]) == (1, "1.00000000")
    assert values(rows, stage="qualified")["entered_count"] == 1  # reopened at it, entered once
    assert values(rows, stage="won")["reached_ratio"] == "0.00000000"  # no order
    assert lost_rows(Board(facts_of(world()))) == []


def test_registration_numbers_join_accounts_over_both_systems() -> None:
    tiny = world()
    buyers = tiny.buyers.with_columns(merged_into=pl.lit(None, dtype=pl.String))
    same = [("91-31 ab1", "N", "CN"), ("9131AB1", "N", None)]
    other = [("91-31 ab1", "N", "CN"), ("9131AB1", "N", "DE")]

    def joined(rows: list[tuple[str, str, str | None]]) -> dict[str, str]:
        known = pl.DataFrame(rows, schema=tiny.crm.identities.columns, orient="row")
        return masters(replace(tiny, buyers=buyers, crm=replace(tiny.crm, identities=known)))

    assert joined(same) == {"A": "A", "B": "A"}
    assert joined(other) == {"A": "A", "B": "B"}
    assert plain_number("1111-11") is None


def customers(orders: dict[str, list[str]]) -> dict[str, History]:
    found = {}
    for name, days in orders.items():
        own = History()
        own.order_days = [day(one) for one in days]
        for one in own.order_days:
            own.sums["orders"][rfm.month_of(one)] += 1
            own.sums["gross"][rfm.month_of(one)] += 100 * n.UNIT
        found[name] = own
    return found


def test_fifths_rank_everyone_and_ties_go_by_code() -> None:
    # a, b and e bought on the last day of their months; the newest first, a before b.
    found = rfm.standing(
        customers(
            {
                "b": ["2024-06-30"],
                "a": ["2024-06-30"],
                "c": ["2024-05-01"],
                "d": ["2024-04-01"],
                "e": ["2023-01-01"],
            }
        ),
        2024 * 12 + 5,
    )

    assert [found.scores[name][0] for name in "abcde"] == [5, 4, 3, 2, 1]
    assert found.cuts[5][0] == 0
    assert found.cuts[4][0] == 0  # b and a bought on the same day
    assert rfm.segment((5, 5, 4)) == "champions"  # 4.5 is 5
    assert rfm.segment((2, 1, 1)) == "hibernating"


def test_retained_is_not_retained_consecutively() -> None:
    facts = replace(facts_of(world()), customers=customers({"a": ["2022-03-05", "2024-03-05"]}))
    channels = {"a": "dist_cn"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohort, "first_channels", lambda _: channels)
        rows = cohort.cohort_rows(facts)

    last = next(
        row["values"] for row in rows if row["key"]["cohort_type"] == "year" and row["key"]["age"] == 2
    )
    assert (last["active_customer_count"], last["consecutive_customer_count"]) == (1, 0)
    assert last["is_complete"] is False


def state_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A past day taken from today's record: the fault that this mart is there to avoid."""
    monkeypatch.setattr(tracks.Field, "on", lambda self, _: self.values[-1])


def days_of_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    """The business date is that of UTC."""
    monkeypatch.setattr(rules, "business_day", lambda utc: utc // 86_400 - 1)


@pytest.mark.parametrize("mutate", [state_of_today, days_of_greenwich])
def test_one_rule_changed_gives_another_pipeline(monkeypatch: pytest.MonkeyPatch, mutate: Any) -> None:
    days = ("2024-02-04", "2024-02-05", "2024-02-10", "2024-02-26")
    right = rows_of(*days)
    mutate(monkeypatch)

    assert rows_of(*days) != right
