"""The truth of mart_incentive_integrity, but for what the ledger of variable pay says (rule R06 recomputes that)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.demo.calendar import AS_OF, holidays
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Credit
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.pipeline import Board
from pipelines.demo.truth.quarters import quarter_of
from pipelines.demo.truth.times import FIRST, LAST, close_day, date_of, first_day
from pipelines.demo.truth.touches import WEEK, minute_of, replies_of

FEW = 5
LAST_DAYS = 10
Key = tuple[str, int]  # rep, first day of the quarter
Sums = dict[Key, dict[str, int]]


def quarter_text(number: int) -> str:
    """The quarter of a day, as 2024-Q3."""
    on = date_of(number)
    return f"{on.year}-Q{(on.month + 2) // 3}"


def period_end(first: int, last: int) -> int:
    """The first of the last tenth, rounded up, of a quarter's workdays."""
    told = {number: works for number, works, _ in holidays()}
    workdays = [number for number in range(first, last + 1) if told.get(number, (number + 3) % 7 < 5)]
    return workdays[-((len(workdays) + 9) // 10)]


def _credits(facts: Facts) -> list[Credit]:
    """Credits of orders that were not cancelled before their month was closed: those leave nothing."""
    gone = {order.id for order in facts.sales.orders if order.is_cancelled}
    return [one for one in facts.credited if one.order not in gone]


def _pressed(sums: Sums, credited: list[Credit]) -> None:
    """Revenue, discount and orders, of orders of the period end and of the days before it."""
    standing: dict[tuple[Key, str, str], int] = defaultdict(int)
    for one in credited:
        first, last = quarter_of(one.day)
        key, start = (one.rep, first), period_end(first, last)
        own = sums[key]
        own["net"] += one.net
        if not first <= one.ordered <= last:
            continue
        side = "late" if one.ordered >= start else "early"
        own[f"{side}_net"] += one.net
        if one.is_return:
            own[f"{side}_returned"] -= one.net
            continue
        standing[key, side, one.order] += -one.share if one.is_reversal else one.share
        if not one.is_free:
            own[f"{side}_gross"] += one.gross
            own[f"{side}_discount"] += one.gross - one.net
    for (key, side, _), share in standing.items():
        sums[key][f"{side}_orders"] += share > 0


def _resplit(sums: Sums, credited: list[Credit]) -> None:
    """Edits after the close of the order's month, by the day of the edit."""
    moved: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for one in credited:
        if one.edited is not None and one.edited > close_day(one.ordered):
            change = moved[one.rep, one.order, one.edited]
            change[0] += one.share if not (one.is_return or one.is_reversal) else 0
            change[1] += one.net
    for (rep, _, edited), (share, net) in moved.items():
        own = sums[rep, quarter_of(edited)[0]]
        own["edits"] += share != 0
        own["gained"] += max(net, 0)
        own["lost"] += max(-net, 0)


def _slipped(sums: Sums, board: Board) -> None:
    """Deals open on a quarter's last day, and those that were to be closed in it until its last days."""
    for month in range(FIRST, LAST + 1):
        _, last = quarter_of(first_day(month))
        if month % 3 != 2 or last > AS_OF:
            continue
        for track in board.tracks:
            if track.created > last or not track.is_open(last):
                continue
            expected, own = (
                track.fields["expected"],
                sums[track.fields["owner"].on(last), quarter_of(last)[0]],
            )
            own["open"] += 1
            days = range(last - LAST_DAYS, last)
            was_due = any(track.is_open(on) and expected.on(on) <= last for on in days)
            if expected.on(last) > last and was_due:
                own["pushed"] += 1
                own["pushed_amount"] += track.amount(last, board.facts.rates) or 0


def _claimed(sums: Sums, facts: Facts) -> None:
    """Outbound touches that a person entered, and those of them that nobody met, took or answered."""
    replies = replies_of(facts)
    columns = ("id", "system", "at", "kind", "direction", "connected", "maker", "rep")
    for frame in (facts.world.activities, facts.world.crm.talks):
        for row in frame.select(columns).iter_rows(named=True):
            met = row["kind"] in ("meeting", "visit")
            is_ours = row["direction"] == "outbound" or (
                met and row["system"] == "zoho"
            )  # has no direction there
            if row["maker"] != "person" or not is_ours:
                continue
            at = minute_of(row["system"], row["at"])
            held = met or (row["kind"] == "call" and bool(row["connected"]))
            own = sums[row["rep"], quarter_of(business_day(at))[0]]
            own["claimed"] += 1
            own["unanswered"] += not held and not any(
                at <= on <= at + WEEK for on in replies.get(row["id"], [])
            )


def _of_period_end(own: dict[str, int], is_over: bool) -> dict[str, Any]:
    """Revenue and discount; of a running quarter the orders alone."""
    late, early = own["late_orders"], own["early_orders"]
    names = (
        "late_net",
        "net",
        "late_discount",
        "late_gross",
        "early_discount",
        "early_gross",
        "late_returned",
    )
    known = {name: own[name] if is_over else None for name in names}
    revenue = parts("period_end_revenue", known["late_net"], known["net"])
    there = parts("period_end_discount", known["late_discount"], known["late_gross"])
    before = parts("earlier_discount", known["early_discount"], known["early_gross"])
    rates = [n.quotient(own[f"{side}_discount"], own[f"{side}_gross"]) for side in ("late", "early")]
    rise = None if None in rates or not is_over else (rates[0] or 0) - (rates[1] or 0)
    return {
        "order_count": late + early,
        "period_end_order_count": late,
        **revenue,
        "period_end_return_amount": n.money(known["late_returned"]),
        **there,
        **before,
        "discount_rate_difference": n.ratio(rise),
        "revenue_status": _status(is_over, late + early),
        "discount_status": _status(is_over, min(late, early)),
    }


def _status(is_over: bool, members: int) -> str:
    return "immature" if not is_over else "low_n" if members < FEW else "ok"


def _values(own: dict[str, int], first: int) -> dict[str, Any]:
    _, last = quarter_of(first)
    is_over, is_answered = last <= AS_OF, last + 7 <= AS_OF
    touches = (own["unanswered"] * n.UNIT, own["claimed"] * n.UNIT) if is_answered else (None, None)
    return {
        "quarter_end_date": date_of(last).isoformat(),
        "period_end_start_date": date_of(period_end(first, last)).isoformat(),
        "is_quarter_over": is_over,
        **_of_period_end(own, is_over),
        "open_deal_count": own["open"] if is_over else None,
        "unknown_deal_count": 0 if is_over else None,
        "pushed_deal_count": own["pushed"] if is_over else None,
        "pushed_deal_amount": n.money(own["pushed_amount"]) if is_over else None,
        "split_change_count": own["edits"],
        "split_gained_amount": n.money(own["gained"]),
        "split_lost_amount": n.money(own["lost"]),
        **parts("unanswered_activity", *touches),
        "deal_status": "ok" if is_over else "immature",
        "split_status": "ok",
        "activity_status": _status(is_answered, own["claimed"]),
    }


def integrity_rows(facts: Facts, board: Board) -> list[dict[str, Any]]:
    """All rows, by rep and quarter."""
    sums: Sums = defaultdict(lambda: defaultdict(int))
    credited = _credits(facts)
    _pressed(sums, credited)
    _resplit(sums, credited)
    _slipped(sums, board)
    _claimed(sums, facts)
    return [
        {
            "key": {"rep_code": rep, "fiscal_quarter": quarter_text(first)},
            "values": _values(sums[rep, first], first),
        }
        for rep, first in sorted(sums)
    ]
