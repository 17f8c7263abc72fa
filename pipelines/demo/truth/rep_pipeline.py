"""Open deals of reps and customers, stale ones and coverage (K16, K17) at the end of every month, as they stood."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.adoption import Key, Week, monday_of
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.pipeline import Board, Day
from pipelines.demo.truth.quarters import quarter_of, rep_quotas
from pipelines.demo.truth.times import FIRST, LAST, last_day, month_text
from pipelines.demo.truth.tracks import Track, team_on

Pair = tuple[str, str]
UPDATE_DAYS = 14


@dataclass
class Open:
    """Open deals of one rep and team on one day, and what they won in its quarter so far."""

    count: int = 0
    amount: int = 0
    qualified: int = 0
    stale: int = 0
    due: int = 0
    won: int = 0


def _open_on(board: Board, number: int) -> dict[Pair, Open]:
    teams, (first, last) = Teams(), quarter_of(number)
    day, found = Day(number, board, []), defaultdict[Pair, Open](Open)
    for track in board.tracks:
        if track.created <= number and track.is_open(number):
            own = found[track.fields["owner"].on(number), team_on(teams, track, number)]
            _stand(own, day, track, first, last)
    for on, team, track, amount in board.trailing.closed:
        if track.status == "won" and first <= on <= number:
            found[track.fields["owner"].on(on), team].won += amount or 0
    return found


def _stand(own: Open, day: Day, track: Track, first: int, last: int) -> None:
    number = day.number
    stage, expected = track.fields["stage"].on(number), track.fields["expected"].on(number)
    amount = track.amount(number, day.rates) or 0
    own.count += 1
    own.amount += amount
    own.qualified += amount if stage not in ("prospecting", "(unknown)") else 0
    own.stale += amount if day.is_stale(track, stage, expected) else 0
    own.due += amount if first <= expected <= last else 0


def month_end_values(board: Board) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, team and month."""
    found = {}
    for month in range(FIRST, LAST + 1):
        number = last_day(month)
        first, last = quarter_of(number)
        open_ = _open_on(board, number)
        quotas = rep_quotas(board.facts.world, board.facts.rates, first, last)
        for pair in set(open_) | set(quotas):
            found[*pair, month] = _columns(open_.get(pair, Open()), quotas.get(pair))
    return found


def _columns(own: Open, quota: tuple[int, int] | None) -> dict[str, Any]:
    rest = None if quota is None or quota[0] <= own.won else quota[0] - own.won
    return {
        "open_opportunity_count": own.count,
        "open_pipeline_amount": n.money(own.amount),
        "qualified_pipeline_amount": n.money(own.qualified),
        "stale_pipeline_amount": n.money(own.stale),
        **parts("stale", own.stale, own.amount),
        **parts("coverage_remaining", None if rest is None else own.due, rest),
        **parts("coverage_target", None if quota is None else own.due, None if quota is None else quota[1]),
        "coverage_state": "no_quota" if quota is None else "met" if rest is None else "open",
    }


def add_open_deals(board: Board, rows: list[dict[str, Any]]) -> None:
    """Open deals of each customer at the end of each month of its rows, as they stood then."""
    ends = {month_text(month): last_day(month) for month in range(FIRST, LAST + 1)}
    sums = {
        month: _open_of_customers(board, ends[month])
        for month in {row["key"]["fiscal_month"] for row in rows}
    }
    for row in rows:
        count, amount = sums[row["key"]["fiscal_month"]].get(row["key"]["master_customer_code"], (0, 0))
        row["values"] |= {"open_opportunity_count": count, "open_pipeline_amount": n.money(amount)}


def _open_of_customers(board: Board, number: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for track in board.tracks:
        if track.created <= number and track.is_open(number):
            own = found[track.customer]
            own[0] += 1
            own[1] += track.amount(number, board.facts.rates) or 0
    return found


def add_deals(weeks: dict[Key, Week], board: Board) -> None:
    """Deals open at the end of each week, by their owner then, and those changed in the two weeks to it."""
    changed: dict[str, set[int]] = defaultdict(set)
    for deal, at in board.facts.world.crm.changes.select("id", "at").iter_rows():
        changed[deal].add(business_day(at))
    for track in board.tracks:
        for end in range(monday_of(track.created) + 6, AS_OF + 1, 7):
            key = (track.fields["owner"].on(end), monday_of(end))
            if track.is_open(end) and key in weeks:
                weeks[key].deals += 1
                weeks[key].updated += any(end - UPDATE_DAYS < day <= end for day in changed[track.id])
