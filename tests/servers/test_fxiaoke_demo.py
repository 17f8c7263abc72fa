"""The demo company's Fxiaoke exports as records of the API."""

import json
from pathlib import Path
from typing import Any

from tests.servers.fxiaoke import serve
from tests.servers.fxiaoke_demo import load

ACCOUNT = {
    "数据ID": "FX1", "客户名称": "旧名", "统一社会信用代码": None, "细分市场": "auto", "行业": "OEM", "大区": "CN-E",
    "国家": "CN", "客户级别": "B级", "重点客户": "否", "负责人": "R1", "来源渠道": "web", "合并至": None,
    "创建时间": "2020-09-07 13:43", "生效日期": "2020-09-07",
}  # fmt: skip
OPPORTUNITY = {
    "数据ID": "FXO1", "客户ID": "FX1", "负责人": "R2", "销售阶段": "已结束", "商机状态": "赢单", "商机金额": "49100.00",
    "币种": "CNY", "预计成交日期": "2021-12-04", "渠道": "direct", "业务类型": "标准流程", "赢率": "1.00",
    "预测类型": "已赢单", "输单原因": None, "订单编号": None, "创建时间": "2021-11-03 16:45",
    "关闭时间": "2021-11-18 13:39",
}  # fmt: skip
ACTIVITY = {
    "数据ID": "FXA1", "互动类型": "外勤签到", "方向": "呼出", "创建方式": "人工", "负责人": "R1", "对象类型": "客户",
    "客户ID": "FX1", "商机ID": "FXO1", "回复记录": None, "终端": "电脑", "是否接通": None,
    "开始时间": "2021-11-01 10:12", "创建时间": "2021-11-03 09:53",
}  # fmt: skip
CHANGE = {
    "商机ID": "FXO1",
    "变更时间": "2021-11-13 08:12:33",
    "字段": "销售阶段",
    "原值": "需求确认",
    "新值": "方案报价",
}


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def test_the_demo_company_in_the_shapes_of_the_api(tmp_path: Path) -> None:
    write(tmp_path, "AccountObj", ACCOUNT, {**ACCOUNT, "客户名称": "新名", "生效日期": "2021-01-01"})
    write(tmp_path, "NewOpportunityObj", OPPORTUNITY)
    write(tmp_path, "ActiveRecordObj_2021", ACTIVITY)
    write(tmp_path, "ChangeLog", CHANGE)
    with serve() as (_, fxiaoke):
        load(fxiaoke.store, tmp_path)
        things = fxiaoke.store.things
        account, won = things["AccountObj"].records["FX1"], things["NewOpportunityObj"].records["FXO1"]
        # 2021-01-01 00:00 in Beijing is 2020-12-31 16:00 UTC
        assert (account["name"], account["last_modified_time"], account["owner"]) == (
            "新名",
            1_609_430_400_000,
            ["R1"],
        )
        assert (won["amount"], won["sales_stage"], won["sales_status__r"], won["probability"]) == (
            "49100.00", "5", "赢单", "100.0",
        )  # fmt: skip
        # 2021-12-04 00:00 and 2021-11-13 08:12:33 in Beijing
        assert (won["close_date"], won["stg_changed_time"]) == (1_638_547_200_000, 1_636_762_353_000)
        about = things["ActiveRecordObj"].records["FXA1"]["related_object_data"]
        assert [one["describe_api_name"] for one in about] == ["AccountObj", "NewOpportunityObj"]
        assert [one["openUserId"] for one in fxiaoke.store.people] == ["R1", "R2"]
