"""The demo company as Fxiaoke's API would tell it: read from its exports, in the shapes of the API.

An object holds what is current: of the versions of an account the last, of a planted double one. Labels of the
exports stay as the `__r` of a code; what no preset object has is a custom field (`__c`). A cell that no API could
hold (an unreadable time or amount) is left out.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.servers.fxiaoke_store import Record, Store

BEIJING = timezone(timedelta(hours=8))
Row = dict[str, Any]
# What an option's code is: the place of its label here. A tenant's own codes are as opaque as these.
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判", "已结束")
STATUSES = ("进行中", "赢单", "输单", "无效", "已合并")
LEADS = ("未分配", "跟进中", "已确认", "已转换", "无效线索")
KINDS = ("电话", "会议", "外勤签到", "邮件", "企业微信")
OPTIONS = {
    ("NewOpportunityObj", "sales_stage"): STAGES, ("NewOpportunityObj", "sales_status"): STATUSES,
    ("LeadsObj", "biz_status"): LEADS, ("ActiveRecordObj", "interactive_types"): KINDS,
}  # fmt: skip


def load(store: Store, export: Path) -> None:
    """Fill the store from the folder of the demo's Fxiaoke exports."""
    read: dict[str, tuple[str, Callable[[Row], Record]]] = {
        "AccountObj": ("AccountObj", _account), "NewOpportunityObj": ("NewOpportunityObj", _opportunity),
        "LeadsObj": ("LeadsObj", _lead), "ActiveRecordObj": ("ActiveRecordObj_*", _activity),
        "MarketingEventObj": ("MarketingEventObj", _campaign), "CasesObj": ("CasesObj", _case),
    }  # fmt: skip
    for (name, field), labels in OPTIONS.items():
        options = [{"label": label, "value": str(number)} for number, label in enumerate(labels, 1)]
        store.things[name].describe(field, "select_one", options=options)
    owners: set[str] = set()
    for name, (files, shape) in read.items():
        records: dict[str, Record] = {}
        for row in _rows(export, files):
            record = _stamped(shape(row))
            if record.get("_id"):
                records[record["_id"]] = record
                owners.update(record.get("owner", []))
        store.put(name, *records.values())
    moved = _stage_times(_rows(export, "ChangeLog"))
    for key, at in moved.items():
        if key in store.things["NewOpportunityObj"].records:
            store.things["NewOpportunityObj"].records[key]["stg_changed_time"] = at
    store.people = [_person(owner, number) for number, owner in enumerate(sorted(owners))]


