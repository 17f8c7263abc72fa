"""Deals, leads and survey answers with their business dates, as the marts count them."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.times import Rates, month_of
from pipelines.demo.world import World

_HOUR = 3_600
CONVERSION_DAYS = 90
WIN_DAYS = 180


def business_day(utc: int) -> int:
    """The day in Shanghai."""
    return (utc + 8 * _HOUR) // 86_400


@dataclass(slots=True)
class Deal:
    """One deal; `amount` in the reporting currency, at the closing day's rate or asof's while it is open."""

    owner: str
    customer: str
    created: int
    closed: int | None
    is_open: bool
    is_won: bool
    amount: int | None
    expected: int
    stage: int


def deals_of(world: World, rates: Rates, master_of: dict[str, str]) -> list[Deal]:
    """All deals but merged ones."""
    found = []
    for row in world.deals.iter_rows(named=True):
        if row["status"] == "merged":
            continue
        closed = None if row["closed"] is None else business_day(row["closed"])
        rate = rates.spot(row["currency"], AS_OF if closed is None else closed)
        assert rate is not None
        found.append(
            Deal(
                owner=row["owner"],
                customer=master_of[row["account"]],
                created=business_day(row["created"]),
                closed=closed,
                is_open=row["status"] == "open",
                is_won=row["status"] == "won",
                amount=None if row["amount"] is None else n.converted(row["amount"], rate),
                expected=row["expected"],
                stage=row["stage_no"],
            )
        )
    return found


@dataclass(slots=True)
class Lead:
    """One lead; `converted_after` is the days it took."""

    owner: str
    created: int
    converted_after: int | None


def leads_of(world: World) -> list[Lead]:
    """All leads."""
    found = []
    for owner, created, converted in world.leads.select("owner", "created", "converted").iter_rows():
        start = business_day(created)
        found.append(Lead(owner, start, None if converted is None else business_day(converted) - start))
    return found


@dataclass(slots=True)
class Answer:
    """One answer of a customer that counts: the latest of its respondent, survey and quarter, or wave."""

    customer: str
    rep: str | None
    day: int
    at: int
    is_loyalty: bool
    score: int


def answers_of(world: World, master_of: dict[str, str]) -> list[Answer]:
    """Answers of customers, the earlier ones of a respondent left out."""
    latest: dict[tuple[str, str, int], Answer] = {}
    for row in world.surveys.iter_rows(named=True):
        if row["type"] != "customer" or row["answered"] is None:
            continue
        day = business_day(row["answered"])
        customer = master_of[row["respondent"]]
        period = 0 if row["loyal"] else month_of(day) // 3
        key = (customer, row["survey"] + row["system"], period)
        one = Answer(customer, row["rep"], day, row["answered"], row["loyal"], row["score"])
        if key not in latest or latest[key].at < one.at:
            latest[key] = one
    return list(latest.values())
