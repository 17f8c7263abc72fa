"""What happened to deals before they stood as they stand: steps back, reopened closes, other amounts, dates, owners.

Told backwards from the state that a deal has in the end, so that nothing drawn elsewhere moves. Seconds are UTC.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import DAY, END, as_date, unambiguous
from pipelines.demo.columns import UNIT, own_generator
from pipelines.demo.crm import LUCKY_REP, QUIET_REP

LONG = 5 * DAY  # a step lasts at least so long where something else happens within it
_HUNDRED = 100 * UNIT
Step = tuple[int, str, str, str]  # when, from, to, how the deal ended if it is a close
Change = tuple[int, str | None, str | None]


def draw_changes(seed: int, deals: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """One row per change of one field, in order of deal, field and time; `ended` says how a close ended."""
    rng = own_generator(seed, "deal changes")
    steps = _steps(stages)
    rows: list[tuple[Any, ...]] = []
    for deal in deals.iter_rows(named=True):
        head = (deal["id"], deal["system"])
        path = _path(rng, deal, steps.get(deal["deal"], []))
        rows += [(*head, "stage", at, old, new, ended) for at, old, new, ended in path]
        if deal["status"] == "merged" or deal["owner"] == LUCKY_REP:
            continue
        for field, changes in (
            ("amount", _amounts(rng, deal)),
            ("expected_close_date", _dates(rng, deal)),
            ("owner", _owners(rng, deal)),
            ("forecast_category", _categories(deal, path)),
        ):
            rows += [(*head, field, at, old, new, None) for at, old, new in changes]
    names = ("id", "system", "field", "at", "old", "new", "ended")
    found = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return found.with_columns(at=pl.Series(unambiguous(found["at"].to_numpy())))


def _steps(stages: pl.DataFrame) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}
    for deal, at, old, new, status in stages.select("deal", "at", "old", "new", "status").iter_rows():
        found.setdefault(deal, []).append((at, old, new, status))
    return found


def _path(rng: np.random.Generator, deal: dict[str, Any], steps: list[Step]) -> list[Step]:
    """The forward steps, one in twelve deals skipping a stage, with a step back or a reopened close in between."""
    draws = rng.random(3)
    days = int(rng.integers(2, 40))
    if deal["status"] == "merged":
        at = min(deal["created"] + days * DAY, END - DAY)
        return [(at, "prospecting", "closed", "merged")] if at > deal["created"] else []
    if draws[0] < 0.08 and len(steps) > 1 and deal["owner"] != LUCKY_REP:
        steps = [(steps[1][0], steps[0][1], steps[1][2], steps[1][3]), *steps[2:]]
    end = END if deal["closed"] is None else deal["closed"]
    back, again = draws[1] < 0.12, draws[2] < 0.08
    found: list[Step] = []
    for number, (at, old, new, status) in enumerate(steps):
        found.append((at, old, new, status))
        gap = (steps[number + 1][0] if number + 1 < len(steps) else end) - at
        if new == "closed" or gap < LONG or deal["owner"] == LUCKY_REP:
            continue
        if back and number >= int(draws[1] * 10_000) % 3:
            found += [(at + gap // 4, new, old, status), (at + gap // 2, old, new, status)]
            back = False
        elif again and number >= int(draws[2] * 10_000) % 3:
            found += [(at + gap // 4, new, "closed", "lost"), (at + gap // 2, "closed", new, "lost")]
            again = False
    return found


def _moments(rng: np.random.Generator, deal: dict[str, Any], most: int) -> list[int]:
    """One to `most` moments within a deal's life, the last one first."""
    span = (END if deal["closed"] is None else deal["closed"]) - deal["created"]
    drawn = rng.random(int(rng.integers(1, most + 1)))
    return sorted((deal["created"] + int(span * (0.05 + 0.9 * one)) for one in drawn), reverse=True)


def money(units: int | None) -> str | None:
    """An amount as the history shows it."""
    return None if units is None else f"{units // UNIT}.{units % UNIT // 100:02d}"


