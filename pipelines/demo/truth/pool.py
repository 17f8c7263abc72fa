"""Whose each customer is at the end of a month, when it falls back to the pool, and what to do next."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.truth import deals as rules
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.customer import History
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.lifecycle import Worth, lifecycle_values, ordered, year_later
from pipelines.demo.truth.rep_accounts import owner_on, owners_of
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import FIRST, date_of, last_day
from pipelines.demo.truth.touches import Contacts

RECLAIM_DAYS, DUE_DAYS = 90, 14
KEY_SILENT_DAYS = 30
LOST_DAYS, SECOND_DAYS = 180, 60
Case = tuple[int, int | None, int | None, int | None]  # opened, due, answered, closed


def _day(moment: int | None) -> int | None:
    return None if moment is None else rules.business_day(moment)


class Holders:
    """Owners, what they did with their customers, cases, and what the accounts say of themselves."""

    def __init__(self, facts: Facts, contacts: Contacts) -> None:
        self.owners, self.teams = owners_of(facts), Teams()
        self.contacts, self.customers = contacts, facts.customers
        self.sold: dict[tuple[str, str], list[int]] = defaultdict(list)
        for order in facts.sales.orders:
            if order.is_counted and order.owner is not None:
                self.sold[order.customer, order.owner].append(order.business)
        self.cases: dict[str, list[Case]] = defaultdict(list)
        for account, *moments in facts.world.crm.cases.select(
            "account", "opened", "due", "replied", "closed"
        ).iter_rows():
            opened, due, replied, closed = (_day(one) for one in moments)
            assert opened is not None
            self.cases[facts.sales.master_of[account]].append((opened, due, replied, closed))
        self.is_key = dict(facts.world.buyers.select("id", "is_key").iter_rows())

    def owner(self, name: str, end: int) -> tuple[str, int] | None:
        """The owner of a day and since when."""
        held = owner_on(self.owners[name], end)
        return None if held is None else (held.rep, held.first)

    def reclaim(self, name: str, end: int) -> int | None:
        """The day on which the customer falls back: so long after the owner last met it, or took it over."""
        held = self.owner(name, end)
        if held is None:
            return None
        rep, since = held
        days = [*self.contacts.met[name].get(rep, []), *self.sold.get((name, rep), [])]
        return max([since, *(on for on in days if on <= end)]) + RECLAIM_DAYS

    def overdue(self, name: str, end: int) -> int:
        """Cases open and unanswered at the end of a day whose reply was due by then."""
        return sum(
            opened <= end
            and due is not None
            and due <= end
            and (replied is None or replied > end)
            and (closed is None or closed > end)
            for opened, due, replied, closed in self.cases[name]
        )


def _text(number: int) -> str:
    return date_of(number).isoformat()


def _next(held: Holders, name: str, month: int, values: dict[str, Any]) -> tuple[str, str | None]:
    """The first thing that is called for, and why."""
    end, own = last_day(month), held.customers[name]
    overdue, age, state = held.overdue(name, end), values["touch_age_days"], values["churn_state"]
    if overdue:
        return "answer_case", f"open cases past their reply time: {overdue}"
    if held.is_key[name] and age > KEY_SILENT_DAYS:
        return "touch_key_account", f"days since the last two-way touch: {age}"
    if values["pool_state"] == "reclaim_due":
        return "reclaim_due", f"goes to the pool on {values['reclaim_date']}"
    return _selling(own, month, state)


def _selling(own: History, month: int, state: str) -> tuple[str, str | None]:
    days, end = ordered(own, month), last_day(month)
    if state == "at_risk" or (state == "churned" and year_later(days[-1]) > end - LOST_DAYS):
        return "win_back", f"{state}, last order on {_text(days[-1])}"
    if state == "new" and own.total("orders", FIRST, month) == 1 and end - days[0] > SECOND_DAYS:
        return "second_order", f"one order, on {_text(days[0])}"
    return "none", None


def _state(reclaim: int | None, end: int) -> str:
    """Whose it is at the end of a day: nobody's from the day on which it falls back."""
    if reclaim is None or reclaim <= end:
        return "pool"
    return "reclaim_due" if reclaim <= end + DUE_DAYS else "owned"


def _held(held: Holders, name: str, month: int) -> dict[str, Any]:
    end = last_day(month)
    owner, reclaim = held.owner(name, end), held.reclaim(name, end)
    return {
        "is_key_account": held.is_key[name],
        "owner_rep_code": None if owner is None else owner[0],
        "owner_team_code": None if owner is None else held.teams.on(owner[0], end),
        "owner_since_date": None if owner is None else _text(owner[1]),
        "reclaim_date": None if reclaim is None else _text(reclaim),
        "pool_state": _state(reclaim, end),
    }


def add_states(facts: Facts, contacts: Contacts, rows: list[dict[str, Any]]) -> None:
    """The columns of state, value, owner, pool and next action, put into rows of mart_customer_360."""
    held = Holders(facts, contacts)
    worths: dict[int, Worth] = {}
    for row in rows:
        name, text = row["key"]["master_customer_code"], row["key"]["fiscal_month"]
        month = int(text[:4]) * 12 + int(text[5:]) - 1
        worth = worths.get(month) or worths.setdefault(month, Worth(facts, month))
        values, segment = row["values"], facts.sales.segment_of.get(name, (None,))[0]
        values |= lifecycle_values(name, facts.customers[name], month, worth.of(segment))
        if name == UNKNOWN:
            nothing = ("pool_state", "reclaim_date", "owner_rep_code", "next_action_reason")
            values |= {**dict.fromkeys(nothing), "next_action_code": "none"}
        elif name in contacts.born:
            values |= _held(held, name, month)
            code, reason = _next(held, name, month, values)
            values |= {"next_action_code": code, "next_action_reason": reason, "segment_code": segment}
