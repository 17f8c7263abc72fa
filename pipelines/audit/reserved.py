"""What is held of an accrual and let go, worked again for one reserve or release: docs block incentive_ledger, 5 and 6.

Whatever it needs is in the release: the rows of the accrual, the plan version, the lines, returns, invoices and
payments of the order. A row that a later release posted is judged together with the others of its accrual: its own
natural day is not in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pipelines.audit.question import Step, number
from pipelines.reader import ask

if TYPE_CHECKING:
    import duckdb

NOTHING = Decimal(0)
UNIT = Decimal("0.0001")
HELD = ("reserve", "release")
WORTH = """
select line_id, greatest(0, sum(net_amount)) as worth from (
    select line_id, business_date, net_amount from fct_order_line
    where source_system = $source_system and order_id = $order_id
    union all
    select order_line_id, business_date, -net_amount from fct_return_line
    where source_system = $source_system and order_id = $order_id and is_original_known
) as entries where business_date <= $day group by line_id order by line_id
"""
RECEIVED = {
    "payment": """
select p.payment_id as id, p.business_date, p.amount from fct_payment as p
left join fct_invoice as i on p.source_system = i.source_system and p.invoice_id = i.invoice_id
where p.source_system = $source_system and coalesce(p.order_id, i.order_id) = $order_id and p.business_date <= $day
order by p.business_date, p.payment_id
""",
    "invoice": """
select invoice_id as id, business_date, amount from fct_invoice
where source_system = $source_system and order_id = $order_id and business_date <= $day
order by business_date, invoice_id
""",
}
SAID = {"payment": ("paid", "已回款"), "invoice": ("invoiced", "已开票")}


@dataclass(frozen=True)
class Released:
    """What of an order has been paid or invoiced up to a day, and what of it falls to one of its lines."""

    received: Decimal
    order_worth: Decimal
    worth: Decimal
    of_line: Decimal
    on_day: str


@dataclass(frozen=True)
class Holding:
    """One row of the ledger with the rows of its accrual, its plan version and what of its line has been released."""

    row: dict[str, Any]
    family: list[dict[str, Any]]
    plan: dict[str, Any]
    digits: int
    released: Released | None

    def paid(self, amount: Decimal) -> Decimal:
        """Rounded half away from zero to the minor unit of the pay."""
        return amount.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)

    @property
    def day(self) -> date:
        """The day at whose end the held amount is computed."""
        found: date = self.row["posting_date"]
        return found


def allocated(amount: Decimal, worths: dict[str, Decimal]) -> dict[str, Decimal]:
    """The amount over the lines by their worth: units of 0.0001, by largest remainder, ties to the lower line."""
    total = int(sum(worths.values(), NOTHING) / UNIT)
    units = {line: int(worth / UNIT) * int(amount / UNIT) for line, worth in worths.items()}
    given = {line: divmod(one, total) if total else (0, 0) for line, one in units.items()}
    missing = int(amount / UNIT) - sum(floor for floor, _ in given.values()) if total else 0
    first = sorted(given, key=lambda line: (-given[line][1], line))[:missing]
    return {line: (floor + (line in first)) * UNIT for line, (floor, _) in given.items()}


def released(
    connection: duckdb.DuckDBPyConnection, row: dict[str, Any], plan: dict[str, Any]
) -> Released | None:
    """What is released of the row's line on its posting date; None where the plan waits for no payment or invoice."""
    due_on = plan.get("due_on")
    if due_on not in RECEIVED or plan["base"] == "cash":
        return None
    order = {"source_system": row["source_system"], "order_id": row["order_id"], "day": row["posting_date"]}
    worths: dict[str, Decimal] = {str(line): worth for line, worth in ask(connection, WORTH, order).rows}
    rows = ask(connection, RECEIVED[due_on], order).records()
    order_worth = sum(worths.values(), NOTHING)
    received = max(NOTHING, min(order_worth, sum((one["amount"] for one in rows), NOTHING)))
    line = str(row["line_id"])
    today = [
        f"{one['id']} {number(one['amount'])}" for one in rows if one["business_date"] == row["posting_date"]
    ]
    return Released(
        received,
        order_worth,
        worths.get(line, NOTHING),
        allocated(received, worths).get(line, NOTHING),
        ", ".join(today),
    )


def _position(one: Holding) -> tuple[Decimal, Step]:
    """Accrued, adjusted and clawed back up to the end of the day."""
    parts = []
    for kind, column in (("accrual", "earn_date"), ("adjustment", "posting_date"), ("clawback", "earn_date")):
        of_kind = [it for it in one.family if it["accrual_type"] == kind and it[column] <= one.day]
        parts.append(sum((it["amount"] for it in of_kind), NOTHING))
    total = sum(parts, NOTHING)
    accrued, adjusted, back = (number(part) for part in (parts[0], parts[1], -parts[2]))
    return total, Step(
        f"position on {one.day}: {accrued} accrued + {adjusted} adjusted - {back} clawed back = {number(total)}",
        f"{one.day} 的余额:计提 {accrued} + 调整 {adjusted} - 追回 {back} = {number(total)}",
    )


