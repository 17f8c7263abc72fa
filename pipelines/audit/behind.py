"""What a row of a mart rests on without adding up to it: terms, origins, causes; and its arithmetic where it has one.

The rows are declared in quality/lineage.yml under `behind`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.audit import pay_formula
from pipelines.audit.question import Question, bound, columns_of, with_values
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


def codes(question: Question) -> list[dict[str, str]]:
    """The codes that stand in the mart's row, in words."""
    known = lineage.marts().get(question.mart)
    codes = known.codes if known else {}
    found = {value for value in question.row.values() if isinstance(value, str) and value in codes}
    return [{"code": code, **codes[code]} for code in sorted(found)]


def steps(connection: duckdb.DuckDBPyConnection, question: Question) -> list[dict[str, Any]]:
    """The arithmetic of a row of variable pay."""
    if question.mart != STATEMENT:
        return []
    return [
        asdict(one) for one in pay_formula.steps(pay_formula.case(connection, question.row["accrual_key"]))
    ]
