"""The HR department's files about variable pay, leaves, promotions and awards; the ERP's invoices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.demo import erp_text
from pipelines.demo.columns import date_text, money_text, time_text
from pipelines.demo.extracts import Layout, write_contract, write_table
from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plans import Plan, plans
from pipelines.demo.plant import added, template, unmarked
from pipelines.demo.world import World

CHINESE_DATE = "%Y年%m月%d日"
_TEN = 10 * 3_600  # office time, local


def _days(values: list[int | None] | pl.Series) -> pl.Series:
    return date_text(pl.Series(values, dtype=pl.Int64), CHINESE_DATE)


def _decimal(units: list[int | None], places: int) -> list[str | None]:
    """Whole units of 10^-places as text."""
    found: list[str | None] = []
    for value in units:
        digits = None if value is None else str(value).zfill(places + 1)
        found.append(None if digits is None else f"{digits[:-places]}.{digits[-places:]}")
    return found


def _fault(kind: str, feed: str, outcome: str, rule: str, key: str) -> Fault:
    return Fault(kind, "hr", feed, outcome, rule, key)


def _text(values: list[str | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


def plans_table(found: list[Plan], book: FaultBook) -> pl.DataFrame:
    """薪酬方案: and a draft whose end lies before its start."""
    table = unmarked(
        pl.DataFrame(
            {
                "方案": _text([one.plan for one in found]),
                "组成": _text([one.component for one in found]),
                "种类": _text([one.kind for one in found]),
                "基数": _text([one.base for one in found]),
                "方式": _text([one.mode for one in found]),
                "应付": _text([one.due_on for one in found]),
                "周期": _text([one.period for one in found]),
                "币种": _text([one.currency for one in found]),
                "产品族": _text([one.family for one in found]),
                "门槛": _text(_decimal([one.threshold for one in found], 8)),
                "封顶": _text(_decimal([one.cap for one in found], 4)),
                "预支": _text(_decimal([one.draw for one in found], 4)),
                "预支类型": _text([one.draw_type for one in found]),
                "留存比例": _text(_decimal([one.holdback for one in found], 4)),
                "留存天数": pl.Series([one.holdback_days for one in found]).cast(pl.String),
                "预提比例": _text(_decimal([one.reserve for one in found], 4)),
                "离职后天数": pl.Series([one.tail_days for one in found]).cast(pl.String),
                "基本工资": _text(_decimal([one.base_pay for one in found], 4)),
                "开始": _days([one.first for one in found]),
                "结束": _days([one.last for one in found]),
                "_file": ["comp_plans.csv"] * len(found),
            }
        )
    )
    draft = template(table, pl.lit(True)) | {
        "方案": "DRAFT",
        "开始": "2024年05月01日",
        "结束": "2024年04月01日",
    }
    fault = _fault("plan_ends_before_start", "people__comp_plans", "quarantined", "M06", "DRAFT")
    return added(table, [(draft, fault)], book)


def tiers_table(found: list[Plan], book: FaultBook) -> pl.DataFrame:
    """费率档: and one of the draft with a negative rate."""
    rows = [(one, tier) for one in found for tier in one.tiers]
    table = unmarked(
        pl.DataFrame(
            {
                "方案": _text([one.plan for one, _ in rows]),
                "组成": _text([one.component for one, _ in rows]),
                "自": _text(_decimal([tier[0] for _, tier in rows], 8)),
                "至": _text(_decimal([tier[1] for _, tier in rows], 8)),
                "费率": _text(_decimal([tier[2] for _, tier in rows], 8)),
                "开始": _days([one.first for one, _ in rows]),
                "_file": ["comp_rate_tiers.csv"] * len(rows),
            }
        )
    )
    wrong = template(table, pl.lit(True)) | {"方案": "DRAFT", "费率": "-0.01000000"}
    fault = _fault("negative_rate", "people__comp_rate_tiers", "quarantined", "M06", "DRAFT")
    return added(table, [(wrong, fault)], book)


def payouts_table(world: World) -> pl.DataFrame:
    """发放."""
    paid = world.pay.payouts
    return unmarked(
        pl.DataFrame(
            {
                "发放单号": paid["id"],
                "工号": paid["payee"],
                "方案": paid["plan"],
                "组成": pl.Series(["commission"] * len(paid), dtype=pl.String),
                "期间": paid["period"],
                "金额": erp_text.amount_text(paid["amount"], paid["currency"]),
                "币种": paid["currency"],
                "发放时间": time_text(paid["day"] * 86_400 + _TEN),
                "状态": paid["state"],
                "_file": pl.Series(["comp_payouts.csv"] * len(paid), dtype=pl.String),
            }
        )
    )


def disputes_table(world: World, book: FaultBook) -> pl.DataFrame:
    """争议: and one that was resolved before it was opened."""
    found = world.pay.disputes
    table = unmarked(
        pl.DataFrame(
            {
                "争议号": found["id"],
                "工号": found["payee"],
                "组成": pl.Series(["commission"] * len(found), dtype=pl.String),
                "订单号": found["order_id"],
                "行号": found["line"],
                "金额": money_text(found["amount"]),
                "币种": found["currency"],
                "提出时间": time_text(found["opened"] * 86_400 + _TEN),
                "了结时间": time_text(found["resolved"] * 86_400 + _TEN + 3_600),
                "状态": found["state"],
                "原因": found["reason"],
                "_file": pl.Series(["comp_disputes.csv"] * len(found), dtype=pl.String),
            }
        )
    )
    wrong = template(table, pl.col("状态") == "rejected") | {
        "争议号": "DP99999",
        "金额": "1.00",
        "了结时间": "2021-01-01 09:00:00",
    }
    fault = _fault("resolved_before_opened", "people__comp_disputes", "quarantined", "T11", "DP99999")
    return added(table, [(wrong, fault)], book)


def events_table(world: World, book: FaultBook) -> pl.DataFrame:
    """人事事件: a leave that ends before it starts is set aside, one of nobody is held."""
    found = world.pay.events
    table = unmarked(
        pl.DataFrame(
            {
                "工号": found["rep"],
                "事件": found["type"],
                "开始": _days(found["first"]),
                "结束": _days(found["last"]),
                "说明": found["detail"],
                "_file": pl.Series(["hr_events.csv"] * len(found), dtype=pl.String),
            }
        )
    )
    base = template(table, pl.col("事件") == "leave")
    feed = "people__hr_events"
    wrong = base | {"开始": "2023年03月10日", "结束": "2023年03月01日"}
    rows = [
        (wrong, _fault("leave_ends_before_start", feed, "quarantined", "S16", str(base["工号"]))),
        (base | {"工号": "R997"}, _fault("event_of_nobody", feed, "held", "S16", "R997")),
    ]
    return added(table, rows, book)


def awards_table(world: World, book: FaultBook) -> pl.DataFrame:
    """表彰: one award went to somebody whom nobody knows."""
    found = world.pay.recognitions
    table = unmarked(
        pl.DataFrame(
            {
                "表彰号": found["id"],
                "工号": found["rep"],
                "类型": found["type"],
                "日期": _days(found["day"]),
                "积分": money_text(found["points"]),
                "_file": pl.Series(["recognitions.csv"] * len(found), dtype=pl.String),
            }
        )
    )
    stranger = template(table, pl.lit(True)) | {"表彰号": "AW90001", "工号": "R996"}
    fault = _fault("award_of_nobody", "people__recognitions", "held", "S16", "AW90001")
    return added(table, [(stranger, fault)], book)


def invoices_table(world: World, book: FaultBook) -> pl.DataFrame:
    """发票, month by month: one is negative."""
    found = world.pay.invoices
    table = unmarked(
        pl.DataFrame(
            {
                "发票号": found["invoice"],
                "订单号": found["id"],
                "开票时间": time_text(found["day"] * 86_400 + 16 * 3_600),
                "到期日": date_text(found["day"] + found["terms"]),
                "金额": erp_text.amount_text(found["amount"], found["currency"]),
                "币种": found["currency"],
                "_file": erp_text.monthly("invoices", found["day"]),
            }
        )
    )
    wrong = template(table, pl.col("币种") == "CNY") | {"发票号": "INV9000001", "金额": "-1.00"}
    fault = Fault("negative_invoice", "erp", "orders__invoices", "quarantined", "T15", "INV9000001")
    return added(table, [(wrong, fault)], book)


PLANS = {
    "plan_code": "方案", "component_code": "组成", "kind": "种类", "base": "基数", "mode": "方式", "due_on": "应付",
    "period_type": "周期", "currency": "币种", "product_family_code": "产品族", "threshold_attainment": "门槛",
    "cap_amount": "封顶", "draw_amount": "预支", "draw_type": "预支类型", "holdback_share": "留存比例",
    "holdback_days": "留存天数", "reserve_share": "预提比例", "tail_days": "离职后天数", "base_pay": "基本工资",
    "valid_from": "开始", "valid_to": "结束",
}  # fmt: skip
TIERS = {
    "plan_code": "方案", "component_code": "组成", "from_attainment": "自", "to_attainment": "至", "rate": "费率",
    "valid_from": "开始",
}  # fmt: skip
PAYOUTS = {
    "payout_id": "发放单号", "payee_code": "工号", "plan_code": "方案", "component_code": "组成", "period": "期间",
    "amount": "金额", "currency": "币种", "paid_at": "发放时间", "state": "状态",
}  # fmt: skip
DISPUTES = {
    "dispute_id": "争议号", "payee_code": "工号", "component_code": "组成", "order_id": "订单号", "line_id": "行号",
    "amount": "金额", "currency": "币种", "opened_at": "提出时间", "resolved_at": "了结时间", "state": "状态",
    "reason_code": "原因",
}  # fmt: skip
EVENTS = {
    "rep_code": "工号", "event_type": "事件", "valid_from": "开始", "valid_to": "结束", "detail_code": "说明",
}  # fmt: skip
AWARDS = {
    "award_id": "表彰号", "recipient_code": "工号", "recognition_type": "类型", "awarded_on": "日期", "points": "积分",
}  # fmt: skip
INVOICES = {
    "invoice_id": "发票号", "order_id": "订单号", "invoiced_at": "开票时间", "due_date": "到期日", "amount": "金额",
    "currency": "币种",
}  # fmt: skip
_DRAFTS = "plans in preparation stand in the export before they are complete"


def write_pay(folder: Path, world: World, book: FaultBook) -> None:
    """The files of the source `hr` about variable pay and people's events."""
    found = plans(world.scale)
    dates: dict[str, Any] = {"date_formats": [CHINESE_DATE]}
    drafts = {"expected_share": {"M06": {"share": 0.1, "reason": _DRAFTS}}}
    known = {"expected_share": {"T11": {"share": 0.03, "reason": "few disputes, one entered by mistake"}}}
    write_contract(
        folder, "hr", "people.comp_plans", PLANS, files="comp_plans.csv", scale=4, **dates, **drafts
    )
    write_contract(
        folder, "hr", "people.comp_rate_tiers", TIERS, files="comp_rate_tiers.csv", **dates, **drafts
    )
    write_contract(folder, "hr", "people.comp_payouts", PAYOUTS, files="comp_payouts.csv", scale=2)
    write_contract(
        folder, "hr", "people.comp_disputes", DISPUTES, files="comp_disputes.csv", scale=2, **known
    )
    write_contract(folder, "hr", "people.hr_events", EVENTS, files="hr_events.csv", **dates)
    write_contract(folder, "hr", "people.recognitions", AWARDS, files="recognitions.csv", scale=2, **dates)
    tables = (
        plans_table(found, book),
        tiers_table(found, book),
        payouts_table(world),
        disputes_table(world, book),
        events_table(world, book),
        awards_table(world, book),
    )
    for table in tables:
        write_table(folder, table, Layout(), book)


def write_invoices(folder: Path, out: Path, world: World, book: FaultBook, how: dict[str, Any]) -> None:
    """The files of the source `erp` with its invoices."""
    write_contract(folder, "erp", "orders.invoices", INVOICES, files="invoices_*.csv", format=how, scale=2)
    write_table(out, invoices_table(world, book), Layout("gb18030", sums="金额", by="币种"), book)
