"""The HR department's files: UTF-8 CSV with Chinese headings, dates in Chinese, amounts with thousands marks."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import polars as pl

from pipelines.demo import company, people
from pipelines.demo.columns import date_text, money_text
from pipelines.demo.extracts import Layout, write_contract, write_table, write_yaml
from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plant import added, mark, template, unmarked
from pipelines.demo.world import World
from pipelines.demo.write_pay import write_pay

CHINESE_DATE = "%Y年%m月%d日"
ROLES = {"客户经理": "account_executive", "大客户经理": "key_account", "销售经理": "sales_manager"}
OWNERS = {"员工": "rep", "团队": "team", "渠道": "channel", "伙伴": "partner", "公司": "company"}
METRICS = {"销售净额": "net_revenue", "销售总额": "gross_revenue", "毛利": "margin", "件数": "units"}
DATES = {"date_formats": [CHINESE_DATE]}
TITLES = {code: title for title, code in ROLES.items()}
OWNER_TITLES = {code: title for title, code in OWNERS.items()}
METRIC_TITLES = {code: title for title, code in METRICS.items()}


def _days(values: list[int | None]) -> pl.Series:
    return date_text(pl.Series(values, dtype=pl.Int64), CHINESE_DATE)


def _fault(kind: str, feed: str, rule: str, key: str) -> Fault:
    return Fault(kind, "hr", feed, "quarantined", rule, key)


def _reps(book: FaultBook) -> pl.DataFrame:
    found = company.reps()
    rate = {role: f"{part // 100}.{part % 100 // 10}" for role, part in company.OWN_RATE.items()}
    table = pl.DataFrame(
        {
            "工号": [one.code for one in found],
            "姓名": [f"员工{one.code[1:]}" for one in found],
            "散列": [sha256(one.code.encode()).hexdigest()[:16] for one in found],
            "岗位": [TITLES[one.role] for one in found],
            "团队": [one.team for one in found],
            "上级": [one.manager for one in found],
            "入职日期": _days([one.hire for one in found]),
            "离职日期": _days([one.exit for one in found]),
            "爬坡方案": [one.ramp for one in found],
            "薪酬方案": [one.plan for one in found],
            "佣金率%": [rate[one.role] for one in found],
            "生效日期": _days([one.valid_from for one in found]),
            "_file": ["employees.csv"] * len(found),
        },
        schema_overrides={"上级": pl.String, "爬坡方案": pl.String, "薪酬方案": pl.String},
    )
    table = unmarked(table)
    wrong = template(table, pl.col("工号") == "R020") | {"工号": "R998", "离职日期": "2001年01月01日"}
    return added(table, [(wrong, _fault("exit_before_hire", "people__reps", "D05", "R998"))], book)


def _teams() -> pl.DataFrame:
    manager = {code: f"R{number + 1:03d}" for number, code in enumerate(company.LEAF_TEAMS)}
    return unmarked(
        pl.DataFrame(
            {
                "团队代码": [one.code for one in company.TEAMS],
                "团队名称": [one.name for one in company.TEAMS],
                "上级团队": [one.parent for one in company.TEAMS],
                "负责人": [manager.get(one.code) for one in company.TEAMS],
                "生效日期": _days([company.LONG_AGO - 730] * len(company.TEAMS)),
                "_file": ["teams.csv"] * len(company.TEAMS),
            }
        )
    )


def _territories(book: FaultBook) -> pl.DataFrame:
    found = people.assignments()
    table = unmarked(
        pl.DataFrame(
            {
                "区域": [one.territory for one in found],
                "工号": [one.rep for one in found],
                "开始": _days([one.first for one in found]),
                "结束": _days([one.until for one in found]),
                "_file": ["territories.csv"] * len(found),
            }
        )
    )
    wrong = template(table, pl.lit(True)) | {"区域": "CN-X-001", "结束": "2010年01月01日"}
    return added(
        table,
        [(wrong, _fault("ends_before_start", "people__territory_assignments", "D03", "CN-X-001"))],
        book,
    )


def _grouped(units: pl.Series) -> pl.Series:
    """Money with commas between thousands: 1,234,567.00."""
    plain = money_text(units)
    reverse = plain.str.head(-3).str.reverse().str.replace_all(r"(\d{3})", "$1,").str.strip_chars_end(",")
    return pl.select(reverse.str.reverse() + plain.str.tail(3)).to_series()


def _quotas(world: World, book: FaultBook) -> pl.DataFrame:
    found = world.quotas
    table = unmarked(
        pl.DataFrame(
            {
                "类型": [OWNER_TITLES[one.owner_type] for one in found],
                "主体": [one.owner for one in found],
                "开始日": _days([one.first for one in found]),
                "截止日": _days([one.last for one in found]),
                "指标": [METRIC_TITLES[one.metric] for one in found],
                "版本": [one.version for one in found],
                "目标值": _grouped(pl.Series([one.amount for one in found])),
                "币种": [one.currency for one in found],
                "超额比例": money_text(pl.Series([one.over for one in found], dtype=pl.Int64), 4),
                "_file": ["quotas.csv"] * len(found),
            }
        )
    )
    last_year = _days([max(one.first for one in found if one.owner == people.UNDECLARED)])
    silent = (pl.col("主体") == people.UNDECLARED) & pl.col("开始日").is_in(last_year.implode())
    undeclared = Fault("undeclared_over_assignment", "hr", "people__quotas", "warned", "R09", "")
    table = mark(table, silent, undeclared, "主体", book)
    base = template(table, pl.col("主体") == "R001") | {
        "开始日": "2030年01月01日",
        "截止日": "2030年03月31日",
    }
    rows = [
        (base | {"目标值": "约三百万"}, _fault("bad_number", "people__quotas", "S09", "R001")),
        (
            base | {"截止日": "2029年12月31日", "目标值": "1.00"},
            _fault("ends_before_start", "people__quotas", "S19", "R001"),
        ),
    ]
    return added(table, rows, book)


REPS = {
    "rep_code": "工号",
    "name": "姓名",
    "hash_id": "散列",
    "role_code": {"heading": "岗位", "values": ROLES},
    "team_code": "团队",
    "manager_code": "上级",
    "hire_date": "入职日期",
    "exit_date": "离职日期",
    "ramp_profile": "爬坡方案",
    "plan_code": "薪酬方案",
    "commission_rate": {"logic": 'cast(try_cast("佣金率%" as decimal(9, 4)) / 100 as decimal(18, 8))'},
    "valid_from": "生效日期",
}
TEAMS = {
    "team_code": "团队代码",
    "name": "团队名称",
    "parent_code": "上级团队",
    "manager_code": "负责人",
    "valid_from": "生效日期",
}
TERRITORIES = {"territory_code": "区域", "rep_code": "工号", "valid_from": "开始", "valid_to": "结束"}
QUOTAS = {
    "owner_type": {"heading": "类型", "values": OWNERS},
    "owner_code": "主体",
    "valid_from": "开始日",
    "valid_to": "截止日",
    "metric": {"heading": "指标", "values": METRICS},
    "version": "版本",
    "amount": "目标值",
    "currency": "币种",
    "over_assignment_share": {"heading": "超额比例", "scale": 4},
}


def write_hr(folder: Path, world: World, book: FaultBook) -> None:
    """Write the source folder `hr`."""
    write_yaml(folder / "source.yaml", {"name": "hr", "kind": "files", "time_zone": "Asia/Shanghai"})
    write_contract(folder, "hr", "people.reps", REPS, files="employees.csv", **DATES)
    write_contract(folder, "hr", "people.teams", TEAMS, files="teams.csv", **DATES)
    write_contract(
        folder, "hr", "people.territory_assignments", TERRITORIES, files="territories.csv", **DATES
    )
    write_contract(
        folder, "hr", "people.quotas", QUOTAS, files="quotas.csv", scale=2, thousands_mark=",", **DATES
    )
    for table in (_reps(book), _teams(), _territories(book), _quotas(world, book)):
        write_table(folder, table, Layout(), book)
    write_pay(folder, world, book)
