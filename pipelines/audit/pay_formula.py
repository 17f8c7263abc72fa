"""The arithmetic of one row of variable pay, in words and numbers, from the released ledger and plan alone.

It follows the docs block incentive_ledger and is told for a reader: each step is worked again and says whether it gives
the row's amount; what is held and let go is worked in reserved.py, draws and payouts in monthly.py. The judge of the
whole ledger is rule R06.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pipelines.audit import monthly, reserved
from pipelines.audit.question import Step, number
from pipelines.audit.waiting import Waiting, waiting
from pipelines.reader import ask

if TYPE_CHECKING:
    import duckdb

PERIODS = {"month": "月", "quarter": "季", "year": "年"}
MOVES = ("accrual", "adjustment", "clawback")
LATE = ("late_return", "late_order", "late_payment", "split_edit", "rule_change")
MONTHLY = ("draw", "forgiveness", "payout")


@dataclass(frozen=True)
class Case:
    """A row of the ledger, the rows of its accrual (itself among them), its plan version and its minor unit.

    `waited`: what had come back of the line before an accrual that is not base x rate. `apart`: the steps of a row that
    rests on more than its accrual: on the order's money, or on a month.
    """

    row: dict[str, Any]
    family: list[dict[str, Any]]
    plan: dict[str, Any]
    digits: int
    waited: Waiting | None = None
    apart: tuple[Step, ...] = ()

    def paid(self, base: Decimal, rate: Decimal) -> Decimal:
        """Base x rate, rounded half away from zero to the minor unit of the pay."""
        return (base * rate).quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)

    @property
    def moves_before(self) -> list[dict[str, Any]]:
        """Accrual, adjustments and clawbacks of the same accrual that came before the row."""
        return [one for one in self.family if one["accrual_type"] in MOVES and _place(one) < _place(self.row)]

    @property
    def entry_before(self) -> list[dict[str, Any]]:
        """Earlier rows of the same entry: above event 1 a row is a difference to them."""
        row = self.row
        return [
            one
            for one in self.family
            if one["entry_key"] == row["entry_key"] and one["event_no"] < row["event_no"]
        ]


def _place(one: dict[str, Any]) -> tuple[Any, ...]:
    """Where a move stands among those of its accrual: its day; accruals first, tiers as reached, then returns."""
    kind = one["accrual_type"]
    day = one["posting_date"] if kind == "adjustment" else one["earn_date"]
    rank = MOVES.index(kind) if kind in MOVES else len(MOVES)
    tier = one["tier_from_attainment"] if kind == "adjustment" else None
    return day, rank, tier or Decimal(0), one["event_no"], one["accrual_key"]


def _sum(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((one[column] for one in rows if one[column] is not None), Decimal(0))


def case(connection: duckdb.DuckDBPyConnection, accrual_key: str) -> Case:
    """Read what the arithmetic of one row needs."""
    family = ask(
        connection,
        "with one as (select coalesce(origin_accrual_key, accrual_key) as origin, entry_key "
        "from fct_commission_accrual where accrual_key = $key) "
        "select l.* from fct_commission_accrual as l, one where l.accrual_key = one.origin "
        "or l.origin_accrual_key = one.origin or l.entry_key = one.entry_key",
        {"key": accrual_key},
    ).records()
    row = next(one for one in family if one["accrual_key"] == accrual_key)
    plans = ask(
        connection,
        "select * from dim_comp_plan where plan_code = $plan_code and component_code = $component_code "
        "and valid_from = $plan_valid_from",
        {name: row[name] for name in ("plan_code", "component_code", "plan_valid_from")},
    ).records()
    ((digits,),) = ask(
        connection,
        "select max(minor_unit) from dim_currency where currency_code = $currency",
        {"currency": row["currency"]},
    ).rows
    found = Case(row, family, plans[0] if plans else {}, 2 if digits is None else int(digits))
    if apart := _apart(connection, found):
        return replace(found, apart=tuple(apart))
    if row["accrual_type"] != "accrual" or found.paid(row["base_amount"], row["rate"]) == row["amount"]:
        return found
    return replace(found, waited=waiting(connection, row, found.plan))


def _apart(connection: duckdb.DuckDBPyConnection, found: Case) -> list[Step]:
    """The steps of a row that needs more of the release than the ledger and the plan."""
    row, plan = found.row, found.plan
    if row["accrual_type"] in MONTHLY:
        return monthly.steps(connection, row, plan, found.digits)
    if row["accrual_type"] in reserved.HELD:
        money = reserved.released(connection, row, plan)
        return reserved.steps(reserved.Holding(row, found.family, plan, found.digits, money))
    return []


def _capped(one: Case, worked: Decimal) -> tuple[str, str, bool]:
    """What is said where the arithmetic gives more than the row because of the component's cap; else nothing."""
    cap, amount = one.plan.get("cap_amount"), one.row["amount"]
    if cap is None or amount >= worked:
        return "", "", worked == amount
    period = one.plan["period_type"]
    return (
        f"; the cap of {number(cap)} a {period} leaves {number(amount)}",
        f";每{PERIODS[period]}上限 {number(cap)},计 {number(amount)}",
        True,
    )


