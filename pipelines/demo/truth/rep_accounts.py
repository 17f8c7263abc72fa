"""Key accounts that each rep holds at the end of a month, and those with a two-way touch in it (K57)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import FIRST, LAST, last_day, month_of
from pipelines.demo.truth.touches import Contacts

NAME = "key_account_coverage"
FOREVER = 10**9
NONE_HELD = parts(NAME, 0, 0)


def owners_of(facts: Facts) -> dict[str, list[tuple[str, int, int]]]:
    """(rep, first day, day after the last) of the owners of each customer: of its own account, not of merged ones."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    holds = facts.world.crm.holds.select("account", "role", "rep", "first", "until")
    for account, role, rep, first, until in holds.iter_rows():
        if role == "owner" and facts.sales.master_of[account] == account:
            found[account].append((rep, first, FOREVER if until is None else until))
    return found


def coverage_values(facts: Facts, contacts: Contacts) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, the rep's team at the end of the month, and month: both parts of K57."""
    teams, held = Teams(), owners_of(facts)
    months = {account: {month_of(on) for on in days} for account, days in contacts.answered.items()}
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for account, is_key in facts.world.buyers.select("id", "is_key").iter_rows():
        for rep, first, until in held.get(account, []) if is_key else []:
            for month in range(max(FIRST, month_of(first)), LAST + 1):
                if first <= last_day(month) < until:
                    one = sums[rep, teams.on(rep, last_day(month)), month]
                    one[0] += month in months.get(account, ())
                    one[1] += 1
    return {key: parts(NAME, met * n.UNIT, all_ * n.UNIT) for key, (met, all_) in sums.items()}
