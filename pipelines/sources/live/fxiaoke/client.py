"""The client of Fxiaoke: objects by their describe, people and departments whole, records by a walk over `_id`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.sources.live.connection import Connection
from pipelines.sources.live.failures import SourceFaultError, UnavailableError
from pipelines.sources.live.fxiaoke.answers import RefusedError, meaning
from pipelines.sources.live.fxiaoke.api import Api
from pipelines.sources.live.fxiaoke.pages import BEHIND_SECONDS, Walk, condition, query
from pipelines.sources.live.fxiaoke.probes import Probes
from pipelines.sources.live.protocol import LiveObject, Page, Record
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault

CHANGED = "last_modified_time"
WHOLE_COMPANY = 999_999
# What is no object of the CRM: path, body, the key under which it stands, and the key that names a record.
DIRECTORY: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "users": (
        "/cgi/user/list",
        {"departmentId": WHOLE_COMPANY, "fetchChild": True, "showDepartmentIdsDetail": True},
        "userList",
        "openUserId",
    ),
    "departments": ("/cgi/department/list", {}, "departments", "id"),
}


class FxiaokeClient:
    """One tenant, as one of its employees may see it."""

    def __init__(self, live: Connection, transport: Transport, vault: Vault) -> None:
        self.live, self.transport = live, transport
        self.api = Api(live, transport, vault)
        self._objects: dict[str, dict[str, Any]] | None = None

    def objects(self) -> dict[str, dict[str, Any]]:
        """What object/list tells, by API name."""
        if self._objects is None:
            listed = self._data("/cgi/crm/v2/object/list", {"includeNull": False}).get("objects") or []
            named = [one for one in listed if isinstance(one, dict) and one.get("describeApiName")]
            self._objects = {str(one["describeApiName"]): one for one in named}
        return self._objects

    def fields(self, name: str) -> dict[str, dict[str, Any]]:
        """What object/describe tells of an object's fields, by API name."""
        body = {"includeDetail": False, "data": {"apiName": name}}
        described = self._data("/cgi/crm/v2/object/describe", body).get("describe") or {}
        return {key: one for key, one in (described.get("fields") or {}).items() if isinstance(one, dict)}

    def list_objects(self) -> list[str]:
        """Objects that the tenant uses, and what is no object."""
        active = [name for name, one in self.objects().items() if one.get("isActive") is not False]
        return sorted(active) + list(DIRECTORY)

    def describe(self, name: str) -> LiveObject:
        """One object; one that the tenant does not use is not asked for, for its absence is no emptiness."""
        if name in DIRECTORY:
            return LiveObject(name, key=DIRECTORY[name][3])
        known = self.objects().get(name)
        if known is None or known.get("isActive") is False:
            raise UnavailableError("NOT_ACTIVE", f"this tenant does not use {name}, or does not show it")
        fields = self.fields(name)
        active = {
            key: str(one.get("type") or "")
            for key, one in fields.items()
            if one.get("is_active") is not False
        }
        return LiveObject(
            name=name,
            key="_id",
            cursor=CHANGED,
            fields=tuple(sorted(active)),
            is_swept=True,
            details={"types": active},
        )

    def iter_changed(
        self, one: LiveObject, since: str | None, resume: dict[str, Any] | None
    ) -> Iterator[Page]:
        """Records of one object that changed since, in the order of their ids."""
        if one.name in DIRECTORY:
            yield Page(self._directory(one.name), {}, is_sorted=False)
            return
        yield from Walk(self.api, one, since, self.live.options["page_size"]).pages(resume)

    def iter_deleted(self, one: LiveObject, since: str | None) -> Iterator[Page]:
        """Fxiaoke tells nothing of what was deleted: see `iter_ids`."""
        return iter(())

    def iter_ids(self, one: LiveObject) -> Iterator[list[str]]:
        """Ids of all records that are there now."""
        return Walk(self.api, one, None, self.live.options["page_size"]).ids()

    def sample(self, one: LiveObject) -> list[Record]:
        """A record or few."""
        if one.name in DIRECTORY:
            return self._directory(one.name)
        found: list[Record] = query(self.api, one.name, {"limit": 1, "offset": 0})["dataList"]
        return found

    def count(self, one: LiveObject) -> int | None:
        """How many records a walk that begins now brings at least."""
        if one.name in DIRECTORY:
            return None
        filters = [condition(CHANGED, "LT", str(self.api.clock_ms() - BEHIND_SECONDS * 1_000))]
        search = {"limit": 1, "offset": 0, "filters": filters}
        total = query(self.api, one.name, search, {"find_explicit_total_num": True}).get("total")
        return total if isinstance(total, int) else None

    def probes(self) -> Iterator[dict[str, str]]:
        """How this tenant behaves where Fxiaoke's documents are silent."""
        return Probes(self.api, self.objects(), self.fields, self.live.objects, self._directory).all()

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def _directory(self, name: str) -> list[Record]:
        path, body, key, _ = DIRECTORY[name]
        found = self._post(path, body).get(key)
        if not isinstance(found, list) or not found:
            raise SourceFaultError(f"Fxiaoke answered {path} without {key}: nobody is no company")
        return [one for one in found if isinstance(one, dict)]

    def _data(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        found = self._post(path, body).get("data")
        return found if isinstance(found, dict) else {}

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.api.post(path, body)
        except RefusedError as refused:
            raise meaning(refused, path) from None
