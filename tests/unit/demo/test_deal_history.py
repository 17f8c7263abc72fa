"""History of deals: every chain leads to the state that the deal has, and moves nothing that was drawn before."""

from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from pipelines.demo.calendar import as_date
from pipelines.demo.deal_history import money
from pipelines.demo.world import World, simulate

GROUPS = 6  # 900 customers, one group of three pairs for 150
Chain = list[tuple[str | None, str | None]]


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(0.3, 5)


@pytest.fixture(scope="module")
def chains(world: World) -> dict[tuple[str, str], Chain]:
    found: dict[tuple[str, str], Chain] = {}
    for deal, field, old, new in (
        world.crm.changes.sort("at", maintain_order=True).select("id", "field", "old", "new").iter_rows()
    ):
        found.setdefault((deal, field), []).append((old, new))
    return found


def last_of(chains: dict[tuple[str, str], Chain], deal: dict[str, Any], field: str) -> str | None:
    return chains[deal["id"], field][-1][1]


def test_each_change_starts_where_the_one_before_ended(chains: dict[tuple[str, str], Chain]) -> None:
    for chain in chains.values():
        assert all(one[1] == two[0] for one, two in pairwise(chain))
        assert all(old != new for old, new in chain)


def test_the_last_change_is_what_the_record_says(world: World, chains: dict[tuple[str, str], Chain]) -> None:
    for deal in world.deals.iter_rows(named=True):
        wanted = {
            "amount": money(deal["amount"]),
            "expected_close_date": as_date(deal["expected"]).isoformat(),
            "owner": deal["owner"],
        }
        for field, value in wanted.items():
            if (deal["id"], field) in chains:
                assert last_of(chains, deal, field) == value


def test_a_closed_deal_ends_closed_and_an_open_one_does_not(
    world: World, chains: dict[tuple[str, str], Chain]
) -> None:
    for deal in world.deals.iter_rows(named=True):
        if (deal["id"], "stage") in chains and deal["status"] != "merged":
            assert (last_of(chains, deal, "stage") == "closed") == (deal["status"] != "open")


def test_there_are_steps_back_reopened_deals_skipped_stages_and_pushed_dates(world: World) -> None:
    steps = world.crm.changes.filter(pl.col("field") == "stage").select("old", "new")
    dates = world.crm.changes.filter(pl.col("field") == "expected_close_date")

    assert len(steps.filter(pl.col("old") == "closed")) > 10
    assert len(steps.filter((pl.col("old") == "prospecting") & (pl.col("new") == "proposal"))) > 20
    assert len(steps.filter((pl.col("old") == "proposal") & (pl.col("new") == "qualified"))) > 2
    assert len(dates.filter(pl.col("new") > pl.col("old"))) > 300


def test_pairs_of_one_company_write_its_number_differently(world: World) -> None:
    numbers = world.crm.identities["registration"].drop_nulls()
    same = numbers.str.to_uppercase().str.replace("-", "")

    assert len(numbers) == len(set(numbers)) + GROUPS  # one pair in two countries
    assert len(set(same)) == len(set(numbers)) - GROUPS  # one pair of one company
