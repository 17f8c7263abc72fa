"""Deals as they stood at the end of each day, from the history of their fields."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.calendar import AS_OF, as_date, day
from pipelines.demo.truth import deals as rules
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.times import Rates
from pipelines.demo.world import World

STAGES = ("prospecting", "qualified", "proposal", "negotiation")
ODDS = {"prospecting": 10, "qualified": 25, "proposal": 50, "negotiation": 75}  # percent
UNKNOWN_STAGE = "(unknown)"


class Field:
    """One field over time: each change holds from its day on, the last one of a day for the whole day."""

    def __init__(self, changes: list[tuple[int, Any, Any]], value: Any) -> None:
        self.days = [on for on, _, _ in changes]
        self.values = [changes[0][1] if changes else value, *(new for _, _, new in changes)]

    def on(self, number: int) -> Any:
        """The value at the end of a day."""
        return self.values[bisect_right(self.days, number)]


@dataclass(slots=True)
class Spell:
    """A stretch in which a deal was open; `ended` is the day of its close, `state` how it ended."""

    started: int
    ended: int | None
    state: str


@dataclass
class Track:
    """One deal with its history."""

    id: str
    system: str
    pipeline: str
    currency: str
    created: int
    status: str
    closed: int | None
    probability: int | None
    customer: str
    fields: dict[str, Field]
    spells: list[Spell]
    order_id: str | None
    lost_reason: str | None
    moves: list[tuple[int, str, str]]
    touches: list[int] = field(default_factory=list)

    def spell_on(self, number: int) -> Spell | None:
        """The stretch that a day belongs to, its last day included."""
        for spell in self.spells:
            if spell.started <= number and (spell.ended is None or number <= spell.ended):
                return spell
        return None

    def is_open(self, number: int) -> bool:
        """Whether the deal is open at the end of a day."""
        spell = self.spell_on(number)
        return spell is not None and spell.ended != number

    def entered(self, number: int) -> int:
        """The day on which the stage of a day was entered."""
        stage, spell = self.fields["stage"].on(number), self.spell_on(number)
        first = number
        while spell and first > spell.started and self.fields["stage"].on(first - 1) == stage:
            first -= 1
        return first

    def stays(self) -> list[tuple[str, int]]:
        """(stage, days) of each stay that ended, the last ones of each stretch with its close."""
        found = []
        for spell in self.spells:
            start, stage = spell.started, self.fields["stage"].on(spell.started)
            end = AS_OF if spell.ended is None else spell.ended
            for number in range(spell.started + 1, end + 1):
                now = self.fields["stage"].on(number)
                if now != stage:
                    found.append((stage, number - start))
                    start, stage = number, now
            if spell.ended is not None:
                found.append((stage, spell.ended - start))
        return found

    def amount(self, number: int, rates: Rates, at: int | None = None) -> int | None:
        """The amount of a day at the rate of that day, or of another one."""
        units = self.fields["amount"].on(number)
        rate = rates.spot(self.currency, number if at is None else at)
        return None if units is None or rate is None else n.converted(units, rate)


def _units(text: str | None) -> int | None:
    if text is None:
        return None
    whole, _, part = text.partition(".")
    return int(whole) * n.UNIT + int(part) * 100


def _spells(created: int, status: str, closed: int | None, moves: list[tuple[int, str, str]]) -> list[Spell]:
    """A close that a later change undoes is a lost one; one undone on the same day is none."""
    found, start = [], created
    for place, (on, _, new) in enumerate(moves):
        again = moves[place + 1][0] if new == "closed" and place + 1 < len(moves) else None
        if again is not None and again > on:
            found.append(Spell(start, on, "lost"))
            start = again
    if status == "merged":
        closes = [on for on, _, new in moves if new == "closed"]
        closed = closes[-1] if closes else created
    return [*found, Spell(start, closed, "open" if closed is None else status)]


def _stage_field(moves: list[tuple[int, str, str]], stage: str) -> Field:
    """Stages without the closes: on the day of a close, the stage that it left."""
    held = [(on, old, new) for on, old, new in moves if new != "closed" and old != "closed"]
    reopened = [(on, old, new) for on, old, new in moves if old == "closed"]
    first = moves[0][1] if moves else stage
    changes = sorted([*held, *reopened], key=lambda move: move[0])
    return Field([(on, first, new) for on, _, new in changes], first)


def tracks_of(world: World, master_of: dict[str, str]) -> list[Track]:
    """All deals, merged ones too."""
    history: dict[tuple[str, str], list[tuple[int, Any, Any]]] = defaultdict(list)
    ordered = world.crm.changes.sort("at", maintain_order=True)
    for name, what, at, old, new in ordered.select("id", "field", "at", "old", "new").iter_rows():
        history[name, what].append((rules.business_day(at), old, new))
    found = []
    for deal, more in zip(
        world.deals.iter_rows(named=True), world.crm.details.iter_rows(named=True), strict=True
    ):
        found.append(_track(deal, more, history, master_of))
    by_id = {track.id: track for track in found}
    talks = world.crm.talks
    for name, at in talks.filter(talks["deal"].is_not_null()).select("deal", "at").iter_rows():
        by_id[name].touches.append(rules.business_day(at))
    for track in found:
        track.touches.sort()
    return found


def _track(
    deal: dict[str, Any],
    more: dict[str, Any],
    history: dict[tuple[str, str], list[tuple[int, Any, Any]]],
    master_of: dict[str, str],
) -> Track:
    name, created = deal["id"], rules.business_day(deal["created"])
    closed = None if deal["closed"] is None else rules.business_day(deal["closed"])
    moves = history[name, "stage"]
    amounts = [(on, _units(old), _units(new)) for on, old, new in history[name, "amount"]]
    dates = [(on, day(old), day(new)) for on, old, new in history[name, "expected_close_date"]]
    stage = STAGES[deal["stage_no"]] if deal["stage_no"] < len(STAGES) else UNKNOWN_STAGE
    return Track(
        id=name,
        system=deal["system"],
        pipeline=more["pipeline"],
        currency=deal["currency"],
        created=created,
        status=deal["status"],
        closed=closed,
        probability=more["probability"],
        customer=master_of[deal["account"]],
        fields={
            "stage": _stage_field(moves, stage),
            "amount": Field(amounts, deal["amount"]),
            "expected": Field(dates, deal["expected"]),
            "owner": Field(history[name, "owner"], deal["owner"]),
        },
        spells=_spells(created, deal["status"], closed, moves),
        order_id=more["order_id"],
        lost_reason=more["lost_reason"],
        moves=moves,
    )


def odds(track: Track, number: int) -> int:
    """Percent: the record's own from its extract on, the stage's before or without one."""
    if number >= AS_OF and track.probability is not None:
        return track.probability
    return ODDS.get(track.fields["stage"].on(number), 0)


def team_on(teams: Teams, track: Track, number: int) -> str:
    """The team of the owner of a day."""
    return teams.on(track.fields["owner"].on(number), number)


def text_of(number: int) -> str:
    """A day as text."""
    return as_date(number).isoformat()
