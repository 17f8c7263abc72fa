"""Bulk Read: jobs that take their time, a ZIP with one CSV, 200,000 rows a page, ten downloads a minute.

A job is done when it has been asked for `polls` times and `seconds` of the server's clock have passed. Its rows are
those of the moment in which it was made. Ours, for want of a fact: the result lives a day, lists are joined by `;`.
"""

import csv
import io
import zipfile
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from tests.servers.machine import Call, Clock, Reply
from tests.servers.zoho_rules import RefusalError, fault, known_only
from tests.servers.zoho_store import Module, Record, epoch

NOT_FOR = {"Notes", "Attachments", "Emails"}
PAGE_AT_MOST = 50
KEPT = 86_400
COMPARES = {
    "equal": lambda have, want: have == want,
    "not_equal": lambda have, want: have != want,
    "in": lambda have, want: have in want,
    "not_in": lambda have, want: have not in want,
    "contains": lambda have, want: have is not None and want in have,
    "not_contains": lambda have, want: have is None or want not in have,
    "starts_with": lambda have, want: have is not None and have.startswith(want),
    "ends_with": lambda have, want: have is not None and have.endswith(want),
    "between": lambda have, want: have is not None and want[0] <= have <= want[1],
    "not_between": lambda have, want: have is not None and not want[0] <= have <= want[1],
    "greater_than": lambda have, want: have is not None and have > want,
    "greater_equal": lambda have, want: have is not None and have >= want,
    "less_than": lambda have, want: have is not None and have < want,
    "less_equal": lambda have, want: have is not None and have <= want,
}


@dataclass
class Job:
    """One job: its page of rows, fixed when it was made."""

    id: str
    names: list[str]
    rows: list[Record]
    page: int
    more: bool
    token: str | None
    made: float
    fails: bool
    asked: int = 0