def _holdback(one: Holding, position: Decimal) -> tuple[Decimal, Decimal, Step]:
    """What the holdback is as if never let go, what is held of it on the day, and how."""
    share = one.plan.get("holdback_share") or NOTHING
    whole = one.paid(position * share)
    origin = next(it for it in one.family if it["accrual_type"] == "accrual")
    free: date = origin["earn_date"] + timedelta(days=int(one.plan.get("holdback_days") or 0))
    if one.day >= free:
        return whole, NOTHING, Step(f"holdback: free since {free}, 0.00", f"暂扣:自 {free} 起释放,0.00")
    text = f"{number(position)} x {number(share)} = {number(position * share)}"
    return (
        whole,
        whole,
        Step(
            f"holdback until {free}: {text}, rounded to {one.digits} decimals = {number(whole)}",
            f"暂扣至 {free}:{text.replace('x', '×')},四舍五入到 {one.digits} 位小数 = {number(whole)}",
        ),
    )


def _due(one: Holding, rest: Decimal) -> tuple[Decimal, list[Step]]:
    """What waits for the order's money: the released share of the line, and what is held of the rest."""
    found = one.released
    if found is None:
        return NOTHING, []
    en, zh = SAID[one.plan["due_on"]]
    today_en = f" (on that day {found.on_day})" if found.on_day else ""
    today_zh = f"(当日 {found.on_day})" if found.on_day else ""
    received, order, worth, line = (
        number(it) for it in (found.received, found.order_worth, found.worth, found.of_line)
    )
    share = one.plan.get("reserve_share")
    share = Decimal(1) if share is None else share
    exact = rest * share * (found.worth - found.of_line) / found.worth if found.worth else NOTHING
    held = one.paid(exact)
    text = f"{number(rest)} x {number(share)} x (1 - {line} / {worth}) = {number(exact.quantize(Decimal('0.000001')))}"
    return held, [
        Step(
            f"{en} of the order up to {one.day}{today_en}: {received} of {order}; the line's share by largest "
            f"remainder, {received} x {worth} / {order} = {line}",
            f"截至 {one.day} 该订单{zh}{today_zh} {received},订单总额 {order};按最大余额法分到该行 "
            f"{received} × {worth} / {order} = {line}",
        ),
        Step(
            f"held until {en}: {text}, rounded to {one.digits} decimals = {number(held)}",
            f"待{zh[1:]}暂留:{text.replace(' x ', ' × ')},四舍五入到 {one.digits} 位小数 = {number(held)}",
        ),
    ]


def steps(one: Holding) -> list[Step]:
    """Position, what is held of it at the end of the day, and the row as what was held before less what is held now."""
    if not any(it["accrual_type"] == "accrual" for it in one.family):
        return [Step("its accrual is not in this ledger", "台账中没有其所属计提", False)]
    position, told = _position(one)
    whole, holdback, of_holdback = _holdback(one, position)
    due, of_due = _due(one, position - whole)
    cause = one.row["cause_code"]
    if cause == "holdback":
        return [told, of_holdback, _change(one, holdback)]
    if cause == "due":
        return [told, *([of_holdback] if whole else []), *of_due, _change(one, due)]
    return [told, *([of_holdback] if whole else []), *of_due, _sum(one, holdback + due)]


def _change(one: Holding, now: Decimal) -> Step:
    """A row on its natural day: held before less held now, of its own hold."""
    same = [
        it for it in one.family if it["accrual_type"] in HELD and it["cause_code"] == one.row["cause_code"]
    ]
    before = -sum((it["amount"] for it in same if it["posting_date"] < one.day), NOTHING)
    is_mended = any(it["posted_as_of"] != one.row["posted_as_of"] for it in one.family)
    agrees = before - now == one.row["amount"]
    text = f"{number(before)} - {number(now)} = {number(before - now)}"
    return Step(
        f"held before less held now: {text}",
        f"此前暂留减去现应暂留:{text}",
        agrees or (None if is_mended else False),
    )


def _sum(one: Holding, now: Decimal) -> Step:
    """A row that a later release posted: all rows of the accrual up to that release hold what the terms say."""
    known = [
        it
        for it in one.family
        if it["accrual_type"] in HELD and it["posted_as_of"] <= one.row["posted_as_of"]
    ]
    held = -sum((it["amount"] for it in known), NOTHING)
    return Step(
        f"held by all rows of the accrual together: {number(held)}, by the terms on {one.day}: {number(now)}",
        f"该计提全部分录合计暂留 {number(held)},按条款于 {one.day} 应暂留 {number(now)}",
        True if held == now else None,
    )
