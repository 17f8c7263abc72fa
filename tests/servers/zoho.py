"""A Zoho CRM v8 server on this machine: `with serve() as (url, zoho): ...`, `zoho.store` holds what it tells.

Strict where the fact sheet states an error. Ours, for want of a fact: an unknown parameter, field or value is
INVALID_DATA; a walk by token is a keyset, so a record that is edited behind or before it is met again or later.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.servers import zoho_bulk
from tests.servers import zoho_coql as coql
from tests.servers import zoho_meta as meta
from tests.servers.machine import Call, Control, Machine, Reply, listener, running
from tests.servers.zoho_auth import Auth
from tests.servers.zoho_pages import Pages
from tests.servers.zoho_rules import RefusalError, fault, known_only
from tests.servers.zoho_store import Module, Store

DAY = 86_400


@dataclass
class Zoho(Control):
    """The control of a Zoho server; see the fields for what a test can turn.

    `credits` is the allowance of 24 hours, None for no end; `hidden` modules answer 403 (204 to a question about
    their fields); `unavailable` ones are not in the edition (400 INVALID_MODULE).
    """

    credits: int | None = None
    hidden: set[str] = field(default_factory=set)
    unavailable: set[str] = field(default_factory=set)
    deleted_at_most: int | None = None
    spent: list[tuple[float, int]] = field(default_factory=list)
    store: Store = field(init=False)
    auth: Auth = field(init=False)
    pages: Pages = field(init=False)
    bulk: zoho_bulk.Bulk = field(init=False)

    def __post_init__(self) -> None:
        self.store, self.auth, self.pages = Store(self.clock), Auth(self.clock), Pages(self.clock)
        self.bulk = zoho_bulk.Bulk(self.clock)

    def used(self) -> int:
        """Credits spent in the last 24 hours."""
        since = self.clock.now() - DAY
        self.spent = [one for one in self.spent if one[0] > since]
        return sum(cost for _, cost in self.spent)

    def module(self, name: str) -> Module:
        if name in self.unavailable or name not in self.store.modules:
            raise meta.no_module()
        if name in self.hidden:
            raise RefusalError(403, "NO_PERMISSION", "permission denied")
        return self.store.modules[name]


Handler = Callable[[Zoho, Call, re.Match[str]], Reply]
ROUTES: list[tuple[str, re.Pattern[str], str, Handler]] = []


def route(method: str, pattern: str, scope: str) -> Callable[[Handler], Handler]:
    """Enter a handler; `{module}` in its scope is the module of the path."""

    def enter(handler: Handler) -> Handler:
        ROUTES.append((method, re.compile(pattern), scope, handler))
        return handler

    return enter


@route("GET", r"/crm/v8/settings/modules", "ZohoCRM.settings.modules.READ")
def _modules(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    return meta.modules(zoho.store, call)


@route("GET", r"/crm/v8/settings/fields", "ZohoCRM.settings.fields.READ")
def _fields(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    if call.query.get("module") in zoho.unavailable:
        raise meta.no_module()
    return meta.fields(zoho.store, call, zoho.hidden)


@route("GET", r"/crm/v8/settings/pipeline", "ZohoCRM.settings.pipeline.READ")
def _pipeline(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    return meta.pipeline(zoho.store, call)


@route("GET", r"/crm/v8/settings/roles", "ZohoCRM.settings.roles.READ")
def _roles(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    known_only(call, ())
    return meta.plain("roles", zoho.store.roles)


@route("GET", r"/crm/v8/settings/territories", "ZohoCRM.settings.territories.READ")
def _territories(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    known_only(call, ())
    return meta.territories(zoho.store)


@route("GET", r"/crm/v8/users", "ZohoCRM.users.READ")
def _users(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    return meta.users(zoho.store, call)


@route("GET", r"/crm/v8/org", "ZohoCRM.org.READ")
def _org(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    known_only(call, ())
    return meta.plain("org", [zoho.store.org])


@route("GET", r"/crm/v8/org/currencies", "ZohoCRM.settings.currencies.READ")
def _currencies(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    known_only(call, ())
    return meta.plain("currencies", zoho.store.currencies)


@route("GET", r"/crm/v8/(?P<module>\w+)/deleted", "ZohoCRM.modules.{module}.READ")
def _deleted(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    return meta.deleted(zoho.module(at["module"]), call, zoho.deleted_at_most)


@route("GET", r"/crm/v8/(?P<module>\w+)/actions/count", "ZohoCRM.modules.{module}.READ")
def _count(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    known_only(call, ())
    return Reply(200, {"count": len(zoho.module(at["module"]).records)})


@route("GET", r"/crm/v8/(?P<module>Deals)/(?P<id>\d+)/Stage_History", "ZohoCRM.modules.{module}.READ")
def _stage_history(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    zoho.module("Deals")
    return meta.stage_history(zoho.store, at["id"], call)


@route("GET", r"/crm/v8/(?P<module>\w+)/(?P<id>\d+)", "ZohoCRM.modules.{module}.READ")
def _record(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    """One record whole, its subforms too; 204 if it is not there."""
    known_only(call, ("fields",))
    record = zoho.module(at["module"]).records.get(at["id"])
    if record is None:
        return Reply(204)
    names = [name for name in call.query.get("fields", "").split(",") if name] or list(record)
    return Reply(200, {"data": [{"id": record["id"], **{name: record.get(name) for name in names}}]})


@route("GET", r"/crm/v8/(?P<module>\w+)", "ZohoCRM.modules.{module}.READ")
def _records(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    return zoho.pages.answer(zoho.module(at["module"]), call)


@route("POST", r"/crm/v8/coql", "ZohoCRM.coql.READ")
def _coql(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    known_only(call, ())
    text = call.json().get("select_query") if call.body else None
    if not isinstance(text, str):
        raise RefusalError(400, "MANDATORY_NOT_FOUND", "required field not found", api_name="select_query")
    return coql.run(zoho.module(coql.module_of(text)), text)


@route("POST", r"/crm/bulk/v8/read", "ZohoCRM.bulk.READ")
def _bulk_create(zoho: Zoho, call: Call, _: re.Match[str]) -> Reply:
    query, file_type = zoho_bulk.asked(call)
    made = zoho.bulk.create(zoho.module(query["module"]["api_name"]), query, file_type)
    zoho.bulk.bind(made.body["data"][0]["details"]["id"], query)
    return made


@route("GET", r"/crm/bulk/v8/read/(?P<id>\d+)", "ZohoCRM.bulk.READ")
def _bulk_state(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    known_only(call, ())
    return zoho.bulk.state(at["id"])


@route("GET", r"/crm/bulk/v8/read/(?P<id>\d+)/result", "ZohoCRM.bulk.READ")
def _bulk_result(zoho: Zoho, call: Call, at: re.Match[str]) -> Reply:
    known_only(call, ())
    return zoho.bulk.result(at["id"])


def answer(zoho: Zoho, call: Call) -> Reply:
    """The answer to one call: token, route, credits, then the handler."""
    try:
        if call.path == "/oauth/v2/token":
            if call.method != "POST":
                raise RefusalError(
                    404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"
                )
            return zoho.auth.token(call)
        return _metered(zoho, call)
    except RefusalError as refusal:
        return refusal.reply


def _metered(zoho: Zoho, call: Call) -> Reply:
    handler, at, scope = _handler(call)
    zoho.auth.check(call, scope.format(**at.groupdict()))
    if zoho.credits is not None and zoho.used() >= zoho.credits:
        return fault("429")
    reply = handler(zoho, call, at)
    zoho.spent.append((zoho.clock.now(), int(reply.headers.pop("cost", "1"))))
    if zoho.credits is not None and zoho.used() * 2 >= zoho.credits:
        reply.headers["X-API-CREDITS-REMAINING"] = str(max(0, zoho.credits - zoho.used()))
    return reply


def _handler(call: Call) -> tuple[Handler, re.Match[str], str]:
    for method, pattern, scope, handler in ROUTES:
        found = pattern.fullmatch(call.path)
        if found and method == call.method:
            return handler, found, scope
    raise RefusalError(
        404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"
    )


@contextmanager
def serve(**options: Any) -> Iterator[tuple[str, Zoho]]:
    """A Zoho server until the block ends: its URL (accounts and API alike) and its control."""
    zoho = Zoho(**options)
    bound, url = listener()
    zoho.auth.api_domain = url
    machine = Machine(zoho, lambda call: answer(zoho, call), fault, zoho.store.lock)
    with running(machine, bound):
        yield url, zoho
