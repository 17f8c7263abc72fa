"""The truth of mart_funnel and of mart_lost_reason: how far deals and leads come, how long it takes, where they end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.deals import CONVERSION_DAYS
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.truth.survival import Stay, kaplan_meier
from pipelines.demo.truth.times import last_day, month_of, month_text
from pipelines.demo.truth.tracks import STAGES, UNKNOWN_STAGE, Track

STAGE_DAYS = 90  # a stage counts as passed when a later one is reached within so many days
NONE = "(none)"
Key = tuple[str, str, int, str]


@dataclass
class Cohort:
    """Deals that came to a stage in a month: after how many days each went on, if it did."""

    passed: list[int | None] = field(default_factory=list)
    lost: int = 0
    open: int = 0
    skipped: int = 0
    back: int = 0
    stays: list[Stay] = field(default_factory=list)


Cohorts = dict[Key, Cohort]


def first_days(track: Track) -> dict[str, int]:
    """The first day at each stage that a deal was at."""
    found: dict[str, int] = {}
    first = track.moves[0][1] if track.moves else track.fields["stage"].values[-1]
    found[first] = track.created
    for on, _, new in track.moves:
        if new != "closed":
            found.setdefault(new, on)
    return {stage: on for stage, on in found.items() if stage in STAGES}


def _passed_after(track: Track, stage: str, days: dict[str, int]) -> int | None:
    """Days from a stage to the first later one, or to being won."""
    later = [on for other, on in days.items() if STAGES.index(other) > STAGES.index(stage)]
    if track.status == "won" and track.closed is not None:
        later.append(track.closed)
    return min(later) - days[stage] if later else None


def _segment(board: Board, track: Track) -> str:
    return board.facts.sales.segment_of[track.customer][0]


def _stays(track: Track) -> list[tuple[str, Stay, str]]:
    """(stage, stay, what came next) from one change to the next."""
    found = []
    start, stage = track.created, track.moves[0][1] if track.moves else track.fields["stage"].values[-1]
    for on, old, new in track.moves:
        if old != "closed":
            found.append((stage, (on - start, True), new))
        start, stage = on, new
    if stage != "closed":
        found.append((stage, (AS_OF - start, False), ""))
    return found


def _skips(track: Track) -> list[tuple[str, int]]:
    """(stage, day) of each stage that a deal jumped over before it was ever at it; a win jumps the rest."""
    seen, found = {track.moves[0][1]} if track.moves else set(), []
    for place, (on, old, new) in enumerate(track.moves):
        last = place == len(track.moves) - 1
        top = STAGES.index(new) if new in STAGES else len(STAGES) if last and track.status == "won" else 0
        low = STAGES.index(old) if old in STAGES else top
        for stage in STAGES[low + 1 : top]:
            if stage not in seen:
                found.append((stage, on))
                seen.add(stage)
        seen.add(new)
    return found


def _add(cohorts: Cohorts, board: Board, track: Track) -> None:
    days, segment = first_days(track), _segment(board, track)
    if not days:  # closed, and nobody knows from which stage
        _add_win(cohorts, track, segment)
        return
    own = {stage: cohorts[track.pipeline, stage, month_of(on), segment] for stage, on in days.items()}
    for stage, cohort in own.items():
        cohort.passed.append(_passed_after(track, stage, days))
    stays = _stays(track)
    for stage, stay, after in stays:
        own[stage].stays.append(stay)
        own[stage].back += after in STAGES and STAGES.index(after) < STAGES.index(stage)
    last = own[stays[-1][0]]
    last.lost += track.status in ("lost", "abandoned")
    last.open += track.status == "open"
    for stage, on in _skips(track):
        cohorts[track.pipeline, stage, month_of(on), segment].skipped += 1
    _add_win(cohorts, track, segment)


def _add_win(cohorts: Cohorts, track: Track, segment: str) -> None:
    if track.status == "won" and track.closed is not None:
        won = cohorts[track.pipeline, "won", month_of(track.closed), segment]
        won.passed.append(0 if track.order_id is not None else None)


def _add_leads(cohorts: Cohorts, board: Board) -> None:
    """Leads have no pipeline, and only those converted have a segment: all stand under none."""
    statuses = board.facts.world.leads["status"] if "status" in board.facts.world.leads.columns else None
    for place, lead in enumerate(board.facts.leads):
        cohort = cohorts[NONE, "lead", month_of(lead.created), NONE]
        status = None if statuses is None else statuses[place]
        after = lead.converted_after
        cohort.passed.append(after)
        cohort.lost += status == "lost"
        cohort.open += after is None and status != "lost"
        if status != "lost":
            cohort.stays.append((AS_OF - lead.created if after is None else after, after is not None))


def _values(cohort: Cohort, stage: str, month: int) -> dict[str, Any]:
    window = CONVERSION_DAYS if stage == "lead" else STAGE_DAYS
    mature = last_day(month) + window <= AS_OF
    whole = len(cohort.passed) * n.UNIT
    in_time = sum(after is not None and after <= window for after in cohort.passed) * n.UNIT
    ended = [length for length, is_over in cohort.stays if is_over]
    return {
        "entered_count": len(cohort.passed),
        "is_mature": mature,
        **parts("reached", in_time if mature else None, whole if mature else None),
        "lost_count": cohort.lost,
        "open_count": cohort.open,
        "skipped_count": cohort.skipped,
        "regression_count": cohort.back,
        "time_in_stage_mean_days": n.money(n.average(sum(ended) * n.UNIT, len(ended) * n.UNIT)),
        "time_in_stage_mean_days_numerator": n.money(sum(ended) * n.UNIT),
        "time_in_stage_mean_days_denominator": n.money(len(ended) * n.UNIT),
        "time_in_stage_median_days": n.money(n.middle(ended)),
        "time_in_stage_km_median_days": kaplan_meier(cohort.stays),
        "longest_observed_days": max((length for length, _ in cohort.stays), default=None),
        **parts("conversion_running", sum(after is not None for after in cohort.passed) * n.UNIT, whole),
    }


def funnel_rows(board: Board) -> list[dict[str, Any]]:
    """Cohorts by pipeline, stage, month of entry and segment: entered, and gone on once that can be known."""
    cohorts: Cohorts = defaultdict(Cohort)
    for track in board.tracks:
        if track.status != "merged":
            _add(cohorts, board, track)
    _add_leads(cohorts, board)
    rows = []
    for (pipeline, stage, month, segment), cohort in sorted(cohorts.items()):
        key = {
            "pipeline_code": pipeline,
            "stage": stage,
            "entry_month": month_text(month),
            "segment_code": segment,
        }
        rows.append({"key": key, "values": _values(cohort, stage, month)})
    return rows


def lost_rows(board: Board) -> list[dict[str, Any]]:
    """Deals lost by the stage that they were lost from, month, segment and reason."""
    sums: dict[tuple[str, str, int, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for on, _, track, amount in board.trailing.closed:
        if track.status not in ("lost", "abandoned"):
            continue
        stage = track.fields["stage"].on(on)
        assert stage != UNKNOWN_STAGE
        own = sums[track.pipeline, stage, month_of(on), _segment(board, track), track.lost_reason or NONE]
        own[0] += 1
        own[1] += amount or 0
        own[2] += amount is None
    names = ("pipeline_code", "stage", "lost_month", "segment_code", "lost_reason_code")
    rows = []
    for (pipeline, stage, month, segment, reason), (count, amount, missing) in sorted(sums.items()):
        key = dict(zip(names, (pipeline, stage, month_text(month), segment, reason), strict=True))
        values = {"lost_count": count, "lost_amount": n.money(amount), "amount_missing_count": missing}
        rows.append({"key": key, "values": values})
    return rows
