"""What a row of a mart rests on without adding up to it: terms, origins, causes; and its arithmetic where it has one.

The rows are declared in quality/lineage.yml under `behind`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.audit import pay_formula, restated
from pipelines.audit.question import Question, Step, bound, columns_of, with_values
from pipelines.reader import ask
from quality import lineage

if TYPE_CHECKING:
    import duckdb

    from pipelines.audit.explain import RawLine

STATEMENT = "mart_incentive_statement"


def behind(
    connection: duckdb.DuckDBPyConnection, question: Question, first: int, raw: RawLine | None
) -> list[dict[str, Any]]:
    """What the row rests on in other tables: only what there is, of a table and columns that the release has."""
    known = lineage.marts().get(question.mart)
    tables = {row[0] for row in connection.execute("select view_name from duckdb_views()").fetchall()}
    found = []
    for one in known.behind if known else ():
        if one.table not in tables:
            continue
        have = columns_of(connection, one.table)
        columns = [name for name in (*one.show, "row_id") if name in have]
        applies = f", ({one.applies}) as applies" if one.applies else ""
        order = f" order by {one.order}" if one.order else ""
        sql = f"select {', '.join(columns)}{applies} from {one.table} where {one.where}{order}"
        rows = ask(connection, sql, bound(sql, question.row)).records()
        for row in rows[:first]:
            row["source"] = raw(str(row["row_id"])) if raw and row.get("row_id") else None
        if rows:
            where = with_values(one.where, question.row)
            heading = {"en": one.en, "zh": one.zh, "table": one.table, "where": where}
            found.append({**heading, "row_count": len(rows), "rows": rows[:first]})
    return found


def codes(question: Question, groups: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The codes that stand in the mart's row or in the rows behind it, in words."""
    known = lineage.marts().get(question.mart)
    words = known.codes if known else {}
    rows = [question.row, *(row for group in groups for part in group["parts"] for row in part["rows"])]
    found = {value for row in rows for value in row.values() if isinstance(value, str) and value in words}
    return [{"code": code, **words[code]} for code in words if code in found]


def steps(connection: duckdb.DuckDBPyConnection, question: Question) -> list[dict[str, Any]]:
    """How a row comes about, where its mart has an arithmetic: variable pay, and restatements."""
    found: list[Step] = []
    if question.mart == STATEMENT:
        found = pay_formula.steps(pay_formula.case(connection, question.row["accrual_key"]))
    elif question.mart == restated.RESTATEMENT:
        found = restated.steps(question.row)
    return [asdict(one) for one in found]