@dataclass
class Bulk:
    """The jobs. `failing` makes the next jobs end in FAILURE; `without_parent` leaves rows of null lookups out."""

    clock: Clock
    polls: int = 1
    seconds: float = 0.0
    page_rows: int = 200_000
    failing: int = 0
    downloads_a_minute: int = 10
    without_parent: str | None = None
    jobs: dict[str, Job] = field(default_factory=dict)
    _tokens: dict[str, tuple[str, int]] = field(default_factory=dict)
    _downloads: deque[float] = field(default_factory=deque)

    def create(self, module: Module, query: dict[str, Any], file_type: str) -> Reply:
        """POST /crm/bulk/v8/read."""
        if file_type != "csv":
            raise RefusalError(400, "INVALID_DATA", "invalid data", api_name="file_type")
        if module.api_name in NOT_FOR:
            raise RefusalError(403, "NOT_SUPPORTED", "bulk read is not supported for this module")
        names = query.get("fields") or list(module.fields)
        for name in names:
            if name not in module.fields:
                raise RefusalError(400, "INVALID_DATA", "invalid data", api_name="fields", value=name)
        page = self._page(query)
        rows = [row for row in module.records.values() if meets(row, query.get("criteria"))]
        if self.without_parent:
            rows = [row for row in rows if row.get(self.without_parent) is not None]
        job = self._made(names, rows, page)
        details = {"id": job.id, "operation": "read", "state": "ADDED", "created_by": {"id": "1", "name": "Admin"},
                   "created_time": _iso(job.made)}  # fmt: skip
        done = {
            "status": "success",
            "code": "ADDED_SUCCESSFULLY",
            "message": "Added successfully.",
            "details": details,
        }
        return Reply(201, {"data": [done], "info": {}})

    def _page(self, query: dict[str, Any]) -> int:
        if "page" in query and "page_token" in query:
            raise RefusalError(400, "AMBIGUITY_DURING_PROCESSING", "page and page_token")
        if "page_token" in query:
            asked = {name: value for name, value in query.items() if name != "page_token"}
            bound, page = self._tokens.get(query["page_token"], ("", 0))
            if not page:
                raise RefusalError(400, "INVALID_DATA", "invalid data", api_name="page_token")
            if bound != _bound(asked):
                raise RefusalError(
                    400, "TOKEN_BOUND_DATA_MISMATCH", "the query differs", param_name="page_token"
                )
            return page
        page = query.get("page", 1)
        if not isinstance(page, int) or page < 1:
            raise RefusalError(400, "INVALID_DATA", "invalid data", api_name="page")
        if page > PAGE_AT_MOST:
            raise RefusalError(
                400, "PAGE_RANGE_EXCEEDED", "the page is beyond the range", max_limit=PAGE_AT_MOST
            )
        return page

    def _made(self, names: list[str], rows: list[Record], page: int) -> Job:
        start, end = (page - 1) * self.page_rows, page * self.page_rows
        number = str(5_725_767_000_009_000_000 + len(self.jobs))
        fails, self.failing = self.failing > 0, max(0, self.failing - 1)
        job = Job(number, names, rows[start:end], page, len(rows) > end, None, self.clock.now(), fails)
        self.jobs[number] = job
        return job

    def bind(self, job_id: str, query: dict[str, Any]) -> None:
        """Give the job the token of its next page."""
        job = self.jobs[job_id]
        if job.more:
            job.token = f"bulk{len(self._tokens) + 1:05d}"
            asked = {name: value for name, value in query.items() if name not in ("page_token", "page")}
            self._tokens[job.token] = (_bound(asked), job.page + 1)

    def _job(self, number: str) -> Job:
        job = self.jobs.get(number)
        if job is None or self.clock.now() > job.made + KEPT:
            raise RefusalError(404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.")
        return job

    def state(self, number: str) -> Reply:
        """GET /crm/bulk/v8/read/{id}: every question brings the job one state on."""
        job = self._job(number)
        job.asked += 1
        shown: dict[str, Any] = {
            "id": job.id,
            "operation": "read",
            "state": self._state(job),
            "file_type": "csv",
        }
        if shown["state"] == "COMPLETED":
            path = f"/crm/bulk/v8/read/{job.id}/result"
            shown["result"] = {"page": job.page, "per_page": self.page_rows, "count": len(job.rows),
                               "more_records": job.more, "download_url": path,
                               "next_page_token": job.token}  # fmt: skip
        return Reply(200, {"data": [shown]})

    def _state(self, job: Job) -> str:
        if job.asked >= self.polls and self.clock.now() >= job.made + self.seconds:
            return "FAILURE" if job.fails else "COMPLETED"
        return ("ADDED", "QUEUED", "IN PROGRESS")[min(job.asked - 1, 2)]

    def result(self, number: str) -> Reply:
        """GET /crm/bulk/v8/read/{id}/result: the ZIP."""
        job, now = self._job(number), self.clock.now()
        while self._downloads and self._downloads[0] <= now - 60:
            self._downloads.popleft()
        if len(self._downloads) >= self.downloads_a_minute:
            return fault("429")
        if self._state(job) != "COMPLETED":
            raise RefusalError(404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.")
        self._downloads.append(now)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(f"{job.id}.csv", as_csv(job.names, job.rows))
        return Reply(200, packed.getvalue(), {"content-type": "application/zip"})


def _iso(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).isoformat()


def _bound(query: dict[str, Any]) -> str:
    return orjson.dumps({**query, "page": None}, option=orjson.OPT_SORT_KEYS).decode()


def as_csv(names: Iterable[str], rows: Iterable[Record]) -> str:
    """Headings are API names behind `Id`; lookups are bare ids, absent values empty."""
    out = io.StringIO()
    shown = [name for name in names if name != "id"]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Id", *shown])
    writer.writerows([row["id"], *(cell(row.get(name)) for name in shown)] for row in rows)
    return out.getvalue()


def cell(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("id", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(str(cell(one)) for one in value)
    return "" if value is None else value


def meets(row: Record, criteria: dict[str, Any] | None) -> bool:
    """Whether a record meets the criteria: one comparison, or a group of them by and / or."""
    if not criteria:
        return True
    if "group" in criteria:
        joined = {"and": all, "or": any}.get(criteria.get("group_operator", ""))
        if joined is None:
            raise RefusalError(400, "INVALID_DATA", "invalid data", api_name="group_operator")
        return joined(meets(row, one) for one in criteria["group"])
    try:
        name, compare = criteria["field"]["api_name"], COMPARES[criteria["comparator"]]
        want = criteria["value"]
    except (KeyError, TypeError):
        raise RefusalError(400, "INVALID_DATA", "invalid data", api_name="criteria") from None
    return bool(compare(_plain(name, row.get(name)), _plain(name, want)))


def _plain(name: str, value: Any) -> Any:
    """Times as seconds, lookups by id, so that both sides compare."""
    if isinstance(value, list):
        return [_plain(name, one) for one in value]
    if isinstance(value, dict):
        return value.get("id")
    return epoch(value) if name.endswith("_Time") and isinstance(value, str) else value


def asked(call: Call) -> tuple[dict[str, Any], str]:
    """The query of a job's body, checked for its keys."""
    known_only(call, ())
    body = call.json() if call.body else {}
    query = body.get("query", {})
    module = query.get("module")
    if not isinstance(module, dict) or "api_name" not in module:
        raise RefusalError(400, "MANDATORY_NOT_FOUND", "required field not found", api_name="module")
    strange = set(query) - {"module", "fields", "criteria", "page", "page_token", "cvid"}
    if strange or set(body) - {"query", "file_type", "callback"}:
        raise RefusalError(400, "INVALID_DATA", "invalid data", api_name=min(strange, default="body"))
    return query, body.get("file_type", "csv")
