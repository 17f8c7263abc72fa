"""GET records, page by page. A module with more than 50 fields is walked in slices, side by side, merged by id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.files import digest
from pipelines.sources.live.failures import SourceFaultError, StartAgainError
from pipelines.sources.live.protocol import LiveObject, Page, Record
from pipelines.sources.live.zoho.answers import Answer, RefusedError, meaning
from pipelines.sources.live.zoho.api import Api

MOST_FIELDS = 50
MOST_IDS = 100


def slices(one: LiveObject) -> list[list[str]]:
    """The fields in lists that one call may ask for; each holds the time of change."""
    first = [one.cursor] if one.cursor else []
    rest = [name for name in one.fields if name != one.cursor]
    size = MOST_FIELDS - len(first)
    parts = [first + rest[at : at + size] for at in range(0, len(rest), size)]
    return parts or [first or ["id"]]


def cleaned(record: Record) -> Record:
    """A record without the keys that nobody asked for: they tell of the screen, and change by themselves."""
    return {name: value for name, value in record.items() if not name.startswith("$")}


@dataclass
class Walk:
    """One walk. Parameters and header stay as they are to its end: a page token is bound to all of them."""

    api: Api
    one: LiveObject
    since: str | None
    page_size: int
    parts: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = slices(self.one)

    @property
    def bound(self) -> str:
        """Names everything that the tokens are bound to."""
        return digest([self.one.name, self.parts, self.since, self.page_size])

    def pages(self, resume: dict[str, Any] | None) -> Iterator[Page]:
        """All pages, or those behind `resume`.

        Raises:
            StartAgainError: the tokens are too old, or belong to another walk.
        """
        if resume is not None and resume.get("bound") != self.bound:
            raise StartAgainError("the fields of the module have changed")
        if resume is not None and resume["tokens"][0] is None:
            return
        tokens: list[str | None] = resume["tokens"] if resume else [None] * len(self.parts)
        is_first = resume is None
        while is_first or tokens[0] is not None:
            records, tokens = self._page(tokens, is_first)
            is_first = False
            yield Page(records, {"bound": self.bound, "tokens": tokens})

    def _page(self, tokens: list[str | None], is_first: bool) -> tuple[list[Record], list[str | None]]:
        """One page of every slice, as whole records; and the tokens of the next."""
        rows, following = self._slice(0, tokens[0])
        after = [following]
        merged = {str(row["id"]): cleaned(row) for row in rows}
        for number in range(1, len(self.parts)):
            found, token = self._slice(number, tokens[number]) if is_first or tokens[number] else ([], None)
            after.append(token)
            self._merge(merged, {str(row["id"]): cleaned(row) for row in found}, number)
        return list(merged.values()), after

    def _merge(self, merged: dict[str, Record], found: dict[str, Record], number: int) -> None:
        """Complete the records of the first slice; those that moved between two calls are asked for by id."""
        missing = [key for key in merged if key not in found]
        for at in range(0, len(missing), MOST_IDS):
            asked = self._parameters(number) | {"ids": ",".join(missing[at : at + MOST_IDS])}
            found |= {str(row["id"]): cleaned(row) for row in self._rows(self._get(asked, {}))}
        for key, record in merged.items():
            for name, value in found.get(key, {}).items():
                record.setdefault(name, value)
        for key in [key for key in merged if key not in found]:
            del merged[key]  # it was deleted between two calls

    def _parameters(self, number: int) -> dict[str, Any]:
        converted = {"converted": "both"} if self.one.name == "Leads" else {}
        return {
            "fields": ",".join(self.parts[number]),
            "per_page": self.page_size,
            "sort_by": self.one.cursor or "id",
            "sort_order": "asc",
            **converted,
        }

    def _slice(self, number: int, token: str | None) -> tuple[list[Record], str | None]:
        place: dict[str, Any] = {"page_token": token} if token else {"page": 1}
        headers = {"If-Modified-Since": self.since} if self.since else {}
        body = self._get(self._parameters(number) | place, headers).body
        info = body.get("info") or {}
        following = info.get("next_page_token") if info.get("more_records") else None
        if info.get("more_records") and not following:
            raise SourceFaultError(f"Zoho has more {self.one.name} and gives no token for the next page")
        return [row for row in body.get("data") or [] if isinstance(row, dict)], following

    def _rows(self, answer: Answer) -> list[Record]:
        return [row for row in answer.body.get("data") or [] if isinstance(row, dict)]

    def _get(self, parameters: dict[str, Any], headers: dict[str, str]) -> Answer:
        try:
            return self.api.get(self.one.name, parameters, headers)
        except RefusedError as refused:
            raise meaning(refused, f"records of {self.one.name}") from None
