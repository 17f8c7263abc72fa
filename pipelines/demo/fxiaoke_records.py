"""More objects of the CRM in China: forecasts, deal teams, campaigns, who holds an account, service cases."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.demo.columns import date_text, money_text, time_text
from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plant import added, template, unmarked
from pipelines.demo.split_edits import all_members
from pipelines.demo.world import World

MINUTES = "%Y-%m-%d %H:%M"
CATEGORIES = {"承诺": "commit", "乐观": "best_case"}
ROLES = {"负责人": "owner", "服务": "service", "售前": "presales", "支持": "support"}
KINDS = {"投诉": "complaint", "咨询": "question", "维修": "repair"}
SEVERITIES = {"高": "high", "一般": "normal"}

HOLD_NAMES = ("fxiaoke", "客户ID", "角色", "负责人", "起始日期", "结束日期")

CONTRACTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("crm.forecasts", "ForecastObj.jsonl", {
        "owner_type": {"logic": "'team'"}, "owner_code": "团队", "period": "期间", "submitted_at": "提交时间",
        "category": {"heading": "预测类型", "values": CATEGORIES}, "amount": "预测金额", "currency": "币种",
    }),
    ("crm.opportunity_team", "TeamMember.jsonl", {
        "opportunity_id": "商机ID", "member_code": "成员", "role_code": {"heading": "角色", "values": ROLES},
        "valid_from": "加入日期", "share": "份额",
    }),
    ("crm.campaigns", "MarketingEventObj.jsonl", {
        "campaign_id": "活动编号", "channel_code": "渠道", "valid_from": "开始日期", "valid_to": "结束日期",
        "cost_amount": "实际费用", "currency": "币种",
    }),
    ("crm.account_owners", "AccountHolder.jsonl", {
        "account_id": "客户ID", "role_code": {"heading": "角色", "values": ROLES}, "rep_code": "员工",
        "valid_from": "起始日期", "valid_to": "结束日期",
    }),
    ("crm.customer_cases", "CasesObj.jsonl", {
        "case_id": "工单编号", "account_id": "客户ID", "case_type": {"heading": "类型", "values": KINDS},
        "severity": {"heading": "级别", "values": SEVERITIES}, "opened_at": "创建时间", "reply_due_at": "响应期限",
        "first_reply_at": "首次响应时间", "closed_at": "关闭时间", "reopened_count": "重开次数",
    }),
)  # fmt: skip


def _back(values: pl.Series, labels: dict[str, str]) -> pl.Series:
    return values.replace_strict({code: label for label, code in labels.items()})


def _time(utc: pl.Series) -> pl.Series:
    return time_text(utc + 8 * 3_600, MINUTES)


def _in_file(name: str, rows: pl.DataFrame) -> pl.Series:
    return pl.Series([f"{name}.jsonl"] * len(rows), dtype=pl.String)


def _own(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("system") == "fxiaoke")


def _forecasts(world: World) -> pl.DataFrame:
    rows = _own(world.crm.forecasts)
    return pl.DataFrame(
        {
            "团队": rows["team"],
            "期间": rows["period"],
            "提交时间": _time(rows["at"]),
            "预测类型": _back(rows["category"], CATEGORIES),
            "预测金额": money_text(rows["amount"]),
            "币种": rows["currency"],
            "_file": _in_file("ForecastObj", rows),
        }
    )


def _members(world: World) -> pl.DataFrame:
    rows = _own(all_members(world.crm.members, world.pay.shares))
    return pl.DataFrame(
        {
            "商机ID": rows["id"],
            "成员": rows["member"],
            "角色": _back(rows["role"], ROLES),
            "加入日期": date_text(rows["since"]),
            "份额": money_text(rows["share"], 4),
            "_file": _in_file("TeamMember", rows),
        }
    )


def _campaigns(world: World) -> pl.DataFrame:
    rows = _own(world.crm.campaigns)
    return pl.DataFrame(
        {
            "活动编号": rows["id"],
            "渠道": rows["channel"],
            "开始日期": date_text(rows["first"]),
            "结束日期": date_text(rows["last"]),
            "实际费用": money_text(rows["cost"]),
            "币种": rows["currency"],
            "_file": _in_file("MarketingEventObj", rows),
        }
    )


def _holds(world: World) -> pl.DataFrame:
    rows = _own(world.crm.holds)
    return pl.DataFrame(
        {
            "客户ID": rows["account"],
            "角色": _back(rows["role"], ROLES),
            "员工": rows["rep"],
            "起始日期": date_text(rows["first"]),
            "结束日期": date_text(rows["until"]),
            "_file": _in_file("AccountHolder", rows),
        }
    )


def _cases(world: World) -> pl.DataFrame:
    rows = _own(world.crm.cases)
    return pl.DataFrame(
        {
            "工单编号": rows["id"],
            "客户ID": rows["account"],
            "类型": _back(rows["kind"], KINDS),
            "级别": _back(rows["severity"], SEVERITIES),
            "创建时间": _time(rows["opened"]),
            "响应期限": _time(rows["due"]),
            "首次响应时间": _time(rows["replied"]),
            "关闭时间": _time(rows["closed"]),
            "重开次数": rows["reopened"].cast(pl.String),
            "_file": _in_file("CasesObj", rows),
        }
    )


def overlapping(table: pl.DataFrame, names: tuple[str, ...], pattern: str, book: FaultBook) -> pl.DataFrame:
    """A hold that begins ten days before the one before it has ended; it has no end of its own."""
    system, account, role, owner, first, until = names
    begun, ended = (pl.col(name).str.to_date(pattern) for name in (first, until))
    long_ones = table.filter((pl.col(role) == owner) & (ended - begun > pl.duration(days=20)))
    if long_ones.is_empty():
        return table
    day = long_ones.select((ended - pl.duration(days=10)).dt.strftime(pattern)).to_series()[0]
    row = template(long_ones, pl.lit(True)) | {first: day, until: None}
    key = str(row[account]).removeprefix("zcrm_")
    return added(
        table, [(row, Fault("hold_overlaps", system, "crm__account_owners", "held", "D04", key))], book
    )


def _early_case(table: pl.DataFrame, book: FaultBook) -> pl.DataFrame:
    """A case that was closed before it was opened."""
    base = template(table, pl.col("关闭时间").is_not_null())
    row = base | {"工单编号": "FXC9900001", "关闭时间": "2021-01-01 09:00", "首次响应时间": None}
    fault = Fault(
        "case_closed_before_it_was_opened",
        "fxiaoke",
        "crm__customer_cases",
        "quarantined",
        "T12",
        "FXC9900001",
    )
    return added(table, [(row, fault)], book)


def tables(world: World, book: FaultBook) -> list[pl.DataFrame]:
    """The tables of these objects."""
    return [
        unmarked(_forecasts(world)),
        unmarked(_members(world)),
        unmarked(_campaigns(world)),
        overlapping(unmarked(_holds(world)), HOLD_NAMES, "%Y-%m-%d", book),
        _early_case(unmarked(_cases(world)), book),
    ]
