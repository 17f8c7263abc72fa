"""The CRM in China as Fxiaoke exports it: JSON Lines with Chinese labels and minutes of Beijing time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.demo.columns import date_text, money_text, time_text
from pipelines.demo.crm import STAGES
from pipelines.demo.crm_text import labelled, odds_text, touches
from pipelines.demo.extracts import Layout, write_contract, write_table, write_yaml
from pipelines.demo.faults import FaultBook
from pipelines.demo.plant import unmarked
from pipelines.demo.plant_crm import (
    account_faults,
    activity_faults,
    deal_faults,
    lead_faults,
    path_faults,
    survey_faults,
)
from pipelines.demo.world import World

STAGE_LABELS = {
    **dict(zip(STAGES, ("初步接触", "需求确认", "方案报价", "商务谈判"), strict=True)),
    "closed": "已结束",
}
FIELD_LABELS = {
    "stage": "销售阶段", "amount": "商机金额", "expected_close_date": "预计成交日期", "owner": "负责人",
    "forecast_category": "预测类型",
}  # fmt: skip
CATEGORY_LABELS = {
    "pipeline": "商机池", "best_case": "乐观", "commit": "承诺", "closed": "已赢单", "omitted": "已排除",
}  # fmt: skip
PIPELINE_LABELS = {"standard": "标准流程", "key_account": "大客户流程"}
REASON_LABELS = {
    "price": "价格", "competitor": "竞争对手", "no_budget": "预算取消", "timing": "时机不对", "no_decision": "客户未决",
}  # fmt: skip
STATUS_LABELS = {"open": "进行中", "won": "赢单", "lost": "输单", "abandoned": "无效", "merged": "已合并"}
LEAD_LABELS = {
    "new": "未分配", "contacted": "跟进中", "qualified": "已确认", "converted": "已转换", "lost": "无效线索",
}  # fmt: skip
KIND_LABELS = {"call": "电话", "meeting": "会议", "visit": "外勤签到", "email": "邮件", "message": "企业微信"}
MINUTES = "%Y-%m-%d %H:%M"
SECONDS = "%Y-%m-%d %H:%M:%S"


def beijing(utc: pl.Series, pattern: str = MINUTES) -> pl.Series:
    """UTC seconds as Beijing's clock shows them."""
    return time_text(utc + 8 * 3_600, pattern)


def _own(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("system") == "fxiaoke")


def _in_file(name: str, rows: pl.DataFrame) -> pl.Series:
    return pl.Series([f"{name}.jsonl"] * len(rows), dtype=pl.String)


def _accounts(world: World) -> pl.DataFrame:
    known = pl.concat([world.buyers.drop("tier"), world.crm.identities], how="horizontal")
    rows = _own(world.versions.join(known, on="customer", maintain_order="left"))
    name = pl.coalesce(rows["name"], pl.lit("客户") + rows["id"].str.tail(5))
    return pl.DataFrame(
        {
            "数据ID": rows["id"],
            "客户名称": pl.select(name).to_series(),
            "统一社会信用代码": rows["registration"],
            "细分市场": rows["segment"],
            "行业": rows["industry"],
            "大区": rows["region"],
            "国家": rows["country"],
            "客户级别": pl.select(rows["tier"] + "级").to_series(),
            "重点客户": rows["is_key"].cast(pl.String).replace_strict({"true": "是", "false": "否"}),
            "负责人": rows["owner"],
            "来源渠道": rows["channel"],
            "合并至": rows["merged_into"],
            "创建时间": beijing(rows["created_utc"]),
            "生效日期": date_text(rows["valid_from"]),
            "_file": _in_file("AccountObj", rows),
        }
    )


def _deals(world: World) -> pl.DataFrame:
    rows = _own(pl.concat([world.deals, world.crm.details], how="horizontal"))
    stage = (
        rows["stage_no"]
        .cast(pl.String)
        .replace_strict({str(number): label for number, label in enumerate(STAGE_LABELS.values())})
    )
    return pl.DataFrame(
        {
            "数据ID": rows["id"],
            "客户ID": rows["account"],
            "负责人": rows["owner"],
            "销售阶段": stage,
            "商机状态": rows["status"].replace_strict(STATUS_LABELS),
            "商机金额": money_text(rows["amount"]),
            "币种": rows["currency"],
            "预计成交日期": date_text(rows["expected"]),
            "渠道": rows["channel"],
            "业务类型": rows["pipeline"].replace_strict(PIPELINE_LABELS),
            "赢率": odds_text(rows["probability"]),
            "预测类型": rows["category"].replace_strict(CATEGORY_LABELS),
            "输单原因": rows["lost_reason"].replace_strict(REASON_LABELS),
            "订单编号": rows["order_id"],
            "创建时间": beijing(rows["created"]),
            "关闭时间": beijing(rows["closed"]),
            "_file": _in_file("NewOpportunityObj", rows),
        }
    )


