"""R06: the ledger of a candidate against its recomputation, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from quality.commission import LEDGER
from quality.commission.earn import Earner
from quality.commission.facts import EPOCH, Facts, facts_of
from quality.commission.hold import draw_entries, held_entries, payout_entries
from quality.commission.paid import Timeline
from quality.commission.terms import Entry

_SIDES = {
    "accrual": "earned",
    "adjustment": "earned",
    "clawback": "earned",
    "reserve": "held",
    "release": "held",
}
Difference = tuple[str, str]


def recomputed(facts: Facts, as_of: int) -> list[Entry]:
    """Every row that the facts give, each at its natural date."""
    timelines: dict[tuple[str, str, str], Timeline] = {}
    found = list(payout_entries(facts))
    for code in sorted(facts.people):
        earner = Earner(facts, facts.people[code], timelines)
        earner.run()
        own = list(earner.entries)
        own += held_entries(facts, code, earner.rows, timelines, as_of)
        found += own
        found += draw_entries(facts, code, own, as_of)
    return found


def compare(
    candidate: Path, as_of: date, parent: Path | None = None, definitions: dict[str, Any] | None = None
) -> tuple[int, list[Difference]]:
    """Rows compared, and the keys of those that differ, each with what was expected.

    A first release is compared row by row. One that carries a ledger on must hold the carried rows unchanged, and
    what it holds of each line and component in sum, what was earned and what is held each for itself, must be what
    today's facts give. `definitions` are those that the run overrides.
    """
    ledger = pl.read_parquet(candidate / f"{LEDGER}.parquet")
    entries = recomputed(facts_of(candidate, definitions or {}), (as_of - EPOCH).days)
    earlier = ledger.filter(pl.col("posted_as_of") < as_of)
    told = parent / f"{LEDGER}.parquet" if parent else None
    before = pl.read_parquet(told) if told and told.exists() else ledger.clear()
    if before.is_empty() and earlier.is_empty():
        return len(ledger), _row_by_row(ledger, entries)
    return len(ledger), [*_unchanged(ledger, earlier, before), *_sums(ledger, entries)]


def _ledger_rows(ledger: pl.DataFrame) -> list[dict[str, Any]]:
    columns = (
        "accrual_key",
        "payee_code",
        "plan_code",
        "component_code",
        "accrual_type",
        "source_system",
        "order_id",
    )
    whole = [
        pl.col(name).cast(pl.Decimal(38, places)).to_physical().cast(pl.Int64)
        for name, places in (("base_amount", 4), ("rate", 8), ("amount", 4))
    ]
    posted = pl.col("posting_date").to_physical().cast(pl.Int64)
    rows = ledger.select(*columns, "line_id", "currency", posted, *whole).to_dicts()
    return [row for row in rows if row["amount"] != 0 or row["accrual_type"] == "accrual"]


def _found(row: dict[str, Any]) -> Entry:
    first = row["accrual_type"] == "accrual"
    # Draws and payouts belong to no order: only their payee, plan and day identify them.
    line = (
        ("", "", "") if row["order_id"] is None else (row["source_system"], row["order_id"], row["line_id"])
    )
    return Entry(
        row["payee_code"], row["plan_code"], row["component_code"], row["accrual_type"], row["posting_date"], line,
        row["base_amount"] if first else None, row["rate"] if first else None, row["currency"], row["amount"],
    )  # fmt: skip


def _row_by_row(ledger: pl.DataFrame, entries: Iterable[Entry]) -> list[Difference]:
    keys: dict[Entry, list[str]] = {}
    for row in _ledger_rows(ledger):
        keys.setdefault(_found(row), []).append(row["accrual_key"])
    wanted = Counter(entries)
    there = Counter({entry: len(own) for entry, own in keys.items()})
    extra = [(key, f"not expected: {_told(entry)}") for entry in there - wanted for key in keys[entry]]
    lacking = [("|".join((entry.payee, *entry.line)), f"missing: {_told(entry)}") for entry in wanted - there]
    return sorted(extra) + sorted(lacking)


def _told(entry: Entry) -> str:
    amount = (
        f"{'-' if entry.amount < 0 else ''}{abs(entry.amount) // 10_000}.{abs(entry.amount) % 10_000:04d}"
    )
    day = date.fromordinal(EPOCH.toordinal() + entry.posted)
    return f"{entry.payee} {entry.plan}/{entry.component} {entry.type} {amount} {entry.currency} on {day}"


def _unchanged(ledger: pl.DataFrame, earlier: pl.DataFrame, before: pl.DataFrame) -> list[Difference]:
    """Rows of the carried ledger that the candidate lacks, and earlier ones that it has from nowhere.

    A second release of one business date carries rows of that very date: only the carried ledger knows them.
    """
    if before.is_empty():
        return [(str(earlier["accrual_key"][0]), "carried from a release that is not there")]
    columns = [name for name in ledger.columns if name != "as_of_date"]
    before = before.select(columns)
    gone = before.join(ledger, on=columns, how="anti", nulls_equal=True)
    new = earlier.select(columns).join(before, on=columns, how="anti", nulls_equal=True)
    return [(str(key), "a carried row that is gone or changed") for key in gone["accrual_key"]] + [
        (str(key), "a row of an earlier day that was not carried") for key in new["accrual_key"]
    ]


def _sums(ledger: pl.DataFrame, entries: Iterable[Entry]) -> list[Difference]:
    def key(entry: Entry) -> tuple[str, ...]:
        side = _SIDES.get(entry.type, entry.type)
        return (entry.payee, entry.plan, entry.component, side, entry.currency, *entry.line)

    sums: Counter[tuple[str, ...]] = Counter()
    named: dict[tuple[str, ...], str] = {}
    for row in _ledger_rows(ledger):
        entry = _found(row)
        sums[key(entry)] += entry.amount
        named[key(entry)] = row["accrual_key"]
    for entry in entries:
        sums[key(entry)] -= entry.amount
    return sorted(
        (named.get(one, "|".join(one)), f"differs by {rest} ten-thousandths")
        for one, rest in sums.items()
        if rest
    )
