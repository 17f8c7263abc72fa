"""What people are paid beside their rate, and what happens to them."""

import polars as pl
import pytest

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF
from pipelines.demo.plans import plans
from pipelines.demo.world import World, simulate


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(0.1, 7)


def test_tiers_of_every_plan_touch_and_the_last_one_is_open() -> None:
    for plan in plans(1):
        for low, high in zip(plan.tiers, plan.tiers[1:], strict=False):
            assert low[1] == high[0]
        assert plan.tiers[0][0] == 0
        assert plan.tiers[-1][1] is None


def test_every_kind_of_plan_is_there() -> None:
    found = plans(1)

    assert {one.mode for one in found} == {"flat", "marginal", "whole"}
    assert {one.base for one in found} == {"net_revenue", "margin", "cash", "quantity"}
    assert {one.due_on for one in found} == {"booking", "invoice", "payment"}
    assert {one.draw_type for one in found} == {None, "recoverable", "non_recoverable"}
    assert {one.plan for one in found} == {one.plan for one in company.reps() if one.plan}


def test_two_versions_of_a_plan_follow_each_other() -> None:
    first, second = (one for one in plans(1) if one.plan == "SCALED")

    assert first.last is not None
    assert first.last + 1 == second.first
    assert first.tiers != second.tiers


def test_invoices_of_an_order_come_to_its_total(world: World) -> None:
    sums = world.pay.invoices.group_by("id").agg(pl.col("amount").sum(), pl.len())
    both = sums.join(world.orders, on="id")

    assert len(both) == len(sums)
    assert (both["amount"] == both["net"]).all()
    assert set(sums["len"]) == {1, 2}


def test_nothing_of_it_lies_after_the_last_day(world: World) -> None:
    pay = world.pay
    for frame, column in (
        (pay.invoices, "day"),
        (pay.payouts, "day"),
        (pay.disputes, "resolved"),
        (pay.events, "last"),
        (pay.recognitions, "day"),
    ):
        assert frame[column].max() <= AS_OF


def test_events_happen_to_people_who_are_there(world: World) -> None:
    hired = {one.code: (one.hire, one.exit or AS_OF) for one in company.reps()}
    for rep, first, last in world.pay.events.select("rep", "first", "last").iter_rows():
        assert hired[rep][0] <= first <= (last or first) <= hired[rep][1]
    for rep, day in world.pay.recognitions.select("rep", "day").iter_rows():
        assert hired[rep][0] <= day <= hired[rep][1]