def _changes(world: World) -> pl.DataFrame:
    """Every change of a tracked field, stages by their labels."""
    rows = _own(world.crm.changes)
    stage, category = rows["field"] == "stage", rows["field"] == "forecast_category"
    old, new = (labelled(rows[name], stage, STAGE_LABELS) for name in ("old", "new"))
    return pl.DataFrame(
        {
            "商机ID": rows["id"],
            "变更时间": beijing(rows["at"], SECONDS),
            "字段": rows["field"].replace_strict(FIELD_LABELS),
            "原值": labelled(old, category, CATEGORY_LABELS),
            "新值": labelled(new, category, CATEGORY_LABELS),
            "_file": _in_file("ChangeLog", rows),
        }
    )


def _leads(world: World) -> pl.DataFrame:
    rows = _own(pl.concat([world.leads, world.crm.lead_details], how="horizontal"))
    return pl.DataFrame(
        {
            "数据ID": rows["id"],
            "负责人": rows["owner"],
            "线索来源": rows["source"],
            "线索状态": rows["status"].replace_strict(LEAD_LABELS),
            "创建时间": beijing(rows["created"]),
            "首次跟进时间": beijing(rows["touched"]),
            "确认时间": beijing(rows["qualified"]),
            "转换时间": beijing(rows["converted"]),
            "转换客户ID": rows["account"],
            "市场活动": rows["campaign"],
            "无效原因": rows["lost_reason"],
            "_file": _in_file("LeadsObj", rows),
        }
    )


