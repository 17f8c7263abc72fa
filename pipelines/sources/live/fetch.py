"""Collects a live source: every object that source.yaml names, what changed of it and what was deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, cast

from pipelines.files import pretty_json, write_atomic
from pipelines.home import Home
from pipelines.sources.live.connection import Connection
from pipelines.sources.live.extracts import archive, extract_id
from pipelines.sources.live.failures import SourceStoppedError, UnavailableError, UnreachedError
from pipelines.sources.live.kinds import KINDS
from pipelines.sources.live.place import Place, folder_of, read_place, write_place
from pipelines.sources.live.protocol import Client, LiveObject
from pipelines.sources.live.sweep import Swept, is_due, remember, sweep, tombstones
from pipelines.sources.live.times import utc_text
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault
from pipelines.sources.live.walk import Stream, Walked, Walker
from pipelines.sources.model import Source
from pipelines.sources.state import State, write_state


@dataclass
class Fetched:
    """What one collection came to.

    `unavailable` maps an object to what the system said instead, `held` to why records that it no longer has were
    not taken for deleted.
    """

    source: str
    streams: list[Walked] = field(default_factory=list)
    unavailable: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    partial: str | None = None
    calls: dict[str, Any] = field(default_factory=dict)


def connect(source: Source) -> tuple[Client, Transport, Vault]:
    """The client of a source; UsageError if a credential is not there."""
    live = connection_of(source)
    vault = Vault(live.credentials, str(source.folder / "source.yaml"))
    transport = Transport(source.name, live.pace, vault.scrub)
    module, _, name = KINDS[live.kind].client.partition(":")
    client = getattr(import_module(module), name)(live, transport, vault)
    return cast("Client", client), transport, vault


def connection_of(source: Source) -> Connection:
    """How a live source is asked."""
    if source.live is None:
        raise ValueError(f"{source.name} is no live source")
    return source.live


def fetch(source: Source, home: Home, now: Callable[[], datetime], most_pages: int | None = None) -> Fetched:
    """Fetch what is new into the archive, each batch together with the place from which to go on.

    Args:
        source: A live source.
        home: The home whose archive takes the extracts.
        now: The clock.
        most_pages: Stop each object after so many pages: for a trial.

    Raises:
        SourceStoppedError: a limit is spent; what was fetched is archived and marked as partial.
        SourceFaultError: the system does not answer.
        UsageError: credentials are missing or wrong.
    """
    client, transport, _ = connect(source)
    told = Fetched(source.name)
    try:
        for name in connection_of(source).objects:
            _object(source, home, now, most_pages, (client, told, name))
    except SourceStoppedError as stopped:
        told.partial = stopped.what
        raise
    finally:
        client.close()
        told.calls = transport.report()
        write_atomic(folder_of(home, source.name) / "told.json", pretty_json(asdict(told)))
    write_state(home, source.name, State(unready=_missed(source, told), held=told.held))
    return told


def _missed(source: Source, told: Fetched) -> dict[str, str]:
    """Objects that were not given although a contract reads them, and does not say that there may be none."""
    needed = {
        name for name in told.unavailable for table in source.tables_of(extract_id(name, 1))
        if not source.table(table).format.empty_ok
    }  # fmt: skip
    return {name: f"{source.kind} does not give it: {told.unavailable[name]}" for name in sorted(needed)}


def _object(
    source: Source,
    home: Home,
    now: Callable[[], datetime],
    most_pages: int | None,
    asked: tuple[Client, Fetched, str],
) -> None:
    client, told, name = asked
    try:
        one = client.describe(name)
        expected = client.count(one) if most_pages is None else None
        told.streams.append(_walk(source, home, now, most_pages, _changes(client, one, expected)))
        if one.has_deleted:
            told.streams.append(_deleted(source, home, now, most_pages, (client, told, one)))
        hours = connection_of(source).options.get("sweep_hours", 0)
        if one.is_swept and (most_pages is not None or is_due(home, source, one, now(), hours)):
            told.streams.append(
                _sweep(source, home, now, (client, told, one), is_trial=most_pages is not None)
            )
    except UnavailableError as gone:
        told.unavailable[name] = f"{gone.code}: {gone.message}"
        _note_absent(source, home, now, name, gone.code)


def _note_absent(source: Source, home: Home, now: Callable[[], datetime], name: str, code: str) -> None:
    """An empty extract for an object that may be absent and was never given: SQL over several tables needs all."""
    tables = source.tables_of(extract_id(name, 1))
    is_optional = tables and all(source.table(one).format.empty_ok for one in tables)
    if not is_optional or read_place(home, source.name, name).archived:
        return
    at = now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for stream in (name, f"{name}/deleted"):
        window = {"from": "", "to": "", "fetched_at": at, "complete": "no", "not_given": code}
        archive(home, source, stream, 1, [], window)
        write_place(home, source.name, stream, Place(archived=1))


def _deleted(
    source: Source,
    home: Home,
    now: Callable[[], datetime],
    most_pages: int | None,
    asked: tuple[Client, Fetched, LiveObject],
) -> Walked:
    """What the system tells of deletions; where it does not, or not to the end, all ids are compared."""
    client, _, one = asked
    try:
        return _walk(source, home, now, most_pages, _deletions(client, one))
    except (UnreachedError, UnavailableError):
        return _sweep(source, home, now, asked)


def _sweep(
    source: Source,
    home: Home,
    now: Callable[[], datetime],
    asked: tuple[Client, Fetched, LiveObject],
    *,
    is_trial: bool = False,
) -> Walked:
    """What vanished, as a stream; a trial asks for no ids and has it empty, for SQL that looks into it."""
    client, told, one = asked
    at = utc_text(now().isoformat())
    found = Swept(0, ()) if is_trial else sweep(client, home, source, one)
    stream = Stream(f"{one.name}/deleted", one.key, "deleted_time", tombstones(found, one, at))
    walked = _walk(source, home, now, None, stream)
    if found.is_held:
        told.held[one.name] = (
            f"{len(found.gone)} of {found.known} records were not there: too many to be deletions"
        )
    elif not is_trial:
        remember(home, source, one, at)
    return walked


def _changes(client: Client, one: LiveObject, expected: int | None) -> Stream:
    return Stream(one.name, one.key, one.cursor, partial(client.iter_changed, one), expected)


def _deletions(client: Client, one: LiveObject) -> Stream:
    def ask(since: str | None, _resume: dict[str, Any] | None) -> Any:
        return client.iter_deleted(one, since)

    return Stream(f"{one.name}/deleted", one.key, "deleted_time", ask)


def _walk(
    source: Source, home: Home, now: Callable[[], datetime], most_pages: int | None, stream: Stream
) -> Walked:
    walker = Walker(home, source, stream, connection_of(source).overlap_minutes)
    try:
        return walker.run(now, most_pages)
    except SourceStoppedError:
        walker.archive(is_complete=False)
        raise
