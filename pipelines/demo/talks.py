"""Touches beside those drawn with the contacts: of leads, of deals, questions and their answers, automatic ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.demo.calendar import DAY, END, START, unambiguous
from pipelines.demo.columns import own_generator

KINDS = ("call", "meeting", "visit", "email", "message")
Talk = dict[str, Any]


class _Log:
    """Talks as they are entered, each with an id of its system."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.rows: list[Talk] = []

    def add(self, system: str, at: int, **more: Any) -> str | None:
        """Enter a touch; none is entered that lies outside the window."""
        if not START * DAY <= at < END - 2 * DAY:
            return None
        number = len(self.rows) + 1
        name = f"57257672{number:06d}" if system == "zoho" else f"FXT{number:07d}"
        kind, maker = more.get("kind", "email"), more.get("maker", "person")
        lag = 0 if maker == "rule" else int(self.rng.integers(60, 40 * 3_600))
        device = "mobile" if self.rng.random() < 0.45 else "desktop"
        row: Talk = {
            "id": name, "system": system, "at": at, "logged": at + lag, "kind": kind, "direction": "outbound",
            "maker": maker, "device": None if maker == "rule" else device,
            "connected": bool(self.rng.random() < 0.6) if kind == "call" else None,
            "account": None, "lead": None, "deal": None, "reply_to": None,
        }  # fmt: skip
        self.rows.append(row | more)
        return name


def draw_talks(seed: int, deals: pl.DataFrame, leads: pl.DataFrame, activities: pl.DataFrame) -> pl.DataFrame:
    """One row per touch. A lead's first touch is on its record as well; some leads were called before they came."""
    log = _Log(own_generator(seed, "talks"))
    for lead in leads.iter_rows(named=True):
        _of_lead(log, lead)
    for deal in deals.iter_rows(named=True):
        _of_deal(log, deal)
    for touch in activities.filter(pl.col("kind").is_in(["email", "message"])).iter_rows(named=True):
        _answered(log, touch)
    names = {
        "id": pl.String, "system": pl.String, "at": pl.Int64, "logged": pl.Int64, "kind": pl.String,
        "direction": pl.String, "maker": pl.String, "device": pl.String, "connected": pl.Boolean,
        "account": pl.String, "lead": pl.String, "deal": pl.String, "reply_to": pl.String, "rep": pl.String,
    }  # fmt: skip
    found = pl.DataFrame(log.rows, schema=names)
    return found.with_columns(
        at=pl.Series(unambiguous(found["at"].to_numpy())),
        logged=pl.Series(unambiguous(found["logged"].to_numpy())),
    )


def _of_lead(log: _Log, lead: Talk) -> None:
    """An automatic reply at once, the first touch, and what follows; one lead in fifty was touched before."""
    draw, kind = log.rng.random(3), KINDS[int(log.rng.integers(0, 5))]
    own = {"lead": lead["id"], "rep": lead["owner"]}
    if draw[0] < 0.3:
        log.add(lead["system"], lead["created"] + 30, maker="rule", **own)
    if draw[1] < 0.02:
        log.add(lead["system"], lead["created"] - 2 * DAY, kind="call", **own)
    if lead["touched"] is None:
        return
    log.add(lead["system"], lead["touched"], kind=kind, **own)
    if draw[2] < 0.4:
        maker = "rule" if draw[2] < 0.1 else "person"
        log.add(lead["system"], lead["touched"] + int(draw[2] * 10 * DAY), maker=maker, **own)


def _of_deal(log: _Log, deal: Talk) -> None:
    """Some touches of a deal, spread over its life, long silences between them."""
    end = END if deal["closed"] is None else deal["closed"]
    for _ in range(int(log.rng.integers(0, 4))):
        at = deal["created"] + int(log.rng.random() * (end - deal["created"]))
        kind = KINDS[int(log.rng.integers(0, 5))]
        log.add(
            deal["system"], at, kind=kind, account=deal["account"], deal=deal["id"], rep=deal["owner"],
            direction="outbound" if log.rng.random() < 0.8 else "inbound",
        )  # fmt: skip


def _answered(log: _Log, touch: Talk) -> None:
    """Half of the written ones are answered, some after more than a week, and some answers answered again."""
    draw = log.rng.random(3)
    if draw[0] >= 0.5:
        return
    own = {"kind": touch["kind"], "account": touch["account"], "rep": touch["rep"]}
    other = "inbound" if touch["direction"] == "outbound" else "outbound"
    at = touch["at"] + 600 + int(draw[1] * 10 * DAY)
    name = log.add(touch["system"], at, direction=other, reply_to=touch["id"], **own)
    if name is not None and draw[2] < 0.3:
        log.add(touch["system"], at + 900, direction=touch["direction"], reply_to=name, **own)
