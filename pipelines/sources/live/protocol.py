"""What a client of one system offers the frame, and the words in which it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

Record = dict[str, Any]


@dataclass(frozen=True)
class LiveObject:
    """One object (module) of a system as its metadata describes it.

    Attributes:
        name: API name; also the folder of its extracts.
        key: The record key that names a record.
        cursor: The key that grows with each change; None: all records are read each time, and compared.
        fields: Fields to ask for.
        has_deleted: Whether the system tells what was deleted of it.
        is_swept: Whether that is found out by asking for all ids, because the system does not tell.
        details: What else the client needs to remember of it.
    """

    name: str
    key: str = "id"
    cursor: str | None = None
    fields: tuple[str, ...] = ()
    has_deleted: bool = False
    is_swept: bool = False
    details: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Page:
    """One answer. `resume` is what `iter_changed` needs to go on behind it: JSON, and for the client alone.

    `is_sorted`: no page behind this one holds an older change. Only then may a walk begin again from its newest.
    """

    records: list[Record]
    resume: dict[str, Any]
    is_sorted: bool = True


class Client(Protocol):
    """One system. Every method raises the errors of `failures` and no other on purpose."""

    def list_objects(self) -> list[str]:
        """API names of everything that the credentials may read."""

    def describe(self, name: str) -> LiveObject:
        """One object; UnavailableError if the system does not give it."""

    def iter_changed(
        self, one: LiveObject, since: str | None, resume: dict[str, Any] | None
    ) -> Iterator[Page]:
        """Records changed at or after `since` (all if None), oldest change first; behind `resume` if given.

        Raises:
            StartAgainError: the walk can only go on from the newest change that was seen.
        """

    def iter_deleted(self, one: LiveObject, since: str | None) -> Iterator[Page]:
        """Records `{key, deleted_time, ...}` of what was deleted at or after `since`."""

    def iter_ids(self, one: LiveObject) -> Iterator[list[str]]:
        """Keys of all records that are there now."""

    def sample(self, one: LiveObject) -> list[Record]:
        """A record or few, by the cheapest call that needs the rights of a whole walk."""

    def count(self, one: LiveObject) -> int | None:
        """How many records are there now; None if the system does not say."""

    def probes(self) -> Iterator[dict[str, str]]:
        """Questions about how this tenant behaves, asked read-only: `question`, `answer`, `means`."""

    def close(self) -> None:
        """Close the connections."""
