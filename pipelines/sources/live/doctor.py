"""Looks at a live source read-only: what its credentials can see, what the system answers, and what to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.errors import DONE, REJECTED, WeirError
from pipelines.sources.live.extracts import extract_id
from pipelines.sources.live.failures import PassingError, StartAgainError, UnavailableError
from pipelines.sources.live.fetch import connect, connection_of
from pipelines.sources.live.protocol import Client
from pipelines.sources.model import Source


@dataclass(frozen=True)
class Probe:
    """One open question about a system, with what this tenant answered. `means`: what follows for the source."""

    question: str
    answer: str
    means: str = ""


@dataclass
class Seen:
    """One object as the credentials see it. `answered` is `ok`, or the system's code and message."""

    name: str
    answered: str = "ok"
    records: int | None = None
    fields: int = 0
    cursor: str | None = None
    read_by: list[str] = field(default_factory=list)
    todo: str = ""

    @property
    def is_well(self) -> bool:
        """Whether a collection would get it, or nobody would miss it."""
        return self.answered == "ok" or not self.read_by


@dataclass
class Diagnosis:
    """All of it. `failed` is what kept the doctor from asking on."""

    source: str
    kind: str
    objects: list[Seen] = field(default_factory=list)
    not_named: list[str] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    failed: dict[str, str] | None = None
    exit_code: int = DONE

    def plain(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def examine(source: Source) -> Diagnosis:
    """Ask everything that a collection would ask first, and the open questions; nothing is written anywhere.

    Raises:
        UsageError: a credential is not in the environment.
    """
    client, _, vault = connect(source)
    found = Diagnosis(source.name, source.kind)
    try:
        for name in connection_of(source).objects:
            found.objects.append(_seen(source, client, name))
        found.not_named = sorted(set(client.list_objects()) - set(connection_of(source).objects))
        found.probes = [Probe(**probe) for probe in client.probes()]
    except WeirError as error:
        found.failed = {"what": vault.scrub(error.what), "where": error.where, "todo": error.todo}
        found.exit_code = error.exit_code
    finally:
        client.close()
    if found.failed is None and not all(one.is_well for one in found.objects):
        found.exit_code = REJECTED
    return found


def _seen(source: Source, client: Client, name: str) -> Seen:
    tables = set(source.tables_of(extract_id(name, 1)))
    needed = {one for one in tables if not source.table(one).format.empty_ok}
    seen = Seen(name, read_by=sorted({feed.feed for one in needed for feed in source.feeds_of(one)}))
    try:
        one = client.describe(name)
        seen.fields, seen.cursor, seen.records = len(one.fields), one.cursor, client.count(one)
        sample = client.sample(one)
        if seen.records is None and not sample:
            seen.records = 0
    except UnavailableError as gone:
        seen.answered, seen.todo = (
            f"{gone.code} {gone.message}".strip(),
            _advice(gone.code, name, seen.read_by),
        )
    except (StartAgainError, PassingError) as odd:
        seen.answered, seen.todo = str(odd), "run again; it may pass"
    return seen


ADVICE = {
    "OAUTH_SCOPE_MISMATCH": "make a refresh token whose scopes include {name}",
    "NO_PERMISSION": "let the user of the token read {name}: profile and data sharing",
    "NO_FIELDS": "let the user of the token see {name} and its fields: profile, field permissions",
    "INVALID_MODULE": "{name} is not in this org or its edition: check the spelling",
    "FEATURE_NOT_ENABLED": "{name} is not switched on in this org",
}


def _advice(code: str, name: str, read_by: list[str]) -> str:
    asked = ADVICE.get(code, "see what the system says of this code for {name}").format(name=name)
    if read_by:
        return f"{asked}; or take {name} out of live.modules with the contracts of {', '.join(read_by)}"
    return f"{asked}; or take it out of live.modules"


def lines(found: Diagnosis) -> Iterator[str]:
    """The diagnosis for a reader."""
    yield f"source {found.source}: {found.kind}, read-only; nothing was changed"
    for one in found.objects:
        count = "?" if one.records is None else f"{one.records:,}"
        way = f"changes by {one.cursor}" if one.cursor else "read whole each time"
        state = f"ok, {count} records, {one.fields} fields, {way}" if one.answered == "ok" else one.answered
        yield f"  {one.name:<20} {state}"
        if one.todo:
            yield f"  {'':<20} to do: {one.todo}"
    if found.not_named:
        yield f"  also there, not in live.modules: {', '.join(found.not_named)}"
    for probe in found.probes:
        yield f"  {probe.question}: {probe.answer}" + (f" ({probe.means})" if probe.means else "")
    if found.failed:
        yield f"STOPPED: {found.failed['what']}"
        yield from (
            f"  {name}: {found.failed[key]}"
            for name, key in (("where", "where"), ("to do", "todo"))
            if found.failed[key]
        )
    elif found.exit_code != DONE:
        yield "a run would be rejected: a module that a contract reads is not given"
