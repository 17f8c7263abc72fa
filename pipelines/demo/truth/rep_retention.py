"""K22 and K24 of the customers whom a rep owned twelve months before."""

from __future__ import annotations

from collections import defaultdict

from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.customer import retention
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.rep_accounts import owner_on, owners_of
from pipelines.demo.truth.times import FIRST, LAST, last_day

Parts = tuple[int | None, int | None]
NOTHING_KEPT: tuple[Parts, Parts] = ((None, None), (None, None))
MATURE = 23  # months of data before the one in which two whole years are known


def kept_customers(facts: Facts) -> dict[tuple[str, str, int], tuple[Parts, Parts]]:
    """By rep, the rep's team at the end of the month, and month: customers kept, and their revenue."""
    teams, owners = Teams(), owners_of(facts)
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for month in range(FIRST + MATURE, LAST + 1):
        for customer, own in facts.customers.items():
            owner = owner_on(owners.get(customer, []), last_day(month - 12))
            if own.since > month - 12 or owner is None:
                continue
            held = retention(own, month)
            key = (owner.rep, teams.on(owner.rep, last_day(month)), month)
            names = ("logo_numerator", "logo_denominator", "net_numerator", "net_denominator")
            for at, name in enumerate(names):
                sums[key][at] += held[name] or 0
    return {key: ((one[0], one[1]), (one[2], one[3])) for key, one in sums.items()}
