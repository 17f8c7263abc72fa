"""Bulk Read: Zoho writes a module into a CSV, 200,000 rows at a time. Its rows get the shape that pages have.

Rows come in no order, and lookups as bare ids. A job is remembered as soon as it is made: it costs as much as
hundreds of pages.
"""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import orjson

from pipelines.sources.live.failures import SourceFaultError, UnavailableError
from pipelines.sources.live.protocol import LiveObject, Page, Record
from pipelines.sources.live.zoho.answers import Answer, RefusedError, meaning
from pipelines.sources.live.zoho.api import VERSION, Api

CREDITS = 500
PAGE_ROWS = 2_000
MOST_BYTES = 8 << 30
LONGEST_WAIT_SECONDS = 3_600
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
REFERENCES = {"lookup", "ownerlookup", "userlookup"}
LISTS = {"multiselectpicklist"}
JOB = f"/crm/bulk/{VERSION}/read"


class BulkFailedError(Exception):
    """Zoho gave a job up; the pages are another way."""


class Bulk:
    """The bulk read of one module, all of it or what changed at or after `since`."""

    def __init__(self, api: Api, one: LiveObject, since: str | None, poll_ms: int) -> None:
        self.api, self.one, self.since, self.poll = api, one, since, poll_ms / 1_000

    def pages(self, resume: dict[str, Any] | None) -> Iterator[Page]:
        """All rows, or those behind `resume`; a job that is gone by then is made again.

        Raises:
            BulkFailedError: the first job failed, or the module has no bulk read.
        """
        place = (resume or {}).get("bulk") or self._made(None)
        while True:
            if not place["row"]:
                yield Page([], {"bulk": place}, is_sorted=False)
            try:
                result = self._finished(place["job"])
                rows = self._rows(place["job"], place["row"])
                for batch in rows:
                    place = {**place, "row": place["row"] + len(batch)}
                    yield Page(batch, {"bulk": place}, is_sorted=False)
            except _GoneError:
                place = {**self._made(place["token"]), "row": place["row"]}
                continue
            if not result.get("more_records"):
                return
            place = self._made(result.get("next_page_token"))

    def _query(self, token: str | None) -> dict[str, Any]:
        query: dict[str, Any] = {"module": {"api_name": self.one.name}, "fields": ["id", *self.one.fields]}
        if self.since and self.one.cursor:
            field = {"api_name": self.one.cursor}
            query["criteria"] = {"field": field, "comparator": "greater_equal", "value": self.since}
        return query | ({"page_token": token} if token else {})

    def _made(self, token: str | None) -> dict[str, Any]:
        body = {"query": self._query(token), "file_type": "csv"}
        try:
            made = self.api.call("POST", JOB, body=body, cost=CREDITS).body["data"][0]
        except RefusedError as refused:
            found = meaning(refused, f"a bulk read of {self.one.name}")
            raise BulkFailedError(str(found)) if isinstance(found, UnavailableError) else found from None
        return {"job": str(made["details"]["id"]), "row": 0, "token": token}

    def _finished(self, job: str) -> Record:
        """The result of a job, when it has one. Jobs of an org run one after the other, so this may take a while."""
        until, wait = time.monotonic() + LONGEST_WAIT_SECONDS, self.poll
        while time.monotonic() < until:
            found = self._get(f"{JOB}/{job}").body["data"][0]
            state = str(found.get("state") or "")
            if state == "COMPLETED":
                return dict(found.get("result") or {})
            if state == "FAILURE":
                raise BulkFailedError(f"the bulk read of {self.one.name} failed")
            time.sleep(wait)
            wait = min(wait * 2, max(self.poll, 5))
        raise SourceFaultError(f"Zoho did not finish a bulk read of {self.one.name} in an hour")

    def _get(self, path: str) -> Answer:
        try:
            return self.api.call("GET", path)
        except RefusedError as refused:
            if refused.code == "RESOURCE_NOT_FOUND":
                raise _GoneError from None
            raise meaning(refused, f"a bulk read of {self.one.name}") from None

    def _rows(self, job: str, behind: int) -> Iterator[list[Record]]:
        packed = self._get(f"{JOB}/{job}/result").content
        try:
            archive = zipfile.ZipFile(io.BytesIO(packed))
            (member,) = archive.infolist()
        except (zipfile.BadZipFile, ValueError):
            raise SourceFaultError(f"the bulk read of {self.one.name} is no ZIP with one CSV") from None
        if member.file_size > MOST_BYTES:
            raise SourceFaultError(f"the bulk read of {self.one.name} inflates to {member.file_size} bytes")
        with archive.open(member) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            batch: list[Record] = []
            for number, row in enumerate(reader):
                if number < behind:
                    continue
                batch.append(self._record(row))
                if len(batch) == PAGE_ROWS:
                    yield batch
                    batch = []
            if batch:
                yield batch

    def _record(self, row: dict[str | Any, Any]) -> Record:
        if None in row or None in row.values():
            raise SourceFaultError(
                f"a line of the bulk read of {self.one.name} has not the columns of its header"
            )
        types = self.one.details["types"]
        record = {
            name: _value(text, *types.get(name, ("", ""))) for name, text in row.items() if name != "Id"
        }
        return {**record, "id": row["Id"]}


class _GoneError(Exception):
    """A job or its result is not kept any more."""


def _value(text: str, data_type: str, json_type: str) -> Any:
    """A cell as pages would give it."""
    if text == "":
        return None
    if data_type in REFERENCES:
        return {"id": text}
    if data_type in LISTS:
        return text.split(";")
    if data_type == "boolean":
        return text.lower() == "true"
    if json_type in ("integer", "double") and NUMBER.fullmatch(text):
        return orjson.Fragment(text)
    return text
