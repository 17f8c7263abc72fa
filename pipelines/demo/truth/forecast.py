"""The truth of mart_forecast_accuracy: what teams said a quarter would bring, and what deals said, against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.truth.times import FIRST, LAST, first_day, last_day, quarter_start
from pipelines.demo.truth.tracks import odds, team_on, text_of

KINDS = ("derived", "submitted")


def _horizons(first: int, last: int) -> dict[str, int]:
    return {"day_1": first, "mid": first + (last - first + 1) // 2, "day_minus_10": last - 9}


def _submitted(board: Board, period: str, team: str, until: int) -> int | None:
    """The newest commit of a team for a quarter, at the plan rate of its year."""
    frame, found = board.facts.world.crm.forecasts, None
    for own, name, at, category, amount, currency in frame.select(
        "team", "period", "at", "category", "amount", "currency"
    ).iter_rows():
        if own == team and name == period and category == "commit" and business_day(at) <= until:
            newest = found is None or at > found[0]
            found = (at, amount, currency) if newest else found
    if found is None:
        return None
    return n.converted(found[1], board.facts.rates.plan(found[2], int(period[:4])))


def _derived(board: Board, first: int, last: int, until: int) -> dict[str, int]:
    """By team: won in the quarter so far, and what is open and due in it, weighted by its odds."""
    teams, rates = Teams(), board.facts.rates
    found: dict[str, int] = {}
    for on, team, track, amount in board.trailing.closed:
        if track.status == "won" and first <= on <= until:
            found[team] = found.get(team, 0) + (amount or 0)
    for track in board.tracks:
        if track.created <= until and track.is_open(until):
            team, due = team_on(teams, track, until), track.fields["expected"].on(until)
            amount = track.amount(until, rates) or 0
            part = n.half_away(amount * odds(track, until), 100) if first <= due <= last else 0
            found[team] = found.get(team, 0) + part
    return found


def _won(board: Board, first: int, last: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for on, team, track, amount in board.trailing.closed:
        if track.status == "won" and first <= on <= min(last, AS_OF):
            found[team] = found.get(team, 0) + (amount or 0)
    return found


def _values(forecast: int | None, actual: int, is_over: bool) -> dict[str, Any]:
    error = None if forecast is None or not is_over else abs(actual - forecast)
    good = None if error is None else actual - error
    bias = None if error is None or forecast is None else forecast - actual
    below = None if error is None else actual
    return {
        "is_quarter_over": is_over,
        "forecast_amount": n.money(forecast),
        "actual_amount": n.money(actual),
        "absolute_error_amount": n.money(error),
        **_parts("forecast_accuracy", good, below),
        **_parts("forecast_bias", bias, below),
    }


def _parts(name: str, numerator: int | None, denominator: int | None) -> dict[str, str | None]:
    """Parts of a rate that has no value where nothing was won."""
    found = parts(name, numerator, denominator)
    if denominator is not None and denominator <= 0:
        found[f"{name}_ratio"] = None
    return found


@dataclass(frozen=True)
class Cell:
    """One forecast of one team, quarter and horizon; `forecast` is none where none was submitted."""

    start: int
    team: str
    horizon: str
    on: int
    kind: str
    forecast: int | None
    actual: int

    @property
    def is_over(self) -> bool:
        """Whether the quarter is over at asof."""
        return last_day(self.start + 2) <= AS_OF


def _period(start: int) -> str:
    return f"{start // 12}-Q{start % 12 // 3 + 1}"


def cells_of(board: Board) -> list[Cell]:
    """Every quarter and horizon reached, by team and kind."""
    found = []
    submitters = set(board.facts.world.crm.forecasts.select("team", "period").iter_rows())
    for start in range(quarter_start(FIRST), quarter_start(LAST) + 1, 3):
        first, last = first_day(start), last_day(start + 2)
        period, won = _period(start), _won(board, first, last)
        reached = {name: on for name, on in _horizons(first, last).items() if on <= AS_OF}
        derived = {name: _derived(board, first, last, on) for name, on in reached.items()}
        teams = {team for team, own in submitters if own == period} | set(won)
        teams |= {team for one in derived.values() for team in one}
        for team in sorted(teams):
            for name, on in reached.items():
                both = {
                    "derived": derived[name].get(team, 0),
                    "submitted": _submitted(board, period, team, on),
                }
                found += [Cell(start, team, name, on, kind, both[kind], won.get(team, 0)) for kind in KINDS]
    return found


def forecast_rows(cells: list[Cell]) -> list[dict[str, Any]]:
    """Their rows."""
    rows = []
    for cell in cells:
        key = {
            "team_code": cell.team,
            "fiscal_quarter": _period(cell.start),
            "horizon_code": cell.horizon,
            "forecast_kind": cell.kind,
        }
        values = {"horizon_date": text_of(cell.on), **_values(cell.forecast, cell.actual, cell.is_over)}
        rows.append({"key": key, "values": values})
    return rows