def _rows(export: Path, name: str) -> list[Row]:
    found: list[Row] = []
    for path in sorted(export.glob(f"{name}.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return found


def _ms(text: Any) -> int | None:
    """Milliseconds of a time or a day of Beijing."""
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return int(datetime.strptime(str(text), pattern).replace(tzinfo=BEIJING).timestamp() * 1_000)
        except ValueError:
            continue
    return None


def _code(label: Any, labels: tuple[str, ...], field: str) -> Record:
    """A select_one: the code, and its label beside it."""
    return {field: str(labels.index(label) + 1), f"{field}__r": label} if label in labels else {}


def _owner(code: Any) -> Record:
    return {"owner": [code], "owner__r": {"id": code, "name": code}} if code else {}


def _money(text: Any) -> str | None:
    try:
        float(str(text))
    except ValueError:
        return None
    return str(text)


def _stamped(record: Record) -> Record:
    """Nulls away; the last change is the latest time that the record knows of."""
    record = {name: value for name, value in record.items() if value is not None}
    times = [
        record[name] for name in ("create_time", "closed__c", "since__c", "transform_time") if name in record
    ]
    record.setdefault("create_time", min(times, default=1_577_836_800_000))
    record["last_modified_time"] = max(times, default=record["create_time"])
    record.pop("since__c", None)
    return record


def _account(row: Row) -> Record:
    return {
        "_id": row["数据ID"], "name": row["客户名称"], "registration__c": row["统一社会信用代码"],
        "segment__c": row["细分市场"], "industry_level1": row["行业"], "region__c": row["大区"],
        "country__c": row["国家"], "account_level": (row["客户级别"] or "").removesuffix("级") or None,
        "key_account__c": row["重点客户"] == "是", **_owner(row["负责人"]), "account_source": row["来源渠道"],
        "merged_into__c": row["合并至"], "create_time": _ms(row["创建时间"]), "since__c": _ms(row["生效日期"]),
    }  # fmt: skip


def _opportunity(row: Row) -> Record:
    odds = _money(row["赢率"])
    return {
        "_id": row["数据ID"], "name": f"商机{str(row['数据ID'])[-5:]}", "account_id": row["客户ID"],
        **_owner(row["负责人"]), **_code(row["销售阶段"], STAGES, "sales_stage"),
        **_code(row["商机状态"], STATUSES, "sales_status"), "amount": _money(row["商机金额"]),
        "mc_currency": row["币种"], "close_date": _ms(row["预计成交日期"]), "channel__c": row["渠道"],
        "sales_process_id__r": row["业务类型"], "probability": None if odds is None else f"{float(odds) * 100:.1f}",
        "forecast__c": row["预测类型"], "lost_reason__c": row["输单原因"], "order_no__c": row["订单编号"],
        "create_time": _ms(row["创建时间"]), "closed__c": _ms(row["关闭时间"]),
    }  # fmt: skip


def _stage_times(changes: list[Row]) -> dict[str, int]:
    """When each opportunity last changed its stage."""
    found: dict[str, int] = {}
    for row in changes:
        at = _ms(row["变更时间"])
        if row["字段"] == "销售阶段" and at is not None:
            found[row["商机ID"]] = max(at, found.get(row["商机ID"], 0))
    return found


def _lead(row: Row) -> Record:
    return {
        "_id": row["数据ID"], "name": f"线索{str(row['数据ID'])[-5:]}", **_owner(row["负责人"]),
        "source": row["线索来源"], **_code(row["线索状态"], LEADS, "biz_status"),
        "create_time": _ms(row["创建时间"]), "first_touch__c": _ms(row["首次跟进时间"]),
        "qualified__c": _ms(row["确认时间"]), "transform_time": _ms(row["转换时间"]),
        "account_id": row["转换客户ID"], "marketing_event_id": row["市场活动"], "lost_reason__c": row["无效原因"],
    }  # fmt: skip


def _activity(row: Row) -> Record:
    """An interaction; what it concerns is a list of references of several kinds."""
    lead = row["对象类型"] == "线索"
    about = [
        {
            "id": row["客户ID"],
            "describe_api_name": "LeadsObj" if lead else "AccountObj",
            "name": row["客户ID"],
        }
    ]
    if row["商机ID"]:
        about.append({"id": row["商机ID"], "describe_api_name": "NewOpportunityObj", "name": row["商机ID"]})
    return {
        "_id": row["数据ID"], "name": row["数据ID"], **_code(row["互动类型"], KINDS, "interactive_types"),
        "direction__c": row["方向"], "made_by__c": row["创建方式"], **_owner(row["负责人"]),
        "related_object_data": [one for one in about if one["id"]], "reply_to__c": row["回复记录"],
        "device__c": row["终端"], "connected__c": row["是否接通"], "started__c": _ms(row["开始时间"]),
        "create_time": _ms(row["创建时间"]),
    }  # fmt: skip


def _campaign(row: Row) -> Record:
    first = _ms(row["开始日期"])
    return {
        "_id": row["活动编号"], "name": row["活动编号"], "channel__c": row["渠道"], "begin_time": first,
        "end_time": _ms(row["结束日期"]), "actual_cost": _money(row["实际费用"]), "mc_currency": row["币种"],
        "create_time": first,
    }  # fmt: skip


def _case(row: Row) -> Record:
    return {
        "_id": row["工单编号"], "name": row["工单编号"], "account_id": row["客户ID"], "type__r": row["类型"],
        "priority__r": row["级别"], "create_time": _ms(row["创建时间"]), "reply_due__c": _ms(row["响应期限"]),
        "first_reply__c": _ms(row["首次响应时间"]), "closed__c": _ms(row["关闭时间"]),
        "reopened__c": row["重开次数"],
    }  # fmt: skip


def _person(code: str, number: int) -> Record:
    return {
        "openUserId": code, "account": code.lower(), "name": code, "isStop": False,
        "email": f"{code.lower()}@example.com", "mobile": f"1380000{number:04d}", "position": "销售",
        "departmentIds": [1001], "mainDepartmentId": 1001, "employeeNumber": code, "createTime": 1_609_459_200_000,
    }  # fmt: skip