def _amounts(rng: np.random.Generator, deal: dict[str, Any]) -> list[Change]:
    """Two in five deals had another amount before; a few had none at first."""
    if deal["amount"] is None or rng.random() >= 0.4:
        return []
    found: list[Change] = []
    value: int = deal["amount"]
    for at in _moments(rng, deal, 2):
        before = max(value * int(rng.integers(60, 141)) // 100 // _HUNDRED, 1) * _HUNDRED
        if rng.random() < 0.08:
            found.append((at, None, money(value)))
            break
        if before != value:
            found.append((at, money(before), money(value)))
            value = before
    return found[::-1]


def _dates(rng: np.random.Generator, deal: dict[str, Any]) -> list[Change]:
    """Three in five deals had their expected close moved, mostly later, some of them past the quarter's end."""
    if rng.random() >= 0.6:
        return []
    found: list[Change] = []
    value = deal["expected"]
    for at in _moments(rng, deal, 3):
        move = -int(rng.integers(7, 60)) if rng.random() < 0.85 else int(rng.integers(5, 30))
        before = max(value + move, deal["created_day"])
        if before != value:
            found.append((at, as_date(before).isoformat(), as_date(value).isoformat()))
            value = before
    return found[::-1]


def _owners(rng: np.random.Generator, deal: dict[str, Any]) -> list[Change]:
    """One deal in ten was somebody else's at first."""
    draw, place = rng.random(), int(rng.integers(0, 1_000))
    if draw >= 0.1:
        return []
    away = (QUIET_REP, LUCKY_REP, deal["owner"])
    steady = [code for code in company.steady_reps() if code not in away]
    return [(_moments(rng, deal, 1)[0], steady[place % len(steady)], deal["owner"])]


def _categories(deal: dict[str, Any], path: list[Step]) -> list[Change]:
    """Pipeline, best case once qualified, commit while negotiating; closed when won, omitted when not."""
    found: list[Change] = []
    value = "pipeline"
    for number, (at, _, new, _) in enumerate(path):
        wanted = value
        if new == "closed" and number == len(path) - 1 and deal["status"] != "open":
            wanted = "closed" if deal["status"] == "won" else "omitted"
        elif new == "negotiation":
            wanted = "commit"
        elif new in ("qualified", "proposal") and value == "pipeline":
            wanted = "best_case"
        if wanted != value:
            found.append((at, value, wanted))
            value = wanted
    return found


def draw_details(seed: int, deals: pl.DataFrame, changes: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """What each deal's record says beside, in the order of the deals: pipeline, odds, category, reason, order."""
    rng = own_generator(seed, "deal details")
    category = dict(changes.filter(pl.col("field") == "forecast_category").select("id", "new").iter_rows())
    placed = _placed(orders)
    rows = []
    for deal in deals.iter_rows(named=True):
        draws, pick = rng.random(3), int(rng.integers(0, 5))
        status, stage = deal["status"], deal["stage_no"]
        odds = (10, 25, 50, 75, 0)[stage] + (pick - 2 if status == "open" else 0)
        odds = 100 if status == "won" else odds
        lost = status in ("lost", "abandoned") and draws[1] >= 0.08
        rows.append(
            (
                "key_account" if draws[0] < 0.25 else "standard",
                None if draws[2] < 0.05 or status == "merged" else odds,
                category.get(deal["id"], "pipeline"),
                LOST_REASONS[4 if status == "abandoned" else pick] if lost else None,
                _order_of(deal, placed) if status == "won" else None,
            )
        )
    names = ("pipeline", "probability", "category", "lost_reason", "order_id")
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


LOST_REASONS = ("price", "competitor", "no_budget", "timing", "no_decision")


def _placed(orders: pl.DataFrame) -> dict[int, list[tuple[int, str]]]:
    """Orders of each customer that came without trouble, in order of time."""
    found: dict[int, list[tuple[int, str]]] = {}
    wanted = orders.filter(pl.col("why").is_null() & pl.col("cancelled").is_null())
    for customer, on, order in wanted.select("customer", "business", "id").iter_rows():
        found.setdefault(customer, []).append((on, order))
    return {customer: sorted(own) for customer, own in found.items()}


def _order_of(deal: dict[str, Any], placed: dict[int, list[tuple[int, str]]]) -> str | None:
    """The customer's first order within thirty days of the close."""
    closed = (deal["closed"] + 8 * 3_600) // DAY
    near = (order for on, order in placed.get(deal["customer"], []) if closed <= on <= closed + 30)
    return next(near, None)
