"""Extracts that another one of their source takes the place of: said by source.yaml, or by the new one's control file.

The archive keeps both. An extract is replaced from the moment when what replaces it is archived, however much later
that came, and it stays replaced when that is replaced in its turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.errors import UsageError
from pipelines.files import pretty_json, read_json, write_atomic
from pipelines.home import Home
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt

YAML = "source.yaml"


@dataclass(frozen=True)
class Replaced:
    """An archived extract that is not landed any more, what took its place, why, and who says so."""

    receipt: Receipt
    by: Receipt
    reason: str
    told_by: str

    def plain(self) -> dict[str, Any]:
        """The same as JSON; `rows` are those that its own control file declared, if it had one."""
        return {
            "source": self.receipt.source,
            "extract_id": self.receipt.extract_id,
            "sha256": self.receipt.sha256,
            "received_at": self.receipt.received_at,
            "rows": (self.receipt.declared or {}).get("rows"),
            "replaced_by": self.by.extract_id,
            "replaced_at": self.by.received_at,
            "reason": self.reason,
            "told_by": self.told_by,
        }


@dataclass(frozen=True)
class Doubt:
    """What was declared and has no effect, or a doubtful one; of which tables, none if that is not known."""

    told: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Superseding:
    """What is replaced among the extracts of a source, in order of arrival, and what is to be told of it."""

    replaced: tuple[Replaced, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def ids(self) -> set[str]:
        """The extracts that are replaced."""
        return {one.receipt.extract_id for one in self.replaced}

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        doubts = [{"told": one.told, "tables": list(one.tables)} for one in self.doubts]
        return {"replaced": [one.plain() for one in self.replaced], "doubts": doubts}


Claim = Replaced | Doubt


def _matching(receipts: list[Receipt], pattern: str) -> list[Receipt]:
    """Extracts with this id, or whose id the glob fits."""
    return [one for one in receipts if pattern == one.extract_id or fnmatchcase(one.extract_id, pattern)]


def _declared(source: Source, receipts: list[Receipt]) -> Iterator[Claim]:
    """What source.yaml says. What an entry's `file` matches is never replaced by that very entry."""
    for file, replaces, reason in source.supersedes:
        new = _matching(receipts, file)
        old = [one for one in _matching(receipts, replaces) if one not in new]
        tables = tuple(source.tables_of(file) or source.tables_of(replaces))
        if not new:
            yield Doubt(f"{YAML} says that {file} supersedes {replaces}, and {file} has not come", tables)
        elif not old:
            yield Doubt(f"{YAML} says that {file} supersedes {replaces}, which is not in the archive", tables)
        yield from (Replaced(gone, by, reason, YAML) for by in new for gone in old)


def _from_control_files(receipts: list[Receipt]) -> Iterator[Claim]:
    """What control files say, each of its own extract. A bare name lies in the folder of that extract."""
    known = {one.extract_id: one for one in receipts}
    for by in receipts:
        declared = by.declared or {}
        for name in declared.get("supersedes") or ():
            beside = (PurePosixPath(by.extract_id).parent / name).as_posix()
            gone = known.get(name if "/" in name else beside)
            told_by = str((by.control or {}).get("file", "its control file"))
            if gone is None or gone is by:
                why = "which is not in the archive" if gone is None else "which is itself"
                told = f"{told_by} says that {by.extract_id} supersedes {name}, {why}"
                yield Doubt(told, tuple(by.tables))
            else:
                yield Replaced(gone, by, str(declared.get("reason") or ""), told_by)


def _refuse_circles(source: Source, found: Iterable[Replaced]) -> None:
    order: TopologicalSorter[str] = TopologicalSorter()
    for one in found:
        order.add(one.receipt.extract_id, one.by.extract_id)
    try:
        order.prepare()
    except CycleError as error:
        told = " supersedes ".join(error.args[1])
        todo = "take one of the entries out, or give one of the extracts up under `exclude`"
        raise UsageError(
            f"{told}: a circle, of which none would land", where=str(source.folder / YAML), todo=todo
        ) from None


def superseding(source: Source, receipts: list[Receipt]) -> Superseding:
    """What is replaced among these receipts, which are all that the source has and does not give up.

    Raises:
        UsageError: extracts replace each other in a circle.
    """
    claims = [*_declared(source, receipts), *_from_control_files(receipts)]
    found = [one for one in claims if isinstance(one, Replaced)]
    _refuse_circles(source, found)
    latest = {one.receipt.extract_id: one for one in sorted(found, key=lambda one: one.by.order)}
    replaced = tuple(sorted(latest.values(), key=lambda one: one.receipt.order))
    doubts = [one for one in claims if isinstance(one, Doubt)]
    return Superseding(replaced, (*doubts, *(_other_table(one) for one in replaced if _unlike(one))))


def _unlike(one: Replaced) -> list[str]:
    return sorted(set(one.receipt.tables) - set(one.by.tables))


def _other_table(one: Replaced) -> Doubt:
    tables = _unlike(one)
    told = f"{one.by.extract_id} supersedes {one.receipt.extract_id} and is no file of {', '.join(tables)}"
    return Doubt(told, tuple(tables))


def keep(home: Home, source: str, found: Superseding) -> None:
    """Keep what is replaced of a source as of its last landing, for who tells of it."""
    path, content = _path(home, source), pretty_json(found.plain())
    if found == Superseding():
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != content:
        write_atomic(path, content)


def kept(home: Home, source: str) -> dict[str, Any]:
    """What `keep` kept: `replaced` and `doubts`, empty where there is nothing."""
    path = _path(home, source)
    return dict(read_json(path)) if path.exists() else Superseding().plain()


def _path(home: Home, source: str) -> Path:
    return home.landing / "superseded" / f"{source}.json"
