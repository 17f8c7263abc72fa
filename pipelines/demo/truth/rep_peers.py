"""Each rep beside the team: its median, and how many of it have no more. Peers are who was there in the month."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.collaboration import People
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import FIRST, LAST, first_day, last_day

Key = tuple[str, str, int]  # rep, team, month
Figures = tuple[int, int | None, int | None]  # net revenue, attainment, win rate: all in hundred-millionths
MEASURES = ("net_revenue", "attainment", "win_rate")
LOW = 5
COLUMNS = (
    "peer_{}_median",
    "peer_{}_numerator",
    "peer_{}_denominator",
    "peer_{}_ratio",
    "is_low_n_peer_{}",
)
NOTHING_SHOWN = {column.format(measure): None for measure in MEASURES for column in COLUMNS}


def on_duty(facts: Facts) -> set[Key]:
    """Reps with a day of work in a team and month, up to the last day that is known."""
    people = People(facts)
    return {
        (member.code, member.team, month)
        for month in range(FIRST, LAST + 1)
        for number in range(first_day(month), min(last_day(month), AS_OF) + 1)
        for member in people.there(number)
    }


def peer_values(figures: dict[Key, Figures]) -> dict[Key, dict[str, Any]]:
    """The columns about peers, by rep, team and month of those on duty."""
    teams: dict[tuple[str, int], list[Key]] = defaultdict(list)
    for key in figures:
        teams[key[1], key[2]].append(key)
    found: dict[Key, dict[str, Any]] = {key: dict(NOTHING_SHOWN) for key in figures}
    for keys in teams.values():
        for place, measure in enumerate(MEASURES):
            known = {key: value for key in keys if (value := figures[key][place]) is not None}
            for key, value in known.items():
                found[key] |= _beside(measure, value, list(known.values()))
    return found


def _beside(measure: str, value: int, values: list[int]) -> dict[str, Any]:
    median = n.half_away(n.middle(values) or 0, n.UNIT)
    is_money = measure == "net_revenue"
    reached = sum(other <= value for other in values)
    return {
        f"peer_{measure}_median": n.money(n.half_away(median, n.UNIT)) if is_money else n.ratio(median),
        **parts(f"peer_{measure}", reached * n.UNIT, len(values) * n.UNIT),
        f"is_low_n_peer_{measure}": len(values) < LOW,
    }
