"""Reads a source folder: source.yaml, one contract for each feed that it fills, SQL where it reshapes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.errors import UsageError
from pipelines.files import digest, sha256_of
from pipelines.sources.contract import read_contract
from pipelines.sources.fields import Fields, read_yaml
from pipelines.sources.formats import file_format
from pipelines.sources.live.connection import read_connection
from pipelines.sources.live.kinds import KINDS
from pipelines.sources.model import FeedMapping, Source, Table
from quality.feeds import listed_feed

NAME = re.compile(r"[a-z][a-z0-9_]*")
# Quoted names, which stay, and what names no table: texts and comments.
SPOKEN = re.compile(r"""("(?:[^"]|"")*")|'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/""", re.DOTALL)
RHYTHMS = (None, "daily", "weekly", "monthly")


def _declared_tables(given: Fields) -> dict[str, Table]:
    tables = {}
    for name, values in (given.any("tables") or {}).items():
        table = Fields(values, f"table {name}", given.where)
        if not NAME.fullmatch(str(name)):
            raise table.fail("a table's name is made of a-z, 0-9 and _")
        files = table.needed("files")
        tables[name] = Table(name, files, file_format(table.any("format"), files, given.where))
        table.done()
    return tables


def _reasoned(given: Fields, key: str) -> tuple[tuple[str, str], ...]:
    found = []
    for values in given.any(key) or []:
        entry = Fields(values, key, given.where)
        found.append((entry.needed("file"), entry.needed("reason")))
        entry.done()
    return tuple(found)


def _supersedes(given: Fields) -> tuple[tuple[str, str, str], ...]:
    found = []
    for values in given.any("supersedes") or []:
        entry = Fields(values, "supersedes", given.where)
        file, replaces = entry.needed("file"), entry.needed("replaces")
        if file == replaces:
            raise entry.fail(f"file and replaces are both {file!r}: an extract cannot replace itself")
        found.append((file, replaces, entry.needed("reason")))
        entry.done()
    return tuple(found)


def _zone(given: Fields) -> str:
    name = given.needed("time_zone")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise given.fail(f"no time zone is called {name!r}", "use a name such as Asia/Shanghai") from None
    return name


def _currency(given: Fields, name: str) -> str | None:
    value = given.text(name)
    if value is not None and not re.fullmatch(r"[A-Z]{3}", value):
        raise given.fail(f"{name} must be an ISO 4217 code such as CNY, not {value!r}")
    return value


def _one_mapping_each(feeds: list[FeedMapping]) -> None:
    seen: dict[str, Path] = {}
    for feed in feeds:
        if feed.feed in seen:
            raise UsageError(
                f"two contracts fill {feed.feed}: {seen[feed.feed].name} and {feed.path.name}",
                where=str(feed.path),
                todo="unite the files in one contract, with SQL beside it",
            )
        seen[feed.feed] = feed.path


def _every_list_has_its_feed(feeds: list[FeedMapping]) -> None:
    filled = {one.feed for one in feeds}
    for one in feeds:
        base = listed_feed(one.feed)
        if base and base not in filled:
            name = base.replace("__", ".")
            todo = f"a list of keys stands beside the contract of {name} in the same source"
            raise UsageError(
                f"{one.path.name} lists keys of {name}, which this source does not fill",
                where=str(one.path),
                todo=todo,
            )


def _no_live_snapshot(source: Source) -> None:
    """What is asked of a live source is what changed: taken for all that there is, it would withdraw the rest."""
    for one in source.feeds if source.live else ():
        if one.options.get("delivery") == "snapshot":
            what = f"{one.path.name}: a live source delivers no snapshots"
            raise UsageError(what, where=str(one.path), todo="take it out: deletions are asked for")


def _with_tables(feed: FeedMapping, tables: dict[str, Table]) -> FeedMapping:
    """A feed with SQL reads the tables that its statement names."""
    if feed.sql is None:
        return feed
    statement = SPOKEN.sub(lambda found: found[1] or " ", feed.sql)
    named = tuple(name for name in tables if re.search(rf"\b{name}\b", statement))
    if not named:
        todo = f"tables of this source: {', '.join(sorted(tables)) or 'none'}"
        raise UsageError("the SQL reads no table of the source", where=str(feed.path), todo=todo)
    return replace(feed, tables=named)


def _every_table_is_read(feeds: list[FeedMapping], tables: dict[str, Table], where: Path) -> None:
    unread = sorted(set(tables) - {name for feed in feeds for name in feed.tables})
    if unread:
        raise UsageError(
            f"no contract reads table {', '.join(unread)}: its rows would be lost without a word",
            where=str(where),
            todo="take the table out of source.yaml, or read it",
        )


def _folder_digest(folder: Path) -> str:
    patterns = ("source.yaml", "*.odcs.yaml", "*.sql")
    files = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return digest({path.name: sha256_of(path) for path in files})


def load_source(folder: Path) -> Source:
    """Read the definition of a source; its files are not touched.

    Raises:
        UsageError: the folder is no source folder, or a file in it is wrong; names file and key.
    """
    path = folder / "source.yaml"
    if not path.is_file():
        todo = "a source is a folder with source.yaml and one <feed>.odcs.yaml for each feed that it fills"
        raise UsageError(f"{folder} is no source folder: it has no source.yaml", where=str(path), todo=todo)
    given = Fields(read_yaml(path), "source.yaml", path)
    name = given.needed("name")
    if not NAME.fullmatch(name):
        raise given.fail(f"name is made of a-z, 0-9 and _ and starts with a letter, not {name!r}")
    tables = _declared_tables(given)
    contracts = sorted(folder.glob("*.odcs.yaml"))
    if not contracts:
        raise UsageError(f"source {name} fills no feed", where=str(folder), todo="add <feed>.odcs.yaml")
    read = [read_contract(contract, tables) for contract in contracts]
    feeds = [_with_tables(feed, tables) for feed in read]
    _one_mapping_each(feeds)
    _every_list_has_its_feed(feeds)
    _every_table_is_read(feeds, tables, path)
    return _assemble(given, name, folder.resolve(), tables, feeds)


def _assemble(
    given: Fields, name: str, folder: Path, tables: dict[str, Table], feeds: list[FeedMapping]
) -> Source:
    kind = given.text("kind", "files") or ""
    if kind not in ("files", *KINDS):
        raise given.fail(f"kind {kind!r} is not known", f"kind: files, {', '.join(KINDS)}")
    source = Source(
        name=name,
        kind=kind,
        folder=folder,
        root=(folder / (given.text("path", ".") or ".")).resolve(),
        time_zone=_zone(given),
        default_currency=_currency(given, "default_currency"),
        as_delivered_currency=_currency(given, "as_delivered_currency"),
        rhythm=given.text("rhythm"),
        sla_hours=given.number("sla_hours", None),
        settle_seconds=given.number("settle_seconds", 0) or 0,
        excluded=_reasoned(given, "exclude"),
        small=_reasoned(given, "small_files"),
        supersedes=_supersedes(given),
        tables=tuple(tables.values()),
        feeds=tuple(feeds),
        digest=_folder_digest(folder),
        live=read_connection(kind, given) if kind in KINDS else None,
    )
    _no_live_snapshot(source)
    given.text("description")
    given.done()
    if source.rhythm not in RHYTHMS:
        raise given.fail(f"rhythm is daily, weekly or monthly, not {source.rhythm!r}")
    return source
