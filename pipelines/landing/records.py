"""Records of landed extracts: written last, so that an extract without one was not landed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.files import canonical_json, read_json, write_atomic
from pipelines.home import Home
from pipelines.landing.plan import Component
from pipelines.sources.model import Control, FileFormat
from pipelines.sources.receipt import Receipt


def record_path(home: Home, source: str, slug: str) -> Path:
    """Where the record of an extract lies."""
    return home.landing / "records" / f"{source}__{slug}.json"


def read_record(home: Home, source: str, slug: str) -> dict[str, Any]:
    """The record of an extract; one without components if it was not landed."""
    path = record_path(home, source, slug)
    return dict(read_json(path)) if path.exists() else {"components": {}}


def records(home: Home) -> Iterator[dict[str, Any]]:
    """All records of a home, by source and extract id."""
    found = [read_json(path) for path in (home.landing / "records").glob("*.json")]
    yield from sorted(found, key=lambda one: (one["source"], one["received_at"], one["extract_id"]))


def _files_are_there(home: Home, section: dict[str, Any]) -> bool:
    for name, size in section["files"].items():
        path = home.root / name
        if not path.exists() or path.stat().st_size != size:
            return False
    return True


def is_landed(home: Home, component: Component, receipt: Receipt, digest: str) -> bool:
    """Whether an extract was landed for a component by this code and these contracts, and its files are there."""
    section = read_record(home, receipt.source, receipt.slug)["components"].get(component.name)
    return section is not None and section["digest"] == digest and _files_are_there(home, section)


def forget(home: Home, component: Component, receipt: Receipt) -> None:
    """Remove what an earlier landing of this extract wrote for a component."""
    section = read_record(home, receipt.source, receipt.slug)["components"].get(component.name)
    for name in section["files"] if section else ():
        (home.root / name).unlink(missing_ok=True)


def commit(home: Home, component: Component, receipt: Receipt, section: dict[str, Any]) -> None:
    """Record that an extract is landed for a component."""
    record = read_record(home, receipt.source, receipt.slug)
    names = ("source", "extract_id", "slug", "sha256", "received_at", "window")
    kept = {name: getattr(receipt, name) for name in names}
    sections = {**record["components"], component.name: section}
    write_atomic(
        record_path(home, receipt.source, receipt.slug), canonical_json({**kept, "components": sections})
    )


def prune(home: Home, source: str, kept: dict[str, set[str]]) -> None:
    """Remove what was landed for components that an extract no longer belongs to.

    `kept` gives for each extract slug of the source the names of its components today.
    """
    for path in (home.landing / "records").glob(f"{source}__*.json"):
        record = read_json(path)
        if record["source"] != source:
            continue
        stale = set(record["components"]) - kept.get(record["slug"], set())
        for name in stale:
            for file in record["components"].pop(name)["files"]:
                (home.root / file).unlink(missing_ok=True)
        if not record["components"]:
            path.unlink()
        elif stale:
            write_atomic(path, canonical_json(record))


def plain_format(how: FileFormat) -> dict[str, Any]:
    """A format as JSON keeps it."""
    return asdict(how)


def format_of_record(record: dict[str, Any]) -> list[FileFormat]:
    """The formats with which an extract was read, one for each table it belongs to."""
    found = []
    for section in record["components"].values():
        for table in section["tables"].values():
            given = dict(table["format"])
            given["control"] = Control(**given["control"]) if given["control"] else None
            given["columns"], given["null_tokens"] = tuple(given["columns"]), tuple(given["null_tokens"])
            given["schema"] = {name: tuple(kinds) for name, kinds in given.get("schema", {}).items()}
            found.append(FileFormat(**given))
    return found
