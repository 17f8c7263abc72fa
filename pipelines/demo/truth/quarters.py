"""What the truth of the pipeline takes from whole quarters: deals closed in them, quotas of teams, slow stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.rep import piece, ramped, reported, stays_of
from pipelines.demo.truth.standing import standing
from pipelines.demo.truth.times import Rates, first_day, last_day, month_of, quarter_start
from pipelines.demo.truth.tracks import Track, team_on
from pipelines.demo.world import World


@cache
def quarter_of(number: int) -> tuple[int, int]:
    """First and last day of the quarter of a day."""
    start = quarter_start(month_of(number))
    return first_day(start), last_day(start + 2)


def past_quarters(number: int) -> tuple[int, int]:
    """First and last day of the four whole quarters before that of a day."""
    start = quarter_start(month_of(number))
    return first_day(start - 12), first_day(start) - 1


class Trailing:
    """Deals by the day of their last close; one closed and opened again counts by its last close alone."""

    def __init__(self, tracks: Sequence[Track], rates: Rates) -> None:
        teams = Teams()
        self.closed: list[tuple[int, str, Track, int | None]] = [
            (track.closed, team_on(teams, track, track.closed), track, track.amount(track.closed, rates))
            for track in tracks
            if track.closed is not None and track.status != "merged"
        ]
        self.known: dict[tuple[int, int], dict[tuple[str, str], dict[str, int]]] = {}
        self.slow: dict[tuple[int, int], dict[tuple[str, str], int]] = {}

    def won_between(self, team: str, first: int, last: int) -> int:
        """What a team won from one day to another."""
        return sum(
            amount or 0
            for on, own, track, amount in self.closed
            if own == team and track.status == "won" and first <= on <= last
        )

    def sums(self, past: tuple[int, int], team: str, pipeline: str) -> dict[str, int]:
        """Won, closed, amounts and days of the deals closed in a period."""
        if past not in self.known:
            found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
            for on, own, track, amount in self.closed:
                if past[0] <= on <= past[1]:
                    _add(found[own, track.pipeline], on, track, amount)
            self.known[past] = found
        return self.known[past].get((team, pipeline), defaultdict(int))

    def limits(self, past: tuple[int, int]) -> dict[tuple[str, str], int]:
        """Four times the days that three in four stays of won deals did not exceed, by pipeline and stage."""
        if past not in self.slow:
            stays: dict[tuple[str, str], list[int]] = defaultdict(list)
            for on, _, track, _ in self.closed:
                if track.status == "won" and past[0] <= on <= past[1]:
                    for stage, days in track.stays():
                        stays[track.pipeline, stage].append(days)
            self.slow[past] = {key: _upper_quartile(days) for key, days in stays.items()}
        return self.slow[past]


def _add(sums: dict[str, int], on: int, track: Track, amount: int | None) -> None:
    sums["closed"] += 1
    if track.status == "won":
        sums["won"] += 1
        sums["won_amount"] += amount or 0
        sums["won_known"] += amount is not None
        sums["cycle"] += on - track.created


def _upper_quartile(values: list[int]) -> int:
    """Four times the value three quarters of the way up, in a straight line between its neighbours."""
    ordered = sorted(values)
    place, rest = divmod(3 * (len(ordered) - 1), 4)
    above = ordered[min(place + 1, len(ordered) - 1)]
    return 4 * ordered[place] + rest * (above - ordered[place])


def team_quotas(world: World, rates: Rates, first: int, last: int) -> dict[str, tuple[int, int]]:
    """Quotas of the reps of each team over a quarter: as their ramp asks, and in full."""
    found: dict[str, tuple[int, int]] = {}
    for (_, team), (left, full) in rep_quotas(world, rates, first, last).items():
        one = found.get(team, (0, 0))
        found[team] = (one[0] + left, one[1] + full)
    return found


def rep_quotas(world: World, rates: Rates, first: int, last: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Quotas of each rep and team over a quarter, by days: as the rep's ramp asks, and in full."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for quota, since, ending in standing(one for one in world.quotas if one.owner_type == "rep"):
        whole = reported(quota, rates)
        for team, start, end in stays_of(quota.owner):
            for month in range(month_of(first), month_of(last) + 1):
                until = min(last_day(month) + 1, ending + 1, end)
                begin = max(first_day(month), since, start)
                if until > begin:
                    part = piece(whole, begin - since, until - begin, quota)
                    found[quota.owner, team][0] += ramped(quota.owner, month, part)
                    found[quota.owner, team][1] += part
    return {pair: (left, full) for pair, (left, full) in found.items()}
