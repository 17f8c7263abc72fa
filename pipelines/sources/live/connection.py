"""The block `live` of source.yaml: where a system is asked, for what, how fast, and with whose credentials.

Credentials stand there by the names of environment variables. A value in their place is refused, unprinted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipelines.sources.fields import Fields
from pipelines.sources.live.kinds import KINDS

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
OBJECT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Pace:
    """How fast and how patiently a system is asked.

    `calls_per_run` is in the system's own units (credits); None sets no budget. A limit that the system keeps
    answering with for `patience_seconds` ends the run.
    """

    calls_per_second: int
    calls_per_run: int | None
    timeout_seconds: int
    first_wait_ms: int
    longest_wait_seconds: int
    patience_seconds: int
    attempts: int


@dataclass(frozen=True)
class Connection:
    """How a live source is asked. `credentials` maps what for to the name of an environment variable."""

    kind: str
    hosts: Mapping[str, str] = field(hash=False)
    objects: tuple[str, ...]
    credentials: Mapping[str, str] = field(hash=False)
    overlap_minutes: int
    pace: Pace
    options: Mapping[str, int] = field(hash=False, default_factory=dict)


def _credentials(given: Fields, defaults: dict[str, str]) -> dict[str, str]:
    named = Fields(given.any("credentials", {}), "live.credentials", given.where)
    found = {}
    for purpose, default in defaults.items():
        name = named.any(purpose, default)
        if not isinstance(name, str) or not VARIABLE.fullmatch(name):
            todo = (
                f"write the NAME of an environment variable, such as {default}; the secret itself stays there"
            )
            raise named.fail(f"{purpose} is not the name of an environment variable", todo)
        found[purpose] = name
    if named.left:  # not Fields.done: what stands here by mistake may be a secret
        raise named.fail("a key that is unknown", f"known keys: {', '.join(defaults)}")
    return found


def checked_host(given: Fields, name: str, url: str) -> str:
    """A host to send secrets to: https, or this machine."""
    parts = urlsplit(url)
    is_here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_here)):
        raise given.fail(f"{name} must be an https address, not {url!r}")
    if parts.username or parts.query:
        raise given.fail(f"{name} must be an address alone, without credentials or a query")
    return url.rstrip("/")


def _objects(given: Fields) -> tuple[str, ...]:
    names = given.texts("modules")
    if not names:
        raise given.fail("modules is missing", "list the API names, such as [Accounts, Deals]")
    wrong = [name for name in names if not OBJECT.fullmatch(name)]
    if wrong or len(set(names)) != len(names):
        raise given.fail(f"modules has {wrong[0]!r}" if wrong else "modules names one module twice")
    return names


def _at_least(given: Fields, name: str, default: int, least: int = 1) -> int:
    value = given.number(name, default)
    if value is None or value < least:
        raise given.fail(f"{name} must be {least} or more")
    return value


def _pace(given: Fields, calls_per_second: int) -> Pace:
    return Pace(
        calls_per_second=_at_least(given, "calls_per_second", calls_per_second),
        calls_per_run=given.number("calls_per_run", None),
        timeout_seconds=_at_least(given, "timeout_seconds", 60),
        first_wait_ms=_at_least(given, "first_wait_ms", 1_000),
        longest_wait_seconds=_at_least(given, "longest_wait_seconds", 60),
        patience_seconds=_at_least(given, "patience_seconds", 900),
        attempts=_at_least(given, "attempts", 6),
    )


def read_connection(kind: str, outer: Fields) -> Connection:
    """Read the block `live`; UsageError names the key that is wrong."""
    given = Fields(outer.any("live", {}), "live", outer.where)
    about = KINDS[kind]
    hosts = {name: checked_host(given, name, url) for name, url in about.hosts(given).items()}
    found = Connection(
        kind=kind,
        hosts=hosts,
        objects=_objects(given),
        credentials=_credentials(given, about.credentials),
        overlap_minutes=_at_least(given, "overlap_minutes", 10, 0),
        pace=_pace(given, about.calls_per_second),
        options={name: _at_least(given, name, default) for name, default in about.options.items()},
    )
    given.done()
    return found
