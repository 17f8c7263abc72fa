"""The truth of mart_pipeline_health: open deals of each day, what came, moved and left, and what is due."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipelines.demo.calendar import AS_OF, START
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.quarters import Trailing, past_quarters, quarter_of, team_quotas
from pipelines.demo.truth.times import FIRST, LAST, first_day, last_day
from pipelines.demo.truth.tracks import Track, odds, team_on, text_of, tracks_of

Key = tuple[str, str, str]
STALE_DAYS = 30
WHOLE = 2024 * 12 + 3  # April 2024: every team has deals and every kind of flow occurs
FLOWS = (
    "created", "reopened", "amount_change", "fx_change", "moved_in", "moved_out", "transferred_in", "transferred_out",
    "won", "lost", "merged",
)  # fmt: skip


def chosen_days() -> list[int]:
    """Month ends, every nineteenth day, and each day of one month."""
    ends = {last_day(month) for month in range(FIRST, LAST + 1)}
    whole = range(first_day(WHOLE), last_day(WHOLE) + 1)
    return sorted(ends.union(whole, range(START + 1, AS_OF + 1, 19)))


class Board:
    """All deals with their history, and what whole quarters say of them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.tracks = tracks_of(facts.world, facts.sales.master_of)
        self.trailing = Trailing(self.tracks, facts.rates)
        self.quotas: dict[tuple[int, int], dict[str, tuple[int, int]]] = {}

    def quota(self, team: str, number: int) -> tuple[int | None, int | None]:
        """What is left of the team's quota of the quarter of a day, and the whole of it."""
        first, last = quarter_of(number)
        if (first, last) not in self.quotas:
            self.quotas[first, last] = team_quotas(self.facts.world, self.facts.rates, first, last)
        found = self.quotas[first, last].get(team)
        if found is None:
            return None, None
        rest = found[0] - self.trailing.won_between(team, first, number)
        return rest if rest > 0 else None, found[1]


class Day:
    """Sums of one day by team, pipeline and stage."""

    def __init__(self, number: int, board: Board, tracks: list[Track]) -> None:
        self.number, self.rates, self.teams = number, board.facts.rates, Teams()
        self.sums: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.limits = board.trailing.limits(past_quarters(number))
        for track in tracks:
            self._add(track)

    def _add(self, track: Track) -> None:
        now, before = track.spell_on(self.number), track.is_open(self.number - 1)
        if before:
            key = self._key(track, self.number - 1)
            self.sums[key]["opening"] += track.amount(self.number - 1, self.rates) or 0
        if now is None and not before:
            return
        self._flow(track, before)
        if track.is_open(self.number):
            self._stand(track)

    def _key(self, track: Track, number: int) -> Key:
        return team_on(self.teams, track, number), track.pipeline, track.fields["stage"].on(number)

    def _flow(self, track: Track, before: bool) -> None:
        """From the value of yesterday over rate, amount, stage and team to what is open or closed today."""
        number, spell = self.number, track.spell_on(self.number)
        value, key = track.amount(number, self.rates) or 0, self._key(track, number)
        if before:
            old = self._key(track, number - 1)
            was = track.amount(number - 1, self.rates) or 0
            same = track.amount(number - 1, self.rates, at=number) or 0
            self.sums[old]["fx_change"] += same - was
            self.sums[old]["amount_change"] += value - same
            moved = (old[0], old[1], key[2])
            if moved != old:
                self.sums[old]["moved_out"] += value
                self.sums[moved]["moved_in"] += value
            if key != moved:
                self.sums[moved]["transferred_out"] += value
                self.sums[key]["transferred_in"] += value
        else:
            self.sums[key]["created" if number == track.created else "reopened"] += value
        if spell is not None and spell.ended == number:
            state = "lost" if spell.state == "abandoned" else spell.state
            self.sums[key][state] += value

    def _stand(self, track: Track) -> None:
        number = self.number
        own, stage = self.sums[self._key(track, number)], track.fields["stage"].on(number)
        amount = track.amount(number, self.rates)
        value = amount or 0
        expected = track.fields["expected"].on(number)
        first, last = quarter_of(number)
        own["open"] += 1
        own["qualified"] += stage not in ("prospecting", "(unknown)")
        own["missing"] += amount is None
        own["open_amount"] += value
        own["weighted"] += n.half_away(value * odds(track, number), 100)
        own["due"] += value if first <= expected <= last else 0
        if number > track.created:
            own["pushed"] += expected > track.fields["expected"].on(number - 1)
        if self.is_stale(track, stage, expected):
            own["stale"] += 1
            own["stale_amount"] += value

    def is_stale(self, track: Track, stage: str, expected: int) -> bool:
        """No touch for thirty days, longer in its stage than three in four won deals, or due and not closed."""
        number = self.number
        touched = track.touches[: bisect_right(track.touches, number)]
        silent = number - max([track.created, *touched[-1:]]) >= STALE_DAYS
        limit = self.limits.get((track.pipeline, stage))
        slow = limit is not None and 4 * (number - track.entered(number)) > limit
        return silent or slow or expected < number


def _values(
    own: dict[str, int], quota: tuple[int | None, int | None], past: dict[str, int]
) -> dict[str, Any]:
    rest, full = quota
    return {
        "open_count": own["open"],
        "qualified_count": own["qualified"],
        "amount_missing_count": own["missing"],
        "open_amount": n.money(own["open_amount"]),
        "weighted_amount": n.money(own["weighted"]),
        "stale_count": own["stale"],
        "stale_amount": n.money(own["stale_amount"]),
        **parts("stale", own["stale_amount"], own["open_amount"]),
        "pushed_count": own["pushed"],
        "opening_amount": n.money(own["opening"]),
        **{f"{name}_amount": n.money(own[name]) for name in FLOWS},
        "coverage_open_amount": n.money(own["due"]),
        "coverage_remaining_denominator": n.money(rest),
        "coverage_target_denominator": n.money(full),
        "coverage_state": "no_quota" if full is None else "met" if rest is None else "open",
        "velocity_open_count": own["qualified"],
        "won_rate_numerator": n.money(past["won"] * n.UNIT),
        "won_rate_denominator": n.money(past["closed"] * n.UNIT),
        "won_amount_sum": n.money(past["won_amount"]),
        "won_amount_count": past["won_known"],
        "cycle_days_sum": past["cycle"],
        "cycle_days_count": past["won"],
    }


def pipeline_rows(board: Board, days: Iterable[int]) -> list[dict[str, Any]]:
    """Rows of those days."""
    rows = []
    tracks = sorted(board.tracks, key=lambda track: track.created)
    for number in days:
        alive = [
            track
            for track in tracks
            if track.created <= number and (track.spells[-1].ended is None or track.spells[-1].ended >= number - 1)
        ]  # fmt: skip
        sums = Day(number, board, alive).sums
        for key in sorted(sums):
            team, pipeline, stage = key
            past = board.trailing.sums(past_quarters(number), team, pipeline)
            values = _values(sums[key], board.quota(team, number), past)
            named = {
                "team_code": team,
                "pipeline_code": pipeline,
                "stage": stage,
                "snapshot_date": text_of(number),
            }
            rows.append({"key": named, "values": values})
    return rows
