"""data/query, walked by `_id`: the one way past 10,000 records.

It has no order of time, so a walk has an end of its own: the gateway's clock at its first call. What changes later is
the next walk's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.sources.live.failures import SourceFaultError
from pipelines.sources.live.fxiaoke.answers import RefusedError, meaning
from pipelines.sources.live.fxiaoke.api import Api
from pipelines.sources.live.protocol import LiveObject, Page, Record

PRESET = "/cgi/crm/v2/data/query"
CUSTOM = "/cgi/crm/custom/v2/data/query"
SIMPLE = "/cgi/crm/custom/v2/data/findSimple"
BEHIND_SECONDS = (
    300  # a change may be visible only a moment after its time: such ones are left to the next walk
)


def condition(name: str, operator: str, *values: str) -> dict[str, Any]:
    """One filter."""
    return {"field_name": name, "operator": operator, "field_values": list(values)}


def ms_of(text: str) -> int:
    """Milliseconds since 1970 of an instant in ISO 8601."""
    return int(datetime.fromisoformat(text).timestamp() * 1_000)


def cleaned(record: Record) -> Record:
    """A record without what tells of the screen or of whoever asks."""
    return {name: value for name, value in record.items() if not name.endswith(("__l", "__p"))}


@dataclass
class Walk:
    """One walk over an object, from `since` to `until`, both of `last_modified_time`."""

    api: Api
    one: LiveObject
    since: str | None
    page_size: int

    def pages(self, resume: dict[str, Any] | None) -> Iterator[Page]:
        """All pages, or those behind `resume`. The last one is short; its `resume` says that nothing is left."""
        place = resume or {"after": None, "until": self._now(), "done": False}
        while not place["done"]:
            rows = self._rows(self._filters(place), {})
            records = [cleaned(row) for row in rows]
            last = str(rows[-1]["_id"]) if rows else place["after"]
            if rows and place["after"] is not None and last <= place["after"]:
                raise SourceFaultError(
                    f"Fxiaoke gives {self.one.name} behind {place['after']} in no order of _id"
                )
            place = {**place, "after": last, "done": len(rows) < self.page_size}
            yield Page(records, place, is_sorted=False)

    def ids(self) -> Iterator[list[str]]:
        """Ids of all records that are there now, by the query that computes nothing."""
        after, more = None, True
        while more:
            found = {"find_explicit_total_num": False, "field_projection": ["_id"]}
            rows = self._rows([condition("_id", "GT", after)] if after else [], found, SIMPLE)
            more = len(rows) == self.page_size
            after = str(rows[-1]["_id"]) if rows else after
            yield [str(row["_id"]) for row in rows]

    def _filters(self, place: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        if self.one.cursor and self.since:
            found.append(condition(self.one.cursor, "GTE", str(ms_of(self.since))))
        if self.one.cursor:
            found.append(condition(self.one.cursor, "LT", str(place["until"])))
        if place["after"] is not None:
            found.append(condition("_id", "GT", place["after"]))
        return found

    def _rows(
        self, filters: list[dict[str, Any]], more: dict[str, Any], path: str | None = None
    ) -> list[Record]:
        search = {
            "limit": self.page_size,
            "offset": 0,
            "filters": filters,
            "orders": [{"fieldName": "_id", "isAsc": True}],
        }
        found: list[Record] = query(self.api, self.one.name, search, more, path)["dataList"]
        return found

    def _now(self) -> int:
        """The gateway's clock in milliseconds, a little behind: ours may be anywhere."""
        return self.api.clock_ms() - BEHIND_SECONDS * 1_000


def query(
    api: Api, name: str, search: dict[str, Any], more: dict[str, Any] | None = None, path: str | None = None
) -> dict[str, Any]:
    """One answer of data/query: `dataList`, and `total` if `more` asks for it by `find_explicit_total_num`.

    There are two switches for the total, at two places, and the documents disagree on which counts: both are set.
    """
    way = path or (CUSTOM if name.endswith("__c") else PRESET)
    data = {
        "dataObjectApiName": name,
        "find_explicit_total_num": False,
        "search_query_info": search,
        **(more or {}),
    }
    exact, none = 1, 3
    total = exact if data["find_explicit_total_num"] else none
    try:
        body = api.post(way, {"includeNull": True, "returnTotalNum": total, "data": data})
    except RefusedError as refused:
        raise meaning(refused, f"records of {name}") from None
    found = body.get("data")
    if not isinstance(found, dict) or not isinstance(found.get("dataList"), list):
        raise SourceFaultError(f"Fxiaoke answered a query of {name} without data.dataList")
    return found
