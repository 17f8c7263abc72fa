"""Mended rows that went away with their file: what replaces it has no such key. Nobody may lose them unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipelines.home import Home
from pipelines.landing.former import NOW, Said, former_of
from pipelines.landing.plan import Component
from pipelines.landing.reshape import literal
from pipelines.landing.typed import key_sql, shown_key_sql
from pipelines.sources.receipt import Receipt
from pipelines.sources.superseded import Doubt, Superseding
from quality.feeds import feed as canonical

if TYPE_CHECKING:
    from pipelines.landing.mended import Corrections

FEW = 5


def lost_rows(
    home: Home, component: Component, mine: list[Receipt], replaced: Superseding, corrections: Corrections
) -> list[Doubt]:
    """What is to be told of mended rows of replaced extracts whose key no row has, nor one that is held back."""
    by = {
        one.receipt.extract_id: one.by.extract_id
        for one in replaced.replaced
        if component.reads(one.receipt) and one.receipt.extract_id in corrections
    }
    if not by:
        return []
    tables = tuple(table.name for table in component.tables)
    lines = {name: sorted({line for one in corrections[name] for line in one.lines}) for name in by}
    if component.is_joint:
        words = "and whether it has them all cannot be told where a statement joins tables"
        return [
            Doubt(
                f"{by[name]} supersedes {name}, of which lines {_few(lines[name])} were mended, {words}",
                tables,
            )
            for name in by
        ]
    gone = [one.receipt for one in replaced.replaced if component.reads(one.receipt)]
    former = former_of(home, component, mine, gone, corrections)
    found = []
    for one in former.said:
        name = one.receipt.extract_id
        for feed in former.feeds if name in by else ():
            rows = _missing(home, one, feed, lines[name])
            if rows:
                told = _few([f"{line} ({key})" for line, key in rows])
                words = f"has no row of {feed} for what was mended in its lines {told}: gone with it"
                found.append(Doubt(f"{by[name]} supersedes {name} and {words}", tables))
    return found


def _few(found: list[str] | list[int]) -> str:
    more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
    return ", ".join(str(one) for one in found[:FEW]) + more


def _missing(home: Home, one: Said, feed: str, lines: list[int]) -> list[tuple[int, str]]:
    """Mended rows of an extract, by line, whose key neither a landed row has nor one that was set aside."""
    path, source = one.path(feed, NOW), one.receipt.source
    if not path.exists():
        return []
    parts = []
    for name, key, only in (
        (feed, shown_key_sql(key_sql(canonical(feed))), "true"),
        ("ops__quarantine_row", "natural_key", f"feed = {literal(feed)}"),
    ):
        files = sorted((home.landing / name / source).glob("*.parquet"))
        if files:
            listed = ", ".join(literal(str(file)) for file in files)
            parts.append(f"select {key} as natural_key from read_parquet([{listed}]) where {only}")
    there = " union all ".join(parts or ["select '' as natural_key where false"])
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        return connection.execute(
            f"select distinct line, natural_key from read_parquet({literal(str(path))}) "
            f"anti join ({there}) using (natural_key) where list_contains(?, line) order by all",
            [lines],
        ).fetchall()
