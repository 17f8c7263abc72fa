"""Draws, what is forgiven of them, and payouts, worked again from the ledger: docs block incentive_ledger, 7."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pipelines.audit.question import Step, number
from pipelines.reader import ask

if TYPE_CHECKING:
    import duckdb

NOTHING = Decimal(0)
TYPES = {
    "accrual": "计提", "adjustment": "调整", "clawback": "追回", "reserve": "暂留", "release": "释放", "draw": "预支",
    "forgiveness": "豁免",
}  # fmt: skip
EARNED = ("accrual", "reserve", "release", "adjustment", "clawback")
COMPONENT = """
payee_code = $payee_code and plan_code = $plan_code and component_code = $component_code and currency = $currency
"""
# By type what the ledger holds of a component in a fiscal month, quarter or year, or before a day.
IN_PERIOD = f"""
select l.accrual_type, sum(l.amount) as amount from fct_commission_accrual as l
inner join dim_date as d on l.posting_date = d.date_day
where {COMPONENT} and $period in (d.fiscal_month, d.fiscal_quarter, cast(d.fiscal_year as varchar))
group by l.accrual_type
"""
BEFORE = f"""
select accrual_type, sum(amount) as amount from fct_commission_accrual
where {COMPONENT} and posting_date < $day group by accrual_type
"""
DRAWN = f"select amount from fct_commission_accrual where {COMPONENT} and accrual_type = 'draw' and fact_key = $period"
PAYOUT = "select payout_id, period, business_date, amount from fct_commission_payment where payment_key = $fact_key"


def _component(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("payee_code", "plan_code", "component_code", "currency")}


def _by_type(
    connection: duckdb.DuckDBPyConnection, sql: str, row: dict[str, Any], **more: Any
) -> dict[str, Decimal]:
    """Amounts by type, in the order of TYPES."""
    rows = ask(connection, sql, {**_component(row), **more}).rows
    found: dict[str, Decimal] = {str(kind): amount for kind, amount in rows}
    return {kind: found[kind] for kind in TYPES if kind in found}


def _summed(amounts: dict[str, Decimal]) -> tuple[Decimal, str, str]:
    """The sum, and its parts in both languages."""
    total = sum(amounts.values(), NOTHING)
    en = " + ".join(f"{kind} {number(amount)}" for kind, amount in amounts.items()) or "nothing"
    zh = " + ".join(f"{TYPES[kind]} {number(amount)}" for kind, amount in amounts.items()) or "无"
    return total, f"{en} = {number(total)}", f"{zh} = {number(total)}"


def _draw(
    connection: duckdb.DuckDBPyConnection, row: dict[str, Any], plan: dict[str, Any], digits: int
) -> list[Step]:
    amount = (plan.get("draw_amount") or NOTHING).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    before, en, zh = _summed(_by_type(connection, BEFORE, row, day=row["posting_date"]))
    after = number(before + row["amount"])
    is_recoverable = plan.get("draw_type") == "recoverable"
    return [
        Step(
            f"advance of the plan for {row['fact_key']}, on its first day: -{number(amount)}",
            f"方案规定的 {row['fact_key']} 月初预支:-{number(amount)}",
            -amount == row["amount"],
        ),
        Step(
            f"balance of the component before: {en}; after: {after}; "
            + (
                "recoverable: what is below 0 is earned back by later pay"
                if is_recoverable
                else "not recoverable: what the month's earnings leave of the draw is forgiven on its last day"
            ),
            f"该组成部分此前余额:{zh};此后:{after};"
            + (
                "可追偿:负余额由以后所得抵补" if is_recoverable else "不可追偿:当月所得未抵完的部分于月末豁免"
            ),
        ),
    ]


def _forgiveness(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> list[Step]:
    of_month = _by_type(connection, IN_PERIOD, row, period=row["fact_key"])
    earned, en, zh = _summed({kind: amount for kind, amount in of_month.items() if kind in EARNED})
    drawn = ask(connection, DRAWN, {**_component(row), "period": row["fact_key"]}).rows
    draw = -sum((amount for (amount,) in drawn), NOTHING)
    worked = draw - min(draw, max(NOTHING, earned))
    text = f"{number(draw)} - min({number(draw)}, max(0, {number(earned)})) = {number(worked)}"
    return [
        Step(f"earned in {row['fact_key']}: {en}", f"{row['fact_key']} 所得:{zh}"),
        Step(
            f"forgiven is what that leaves of the draw: {text}",
            f"所得未抵完的预支予以豁免:{text}",
            worked == row["amount"] or None,
        ),
    ]


def _payout(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> list[Step]:
    found = ask(connection, PAYOUT, {"fact_key": row["fact_key"]}).records()
    if not found:
        return [Step("its payout is not in this release", "发布数据中没有该笔支付", False)]
    (paid,) = found
    told = [
        Step(
            f"payout {paid['payout_id']} for {paid['period']}, paid on {paid['business_date']}: "
            f"-{number(paid['amount'])}",
            f"支付 {paid['payout_id']}({paid['period']}),{paid['business_date']} 支付:-{number(paid['amount'])}",
            -paid["amount"] == row["amount"],
        )
    ]
    if paid["period"] is None:
        return told
    posted, en, zh = _summed(_by_type(connection, IN_PERIOD, row, period=paid["period"]))
    left = number(posted - paid["amount"])
    return [
        *told,
        Step(
            f"posted to the component in {paid['period']}: {en}; less the payout: {left}",
            f"{paid['period']} 该组成部分入账:{zh};减去支付后余 {left}",
        ),
    ]


def steps(
    connection: duckdb.DuckDBPyConnection, row: dict[str, Any], plan: dict[str, Any], digits: int
) -> list[Step]:
    """How a row that comes from no order line comes about, in numbers."""
    if row["accrual_type"] == "draw":
        return _draw(connection, row, plan, digits)
    if row["accrual_type"] == "forgiveness":
        return _forgiveness(connection, row)
    return _payout(connection, row)
