"""What had come back of a line before an accrual and waited for it, from released credits and ledger alone.

Docs block incentive_ledger, section 4: what comes back is taken from the payee's accruals of the line, the oldest
first; what goes beyond them waits, and the payee's next accrual of that line pays less by it from the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pipelines.reader import ask

if TYPE_CHECKING:
    import duckdb

NOTHING = Decimal(0)
BASE_UNIT = Decimal("0.0001")

# The payee's credits of the line, an event a row, in the order of section 1.
EVENTS = """
with credits as (
    select
        c.business_date, c.currency, c.reporting_currency, c.net_amount, c.net_amount_reporting,
        c.cost_amount_reporting, case when c.fact_type = 'return_line' then c.fact_key else '' end as return_key,
        r.return_id, r.line_id as return_line_id
    from bridge_order_credit as c
    left join fct_return_line as r on c.fact_key = r.return_line_key
    where
        c.credit_type = 'rep_primary' and c.is_revenue_line and c.payee_code = $payee_code
        and c.source_system = $source_system and c.order_id = $order_id
        and coalesce(r.order_line_id, c.line_id) = $line_id and coalesce(r.is_original_known, true)
        and c.credit_date >= $from_date and c.credit_date < $to_date and c.business_date <= $earn_date
)
select
    business_date, return_key, min(currency) as currency, min(reporting_currency) as reporting_currency,
    sum(net_amount) as net, sum(net_amount_reporting) as net_reporting,
    sum(net_amount_reporting) - sum(cost_amount_reporting) as margin_reporting
from credits
group by business_date, return_key
having sum(net_amount) <> 0
order by business_date, return_key <> '', min(return_id), min(return_line_id)
"""
# The accruals of the same component on that line: what there was to take from.
ACCRUALS = """
select
    accrual_key, earn_date, case when fact_type = 'return_line' then fact_key else '' end as return_key, base_amount
from fct_commission_accrual
where
    accrual_type = 'accrual' and event_no = 1 and payee_code = $payee_code and source_system = $source_system
    and order_id = $order_id and line_id = $line_id and plan_code = $plan_code
    and component_code = $component_code and plan_valid_from = $plan_valid_from
"""


@dataclass(frozen=True)
class Waiting:
    """Base that came back before the accrual, what earlier accruals gave of it, and what this row gives of the rest.

    Without the two others, `came_back` alone says that there was something whose base the release does not hold.
    """

    came_back: Decimal | None
    taken: Decimal = NOTHING
    of_row: Decimal = NOTHING


def _base(plan: dict[str, Any], event: dict[str, Any]) -> Decimal | None:
    """The event in the plan's base and currency; None where that takes more than the credit (cash, a plan rate)."""
    base, currency = plan["base"], plan["currency"]
    found: Decimal | None = None
    if base == "net_revenue" and event["currency"] == currency:
        found = event["net"]
    elif event["reporting_currency"] == currency and base in ("net_revenue", "margin"):
        found = event["net_reporting" if base == "net_revenue" else "margin_reporting"]
    return found


def waiting(
    connection: duckdb.DuckDBPyConnection, row: dict[str, Any], plan: dict[str, Any]
) -> Waiting | None:
    """What waited when the accrual of the row came; None: nothing had come back before it."""
    if not plan or row["order_id"] is None:
        return None
    line = {name: row[name] for name in ("payee_code", "source_system", "order_id", "line_id")}
    days = {"from_date": plan["valid_from"], "to_date": plan["valid_to"], "earn_date": row["earn_date"]}
    events = ask(connection, EVENTS, {**line, **days}).records()
    if not any(event["net"] < 0 for event in events):
        return None
    bases = [_base(plan, event) for event in events]
    term = {name: row[name] for name in ("plan_code", "component_code", "plan_valid_from")}
    accruals = ask(connection, ACCRUALS, {**line, **term}).records()
    places = {(event["business_date"], event["return_key"]): place for place, event in enumerate(events)}
    at = {one["accrual_key"]: places.get((one["earn_date"], one["return_key"])) for one in accruals}
    own = at[row["accrual_key"]]
    known = [base for base in bases if base is not None]
    if own is None or len(known) < len(bases):
        return Waiting(None)
    return _matched(row, accruals, at, known, own)


def _matched(
    row: dict[str, Any],
    accruals: list[dict[str, Any]],
    at: dict[str, int | None],
    bases: list[Decimal],
    own: int,
) -> Waiting | None:
    """What came back up to the row's event beyond the accruals before it; a row of a cut event bears its share."""
    came_back = -sum((base for base in bases[:own] if base < 0), NOTHING)
    places = [(at[one["accrual_key"]], one["base_amount"]) for one in accruals]
    before = sum((base for place, base in places if place is not None and place < own), NOTHING)
    event = sum((base for place, base in places if place == own), NOTHING)
    rest = min(event, came_back - before)
    if rest <= 0:
        return None
    share = (row["base_amount"] * rest / event).quantize(BASE_UNIT, ROUND_HALF_UP)
    return Waiting(came_back, before, share)
