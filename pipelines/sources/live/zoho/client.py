"""The client of Zoho CRM: which way each object is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.sources.live.connection import Connection
from pipelines.sources.live.failures import StartAgainError, UnreachedError
from pipelines.sources.live.protocol import LiveObject, Page, Record
from pipelines.sources.live.times import earlier, utc_text
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault
from pipelines.sources.live.zoho import coql
from pipelines.sources.live.zoho.answers import RefusedError, meaning
from pipelines.sources.live.zoho.api import Api
from pipelines.sources.live.zoho.bulk import Bulk, BulkFailedError
from pipelines.sources.live.zoho.metadata import Metadata
from pipelines.sources.live.zoho.pages import Walk
from pipelines.sources.live.zoho.probes import Probes

# What is no module: users, and what the org has set up. Written like records, read whole each time.
SETTINGS = ("users", "currencies", "roles", "territories", "stages")
USER_TYPES = ("AllUsers", "DeletedUsers")
PER_PAGE = 200


class ZohoClient:
    """One org."""

    def __init__(self, live: Connection, transport: Transport, vault: Vault) -> None:
        self.live, self.transport = live, transport
        self.api = Api(live, transport, vault)
        self.metadata = Metadata(self.api)
        self._counts: dict[str, int | None] = {}

    def list_objects(self) -> list[str]:
        """Modules that the API gives, and what is no module."""
        given = [
            name for name, one in self.metadata.modules().items() if one.get("api_supported") is not False
        ]
        return sorted(given) + list(SETTINGS)

    def describe(self, name: str) -> LiveObject:
        """One object."""
        if name in SETTINGS:
            return LiveObject(name, key="actual_value" if name == "stages" else "id")
        return self.metadata.describe(name)

    def iter_changed(
        self, one: LiveObject, since: str | None, resume: dict[str, Any] | None
    ) -> Iterator[Page]:
        """Records of one object, each way of reading with its own `resume`."""
        if one.name in SETTINGS:
            yield Page(list(self._settings(one.name)), {}, is_sorted=False)
        elif one.details["is_subform"]:
            yield from coql.pages(self.api, one, resume)
        elif self._is_bulky(one, since, resume):
            yield from self._by_bulk(one, since, resume)
        else:
            yield from self._by_pages(one, since, resume)

    def _is_bulky(self, one: LiveObject, since: str | None, resume: dict[str, Any] | None) -> bool:
        if resume is not None:
            return "bulk" in resume
        return since is None and (self._counts.get(one.name) or 0) > self.live.options["bulk_above"]

    def _by_bulk(self, one: LiveObject, since: str | None, resume: dict[str, Any] | None) -> Iterator[Page]:
        try:
            yield from Bulk(self.api, one, since, self.live.options["poll_ms"]).pages(resume)
        except BulkFailedError:
            yield from self._by_pages(one, since, None)

    def _by_pages(self, one: LiveObject, since: str | None, resume: dict[str, Any] | None) -> Iterator[Page]:
        """Page by page; where more records changed in one second than a walk may bring, all at once."""
        newest: str | None = None
        try:
            for page in Walk(self.api, one, since, self.live.options["page_size"]).pages(resume):
                times = [utc_text(record[one.cursor]) for record in page.records] if one.cursor else []
                newest = max([*times, newest or ""])
                yield page
        except StartAgainError as lost:
            is_stuck = one.cursor is None or (since and newest and earlier(newest, seconds=1) <= since)
            if not (lost.is_full and is_stuck):
                raise
            yield from Bulk(self.api, one, since, self.live.options["poll_ms"]).pages(None)

    def iter_deleted(self, one: LiveObject, since: str | None) -> Iterator[Page]:
        """What was deleted, in no order that Zoho promises."""
        headers = {"If-Modified-Since": since} if since else {}
        number, more = 1, True
        while more:
            try:
                asked = {"type": "all", "page": number, "per_page": PER_PAGE}
                body = self.api.get(f"{one.name}/deleted", asked, headers).body
            except RefusedError as refused:
                if refused.code == "DISCRETE_PAGINATION_LIMIT_EXCEEDED":
                    raise UnreachedError(refused.code) from None
                raise meaning(refused, f"{one.name}/deleted") from None
            yield Page(body.get("data") or [], {}, is_sorted=False)
            more, number = bool((body.get("info") or {}).get("more_records")), number + 1

    def iter_ids(self, one: LiveObject) -> Iterator[list[str]]:
        """Ids of all records that are there now."""
        bare = LiveObject(one.name, one.key, details={"types": {}, "is_subform": one.details["is_subform"]})
        is_subform = bare.details["is_subform"]
        for page in coql.pages(self.api, bare, None) if is_subform else self._by_pages(bare, None, None):
            yield [str(record[one.key]) for record in page.records]

    def sample(self, one: LiveObject) -> list[Record]:
        """A record or few."""
        if one.name in SETTINGS:
            return list(self._settings(one.name))
        if one.details["is_subform"]:
            return coql.sample(self.api, one)
        return next((page.records for page in Walk(self.api, one, None, 1).pages(None)), [])

    def count(self, one: LiveObject) -> int | None:
        """Zoho's own count, where it gives one."""
        if one.name in SETTINGS or one.details.get("is_subform"):
            return None
        try:
            found = self.api.get(f"{one.name}/actions/count").body.get("count")
        except RefusedError:
            return None
        self._counts[one.name] = int(found) if found is not None else None
        return self._counts[one.name]

    def probes(self) -> Iterator[dict[str, str]]:
        """How this org behaves where Zoho's documents are silent."""
        return Probes(self.api, self.metadata, self.live.objects, self._users).all()

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def _settings(self, name: str) -> Iterator[Record]:
        if name == "stages":
            yield from self.metadata.stages()
        elif name == "users":
            yield from self._users()
        else:
            path = "org/currencies" if name == "currencies" else f"settings/{name}"
            yield from self._get(path).get(name) or []

    def _users(self) -> Iterator[Record]:
        """Everybody, also those who left: their deals are still theirs."""
        seen: set[str] = set()
        for kind in USER_TYPES:
            number, more = 1, True
            while more:
                body = self._get("users", {"type": kind, "page": number, "per_page": PER_PAGE})
                for user in body.get("users") or []:
                    if user["id"] not in seen:
                        seen.add(user["id"])
                        yield user
                more, number = bool((body.get("info") or {}).get("more_records")), number + 1

    def _get(
        self, path: str, parameters: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Record:
        try:
            return self.api.get(path, parameters, headers).body
        except RefusedError as refused:
            raise meaning(refused, path) from None
