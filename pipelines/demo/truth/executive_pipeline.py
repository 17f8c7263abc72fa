"""Coverage of the company's quota at each month end (K16), and how good the forecasts of each quarter were (K18)."""

from __future__ import annotations

from typing import Protocol

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth.forecast import Cell, cells_of
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.truth.quarters import quarter_of
from pipelines.demo.truth.times import FIRST, LAST, last_day

Part = tuple[int | None, int | None]
Found = dict[tuple[str, str], Part]


class Quotas(Protocol):
    """The company's own quota."""

    def between(self, first: int, last: int) -> int:
        """The quota by days of a period, both ends in it."""


def _coverage(board: Board, quota: Quotas, month: int) -> Found:
    """What is open and due in the quarter, against what is left of the quota and against all of it."""
    number = last_day(month)
    first, last = quarter_of(number)
    due = won = 0
    for track in board.tracks:
        if track.created <= number and track.is_open(number):
            is_due = first <= track.fields["expected"].on(number) <= last
            due += (track.amount(number, board.facts.rates) or 0) if is_due else 0
    for on, _, track, amount in board.trailing.closed:
        if track.status == "won" and first <= on <= number:
            won += amount or 0
    whole = quota.between(first, last)
    return {("K16", "a"): (due, whole - won if whole > won else None), ("K16", "b"): (due, whole)}


def _accuracy(cells: list[Cell], month: int) -> Found:
    """Per team what it submitted, else what its deals said, on the quarter's first day; once the quarter is over."""
    if month % 3 != 2 or last_day(month) > AS_OF:
        return {("K18", "a"): (None, None), ("K18", "b"): (None, None)}
    chosen: dict[str, Cell] = {}
    for cell in cells:
        if cell.start != month - 2 or cell.horizon != "day_1" or cell.forecast is None:
            continue
        if cell.kind == "submitted" or cell.team not in chosen:
            chosen[cell.team] = cell
    pairs = [(cell.forecast or 0, cell.actual) for cell in chosen.values()]
    actual = sum(won for _, won in pairs)
    error = sum(abs(won - forecast) for forecast, won in pairs)
    bias = sum(forecast - won for forecast, won in pairs)
    return {("K18", "a"): (actual - error, actual), ("K18", "b"): (bias, actual)}


def pipeline_parts(board: Board, quota: Quotas) -> dict[int, Found]:
    """K16 and K18 by month."""
    cells = cells_of(board)
    return {
        month: {**_coverage(board, quota, month), **_accuracy(cells, month)}
        for month in range(FIRST, LAST + 1)
    }
