"""What stands behind a restated KPI: its causes in sum, and each fact as it was told before and as it was told then.

The facts come from the two releases between which the figure changed, not from the release that is read now: a fact
may have changed again since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.audit.question import Step, columns_of, number
from pipelines.reader import Release, ask, connect

if TYPE_CHECKING:
    import duckdb

    from pipelines.audit.explain import RawLine

RESTATEMENT = "mart_restatement"
ROWS = "fct_restatement_row"
SNAPSHOT = "fct_kpi_snapshot"
CAUSES = ("late_row", "return", "fx", "owner_change", "merge", "rule_change")
KEY = ("kpi_code", "kpi_variant", "entity_type", "entity_code", "period_code", "reporting_currency")
FACTS = {
    "order_line": ("fct_order_line", "order_line_key"),
    "return_line": ("fct_return_line", "return_line_key"),
}
SHOWN = (
    "order_id", "line_id", "return_id", "entry_type", "business_date", "fiscal_month", "channel_code",
    "master_customer_code", "currency", "gross_amount", "net_amount", "fx_rate", "gross_amount_reporting",
    "net_amount_reporting",
)  # fmt: skip
# Accounts under another master than in the release before, with the source row that says so today.
MOVED = """
with sides as (
    select 0 as is_after, source_system, customer_code, master_customer_code, cast(null as varchar) as match_rule,
        cast(null as varchar) as row_id
    from parent_dim_customer where is_current
    union all
    select 1, source_system, customer_code, master_customer_code, match_rule, {row_id} as row_id
    from dim_customer where is_current
)
select
    source_system, customer_code, max(case when is_after = 0 then master_customer_code end) as was_master,
    max(case when is_after = 1 then master_customer_code end) as became_master, max(match_rule) as match_rule,
    max(row_id) as row_id
from sides
group by source_system, customer_code
having coalesce(was_master, customer_code) <> became_master
order by customer_code, source_system
"""


def _holds(release: Release, row: dict[str, Any]) -> bool:
    """Whether the release had already told this restatement."""
    import polars as pl

    if SNAPSHOT not in release.tables:
        return False
    found = pl.scan_parquet(release.tables[SNAPSHOT]).filter(
        *(pl.col(name) == row[name] for name in (*KEY, "revision_no")),
        pl.col("as_of_date") == row["restated_as_of_date"],
    )
    return bool(found.select(pl.len()).collect().item())


def _carried(release: Release) -> Release | None:
    """The release that it carries on, where that is still in the home."""
    carried = release.manifest.get("carried_from") or {}
    folder = release.path.parent / str(carried.get("release_id"))
    return Release(folder.name, folder) if folder.is_dir() else None


def told_by(release: Release, row: dict[str, Any]) -> tuple[Release, Release | None]:
    """The release that told this restatement first, and the one it carried on; None if that one is gone."""
    told, before = release, _carried(release)
    while before and _holds(before, row):
        told, before = before, _carried(before)
    return told, before


def _fact(
    connection: duckdb.DuckDBPyConnection, prefix: str, fact_type: str, key: str
) -> dict[str, Any] | None:
    """The fact with its payees, as one release had it; None if it did not have it."""
    table, key_name = FACTS[fact_type]
    columns = [name for name in SHOWN if name in columns_of(connection, prefix + table)]
    credited = (
        f"(select string_agg(distinct c.payee_code || ' ' || c.team_code, ', ') from {prefix}bridge_order_credit as c "
        f"where c.fact_key = f.{key_name} and c.credit_type = 'rep_primary' and not c.is_edit_reversal) as payees"
    )
    found = ask(
        connection,
        f"select {', '.join(columns)}, {credited} from {prefix}{table} as f where {key_name} = $key",
        {"key": key},
    ).records()
    return found[0] if found else None


def _compared(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> dict[str, Any]:
    """A fact's two sides and the columns in which they differ."""
    if row["fact_type"] not in FACTS:
        return {}
    before = _fact(connection, "parent_", row["fact_type"], row["fact_key"])
    after = _fact(connection, "", row["fact_type"], row["fact_key"])
    changed = [name for name in after if before[name] != after[name]] if before and after else []
    return {"before": before, "after": after, "changed": changed}


def _moved(connection: duckdb.DuckDBPyConnection, raw: RawLine | None) -> list[dict[str, Any]]:
    """Accounts that the later release puts under another master, each with its line of the source."""
    row_id = "row_id" if "row_id" in columns_of(connection, "dim_customer") else "cast(null as varchar)"
    rows = ask(connection, MOVED.format(row_id=row_id)).records()
    for one in rows:
        one["source"] = raw(str(one["row_id"])) if raw and one["row_id"] else None
    return rows


def compare(
    release: Release, row: dict[str, Any], groups: list[dict[str, Any]], raw: RawLine | None
) -> dict[str, Any]:
    """Put to each shown row of the groups what it was and what it became; says which two releases were compared.

    `moved`: where a merge is among the causes, all accounts that went to another master between the two.
    """
    told, before = told_by(release, row)
    moved: list[dict[str, Any]] = []
    if before is not None:
        with connect(told, before, with_meta=False) as connection:
            for part in (part for group in groups for part in group["parts"] if part["fact"] == ROWS):
                for one in part["rows"]:
                    one.update(_compared(connection, one))
            if row["merge_amount"]:
                moved = _moved(connection, raw)
    return {"told_by": told.release_id, "before": before.release_id if before else None, "moved": moved}


def steps(row: dict[str, Any]) -> list[Step]:
    """Old and new value, and the causes as a sum; of a ratio its parts, old and new."""
    old, new = (number(row[name]) if row[name] is not None else "NULL" for name in ("old_value", "new_value"))
    told = f"{old} as told on {row['prior_as_of_date']}" if row["prior_as_of_date"] else f"{old} before"
    if row["decomposition_status"] != "decomposed":
        parts = ", ".join(
            f"{name} {row[f'old_{name}']} -> {row[f'new_{name}']}"
            for name in ("numerator", "denominator")
            if row[f"old_{name}"] is not None or row[f"new_{name}"] is not None
        )
        return [
            Step(
                f"{told}, {new} as of {row['restated_as_of_date']}; no rows add up to the difference: {parts}",
                f"原值 {old},截止 {row['restated_as_of_date']} 为 {new};差额不可按行分解:{parts}",
            )
        ]
    causes = {name: row[f"{name}_amount"] for name in CAUSES if row[f"{name}_amount"]}
    total = " + ".join(f"{name} {number(amount)}" for name, amount in causes.items()) or "0"
    delta = number(row["delta_value"])
    return [
        Step(
            f"{told}, {new} as of {row['restated_as_of_date']}: difference {delta} = {total}",
            f"原值 {old},截止 {row['restated_as_of_date']} 为 {new}:差额 {delta} = {total}",
            sum(causes.values()) == row["delta_value"],
        )
    ]
