"""The faults in the files of both CRM systems. `NAMES` says what each of them calls the columns."""

from __future__ import annotations

import polars as pl

from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plant import Row, added, template

NAMES: dict[str, dict[str, str]] = {
    "zoho": {
        "id": "Record Id", "stage": "Stage", "won": "Closed Won", "amount": "Amount", "closed": "Closed Time",
        "lead_status": "Lead Status", "created": "Created Time", "converted": "Converted Date Time",
        "at": "Call Start Time", "logged": "Created Time", "invitation": "Invitation Id", "score": "Score",
        "answered": "Response Time", "prefix": "zcrm_", "early": "2021-01-01 09:00:00",
    },
    "fxiaoke": {
        "id": "数据ID", "stage": "销售阶段", "won": "赢单", "amount": "商机金额", "closed": "关闭时间",
        "lead_status": "线索状态", "created": "创建时间", "converted": "转换时间",
        "at": "开始时间", "logged": "创建时间", "invitation": "问卷编号", "score": "评分",
        "answered": "答复时间", "prefix": "", "early": "2021-01-01 09:00",
    },
}  # fmt: skip


def _rows(
    system: str, feed: str, base: Row, column: str, changes: list[tuple[str, str, Row]]
) -> list[tuple[Row, Fault]]:
    """A row for each (kind, rule, change), with an id of its own; the fault's key is the id as landed."""
    found = []
    for number, (kind, rule, change) in enumerate(changes, start=1):
        own = f"9900{number:03d}"
        row = base | {column: NAMES[system]["prefix"] + own} | change
        found.append((row, Fault(kind, system, f"crm__{feed}", "quarantined", rule, own)))
    return found


def account_faults(table: pl.DataFrame, system: str, column: str, time: str, book: FaultBook) -> pl.DataFrame:
    """A creation date that is none."""
    base = template(table, pl.lit(True))
    return added(
        table, _rows(system, "accounts", base, column, [("bad_time", "S09", {time: "yesterday"})]), book
    )


def deal_faults(table: pl.DataFrame, system: str, book: FaultBook) -> pl.DataFrame:
    """A stage that nobody mapped, an amount that is none, a won deal that was never closed."""
    names = NAMES[system]
    won = "Stage" if system == "zoho" else "商机状态"
    base = template(table, pl.col(won) == names["won"]) | {names["amount"]: "100.00"}
    changes: list[tuple[str, str, Row]] = [
        ("unknown_stage", "S11", {names["stage"]: "Verbal Commit"}),
        ("bad_number", "S09", {names["amount"]: "tbd"}),
        ("won_but_not_closed", "T06", {names["closed"]: None}),
    ]
    return added(table, _rows(system, "opportunities", base, names["id"], changes), book)


def lead_faults(table: pl.DataFrame, system: str, book: FaultBook) -> pl.DataFrame:
    """A status that nobody mapped, a conversion before the lead was there."""
    names = NAMES[system]
    base = template(table, pl.col(names["converted"]).is_not_null())
    changes: list[tuple[str, str, Row]] = [
        ("unknown_status", "S11", {names["lead_status"]: "Junk"}),
        ("converted_before_created", "T12", {names["converted"]: names["early"]}),
    ]
    return added(table, _rows(system, "leads", base, names["id"], changes), book)


def activity_faults(table: pl.DataFrame, system: str, book: FaultBook) -> pl.DataFrame:
    """Logged before it happened, and at a time that is none."""
    names = NAMES[system]
    base = template(table, pl.lit(True))
    changes: list[tuple[str, str, Row]] = [
        ("logged_before_it_happened", "T05", {names["logged"]: names["early"]}),
        ("bad_time", "S09", {names["at"]: "noon"}),
    ]
    return added(table, _rows(system, "activities", base, names["id"], changes), book)


def survey_faults(table: pl.DataFrame, system: str, book: FaultBook) -> pl.DataFrame:
    """A score off the scale, an answer before the question."""
    names = NAMES[system]
    base = template(table, pl.col(names["score"]).is_not_null())
    changes: list[tuple[str, str, Row]] = [
        ("score_off_the_scale", "T18", {names["score"]: "11"}),
        ("answered_before_sent", "T18", {names["answered"]: "2021-01-01 09:00:00"}),
    ]
    return added(table, _rows(system, "surveys", base, names["invitation"], changes), book)


def path_faults(table: pl.DataFrame, system: str, book: FaultBook) -> pl.DataFrame:
    """A won deal that leaves its close though its record never was reopened."""
    if system == "zoho":
        names = (
            "Deal Name.id",
            "Modified Time",
            "From",
            "To",
            "Closed Won",
            "Negotiation/Review",
            "Field",
            "Stage",
        )
    else:
        names = ("商机ID", "变更时间", "原值", "新值", "已结束", "商务谈判", "字段", "销售阶段")
    deal, time, old, new, closed, stage, field, staged = names
    steps = table.filter(pl.col(field) == staged)
    last = steps.group_by(deal, maintain_order=True).last().filter(pl.col(new) == closed)
    base = template(steps, (pl.col(deal) == last[deal][0]) & (pl.col(new) == closed))
    row = base | {time: "2024-10-30 10:00:00", old: closed, new: stage}
    key = str(base[deal]).removeprefix("zcrm_")
    fault = Fault("left_its_close", system, "crm__opportunity_stages", "held", "T06", key)
    return added(table, [(row, fault)], book)
