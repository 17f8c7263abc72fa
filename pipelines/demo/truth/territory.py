"""The truth of bridge_order_credit by territory: what a rep sold while holding the same territories."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.people import Assignment, assignments
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.credit import NOBODY, Teams
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import month_of, month_text


class Territories:
    """Which territories a rep held on a day."""

    def __init__(self) -> None:
        self.known = set(Teams().versions)
        self.held: dict[str, list[Assignment]] = defaultdict(list)
        for one in assignments():
            self.held[one.rep].append(one)

    def on(self, rep: str, number: int) -> str:
        """All of them in order; `(none)` for a rep without any, `(unknown)` for a rep whom nobody knows."""
        if rep != NOBODY and rep not in self.known:
            return UNKNOWN
        held = {
            one.territory
            for one in self.held.get(rep, ())
            if one.first <= number and (one.until is None or number < one.until)
        }
        return ";".join(sorted(held)) or NOBODY


def territory_rows(facts: Facts) -> list[dict[str, Any]]:
    """Primary credit per territories, rep and month: those of the day of the order, also for its returns and edits."""
    territories = Territories()
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for one in facts.credited:
        if one.share:
            cell = sums[territories.on(one.rep, one.ordered), one.rep, month_of(one.day)]
            cell[0] += one.gross
            cell[1] += one.net
    return [
        {
            "key": {"territory_codes": codes, "payee_code": rep, "fiscal_month": month_text(month)},
            "values": {"gross_amount_reporting": n.money(gross), "net_amount_reporting": n.money(net)},
        }
        for (codes, rep, month), (gross, net) in sorted(sums.items())
    ]
