"""A Fxiaoke server on this machine: `with serve() as (url, fxiaoke): ...`, `fxiaoke.store` holds what it tells.

Whatever is wrong, HTTP says 200; only a path that is not there, or a method other than POST, is another status.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from itertools import islice
from typing import Any

import orjson

from tests.servers.fxiaoke_query import Asked
from tests.servers.fxiaoke_rules import Auth, RefusalError, bad, fault, success
from tests.servers.fxiaoke_store import Store, Thing
from tests.servers.machine import Call, Control, Machine, Reply, listener, running

BEIJING = timezone(timedelta(hours=8))
COMPANY = (0, 999_999)  # as departments: the whole of it
BY_TOKEN = ("corpAccessToken", "corpId", "currentOpenUserId")
Body = dict[str, Any]


@dataclass
class Fxiaoke(Control):
    """The control of a Fxiaoke server; see the fields for what a test can turn.

    `rate` calls in 20 s of the clock on one path, then 30004; `quota` calls a day of Beijing, then 30002; None is
    no limit. `hidden` objects answer 20014. `shows_invalid`: whether invalid records are found, as such.
    """

    rate: int | None = 100
    quota: int | None = None
    hidden: set[str] = field(default_factory=set)
    shows_invalid: bool = False
    limit_at_most: int = 100
    store: Store = field(init=False)
    auth: Auth = field(init=False)
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _today: tuple[str, int] = ("", 0)

    def __post_init__(self) -> None:
        self.store, self.auth = Store(self.clock), Auth(self.clock)

    def metered(self, path: str) -> None:
        """Count a call against its path and the day."""
        now = self.clock.now()
        recent = self._recent[path]
        while recent and recent[0] <= now - 20:
            recent.popleft()
        if self.rate is not None and len(recent) >= self.rate:
            raise RefusalError(30004, "call too frequently")
        recent.append(now)
        day = self.clock.utc().astimezone(BEIJING).date().isoformat()
        used = self._today[1] if self._today[0] == day else 0
        if self.quota is not None and used >= self.quota:
            raise RefusalError(30002, "the daily quota is used up")
        self._today = (day, used + 1)

    def thing(self, name: Any, *, custom: bool | None = None) -> Thing:
        if name in self.hidden:
            raise RefusalError(20014, "no permission")
        thing = self.store.things.get(name) if isinstance(name, str) else None
        if thing is None or not thing.active:
            raise bad(f"no object {name!r}")
        if custom is not None and custom == thing.package:
            raise bad(f"{name} belongs to the other endpoint")
        return thing


Handler = Callable[[Fxiaoke, Body], Reply]
HANDLERS: dict[str, Handler] = {}


def path(*paths: str) -> Callable[[Handler], Handler]:
    def enter(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(paths, handler))
        return handler

    return enter


def _data(body: Body, *keys: str) -> Body:
    """The block `data`, in which everything must stand."""
    data = body.get("data")
    if not isinstance(data, dict) or set(data) - set(keys):
        raise bad("data")
    return data


def _query(fxiaoke: Fxiaoke, body: Body, custom: bool | None) -> Reply:
    data = _data(
        body, "dataObjectApiName", "search_query_info", "find_explicit_total_num", "need_return_count_num",
        "field_projection",
    )  # fmt: skip
    thing = fxiaoke.thing(data.get("dataObjectApiName"), custom=custom)
    asked = Asked.of(
        thing, data.get("search_query_info"), fxiaoke.limit_at_most, data.get("field_projection")
    )
    found = list(islice(asked.rows(fxiaoke.shows_invalid), asked.offset, asked.offset + asked.limit))
    rows = [asked.shown(row, bool(body.get("includeNull"))) for row in found]
    total = _total(fxiaoke, body, asked)
    return success(data={"dataList": rows, "offset": asked.offset, "limit": asked.limit, "total": total})


def _total(fxiaoke: Fxiaoke, body: Body, asked: Asked) -> int:
    """The count of all matches: 0 when it is off, which it is not unless a switch says so."""
    mode = body.get("returnTotalNum")
    explicit = body["data"].get("find_explicit_total_num", True)
    if mode == 3 or (mode is None and not explicit):
        return 0
    count = sum(1 for _ in asked.rows(fxiaoke.shows_invalid))
    return round(count, -2) if mode == 2 else count


@path("/cgi/crm/v2/data/query")
def _preset(fxiaoke: Fxiaoke, body: Body) -> Reply:
    return _query(fxiaoke, body, custom=False)


@path("/cgi/crm/custom/v2/data/query")
def _custom(fxiaoke: Fxiaoke, body: Body) -> Reply:
    return _query(fxiaoke, body, custom=True)


@path("/cgi/crm/custom/v2/data/findSimple")
def _find_simple(fxiaoke: Fxiaoke, body: Body) -> Reply:
    return _query(fxiaoke, body, custom=None)


@path("/cgi/crm/v2/data/get", "/cgi/crm/custom/v2/data/get")
def _get(fxiaoke: Fxiaoke, body: Body) -> Reply:
    data = _data(body, "dataObjectApiName", "objectDataId")
    record = fxiaoke.thing(data.get("dataObjectApiName")).records.get(data.get("objectDataId", ""))
    if record is None:
        raise bad("objectDataId")
    return success(data={name: value for name, value in record.items() if value is not None})


@path("/cgi/crm/v2/object/list")
def _objects(fxiaoke: Fxiaoke, _: Body) -> Reply:
    shown = [
        {"describeApiName": thing.api_name, "describeDisplayName": thing.label, "isActive": thing.active,
         "defineType": "package" if thing.package else "custom", "iconPath": ""}
        for thing in fxiaoke.store.things.values()
        if thing.api_name not in fxiaoke.hidden
    ]  # fmt: skip
    return success(data={"objects": shown})


@path("/cgi/crm/v2/object/describe")
def _describe(fxiaoke: Fxiaoke, body: Body) -> Reply:
    thing = fxiaoke.thing(_data(body, "apiName", "includeDetail").get("apiName"))
    return success(
        data={"describe": {"api_name": thing.api_name, "display_name": thing.label, "fields": thing.fields}}
    )


@path("/cgi/user/list", "/cgi/user/simpleList")
def _people(fxiaoke: Fxiaoke, body: Body) -> Reply:
    """Employees of a department, all of the company under 0 or 999999; of those below it only with fetchChild."""
    asked, departments = body.get("departmentId"), fxiaoke.store.departments
    if asked not in (*COMPANY, *(one["id"] for one in departments)) or "data" in body:
        raise RefusalError(30007, "the department does not exist")
    if set(body) - {*BY_TOKEN, "departmentId", "fetchChild", "showDepartmentIdsDetail"}:
        raise bad("an unknown parameter")
    people = fxiaoke.store.people
    if body.get("fetchChild") is not True:
        people = [one for one in people if asked in one.get("departmentIds", [])]
    elif asked not in COMPANY:
        inside = {asked}
        while more := {one["id"] for one in departments if one["parentId"] in inside} - inside:
            inside |= more
        people = [one for one in people if inside & set(one.get("departmentIds", []))]
    return success(userList=people)


@path("/cgi/user/get/batchByUpdTime")
def _people_by_time(fxiaoke: Fxiaoke, body: Body) -> Reply:
    size, number = body.get("pageSize", 0), body.get("pageNumber", 0)
    if not 1 <= size <= 1_000 or number < 1:
        raise bad("pageSize")
    first, last = body.get("startTime", 0), body.get("endTime", 1 << 53)
    found = [one for one in fxiaoke.store.people if first <= one.get("updateTime", one["createTime"]) <= last]
    pages = -(-len(found) // size)
    shown = found[(number - 1) * size : number * size]
    return success(empList=shown, pageCount=pages, totalCount=len(found), lastChangedTime=last)


@path("/cgi/department/list")
def _departments(fxiaoke: Fxiaoke, _: Body) -> Reply:
    return success(departments=fxiaoke.store.departments)


def answer(fxiaoke: Fxiaoke, call: Call) -> Reply:
    """The answer to one call: pace and quota, token, then the handler."""
    if call.method != "POST":
        return Reply(405, b"<html>method not allowed</html>", {"content-type": "text/html"})
    try:
        body = call.json()
        if not isinstance(body, dict):
            raise bad("body")
        return _answer(fxiaoke, call, body)
    except orjson.JSONDecodeError:
        return bad("body is no JSON").reply
    except RefusalError as refusal:
        return refusal.reply


def _answer(fxiaoke: Fxiaoke, call: Call, body: Body) -> Reply:
    if call.path == "/oauth2.0/token":
        return fxiaoke.auth.token(call, "new")
    if call.path == "/cgi/corpAccessToken/get/V2":
        return fxiaoke.auth.token(call, "old")
    if call.path == "/cgi/user/getByMobile":
        found = fxiaoke.auth.mobiles.get(body.get("mobile", ""))
        if not found:
            raise RefusalError(30027, "the employee does not exist")
        return success(empList=[{"openUserId": found}])
    handler = HANDLERS.get(call.path)
    if handler is None:
        return Reply(404, b"<html>not found</html>", {"content-type": "text/html"})
    fxiaoke.auth.check(call, body)
    fxiaoke.metered(call.path)
    return handler(fxiaoke, body)


@contextmanager
def serve(**options: Any) -> Iterator[tuple[str, Fxiaoke]]:
    """A Fxiaoke server until the block ends: its URL and its control."""
    fxiaoke = Fxiaoke(**options)
    bound, url = listener()
    machine = Machine(fxiaoke, lambda call: answer(fxiaoke, call), fault, fxiaoke.store.lock)
    with running(machine, bound):
        yield url, fxiaoke
