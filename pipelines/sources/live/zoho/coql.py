"""Records by query, in the order of their ids: for subforms, whose rows the pages of their parents do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.sources.live.protocol import LiveObject, Page, Record
from pipelines.sources.live.zoho.answers import RefusedError, meaning
from pipelines.sources.live.zoho.api import VERSION, Api
from pipelines.sources.live.zoho.pages import cleaned, slices

MOST_ROWS = 2_000
CREDITS = 3


def pages(api: Api, one: LiveObject, resume: dict[str, Any] | None) -> Iterator[Page]:
    """All records behind the id in `resume`. A module with more than 50 columns is asked in slices of the same ids."""
    after = (resume or {}).get("after")
    first, *others = slices(one)
    while True:
        rows = _rows(api, one, first, f"id > '{after}'" if after else "id is not null")
        if not rows:
            return
        merged = {str(row["id"]): cleaned(row) for row in rows}
        last = str(rows[-1]["id"])
        for part in others:
            until = f"(id > '{after}') and (id <= '{last}')" if after else f"id <= '{last}'"
            for row in _rows(api, one, part, until):
                if str(row["id"]) in merged:
                    merged[str(row["id"])] |= cleaned(row)
        after = last
        yield Page(list(merged.values()), {"after": after}, is_sorted=False)
        if len(rows) < MOST_ROWS:
            return


def sample(api: Api, one: LiveObject) -> list[Record]:
    """One record."""
    return _rows(api, one, slices(one)[0], "id is not null", limit=1)


def _rows(api: Api, one: LiveObject, names: list[str], where: str, limit: int = MOST_ROWS) -> list[Record]:
    query = f"select {', '.join(names)} from {one.name} where {where} order by id asc limit {limit}"
    try:
        body = api.call("POST", f"/crm/{VERSION}/coql", body={"select_query": query}, cost=CREDITS).body
    except RefusedError as refused:
        raise meaning(refused, f"a query of {one.name}") from None
    return [row for row in body.get("data") or [] if isinstance(row, dict)]