def _accrual(one: Case) -> Step:
    row = one.row
    worked = one.paid(row["base_amount"], row["rate"])
    text = (
        f"{number(row['base_amount'])} x {number(row['rate'])} = {number(row['base_amount'] * row['rate'])}"
    )
    less_en, less_zh, back = _waited(one, worked)
    cap_en, cap_zh, agrees = _capped(one, worked - back)
    is_unknown = one.waited is not None and one.waited.came_back is None
    return Step(
        f"base x rate: {text}, rounded to {one.digits} decimals = {number(worked)}{less_en}{cap_en}",
        f"基数 × 费率:{text},四舍五入到 {one.digits} 位小数 = {number(worked)}{less_zh}{cap_zh}",
        agrees or (None if is_unknown else False),
    )


def _waited(one: Case, worked: Decimal) -> tuple[str, str, Decimal]:
    """What is said where part of the line had come back before the accrual, and what it takes off."""
    found, rate = one.waited, one.row["rate"]
    if found is None:
        return "", "", Decimal(0)
    if found.came_back is None:
        return (
            "; something of the line had come back before and is taken off first: its base is not in the release",
            ";该行此前已有退回,须先扣除:其基数不在发布数据中",
            Decimal(0),
        )
    back = min(worked, one.paid(found.of_row, rate))
    line, taken, left = number(found.came_back), number(found.taken), number(worked - back)
    return (
        f", less {number(found.of_row)} x {number(rate)} = {number(back)} that had come back before (of the line "
        f"{line}, {taken} of it taken from earlier accruals) = {left}",
        f",减去此前已退回 {number(found.of_row)} × {number(rate)} = {number(back)}"
        f"(该行共退回 {line},其中 {taken} 已从先前计提中扣除)= {left}",
        back,
    )


def _position(one: Case) -> Step:
    """An adjustment or clawback: what the accrual comes to now, less what it came to before."""
    row, before = one.row, one.moves_before
    origin = next((it for it in one.family if it["accrual_type"] == "accrual"), None)
    if origin is None:
        return Step("its accrual is not in this ledger", "台账中没有其所属计提", False)
    clawbacks = [it for it in [*before, row] if it["accrual_type"] == "clawback"]
    returned, held = -_sum(clawbacks, "base_amount"), _sum(before, "amount")
    accrued, rate = one.paid(origin["base_amount"], row["rate"]), number(row["rate"])
    if row["accrual_type"] == "clawback" and one.plan.get("cap_amount") is not None:
        accrued = min(accrued, _sum([it for it in before if it["accrual_type"] != "clawback"], "amount"))
    back = min(accrued, one.paid(returned, row["rate"]))
    worked = accrued - back - held
    cap_en, cap_zh, agrees = _capped(one, worked)
    back_en = (
        f", less what came back: {number(returned)} x {rate}, at most what accrued = {number(back)}"
        if back
        else ""
    )
    back_zh = f",减去退回 {number(returned)} × {rate}(不超过计提)= {number(back)}" if back else ""
    return Step(
        f"accrued at {rate}: {number(accrued)}{back_en}, less {number(held)} of the rows before "
        f"= {number(worked)}{cap_en}",
        f"按费率 {rate} 计提 {number(accrued)}{back_zh},减去此前各行 {number(held)} = {number(worked)}{cap_zh}",
        agrees,
    )


def _difference(one: Case) -> Step:
    """A row above event 1: what the facts of its release give for the entry, less what was posted before."""
    before = _sum(one.entry_before, "amount")
    total = before + one.row["amount"]
    return Step(
        f"the facts give {number(total)} for this entry now; {number(before)} was posted before; "
        f"the row is the difference, {number(one.row['amount'])}",
        f"现有事实对该事项应计 {number(total)},此前已入账 {number(before)},本行为差额 {number(one.row['amount'])}",
    )


def _late(one: Case) -> list[Step]:
    """Where a row is posted apart from its day: by which release, and why."""
    row = one.row
    if row["cause_code"] not in LATE:
        return []
    return [
        Step(
            f"posted on {row['posting_date']} by the release as of {row['posted_as_of']}, not in its own month (earned "
            f"{row['earn_date']}), which was closed: {row['cause_code']}",
            f"本应入账月份已关账(赚取日 {row['earn_date']}),由截止 {row['posted_as_of']} 的发布于 "
            f"{row['posting_date']} 入账:{row['cause_code']}",
        )
    ]


def steps(one: Case) -> list[Step]:
    """How the row's amount comes about, and why it is posted late where it is."""
    return [*_worked(one), *_late(one)]


def _worked(one: Case) -> list[Step]:
    if one.entry_before:
        return [_difference(one), *one.apart]
    if one.apart:
        return list(one.apart)
    return [_accrual(one)] if one.row["accrual_type"] == "accrual" else [_position(one)]
