"""Holds a file's header against what its contracts refer to: by name, whatever the order."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from pipelines.landing.plan import Component
from pipelines.landing.reshape import columns_in
from pipelines.landing.text_table import FileRejectedError, TextTable
from pipelines.sources.model import FeedMapping, Table
from quality.feeds import feed as canonical

OWN = {"_row_id", "_file", "_line", "_x"}
Seen = dict[
    str, dict[str, str]
]  # by table, the columns that its files had and their kinds; '' where a file has none


class Headers:
    """What the feeds of a component need of each of its tables; `seen` are the columns met so far and their kinds."""

    def __init__(self, component: Component, seen: Seen) -> None:
        self.component = component
        self.seen = {name: list(kinds) for name, kinds in seen.items()}
        self.kinds = {name: dict(kinds) for name, kinds in seen.items()}
        self.referenced = {feed.feed: columns_in(feed) for feed in component.feeds}

    def fit(self, table: Table, text: TextTable) -> TextTable:
        """The same rows under the names that the contracts use; new columns are noted.

        Raises:
            FileRejectedError: S02, a column that is needed is missing, stands there under two of its names, or is
                of another kind than in the files before.
        """
        self._refuse_drift(table, text)
        fitted = text
        for feed in self.component.source.feeds_of(table.name):
            if feed in self.component.feeds:
                fitted = self._named(feed, fitted)
                fitted = self._complete(feed, table, fitted)
        known = self.seen.setdefault(table.name, [])
        new = [name for name in text.header if name not in known]
        if known and new:
            fitted = replace(fitted, notes=[*fitted.notes, f"new column {', '.join(new)}"])
        known.extend(new)
        return fitted

    def _refuse_drift(self, table: Table, text: TextTable) -> None:
        """A column that was a number and comes as text is another column; only a declared schema may allow that."""
        known = self.kinds.setdefault(table.name, {})
        wrong = [
            f"{name} is {kind} here and was {known[name]} in the files before"
            for name, kind in text.kinds.items()
            if name not in table.format.schema and known.get(name, kind) not in (kind, "")
        ]
        if wrong:
            raise FileRejectedError("S02", "; ".join(wrong), text.rows)
        known.update(text.kinds)

    def _named(self, feed: FeedMapping, text: TextTable) -> TextTable:
        names = list(text.columns.column_names)
        for column in feed.columns:
            for alias in column.aliases:
                if not column.physical or alias not in names:
                    continue
                if column.physical in names:
                    doubled = f"{column.physical} stands there twice, also as {alias}"
                    raise FileRejectedError("S02", doubled, text.rows)
                names[names.index(alias)] = column.physical
        return replace(text, columns=text.columns.rename_columns(names))

    def _complete(self, feed: FeedMapping, table: Table, text: TextTable) -> TextTable:
        present = {name.lower() for name in text.columns.column_names} | OWN
        if feed.sql is not None:
            ever = {name.lower() for name in self.seen.get(table.name, [])}
            lost = sorted((self.referenced[feed.feed] & ever) - present)
            self._refuse(lost, text)
            if (
                not text.header and table.format.type == "jsonl"
            ):  # no object, so no key; the statement names some
                return replace(
                    text, columns=_with_empty(text.columns, sorted(self.referenced[feed.feed] - present))
                )
            return text
        exact = set(text.columns.column_names) | OWN
        lost = [
            one.physical
            for one in feed.columns
            if one.physical and not one.logic and one.physical not in exact
        ]
        missing = [*lost, *sorted(self.referenced[feed.feed] - present - {name.lower() for name in lost})]
        if missing and table.format.type in (
            "json",
            "jsonl",
        ):  # a key may be left out of every object, if nothing needs it
            optional = _optional(feed)
            self._refuse([name for name in missing if name not in optional], text)
            return replace(text, columns=_with_empty(text.columns, missing))
        self._refuse(missing, text)
        return text

    def _refuse(self, missing: list[str], text: TextTable) -> None:
        if missing:
            header = ", ".join(text.header)
            raise FileRejectedError(
                "S02", f"no column {', '.join(missing)}; the header has {header}", text.rows
            )


def _optional(feed: FeedMapping) -> set[str]:
    required = {column.name for column in canonical(feed.feed).columns if column.required}
    named = {one.physical for one in feed.columns if one.physical and one.name not in required}
    logic = {name for one in feed.columns if one.logic and one.name not in required for name in [one.logic]}
    return {name for name in named if name} | {
        part for text in logic for part in text.replace('"', " ").replace("(", " ").replace(")", " ").split()
    }


def _with_empty(columns: pa.Table, names: list[str]) -> pa.Table:
    for name in names:
        columns = columns.append_column(name, pa.nulls(columns.num_rows, pa.large_string()))
    return columns
