"""Lands the extracts of one component: reads them, runs its feeds, rejects files, writes, and records."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import pyarrow as pa

from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.landing.batch import Extract, read_extracts, register
from pipelines.landing.control_check import column_of
from pipelines.landing.counts import Tally
from pipelines.landing.feed_result import FeedResult
from pipelines.landing.feed_run import FeedRun, Part
from pipelines.landing.former import CAME, NOW, Former
from pipelines.landing.headers import Seen
from pipelines.landing.mended import Corrections, mended
from pipelines.landing.outcome import Outcome, section_of
from pipelines.landing.outputs import batch_rows, broken_rows, held_rows, write_accepted
from pipelines.landing.plan import Component, components
from pipelines.landing.records import commit
from pipelines.landing.reshape import contents, locked_connection, reshape
from pipelines.landing.schemas import BATCH, HELD, HELD_WITH_TEXT
from pipelines.landing.typed import typing_of
from pipelines.landing.write import ParquetFile, write_rows
from pipelines.sources.model import FeedMapping
from pipelines.sources.receipt import Receipt
from quality.feeds import feed as canonical

WORK = ".work"  # below landing: what a large file needs while it is landed
Landed = Callable[[str], list[Path]]
NOTHING = Former()


class ComponentRun:
    """One batch of extracts of one component. `landed` gives a feed's files of extracts landed before.

    `former`: what does not count any more of what was said before.
    """

    def __init__(
        self,
        home: Home,
        component: Component,
        receipts: list[Receipt],
        landed: Landed,
        former: Former = NOTHING,
    ) -> None:
        self.home, self.component, self.landed, self.former = home, component, landed, former
        self.receipts = receipts
        self.outcomes: list[Outcome] = []
        self.work = home.landing / WORK / f"{os.getpid()}.{component.source.name}"

    def land(self, seen: Seen, digests: dict[str, str], corrections: Corrections) -> None:
        """Land the batch; records are written last.

        A file is judged as it came, its rows as they were mended: a declared sum is that of the file.
        """
        try:
            self._land(seen, digests, corrections)
        finally:
            for file in (file for outcome in self.outcomes for file in outcome.held):
                file.abandon()
            rmtree(self.work, ignore_errors=True)

    def _land(self, seen: Seen, digests: dict[str, str], corrections: Corrections) -> None:
        runs = self._read(seen)
        rejected = self._file_faults(runs)
        runs = self._as_mended(runs, corrections)
        self._note_unused(runs)
        for run in runs:
            self._finish(run, rejected)
        for outcome in self.outcomes:
            self._count_unread(outcome)
            self._write(outcome)
            receipt = outcome.extract.receipt
            section = section_of(self.home, self.component, outcome, digests[receipt.slug])
            commit(self.home, self.component, receipt, section)

    def say(self, corrections: Corrections) -> None:
        """Write what the extracts say, as they came and as they were mended, for `former`; nothing of them lands."""
        try:
            runs = self._read({})
            self._file_faults(runs)
            self.former.write(self.outcomes, runs, CAME)
            runs = self._as_mended(runs, corrections)
            self.former.write(self.outcomes, runs, NOW)
            for run in runs:
                run.connection.close()
        finally:
            rmtree(self.work, ignore_errors=True)

    def _read(self, seen: Seen) -> list[FeedRun]:
        extracts = read_extracts(self.home, self.component, self.receipts, seen, self.work)
        self.outcomes = [Outcome(one, _rejection(one)) for one in extracts]
        return self._typed(extracts)

    def _as_mended(self, runs: list[FeedRun], corrections: Corrections) -> list[FeedRun]:
        """The rows typed anew with their corrections, if there are any."""
        if not self._mend(corrections):
            return runs
        for run in runs:
            run.connection.close()
        for path in self.work.glob("*.duckdb*"):
            path.unlink()
        return self._typed([outcome.extract for outcome in self.outcomes])

    def _mend(self, corrections: Corrections) -> bool:
        """Lay the corrections over the extracts that can be trusted; False if there are none."""
        for outcome in self.outcomes:
            mine = corrections.get(outcome.extract.receipt.extract_id)
            if mine and outcome.rejection is None:
                outcome.extract = mended(self.home, outcome.extract, mine, self.work)
                outcome.corrections = mine
        return any(outcome.corrections for outcome in self.outcomes)

    def _typed(self, extracts: list[Extract]) -> list[FeedRun]:
        source = self.component.source
        typings = [typing_of(source, feed, canonical(feed.feed)) for feed in self.component.feeds]
        filled = {name for one in extracts if one.rejected is None for name in one.tables}
        with locked_connection() as connection:
            work = self.work if any(one.is_large for one in extracts) else None
            return [
                FeedRun(typing, extracts, self._parts(connection, typing.mapping, extracts), work)
                for typing in typings
                if set(typing.mapping.tables) <= filled
            ]

    def _parts(self, connection: Any, mapping: FeedMapping, extracts: list[Extract]) -> Iterator[Part]:
        """The rows of a feed as text with their contents: of all small extracts together, of large ones in pieces."""
        wanted = "duplicates" in mapping.options
        read = [one for one in extracts if one.rejected is None]
        small = [one for one in read if not one.is_large]
        if small or not read:
            rows = self._reshaped(connection, mapping, extracts, small)
            register(connection, self.component, extracts, small)
            yield rows, contents(connection, mapping) if wanted else None
        for piece in (piece for one in read if one.is_large for piece in one.pieces()):
            register(connection, self.component, extracts, [piece])
            yield reshape(connection, mapping), contents(connection, mapping) if wanted else None

    def _reshaped(
        self, connection: Any, mapping: FeedMapping, extracts: list[Extract], read: list[Extract]
    ) -> Any:
        """Rows of a feed as text. A statement over one table sees one extract at a time.

        So its result does not depend on which extracts happened to arrive together.
        """
        if mapping.sql is None or self.component.is_joint or len(read) == 1:
            register(connection, self.component, extracts, read)
            return reshape(connection, mapping)
        parts = []
        for extract in read:
            register(connection, self.component, extracts, [extract])
            parts.append(reshape(connection, mapping))
        return pa.concat_tables(parts)

    def _file_faults(self, runs: list[FeedRun]) -> dict[int, str]:
        """Rules that reject a whole file over its rows; a file that one feed rejects lands for none."""
        rejected: dict[int, str] = {}
        for run in runs:
            broken = {
                outcome.extract.x: len(outcome.extract.tables[table].broken)
                for outcome, table in self._answered_by(run)
                if outcome.extract.tables[table].broken
            }
            for x, fault in run.file_faults(broken).items():
                rejected.setdefault(x, fault)
        for outcome in self.outcomes:
            sums = (outcome.extract.declared or {}).get("sums") or {}
            known = {name for name in sums for run in runs if column_of(run.typing, name)}
            strange = sorted(set(sums) - known)
            if strange and outcome.extract.rejected is None:
                fault = f"S04|a sum of {', '.join(strange)} is declared, which no feed maps as a number"
                rejected.setdefault(outcome.extract.x, fault)
        for x, fault in rejected.items():
            self.outcomes[x].rejection = fault
        return rejected

    def primary(self, table: str) -> FeedMapping:
        """The feed that answers for the rows of a table that no feed could read."""
        feeds = [feed for feed in self.component.feeds if table in feed.tables]
        return sorted(feeds, key=lambda feed: (feed.sql is not None, feed.feed))[0]

    def _note_unused(self, runs: list[FeedRun]) -> None:
        """Rows of a table of which SQL takes some and leaves others; a table that it only looks up has none.

        The first feed that takes rows of the extract answers for the others.
        """
        used: dict[int, set[int]] = {}
        plain: set[str] = set()
        for run in runs:
            if run.typing.mapping.sql is None:
                plain |= set(run.typing.mapping.tables)
                continue
            for x, lines in run.used_lines().items():
                used.setdefault(x, set()).update(lines)
                self.outcomes[x].answers = self.outcomes[x].answers or run.feed.name
        carried = {
            name for outcome in self.outcomes if outcome.extract.x in used for name in outcome.extract.tables
        }
        for outcome in self.outcomes:
            for name, table in outcome.extract.tables.items():
                is_carried = name in carried or not self.component.is_joint
                if is_carried and name not in plain and outcome.rejection is None:
                    taken = used.get(outcome.extract.x, set())
                    outcome.unused[name] = table.columns.num_rows - len(taken)
                    outcome.answers = outcome.answers or self.primary(name).feed

    def _answered_by(self, run: FeedRun) -> list[tuple[Outcome, str]]:
        return [
            (outcome, table)
            for outcome in self.outcomes
            for table in outcome.extract.tables
            if outcome.extract.rejected is None and self.primary(table).feed == run.feed.name
        ]

    def _finish(self, run: FeedRun, rejected: dict[int, str]) -> None:
        feed = run.feed.name
        answers_for = self._answered_by(run)
        for outcome, table in answers_for:
            run.add_broken(outcome.extract, table, rejected)
        run.judge(rejected, self.landed(feed), self.former.sql(feed))
        run.balance()
        files = write_accepted(self.home, run)
        for x, held in held_rows(run):
            self._hold(self.outcomes[x], held)
        for outcome in self.outcomes:
            x = outcome.extract.x
            if x not in run.results or not set(run.typing.mapping.tables) & set(outcome.extract.tables):
                continue
            if run.typing.mapping.sql and not run.results[x].read.rows:
                continue  # a table that a statement only looks things up in
            outcome.results[feed] = run.results[x]
            outcome.files += files.get(x, [])
        for outcome, table in answers_for:
            if outcome.extract.tables[table].broken:
                self._hold(outcome, broken_rows(feed, outcome.extract, table, outcome.rejection))
        run.connection.close()

    def _hold(self, outcome: Outcome, rows: Any) -> None:
        """Write rows that were held back: with their text for who mends them, without it for the warehouse."""
        if not outcome.held:
            place = Path(outcome.extract.receipt.source) / self._file_of(outcome)
            hidden, shown = self.home.quarantine, self.home.landing / "ops__quarantine_row"
            outcome.held = [ParquetFile(hidden / place, HELD_WITH_TEXT), ParquetFile(shown / place, HELD)]
        for file in outcome.held:
            file.write(rows)

    def _file_of(self, outcome: Outcome) -> str:
        """The name of what an extract leaves in folders that its components share."""
        receipt = outcome.extract.receipt
        groups = [one for one in components(self.component.source) if one.reads(receipt)]
        return (
            f"{receipt.slug}.parquet" if len(groups) == 1 else f"{receipt.slug}@{self.component.name}.parquet"
        )

    def _count_unread(self, outcome: Outcome) -> None:
        """A file that was rejected before its rows were typed: all of them are rejected, their money is unread."""
        extract = outcome.extract
        for table in self.component.tables:
            if extract.rejected is None or table.name not in extract.receipt.tables:
                continue
            rows = extract.tables[table.name].rows if table.name in extract.tables else extract.rejected.rows
            feed = canonical(self.primary(table.name).feed)
            result = outcome.results.setdefault(feed.name, FeedResult())
            for count in (result.read, result.parts["rejected"]):
                count.add("", Tally(rows, unreadable=rows if feed.control_amount else 0))

    def _write(self, outcome: Outcome) -> None:
        receipt = outcome.extract.receipt
        batch = [
            row
            for feed, result in outcome.results.items()
            for row in batch_rows(feed, outcome.extract, result)
        ]
        if batch:
            path = self.home.landing / "ops__batch" / receipt.source / self._file_of(outcome)
            write_rows(batch, BATCH, path)
            outcome.files.append(path)
        for file in outcome.held:
            with file:
                outcome.files.append(file.path)


def _rejection(extract: Extract) -> str | None:
    return f"{extract.rejected.rule}|{extract.rejected.reason}" if extract.rejected else None


def check_required(component: Component) -> None:
    """Raise UsageError for a mapping that cannot work, before any file is read."""
    if not component.feeds:
        raise UsageError(f"no feed of {component.source.name} reads {component.name}")
    for feed in component.feeds:
        typing_of(component.source, feed, canonical(feed.feed))
