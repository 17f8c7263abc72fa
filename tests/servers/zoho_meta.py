"""Zoho's metadata and what else is no record: modules, fields, pipelines, users, roles, territories, org, deletes."""

from collections.abc import Callable
from typing import Any

from tests.servers.machine import Call, Reply
from tests.servers.zoho_pages import since_of
from tests.servers.zoho_rules import PER_PAGE, RefusalError, choice, known_only, missing, number
from tests.servers.zoho_store import Module, Record, Store, epoch

USER_TYPES: dict[str, Callable[[Record], bool]] = {
    "AllUsers": lambda user: user["status"] != "deleted",
    "ActiveUsers": lambda user: user["status"] == "active",
    "DeactiveUsers": lambda user: user["status"] == "disabled",
    "ConfirmedUsers": lambda user: bool(user.get("confirm")),
    "NotConfirmedUsers": lambda user: not user.get("confirm"),
    "DeletedUsers": lambda user: user["status"] == "deleted",
    "AdminUsers": lambda user: user.get("profile", {}).get("name") == "Administrator",
    "ActiveConfirmedUsers": lambda user: user["status"] == "active" and bool(user.get("confirm")),
    "CurrentUser": lambda user: user.get("profile", {}).get("name") == "Administrator",
}


def modules(store: Store, call: Call) -> Reply:
    known_only(call, ("status",))
    shown = [_module(module, number_) for number_, module in enumerate(store.modules.values())]
    return Reply(200, {"modules": shown})


def _module(module: Module, number_: int) -> Record:
    return {
        "api_name": module.api_name, "module_name": module.api_name, "plural_label": module.api_name.replace("_", " "),
        "singular_label": module.api_name, "generated_type": module.kind, "api_supported": module.kind != "unsupported",
        "id": str(5_725_767_000_000_002_000 + number_), "visibility": 1, "modified_time": None,
    }  # fmt: skip


def fields(store: Store, call: Call, hidden: set[str]) -> Reply:
    """204 for a module that the user may not see."""
    known_only(call, ("module", "type", "include"))
    choice(call, "type", ("all", "used", "unused"), "all")
    if "module" not in call.query:
        raise missing("module")
    module = store.modules.get(call.query["module"])
    if module is None:
        raise no_module()
    if module.api_name in hidden:
        return Reply(204)
    return Reply(200, {"fields": list(module.fields.values())})


def no_module() -> RefusalError:
    return RefusalError(400, "INVALID_MODULE", "the module name given seems to be invalid")


def pipeline(store: Store, call: Call) -> Reply:
    known_only(call, ("layout_id",))
    if "layout_id" not in call.query:
        raise missing("layout_id")
    found = store.pipelines.get(call.query["layout_id"])
    return Reply(200, {"pipeline": found}) if found else Reply(204)


def users(store: Store, call: Call) -> Reply:
    known_only(call, ("type", "page", "per_page", "ids"))
    takes = USER_TYPES[choice(call, "type", USER_TYPES, "AllUsers")]
    found = [user for user in store.users if takes(user)]
    return _listed(call, "users", found, "Modified_Time")


def deleted(module: Module, call: Call, at_most: int | None) -> Reply:
    """Deleted records by page; `at_most` is the last row that can be reached, if there is such a limit."""
    known_only(call, ("type", "page", "per_page"))
    kind = choice(call, "type", ("all", "recycle", "permanent"), "all")
    page, per_page = number(call, "page", 1), number(call, "per_page", PER_PAGE, PER_PAGE)
    if at_most is not None and page * per_page > at_most:
        raise RefusalError(
            400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "too many records by page", limit=at_most
        )
    found = [one for one in module.deleted if kind in ("all", one["type"])]
    return _listed(call, "data", found, "deleted_time")


def _listed(call: Call, name: str, found: list[Record], time: str) -> Reply:
    page, per_page = number(call, "page", 1), number(call, "per_page", PER_PAGE, PER_PAGE)
    since = call.headers.get("if-modified-since")
    if since is not None:
        found = [one for one in found if one.get(time) and epoch(one[time]) >= since_of(since)]
    shown = found[(page - 1) * per_page : page * per_page]
    if not shown:
        return Reply(304 if since is not None else 204)
    more = len(found) > page * per_page
    info = {"per_page": per_page, "count": len(shown), "page": page, "more_records": more}
    return Reply(200, {name: shown, "info": info})


def plain(name: str, rows: Any) -> Reply:
    return Reply(200, {name: rows}) if rows else Reply(204)


def territories(store: Store) -> Reply:
    if store.territories is None:
        raise RefusalError(403, "FEATURE_NOT_ENABLED", "territory management is not enabled")
    return plain("territories", store.territories)


def stage_history(store: Store, deal: str, call: Call) -> Reply:
    """The stages of one deal, the latest first."""
    known_only(call, ("fields", "page", "per_page", "page_token"))
    if not call.query.get("fields"):
        raise missing("fields")
    if deal not in store.modules["Deals"].records:
        raise RefusalError(400, "INVALID_DATA", "the id given seems to be invalid")
    names = call.query["fields"].split(",")
    rows = store.modules["DealHistory"].records.values()
    own = [row for row in rows if (row.get("Potential_Name") or {}).get("id") == deal]
    own.sort(key=lambda row: epoch(row["Modified_Time"]), reverse=True)
    shown = [{"id": row["id"], **{name: row.get(name) for name in names}} for row in own]
    return _listed(call, "data", shown, "Modified_Time")
