"""GET records: field lists, pages by number and by token, If-Modified-Since, converted leads."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.machine import Call, Clock, Reply
from tests.servers.zoho_rules import (
    BY_PAGE,
    BY_TOKEN,
    FIELDS_AT_MOST,
    PER_PAGE,
    RefusalError,
    choice,
    invalid,
    known_only,
    missing,
    number,
)
from tests.servers.zoho_store import Module, Record, epoch, first_at_or_after, key_of

PARAMETERS = (
    "fields", "per_page", "page", "page_token", "sort_by", "sort_order", "ids", "cvid", "territory_id",
    "include_child", "converted", "approved",
)  # fmt: skip
SORTS = ("id", "Created_Time", "Modified_Time")
TOKEN_LIFE = 86_400


@dataclass
class Token:
    """Where a walk goes on. `bound` is everything that must stay the same until its end."""

    bound: tuple[Any, ...]
    after: tuple[float, int] | None
    served: int
    page: int
    issued: float
    before: "Token | None" = None


@dataclass
class Pages:
    """Pages of records. `inclusive`: a record modified in the very second of If-Modified-Since is returned."""

    clock: Clock
    inclusive: bool = True
    subforms: bool = False
    mismatch_status: int = 400
    views: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def answer(self, module: Module, call: Call) -> Reply:
        """One page."""
        known_only(call, PARAMETERS)
        names = wanted(module, call)
        ask = _Ask.of(module, call, self)
        token = self._token(ask, call)
        if token is None:
            rows = ask.page_by_number(number(call, "page", 1))
            served, page, before = 0, number(call, "page", 1), None
        else:
            rows = ask.after(token.after)
            served, page, before = token.served, token.page, token.before
        found = [record for record, _ in zip(rows, range(ask.per_page + 1), strict=False)]
        if not found:
            return Reply(304 if ask.since is not None else 204)
        more, shown = len(found) > ask.per_page, found[: ask.per_page]
        info: dict[str, Any] = {
            "call": False, "email": False, "per_page": ask.per_page, "count": len(shown), "page": page,
            "sort_by": ask.sort_by, "sort_order": ask.sort_order, "more_records": more,
            "next_page_token": None, "previous_page_token": None, "page_token_expiry": None,
        }  # fmt: skip
        here = Token(ask.bound, token.after if token else None, served, page, self.clock.now(), before)
        if page > 1:
            info["previous_page_token"] = self._issue(before or Token(ask.bound, None, 0, 1, here.issued))
        if more:
            last = ask.key(shown[-1])
            so_far = served + len(shown) if token else page * ask.per_page
            info["next_page_token"] = self._issue(Token(ask.bound, last, so_far, page + 1, here.issued, here))
            info["page_token_expiry"] = _expiry(here.issued)
        return Reply(200, {"data": [project(one, names, self.subforms) for one in shown], "info": info})

    def _issue(self, token: Token) -> str:
        name = f"{len(self.tokens) + 1:06d}c3a5token"
        self.tokens[name] = token
        return name

    def _token(self, ask: "_Ask", call: Call) -> Token | None:
        """The token of the call, checked as Zoho checks it; None for a call by page number."""
        given = call.query.get("page_token")
        if given is None:
            if number(call, "page", 1) * ask.per_page > BY_PAGE:
                raise RefusalError(
                    400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                    "the maximum number of records that can be fetched by page is exceeded", limit=BY_PAGE,
                )  # fmt: skip
            return None
        if "page" in call.query:
            raise RefusalError(
                400, "AMBIGUITY_DURING_PROCESSING", "page and page_token", param_names=["page", "page_token"]
            )
        token = self.tokens.get(given)
        if token is None:
            raise invalid("page_token")
        if token.issued + TOKEN_LIFE <= self.clock.now():
            raise RefusalError(400, "EXPIRED_VALUE", "the page token has expired", param_name="page_token")
        if token.bound != ask.bound:
            raise RefusalError(
                self.mismatch_status, "TOKEN_BOUND_DATA_MISMATCH",
                "the parameters or headers differ from those of the first call", param_name="page_token",
            )  # fmt: skip
        if token.served + ask.per_page > BY_TOKEN:
            raise RefusalError(
                400, "PAGINATION_LIMIT_EXCEEDED", "too many records by page token", limit=BY_TOKEN
            )
        return token


def _expiry(issued: float) -> str:
    return datetime.fromtimestamp(int(issued + TOKEN_LIFE), UTC).isoformat()


def wanted(module: Module, call: Call) -> list[str]:
    """The asked fields, checked: at least one, fifty at most, all of them the module's own."""
    names = [name for name in call.query.get("fields", "").split(",") if name]
    if not names:
        raise missing("fields")
    if len(names) > FIELDS_AT_MOST:
        raise RefusalError(
            400, "LIMIT_EXCEEDED", "more than 50 fields", param_name="fields", limit=FIELDS_AT_MOST
        )
    for name in names:
        if name not in module.fields:
            raise invalid("fields")
    return names


