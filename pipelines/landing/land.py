"""Lands receipts: work in proportion to what is new, a summary of everything that is landed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from pipelines.errors import UsageError
from pipelines.files import sweep
from pipelines.home import Home
from pipelines.landing.apart import land_apart
from pipelines.landing.checks import check_results, expected_checks
from pipelines.landing.component_run import WORK, ComponentRun, check_required
from pipelines.landing.declared import write_declared
from pipelines.landing.former import drop_others, former_of
from pipelines.landing.headers import Seen
from pipelines.landing.lost import lost_rows
from pipelines.landing.mended import digests_with
from pipelines.landing.plan import Component, components
from pipelines.landing.records import forget, is_landed, prune, read_record, records
from pipelines.landing.summary import summarise
from pipelines.landing.withdrawn import withdraw
from pipelines.landing.write import write_empty
from pipelines.settings import Settings
from pipelines.sources.archive import discover, excluded
from pipelines.sources.corrections import corrections_of
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt, receipts_of
from pipelines.sources.superseded import Superseding, keep, kept, superseding

__all__ = ["expected_checks", "land", "newest_business_date", "write_empty"]

Reading = Callable[[list[str]], None]
BATCH_BYTES = 16 << 20
DATED = {"orders__orders": "order_date", "orders__return_lines": "return_date"}


def _current_receipts(home: Home, source: Source) -> tuple[list[Receipt], Superseding]:
    """All receipts of a source in order, with the tables of its files today, and those that others replace."""
    here = {name: [table.name for table in tables] for name, tables in discover(source).items()}
    known = {table.name for table in source.tables}
    found = []
    for receipt in receipts_of(home, source.name):
        if excluded(source, receipt.extract_id):
            continue
        tables = here.get(receipt.extract_id, [name for name in receipt.tables if name in known])
        tables = source.tables_of(receipt.extract_id) if source.live else tables
        found.append(replace(receipt, tables=tables))
    replaced = superseding(source, found)
    kept = [
        replace(one, place=replaced.places.get(one.extract_id, ""))
        for one in found
        if one.extract_id not in replaced.ids
    ]
    return sorted(kept, key=lambda one: one.order), replaced


def _batches(receipts: list[Receipt], is_joint: bool) -> Iterator[list[Receipt]]:
    """Receipts in order, in batches that fit in memory, one that is large alone; a joint component is one batch."""
    batch: list[Receipt] = []
    size = 0
    for receipt in receipts:
        if batch and not is_joint and size + receipt.size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(receipt)
        size += receipt.size
    if batch:
        yield batch


def _seen(home: Home, component: Component, receipts: Iterable[Receipt]) -> Seen:
    """Columns that earlier extracts of each table had."""
    seen: Seen = {}
    for receipt in receipts:
        section = read_record(home, receipt.source, receipt.slug)["components"].get(component.name)
        for name, table in section["tables"].items() if section else ():
            known = seen.setdefault(name, {})
            for column in table["header"]:
                known[column] = table["kinds"].get(column) or known.get(column, "")
    return seen


def _due(
    home: Home, component: Component, receipts: list[Receipt], replaced: Superseding
) -> tuple[dict[str, str], list[Receipt], list[Receipt]]:
    """What each extract of a component is to be landed by, its receipts, and those that are not landed so."""
    mine = [one for one in receipts if component.reads(one)]
    gone = [one.receipt for one in replaced.replaced if component.reads(one.receipt)]
    corrections = corrections_of(home, component.source.name)
    base = component.digest(mine, home)
    digests = digests_with(base, mine, gone, corrections, is_joint=component.is_joint)
    return digests, mine, [one for one in mine if not is_landed(home, component, one, digests[one.slug])]


def has_new(home: Home, source: Source) -> bool:
    """Whether anything of a source is to be landed."""
    receipts, replaced = _current_receipts(home, source)
    return any(_due(home, component, receipts, replaced)[2] for component in components(source))


def _size(home: Home, source: Source) -> int:
    """Bytes of all extracts of a source: the largest is begun first, so that the last is not a long one."""
    return sum(receipt.size for receipt in receipts_of(home, source.name))


def _land_component(
    home: Home, component: Component, receipts: list[Receipt], replaced: Superseding, reading: Reading
) -> list[str]:
    """Land what is new in one component; returns the ids of the extracts that were read."""
    digests, mine, new = _due(home, component, receipts, replaced)
    if not new:
        return []
    check_required(component)
    for receipt in new:
        forget(home, component, receipt)
    landed = [one for one in mine if one not in new]
    corrections = corrections_of(home, component.source.name)
    gone = [one.receipt for one in replaced.replaced if component.reads(one.receipt)]
    former = former_of(home, component, mine, gone, corrections)
    for batch in _batches(former.missing(), is_joint=False):
        reading([one.extract_id for one in batch])
        ComponentRun(home, component, batch, lambda feed: [], former).say(corrections)
    drop_others(home, component, former)

    for batch in _batches(new, component.is_joint):

        def files_of(feed: str, before: tuple[Receipt, ...] = tuple(landed)) -> list[Path]:
            folder = home.landing / feed / component.source.name
            return [path for one in before if (path := folder / f"{one.slug}.parquet").exists()]

        reading([one.extract_id for one in batch])
        run = ComponentRun(home, component, batch, files_of, former)
        run.land(_seen(home, component, landed), digests, corrections)
        landed = [*landed, *batch]
    return [one.extract_id for one in new]


def _with_lost(home: Home, source: Source, receipts: list[Receipt], replaced: Superseding) -> Superseding:
    """What is replaced, with what is to be told of mended rows that went with it."""
    corrections = corrections_of(home, source.name)
    found = [
        one
        for part in components(source)
        for one in lost_rows(home, part, [one for one in receipts if part.reads(one)], replaced, corrections)
    ]
    return replace(replaced, doubts=(*replaced.doubts, *found))


def land_source(home: Home, source: Source, reading: Reading = lambda files: None) -> list[str]:
    """Land what is new of one source; returns the ids of the extracts that were read.

    `reading` is told the files of each batch before they are read.

    Raises:
        UsageError: its definition cannot work with its files.
    """
    folders = (home.landing, home.quarantine, home.restricted)
    sweep(
        [home.landing / "records", *(one for folder in folders for one in folder.glob(f"**/{source.name}"))]
    )
    receipts, replaced = _current_receipts(home, source)
    keep(home, source.name, replaced)
    parts = components(source)
    prune(home, source.name, {one.slug: {part.name for part in parts if part.reads(one)} for one in receipts})
    new: list[str] = []
    for component in parts:
        new += _land_component(home, component, receipts, replaced, reading)
    keep(home, source.name, _with_lost(home, source, receipts, replaced))
    write_declared(home, source)
    withdraw(home, source)
    return sorted(set(new))


def land(home: Home, settings: Settings, sources: list[Source], receipts: list[Receipt]) -> dict[str, Any]:
    """Land all receipts of the sources that are not landed yet, in processes of its own.

    Returns:
        The summary: totals, one entry per feed and source, extracts, check results; always of all that is landed, so
        also of sources that came in earlier runs: `is_named` tells them apart.
    """
    write_empty(home)
    if len({source.name for source in sources}) != len(sources):
        raise UsageError(
            "two sources have one name", todo="give each source a name of its own in source.yaml"
        )
    rmtree(home.landing / WORK, ignore_errors=True)  # of a landing that was killed; the run's lock is held
    fresh = [source for source in sources if has_new(home, source)]
    new = {source.name: land_source(home, source) for source in sources if source not in fresh}
    new |= land_apart(home, sorted(fresh, key=lambda one: -_size(home, one)))
    landed = list(records(home))
    as_of = newest_business_date(home, missing_ok=True)
    summary = summarise(landed, new)
    summary["sources"] = [{**one, "is_named": one["source"] in new} for one in summary["sources"]]
    summary["superseded"] = [one for source in sources for one in kept(home, source.name)["replaced"]]
    summary["checks"] = check_results(home, sources, landed, as_of)
    return summary


def newest_business_date(home: Home, *, missing_ok: bool = False) -> date:
    """The newest date in the accepted order and return feeds: the as_of of a run that is given none.

    Raises:
        UsageError: no order and no return was accepted.
    """
    import duckdb

    newest = []
    with duckdb.connect(":memory:") as connection:
        for feed, column in DATED.items():
            files = str(home.landing / feed / "*" / "*.parquet")
            row = connection.execute(f"select max({column}) from read_parquet(?)", [files]).fetchone()
            newest += [row[0]] if row and row[0] else []
    if newest:
        latest = max(newest)
        return latest.date() if isinstance(latest, datetime) else latest
    if missing_ok:
        return date.min
    raise UsageError(
        "no order was accepted, so there is no day to judge by",
        where=str(home.landing / "orders__orders"),
        todo="give --as-of DATE, or see `weir quarantine list` for what was held back",
    )
