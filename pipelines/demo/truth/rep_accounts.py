"""Key accounts that each rep holds at the end of a month, and those with a two-way touch in it (K57)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import LAST, last_day, month_of
from pipelines.demo.truth.touches import Contacts

NAME = "key_account_coverage"
FOREVER = 10**9
NONE_HELD = parts(NAME, 0, 0)


class Hold(NamedTuple):
    """One owner of one record of a customer, from its first day to the day before `until`."""

    is_merged: bool
    account: str
    rep: str
    first: int
    until: int


def owners_of(facts: Facts) -> dict[str, list[Hold]]:
    """The owners of all records of each customer: of its own and of those merged into it."""
    found: dict[str, list[Hold]] = defaultdict(list)
    holds = facts.world.crm.holds.select("account", "role", "rep", "first", "until")
    for account, role, rep, first, until in holds.iter_rows():
        if role == "owner":
            master, last = facts.sales.master_of[account], FOREVER if until is None else until
            found[master].append(Hold(account != master, account, rep, first, last))
    return found


def owner_on(holds: list[Hold], number: int) -> Hold | None:
    """Whose the customer is on a day: its own record's owner, else who took over a merged record last."""
    standing = [one for one in holds if one.first <= number < one.until]
    return min(standing, key=lambda one: (one.is_merged, -one.first, one.account), default=None)


def coverage_values(facts: Facts, contacts: Contacts) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, the rep's team at the end of the month, and month: both parts of K57.

    A customer counts from the month in which it is created or first orders on, as in mart_customer_360.
    """
    teams, held = Teams(), owners_of(facts)
    months = {account: {month_of(on) for on in days} for account, days in contacts.answered.items()}
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    keys = [account for account, is_key in facts.world.buyers.select("id", "is_key").iter_rows() if is_key]
    for account in (one for one in keys if one in held):
        for month in range(facts.customers[account].since, LAST + 1):
            owner = owner_on(held[account], last_day(month))
            if owner is not None:
                one = sums[owner.rep, teams.on(owner.rep, last_day(month)), month]
                one[0] += month in months.get(account, ())
                one[1] += 1
    return {key: parts(NAME, met * n.UNIT, all_ * n.UNIT) for key, (met, all_) in sums.items()}