def _activities(world: World) -> pl.DataFrame:
    rows = _own(touches(world))
    year = date_text(rows["at"] // 86_400, "%Y")
    return pl.DataFrame(
        {
            "数据ID": rows["id"],
            "互动类型": rows["kind"].replace_strict(KIND_LABELS),
            "方向": rows["direction"].replace_strict({"outbound": "呼出", "inbound": "呼入"}),
            "创建方式": rows["maker"].replace_strict({"person": "人工", "rule": "自动"}),
            "负责人": rows["rep"],
            "对象类型": rows["party"].replace_strict({"customer": "客户", "lead": "线索"}),
            "客户ID": pl.select(pl.coalesce(rows["account"], rows["lead"])).to_series(),
            "商机ID": rows["deal"],
            "回复记录": rows["reply_to"],
            "终端": rows["device"].replace_strict({"mobile": "手机", "desktop": "电脑"}),
            "是否接通": rows["connected"].cast(pl.String).replace_strict({"true": "是", "false": "否"}),
            "开始时间": beijing(rows["at"]),
            "创建时间": beijing(rows["logged"]),
            "_file": pl.select(pl.lit("ActiveRecordObj_") + year + ".jsonl").to_series(),
        }
    ).sort("_file", maintain_order=True)


def _surveys(world: World) -> pl.DataFrame:
    rows = _own(world.surveys)
    loyal = rows["loyal"].cast(pl.String)
    return pl.DataFrame(
        {
            "问卷": rows["survey"],
            "问卷编号": rows["id"],
            "对象类型": rows["type"].replace_strict({"customer": "客户", "partner": "伙伴"}),
            "对象ID": rows["respondent"],
            "题目": loyal.replace_strict({"true": "是否愿意推荐", "false": "是否满意"}),
            "题型": loyal.replace_strict({"true": "NPS", "false": "CSAT"}),
            "发送时间": beijing(rows["sent"], SECONDS),
            "是否送达": rows["delivered"].cast(pl.String).replace_strict({"true": "是", "false": "否"}),
            "答复时间": beijing(rows["answered"], SECONDS),
            "评分": rows["score"].cast(pl.String),
            "负责人": rows["rep"],
            "渠道": rows["channel"],
            "_file": _in_file("SurveyObj", rows),
        }
    )


def _back(labels: dict[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


def _unlabelled(heading: str) -> str:
    """SQL: stages and categories by their codes, other values as they are."""
    codes = {**_back(STAGE_LABELS), **_back(CATEGORY_LABELS)}
    cases = " ".join(f"when '{label}' then '{code}'" for label, code in codes.items())
    return f'case "{heading}" {cases} else "{heading}" end'


CONTRACTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("crm.accounts", "AccountObj.jsonl", {
        "account_id": "数据ID", "name": "客户名称", "segment": "细分市场", "industry": "行业", "region": "大区",
        "country": "国家", "tier": {"heading": "客户级别", "values": {"A级": "A", "B级": "B", "C级": "C"}},
        "registration_no": "统一社会信用代码", "is_key_account": "重点客户",
        "owner_rep_code": "负责人", "acquisition_channel_code": "来源渠道",
        "created_at": "创建时间", "merged_into_id": "合并至", "valid_from": "生效日期",
    }),
    ("crm.opportunities", "NewOpportunityObj.jsonl", {
        "opportunity_id": "数据ID", "account_id": "客户ID", "owner_rep_code": "负责人", "channel_code": "渠道",
        "pipeline": {"heading": "业务类型", "values": _back(PIPELINE_LABELS)}, "probability": "赢率",
        "forecast_category": {"heading": "预测类型", "values": _back(CATEGORY_LABELS)},
        "lost_reason": {"heading": "输单原因", "values": _back(REASON_LABELS)}, "order_id": "订单编号",
        "stage": {"heading": "销售阶段", "values": _back(STAGE_LABELS)},
        "status": {"heading": "商机状态", "values": _back(STATUS_LABELS)}, "amount": "商机金额", "currency": "币种",
        "expected_close_date": "预计成交日期", "created_at": "创建时间", "closed_at": "关闭时间",
    }),
    ("crm.opportunity_stages", "ChangeLog.jsonl", {
        "opportunity_id": "商机ID", "changed_at": "变更时间",
        "field": {"heading": "字段", "values": _back(FIELD_LABELS)},
        "old_value": {"logic": _unlabelled("原值")}, "new_value": {"logic": _unlabelled("新值")},
    }),
    ("crm.leads", "LeadsObj.jsonl", {
        "lead_id": "数据ID", "created_at": "创建时间", "source": "线索来源", "owner_rep_code": "负责人",
        "status": {"heading": "线索状态", "values": _back(LEAD_LABELS)}, "first_touch_at": "首次跟进时间",
        "qualified_at": "确认时间", "converted_at": "转换时间", "account_id": "转换客户ID",
        "campaign_id": "市场活动", "lost_reason": "无效原因",
    }),
    ("crm.activities", "ActiveRecordObj_*.jsonl", {
        "activity_id": "数据ID", "occurred_at": "开始时间", "logged_at": "创建时间",
        "activity_type": {"heading": "互动类型", "values": _back(KIND_LABELS)},
        "direction": {"heading": "方向", "values": {"呼出": "outbound", "呼入": "inbound"}},
        "created_by_type": {"heading": "创建方式", "values": {"人工": "person", "自动": "rule"}},
        "rep_code": "负责人",
        "party_type": {"heading": "对象类型", "values": {"客户": "customer", "线索": "lead"}}, "party_id": "客户ID",
        "lead_id": {"logic": "case \"对象类型\" when '线索' then \"客户ID\" end"}, "opportunity_id": "商机ID",
        "in_reply_to_id": "回复记录",
        "device": {"heading": "终端", "values": {"手机": "mobile", "电脑": "desktop"}}, "is_connected": "是否接通",
    }),
    ("crm.surveys", "SurveyObj.jsonl", {
        "survey_id": "问卷", "invitation_id": "问卷编号",
        "respondent_type": {"heading": "对象类型", "values": {"客户": "customer", "伙伴": "partner"}},
        "respondent_id": "对象ID", "question": "题目",
        "kind": {"heading": "题型", "values": {"NPS": "nps", "CSAT": "csat"}},
        "scale_min": {"logic": "case \"题型\" when 'NPS' then '0' else '1' end"},
        "scale_max": {"logic": "case \"题型\" when 'NPS' then '10' else '5' end"},
        "sent_at": "发送时间", "is_delivered": "是否送达", "answered_at": "答复时间", "score": "评分",
        "rep_code": "负责人", "channel_code": "渠道",
    }),
)  # fmt: skip


def write_fxiaoke(folder: Path, world: World, book: FaultBook) -> None:
    """Write the source folder `fxiaoke`."""
    from pipelines.demo import fxiaoke_records as records

    write_yaml(
        folder / "source.yaml",
        {
            "name": "fxiaoke",
            "kind": "files",
            "time_zone": "Asia/Shanghai",
            "default_currency": "CNY",
            "path": "export",
        },
    )
    times = {"timestamp_formats": [SECONDS, MINUTES]}
    for feed, files, columns in (*CONTRACTS, *records.CONTRACTS):
        write_contract(folder, "fxiaoke", feed, columns, files=files, format={"type": "jsonl"}, **times)
    tables = (
        account_faults(unmarked(_accounts(world)), "fxiaoke", "数据ID", "创建时间", book),
        deal_faults(unmarked(_deals(world)), "fxiaoke", book),
        path_faults(unmarked(_changes(world)), "fxiaoke", book),
        lead_faults(unmarked(_leads(world)), "fxiaoke", book),
        activity_faults(unmarked(_activities(world)), "fxiaoke", book),
        survey_faults(unmarked(_surveys(world)), "fxiaoke", book),
        *records.tables(world, book),
    )
    for table in tables:
        write_table(folder / "export", table, Layout(json_lines=True), book)
