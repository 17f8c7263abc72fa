"""The truth of mart_funnel (stages of deals) and of mart_lost_reason."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.truth.times import last_day, month_of, month_text
from pipelines.demo.truth.tracks import STAGES, UNKNOWN_STAGE, Track

STAGE_DAYS = 90  # a stage counts as passed when the next is reached within so many days
UNKNOWN_REASON = "(unknown)"
Key = tuple[str, str, int, str]


def first_days(track: Track) -> dict[str, int]:
    """The first day at each stage that a deal was at."""
    found: dict[str, int] = {}
    first = track.moves[0][1] if track.moves else track.fields["stage"].values[-1]
    found[first] = track.created
    for on, _, new in track.moves:
        if new != "closed":
            found.setdefault(new, on)
    return {stage: on for stage, on in found.items() if stage in STAGES}


def _passed_on(track: Track, stage: str, days: dict[str, int]) -> int | None:
    """The first day at a later stage than this one, or of being won."""
    later = [on for other, on in days.items() if STAGES.index(other) > STAGES.index(stage)]
    if track.status == "won" and track.closed is not None:
        later.append(track.closed)
    return min(later) if later else None


def _segment(board: Board, track: Track) -> str:
    return board.facts.sales.segment_of[track.customer][0]


def _entries(board: Board) -> dict[Key, list[bool]]:
    """Per cohort of a stage, for each deal in it whether it went on in time."""
    found: dict[Key, list[bool]] = defaultdict(list)
    for track in board.tracks:
        if track.status == "merged":
            continue
        days, segment = first_days(track), _segment(board, track)
        for stage, on in days.items():
            passed = _passed_on(track, stage, days)
            in_time = passed is not None and passed - on <= STAGE_DAYS
            found[track.pipeline, stage, month_of(on), segment].append(in_time)
        if track.status == "won" and track.closed is not None:
            key = (track.pipeline, "won", month_of(track.closed), segment)
            found[key].append(track.order_id is not None)
    return found


def funnel_rows(board: Board) -> list[dict[str, Any]]:
    """Cohorts by pipeline, stage, month of entry and segment: entered, and gone on once that can be known."""
    rows = []
    for (pipeline, stage, month, segment), passed in sorted(_entries(board).items()):
        mature = last_day(month) + STAGE_DAYS <= AS_OF
        reached = (sum(passed) * n.UNIT, len(passed) * n.UNIT) if mature else (None, None)
        key = {
            "pipeline_code": pipeline,
            "stage": stage,
            "entry_month": month_text(month),
            "segment_code": segment,
        }
        values = {"entered_count": len(passed), "is_mature": mature, **parts("reached", *reached)}
        rows.append({"key": key, "values": values})
    return rows


def lost_rows(board: Board) -> list[dict[str, Any]]:
    """Deals lost by the stage that they were lost from, month, segment and reason."""
    sums: dict[tuple[str, str, int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for on, _, track, amount in board.trailing.closed:
        if track.status not in ("lost", "abandoned"):
            continue
        stage = track.fields["stage"].on(on)
        assert stage != UNKNOWN_STAGE
        reason = track.lost_reason or UNKNOWN_REASON
        own = sums[track.pipeline, stage, month_of(on), _segment(board, track), reason]
        own[0] += 1
        own[1] += amount or 0
    names = ("pipeline_code", "stage", "lost_month", "segment_code", "lost_reason_code")
    rows = []
    for (pipeline, stage, month, segment, reason), (count, amount) in sorted(sums.items()):
        key = dict(zip(names, (pipeline, stage, month_text(month), segment, reason), strict=True))
        rows.append({"key": key, "values": {"lost_count": count, "lost_amount": n.money(amount)}})
    return rows
