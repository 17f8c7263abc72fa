"""Deals day by day equal deals all at once: what a day was does not change when more history arrives.

A CRM of forty deals is lived through in plain Python, each change at a random minute: amounts, owners, stages,
expected close, closings and reopenings. Three times it is dumped in full, with its history so far; a second CRM
keeps no history and is dumped on the same days. After each dump the models tell the days so far. What was true at the
end of each day (Shanghai, UTC+8) is written down while it is lived; nothing of it comes from the models.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import dbt, rows

FIRST, LAST = date(2025, 11, 24), date(2026, 1, 9)
DUMPS = (date(2025, 12, 31), date(2026, 1, 1), LAST)
STAGES = ("prospecting", "qualified", "proposal", "negotiation")
REPS = ("R1", "R2", "R3")
MOVED = date(2025, 12, 20)  # on this day R3 moves from T1 to T2
State = dict[str, Any]
Days = dict[tuple[str, date], State]


@dataclass
class Deal:
    """A deal as it is now, as it was at the end of each day since its creation, and every change on the way."""

    name: str
    created: date
    now: State
    days: dict[date, State] = field(default_factory=dict)
    changes: list[tuple[datetime, str, Any, Any]] = field(default_factory=list)

    def change(self, at: datetime, name: str, value: Any) -> None:
        self.changes.append((at, name, self.now[name], value))
        self.now = {**self.now, name: value}
        if value in STAGES:
            self.now["open_stage"] = value

    def is_there(self, day: date) -> bool:
        """Open at the end of the day, or closed on it."""
        state = self.days.get(day)
        return state is not None and (state["status"] == "open" or state["closed_at"].date() == day)


def _value(name: str, generator: random.Random) -> Any:
    match name:
        case "stage":
            return generator.choice(STAGES)
        case "amount":
            return generator.randint(1, 10**6)
        case "owner":
            return generator.choice(REPS)
    return LAST + timedelta(generator.randint(-30, 60))


FIELDS = ("stage", "amount", "expected_close_date", "owner")


def _live_on(deal: Deal, day: date, may_reopen: bool, generator: random.Random) -> None:
    """One day: a few changes while it is open, perhaps a closing or, on a later day, a reopening."""
    minutes = sorted(generator.sample(range(24 * 60), 6))
    *moments, turn, evening = (datetime(*day.timetuple()[:3]) + timedelta(minutes=one) for one in minutes)
    if deal.now["status"] == "open":
        for at in moments:
            name = generator.choice(FIELDS)
            value = _value(name, generator)
            if generator.random() < 0.2 and value != deal.now[name]:
                deal.change(at, name, value)
        if generator.random() < 0.04:
            deal.change(turn, "stage", "closed")
            status = "lost" if may_reopen else generator.choice(("won", "won", "lost", "abandoned"))
            deal.now |= {"status": status, "closed_at": turn}
    elif may_reopen and generator.random() < 0.2:
        deal.change(turn, "stage", _value("stage", generator))
        deal.now |= {"status": "open", "closed_at": None}
    if generator.random() < 0.03:  # closed deals are handed over too
        owner = generator.choice([rep for rep in REPS if rep != deal.now["owner"]])
        deal.change(evening, "owner", owner)


def company(source: str, count: int, generator: random.Random) -> list[Deal]:
    """Deals of one source, every other one of those that may be reopened."""
    deals = []
    for number in range(count):
        now = {name: _value(name, generator) for name in FIELDS}
        now |= {"open_stage": now["stage"], "status": "open", "closed_at": None}
        deal = Deal(f"{source}{number}", FIRST + timedelta(generator.randint(0, 40)), now)
        deal.days[deal.created] = deal.now
        for ahead in range(1, (LAST - deal.created).days + 1):
            day = deal.created + timedelta(ahead)
            _live_on(deal, day, source == "tracked" and number % 2 == 0, generator)
            deal.days[day] = dict(deal.now)
        deals.append(deal)
    return deals


def _utc(at: datetime | None) -> datetime | None:
    return at and at - timedelta(hours=8)


def dump(source: str, deals: list[Deal], on: date) -> dict[str, list[State]]:
    """Records as they stand at the end of a day, and all changes so far where the source keeps them."""
    received = datetime(*on.timetuple()[:3], 15, 59)
    lineage = {"source_system": source, "extract_id": f"{on}", "received_at": received}
    records = [
        {"opportunity_id": deal.name, "created_at": datetime(*deal.created.timetuple()[:3], 4), **lineage}
        | {"status": state["status"], "closed_at": _utc(state["closed_at"]), "stage": state["stage"]}
        | {"amount": state["amount"], "currency": "USD", "expected_close_date": state["expected_close_date"]}
        | {"owner_rep_code": state["owner"]}
        for deal in deals
        if (state := deal.days.get(on))
    ]
    changes = [
        {"opportunity_id": deal.name, "changed_at": _utc(at), "field": name, **lineage}
        | {"old_value": str(old), "new_value": str(new)}
        for deal in deals
        for at, name, old, new in deal.changes
        if at.date() <= on and source == "tracked"
    ]
    return {"crm__opportunities": records, "crm__opportunity_stages": changes}


@pytest.fixture(scope="module")
def deals() -> dict[str, list[Deal]]:
    generator = random.Random(20260109)
    return {"tracked": company("tracked", 40, generator), "plain": company("plain", 20, generator)}


@pytest.fixture(scope="module")
def warehouses(tmp_path_factory: pytest.TempPathFactory, deals: dict[str, list[Deal]]) -> dict[date, Path]:
    """After each dump, the warehouse of all dumps so far."""
    teams = [("R1", "T1", FIRST), ("R2", "T2", FIRST), ("R3", "T1", FIRST), ("R3", "T2", MOVED)]
    rate = {"from_currency": "USD", "to_currency": "CNY", "rate_type": "spot"}
    feeds: dict[str, list[State]] = {
        "people__reps": [
            {"rep_code": rep, "role_code": "rep", "team_code": team, "valid_from": day}
            for rep, team, day in teams
        ],
        "market__fx_rates": [
            {**rate, "rate_date": FIRST + timedelta(day), "rate": 7 + day}
            for day in range((LAST - FIRST).days + 1)
        ],
        "crm__opportunities": [],
        "crm__opportunity_stages": [],
    }
    built = {}
    for on in DUMPS:
        for source, ours in deals.items():
            for feed, landed in dump(source, ours, on).items():
                feeds[feed] += landed
        folder = tmp_path_factory.mktemp("days")
        landing = write_landing(folder / "landing", feeds)
        built[on] = folder / "weir.duckdb"
        variables = {"as_of_date": f"{on}", "reporting_currency": "CNY"}
        dbt("run", built[on], landing, "--select", "+snap_opportunity_day", **variables)
    return built


def told(warehouse: Path, source: str) -> Days:
    """The snapshot of a source: state of each deal and day."""
    names = ("state", "stage", "amount", "expected_close_date", "owner", "team", "reported", "status")
    found = rows(
        warehouse,
        "select opportunity_id, snapshot_date, state, stage, amount, expected_close_date, owner_rep_code, "
        "team_code, amount_reporting, history_status from snap_opportunity_day "
        f"where source_system = '{source}'",
    )
    return {(deal, day): dict(zip(names, values, strict=True)) for deal, day, *values in found}


def _true(state: State, day: date) -> State:
    """What the snapshot has to say of a deal whose state of that day is known."""
    team = {"R1": "T1", "R2": "T2", "R3": "T2" if day >= MOVED else "T1"}[state["owner"]]
    same = {name: state[name] for name in ("expected_close_date", "owner", "amount")}
    reported = Decimal(state["amount"]) * (7 + (day - FIRST).days)
    of_day = {"state": state["status"], "stage": state["open_stage"], "status": "ok"}
    return same | of_day | {"team": team, "reported": reported}


def test_the_company_has_what_may_go_wrong(deals: dict[str, list[Deal]]) -> None:
    """Reopened deals, several changes on one day, changes at night, and deals handed over after their close."""
    tracked = deals["tracked"]
    changes = [(deal.name, *change) for deal in tracked for change in deal.changes]
    of_day = {(name, at.date(), changed) for name, at, changed, *_ in changes}
    assert len(changes) - len(of_day) > 20
    assert sum(old == "closed" for *_, old, _ in changes) > 5
    assert sum(at.hour < 8 for _, at, *_ in changes) > 50
    closed = [deal for deal in tracked if deal.now["status"] != "open"]
    assert sum(deal.changes[-1][0] > deal.now["closed_at"] for deal in closed) > 3


@pytest.mark.parametrize("on", DUMPS, ids=str)
def test_each_day_is_told_as_it_was_lived(
    warehouses: dict[date, Path], deals: dict[str, list[Deal]], on: date
) -> None:
    """Owner, team and rate of the day; the close day is there, the days after it are not, reopened ones are."""
    lived = {
        (deal.name, day): _true(state, day)
        for deal in deals["tracked"]
        for day, state in deal.days.items()
        if day <= on and deal.is_there(day)
    }
    assert told(warehouses[on], "tracked") == lived


@pytest.mark.parametrize("on", DUMPS[:-1], ids=str)
def test_later_history_leaves_past_days_alone(warehouses: dict[date, Path], on: date) -> None:
    """All columns but the row of the newest extract, both sources, staleness (K17) included."""
    question = (
        "select * exclude (row_id) from snap_opportunity_day "
        f"where snapshot_date <= date '{on}' order by opportunity_day_key"
    )
    early, late = rows(warehouses[on], question), rows(warehouses[LAST], question)
    assert len(early) > 500
    assert early == late


def test_without_history_a_day_is_what_the_last_dump_told_or_no_data(
    warehouses: dict[date, Path], deals: dict[str, list[Deal]]
) -> None:
    nothing = {"amount": None, "expected_close_date": None, "owner": None, "reported": None}
    unknown = nothing | {"stage": "(unknown)", "team": "(unknown)", "status": "no_data"}
    expected: Days = {}
    for deal in deals["plain"]:
        for day in filter(deal.is_there, deal.days):
            dumped = [deal.days[on] for on in DUMPS if deal.created <= on <= day]
            state = {"state": deal.days[day]["status"]}
            if not dumped:
                expected[deal.name, day] = unknown | state
                continue
            stages = [one["stage"] for one in dumped if one["stage"] != "closed"]
            stage = {"stage": stages[-1] if stages else "(unknown)"}
            expected[deal.name, day] = _true(dumped[-1], day) | state | stage
    assert {day["status"] for day in expected.values()} == {"ok", "no_data"}
    assert told(warehouses[LAST], "plain") == expected
