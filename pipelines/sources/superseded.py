"""Extracts that another one of their source takes the place of: said by source.yaml, or by the new one's control file.

The archive keeps both. An extract is replaced from the moment when what replaces it is archived, however much later
that came, and it stays replaced when that is replaced in its turn. What replaces it takes its place in time: what came
between them (a change, a list of deletions) comes after both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
    """What is replaced among the extracts of a source, in order, by which, and what is to be told of it.

    `places`: when those that replace an earlier one count from.
    """

    replaced: tuple[Replaced, ...] = ()
    replacing: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    places: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """The extracts that are replaced."""
        return {one.receipt.extract_id for one in self.replaced}

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "replaced": [one.plain() for one in self.replaced],
            "replacing": list(self.replacing),
            "doubts": [{"told": one.told, "tables": list(one.tables)} for one in self.doubts],
            "places": self.places,
        }


@dataclass(frozen=True)
class _Claim:
    """Extracts that take the place of others."""

    new: list[Receipt]
    old: list[Receipt]
    reason: str
    told_by: str


def _matching(receipts: list[Receipt], pattern: str) -> list[Receipt]:
    """Extracts with this id, or whose id the glob fits."""
    return [one for one in receipts if pattern == one.extract_id or fnmatchcase(one.extract_id, pattern)]


def _declared(source: Source, receipts: list[Receipt]) -> Iterator[_Claim | Doubt]:
    """What source.yaml says. What an entry's `file` matches is never replaced by that very entry.

    A glob replaces nothing that came later than all that replaces it: that is news, and told.
    """
    for file, replaces, reason in source.supersedes:
        new = _matching(receipts, file)
        ids = {one.extract_id for one in new}
        old = [one for one in _matching(receipts, replaces) if one.extract_id not in ids]
        newest = max((one.received_at for one in new), default="")
        late = [one for one in old if one.extract_id != replaces and one.received_at > newest]
        for one in late if new else ():
            told = f"{one.extract_id} came after {file} and is landed, although {YAML} has it supersede {replaces}"
            yield Doubt(told, tuple(one.tables))
        old = [one for one in old if one not in late]
        if new and old:
            yield _Claim(new, old, reason, YAML)
            continue
        if late and new:
            continue
        why = f"{replaces}, which is not in the archive" if new else f"{replaces}, and {file} has not come"
        tables = source.tables_of(file) or source.tables_of(replaces)
        yield Doubt(f"{YAML} says that {file} supersedes {why}", tuple(tables))


def _from_control_files(receipts: list[Receipt]) -> Iterator[_Claim | Doubt]:
    """What control files say, each of its own extract. A bare name lies in the folder of that extract."""
    known = {one.extract_id: one for one in receipts}
    for by in receipts:
        declared = by.declared or {}
        for name in declared.get("supersedes") or ():
            beside = (PurePosixPath(by.extract_id).parent / name).as_posix()
            gone = known.get(name if "/" in name else beside)
            told_by = str((by.control or {}).get("file", "its control file"))
            if gone is not None and gone is not by:
                yield _Claim([by], [gone], str(declared.get("reason") or ""), told_by)
                continue
            why = "which is not in the archive" if gone is None else "which is itself"
            yield Doubt(f"{told_by} says that {by.extract_id} supersedes {name}, {why}", tuple(by.tables))


def _from_new_to_old(source: Source, claims: list[_Claim]) -> list[str | int]:
    """Extracts and numbers of claims, each before what it replaces; a circle is refused."""
    order: TopologicalSorter[str | int] = TopologicalSorter()
    for number, claim in enumerate(claims):  # a node between its extracts: fewer edges than each with each
        order.add(number, *(one.extract_id for one in claim.new))
        for one in claim.old:
            order.add(one.extract_id, number)
    try:
        return list(order.static_order())
    except CycleError as error:
        names = [one for one in error.args[1][1:] if isinstance(one, str)]
        told = " supersedes ".join([*names, names[0]])
        todo = "take one of the entries out, or give one of the extracts up under `exclude`"
        raise UsageError(
            f"{told}: a circle, of which none would land", where=str(source.folder / YAML), todo=todo
        ) from None


def _places(claims: list[_Claim], from_new_to_old: list[str | int]) -> dict[str, str]:
    """The arrival of what each extract replaces, of several the last; nothing counts from later than it came."""
    places = {one.extract_id: one.received_at for claim in claims for one in (*claim.new, *claim.old)}
    taken: dict[str, str] = {}
    for node in reversed(from_new_to_old):
        if isinstance(node, str):
            places[node] = min(places[node], taken.get(node, places[node]))
            continue
        last = max(places[one.extract_id] for one in claims[node].old)
        for one in claims[node].new:
            taken[one.extract_id] = max(taken.get(one.extract_id, ""), last)
    return {name: places[name] for name in sorted(taken)}


def superseding(source: Source, receipts: list[Receipt]) -> Superseding:
    """What is replaced among these receipts, which are all that the source has and does not give up.

    Raises:
        UsageError: extracts replace each other in a circle.
    """
    told = [*_declared(source, receipts), *_from_control_files(receipts)]
    claims = [one for one in told if isinstance(one, _Claim)]
    places = _places(claims, _from_new_to_old(source, claims))
    latest: dict[str, Replaced] = {}
    for claim in claims:
        by = max(claim.new, key=lambda one: one.order)
        for one in claim.old:
            before = latest.get(one.extract_id)
            if before is None or before.by.order < by.order:
                latest[one.extract_id] = Replaced(one, by, claim.reason, claim.told_by)
    placed = [
        replace(one, receipt=replace(one.receipt, place=places.get(name, ""))) for name, one in latest.items()
    ]
    replaced = sorted(placed, key=lambda one: one.receipt.order)
    doubts = [one for one in told if isinstance(one, Doubt)]
    doubts += [_other_table(one) for one in replaced if _unlike(one)]
    return Superseding(tuple(replaced), tuple(places), tuple(doubts), places)


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
    """What `keep` kept: `replaced`, `replacing` and `doubts`, empty where there is nothing."""
    path = _path(home, source)
    return dict(read_json(path)) if path.exists() else Superseding().plain()


def replaced_by(home: Home, source: str) -> dict[str, str]:
    """The extracts that are not landed any more, each with what took its place."""
    return {one["extract_id"]: one["replaced_by"] for one in kept(home, source)["replaced"]}


def _path(home: Home, source: str) -> Path:
    return home.landing / "superseded" / f"{source}.json"