def project(record: Record, names: list[str], subforms: bool) -> Record:
    """What is returned of a record: absent values as null, and keys that nobody asked for."""
    shown = {name: record.get(name) for name in names}
    if not subforms:
        shown = {name: value for name, value in shown.items() if not name.endswith("_Items")}
    shown["id"] = record["id"]
    shown["$approval"] = {"delegate": False, "approve": False, "reject": False, "resubmit": False}
    shown["$locked_for_me"] = False
    return shown


@dataclass
class _Ask:
    """One walk over a module as its parameters describe it."""

    module: Module
    per_page: int
    sort_by: str
    sort_order: str
    since: float | None
    inclusive: bool
    converted: str
    ids: set[str] | None
    view: Any
    bound: tuple[Any, ...]

    @classmethod
    def of(cls, module: Module, call: Call, pages: Pages) -> "_Ask":
        if "cvid" in call.query and "sort_by" in call.query:
            raise RefusalError(
                400, "AMBIGUITY_DURING_PROCESSING", "cvid and sort_by", param_names=["cvid", "sort_by"]
            )
        if "cvid" in call.query and call.query["cvid"] not in pages.views:
            raise invalid("cvid")
        if "converted" in call.query and module.api_name != "Leads":
            raise invalid("converted")
        sort_by = choice(call, "sort_by", SORTS, "id")
        if sort_by not in module.fields:
            raise invalid("sort_by")
        given = call.headers.get("if-modified-since")
        kept = {name: value for name, value in call.query.items() if name not in ("page", "page_token")}
        return cls(
            module=module,
            per_page=number(call, "per_page", PER_PAGE, PER_PAGE),
            sort_by=sort_by,
            sort_order=choice(call, "sort_order", ("asc", "desc"), "desc"),
            since=None if given is None else since_of(given),
            inclusive=pages.inclusive,
            converted=choice(call, "converted", ("true", "false", "both"), "false")
            if module.api_name == "Leads"
            else "both",
            ids=set(call.query["ids"].split(",")) if "ids" in call.query else None,
            view=pages.views.get(call.query.get("cvid", "")),
            bound=(module.api_name, tuple(sorted(kept.items())), given),
        )

    def key(self, record: Record) -> tuple[float, int]:
        return key_of(record, self.sort_by)

    def page_by_number(self, page: int) -> Iterator[Record]:
        rows = self.after(None)
        for _ in range((page - 1) * self.per_page):
            next(rows, None)
        return rows

    def after(self, last: tuple[float, int] | None) -> Iterator[Record]:
        """The matching records behind a key, in the order of the walk, as they are now."""
        order = self.module.order(self.sort_by)
        if self.sort_order == "asc":
            start = first_at_or_after(order, self.since) if self._sorted_by_change() else 0
            at = start if last is None else max(start, _behind(order, last))
            keys: Any = (order[index] for index in range(at, len(order)))
        else:
            at = len(order) if last is None else _before(order, last)
            keys = (order[index] for index in range(at - 1, -1, -1))
        records = self.module.records
        return (records[str(number_)] for _, number_ in keys if self._takes(records[str(number_)]))

    def _sorted_by_change(self) -> bool:
        return self.since is not None and self.sort_by == "Modified_Time"

    def _takes(self, record: Record) -> bool:
        if self.since is not None and self.module.timed:
            at = epoch(record["Modified_Time"])
            if at < self.since or (at == self.since and not self.inclusive):
                return False
        if self.converted in ("true", "false") and bool(record.get("Converted__s")) != (
            self.converted == "true"
        ):
            return False
        if self.ids is not None and record["id"] not in self.ids:
            return False
        return self.view is None or bool(self.view(record))


def _behind(order: list[tuple[float, int]], last: tuple[float, int]) -> int:
    return bisect_right(order, last)


def _before(order: list[tuple[float, int]], last: tuple[float, int]) -> int:
    return bisect_left(order, last)


def since_of(text: str) -> float:
    """The time of an If-Modified-Since header: ISO 8601 with an offset."""
    try:
        return epoch(text)
    except ValueError:
        raise invalid("If-Modified-Since") from None
