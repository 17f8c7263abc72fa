"""A number's way back: its formula, the fact rows that add up to it, and each row's line in its source file.

The map from a column to its rows is quality/lineage.yml. How a row's raw text is found is not known here: the caller
passes a function from row_id to the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.audit import behind, restated
from pipelines.audit.question import Question, bound, columns_of, with_values
from pipelines.reader import Release, ask
from quality import lineage, metrics

if TYPE_CHECKING:
    import duckdb

RawLine = Callable[[str], dict[str, Any]]
OVERVIEW = "mart_executive_overview"
DETAILS = (
    "order_id", "return_id", "opportunity_id", "activity_id", "lead_id", "survey_id", "line_id", "entry_type",
    "accrual_type", "posting_date", "cause_code", "fact_type", "payee_code", "share", "business_date", "closed_date",
    "currency",
)  # fmt: skip


def _names(question: Question, column: str) -> list[str]:
    if question.mart != OVERVIEW:
        return [column]
    return [f"{question.row['kpi_code']} {question.row['kpi_variant']} {column}"]


def _parts(question: Question, column: str) -> tuple[lineage.Part, ...]:
    known = lineage.marts().get(question.mart)
    if known is None or question.row.get("decomposition_status") == "not_decomposed":
        return ()
    table = known.kpis if question.mart == OVERVIEW else known.columns
    return next((table[name] for name in _names(question, column) if name in table), ())


def roles(question: Question) -> list[tuple[str, str]]:
    """The columns whose rows explain the cell: itself, or the numerator and denominator that it is the quotient of."""
    if _parts(question, question.column):
        return [("value", question.column)]
    stem = "kpi" if question.mart == OVERVIEW else question.column.removesuffix("_ratio")
    pair = [(role, f"{stem}_{role}") for role in ("numerator", "denominator")]
    known = [(role, name) for role, name in pair if name in question.row and _parts(question, name)]
    return known if known else []


def _total(connection: duckdb.DuckDBPyConnection, part: lineage.Part, row: dict[str, Any]) -> tuple[int, Any]:
    amount = f"count(distinct {part.distinct})" if part.distinct else f"sum({part.measure})"
    sql = f"select count(*), {amount} from {part.source} where {part.where} and ({part.measure}) is not null"
    found = connection.execute(sql, bound(sql, row)).fetchone()
    return (int(found[0]), found[1]) if found else (0, None)


def _rows_sql(connection: duckdb.DuckDBPyConnection, part: lineage.Part) -> str:
    have = set(columns_of(connection, part.fact))
    details = [name for name in DETAILS if name in have]
    if part.fact == restated.ROWS:
        details.append("fact_key")
    if part.distinct:
        details.append(part.distinct)
    listed = ", ".join(["row_id", f"{part.measure} as amount", *details])
    order = ", ".join(
        name for name in ("business_date", "closed_date", "posting_date", "row_id") if name in have
    )
    return (
        f"select {listed} from {part.source} where {part.where} and ({part.measure}) is not null "
        f"order by {order or 'row_id'}"
    )


def _shown(
    connection: duckdb.DuckDBPyConnection,
    part: lineage.Part,
    row: dict[str, Any],
    first: int,
    raw: RawLine | None,
) -> list[dict[str, Any]]:
    sql = f"{_rows_sql(connection, part)} limit {first}"
    rows = ask(connection, sql, bound(sql, row)).records()
    for one in rows:
        one["source"] = raw(str(one["row_id"])) if raw and one["row_id"] else None
    return rows


def _group(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    role: tuple[str, str],
    first: int,
    raw: RawLine | None,
) -> dict[str, Any]:
    name, column = role
    parts = []
    total: Decimal | None = None
    for part in _parts(question, column):
        count, amount = _total(connection, part, question.row)
        if amount is not None:
            total = (total or Decimal(0)) + Decimal(str(amount))
        parts.append(
            {
                "fact": part.fact,
                "where": with_values(part.where, question.row),
                "measure": f"count(distinct {part.distinct})"
                if part.distinct
                else with_values(part.measure, question.row),
                "row_count": count,
                "total": amount,
                "rows": _shown(connection, part, question.row, first, raw),
            }
        )
    value = question.row[column]
    return {
        "role": name,
        "column": column,
        "value": value,
        "rows_total": total,
        "agrees": value is None or Decimal(str(value)) == (total or Decimal(0)),
        "parts": parts,
    }


def _documented(connection: duckdb.DuckDBPyConnection, question: Question) -> dict[str, Any]:
    tables = {row[0] for row in connection.execute("select view_name from duckdb_views()").fetchall()}
    if "meta_mart_column" not in tables:
        return {}
    found = ask(
        connection,
        "select unit, additivity, description_en, description_zh from meta_mart_column "
        "where table_name = $mart and column_name = $column",
        {"mart": question.mart, "column": question.column},
    ).records()
    return found[0] if found else {}


def _metrics(question: Question) -> list[dict[str, Any]]:
    if question.mart == OVERVIEW:
        found = [one for code, one in metrics.metrics().items() if code == _code(question)]
    else:
        names = [question.column, *(name for _, name in roles(question))]
        found = [one for name in names for one in metrics.metrics_of(question.mart, name)]
    return [
        {
            "kpi": one.id,
            "en": one.name_en,
            "zh": one.name_zh,
            "formula_en": one.formula_en,
            "formula_zh": one.formula_zh,
            "numerator": one.numerator,
            "denominator": one.denominator,
        }
        for one in dict.fromkeys(found)
    ]


def _code(question: Question) -> str:
    """K16a and K05 are catalogued by their number or with their letter."""
    code = str(question.row["kpi_code"])
    return code if code in metrics.metrics() else code.rstrip("ab")


def _quotient(question: Question) -> dict[str, Any]:
    """Numerator and denominator that stand beside a ratio or a mean, whether rows add up to them or not."""
    stem = "kpi" if question.column == "kpi_value" else question.column.removesuffix("_ratio")
    pair = {role: f"{stem}_{role}" for role in ("numerator", "denominator")}
    return {role: question.row[name] for role, name in pair.items() if name in question.row}


def groups(
    connection: duckdb.DuckDBPyConnection, question: Question, first: int, raw: RawLine | None
) -> list[dict[str, Any]]:
    """Per role the fact rows of the cell, their sum, and whether it is the cell's value."""
    return [_group(connection, question, role, first, raw) for role in roles(question)]


def explain(
    connection: duckdb.DuckDBPyConnection,
    release: Release,
    question: Question,
    first: int,
    raw: RawLine | None,
) -> dict[str, Any]:
    """Everything about one cell: value, meaning, formula, and per role the fact rows with their source lines."""
    grain = metrics.marts()[question.mart].grain if question.mart in metrics.marts() else ()
    rows = groups(connection, question, first, raw)
    is_restated = question.mart == restated.RESTATEMENT
    return {
        "release_id": release.release_id,
        "mart": question.mart,
        "column": question.column,
        "key": {name: question.row[name] for name in grain if name in question.row},
        "value": question.value,
        "quotient": _quotient(question),
        "documented": _documented(connection, question),
        "metrics": _metrics(question),
        "restated": restated.compare(release, question.row, rows, raw) if is_restated else None,
        "steps": behind.steps(connection, question),
        "codes": behind.codes(question, rows),
        "behind": behind.behind(connection, question, first, raw),
        "groups": rows,
        "is_mapped": bool(rows),
    }


def all_rows(connection: duckdb.DuckDBPyConnection, question: Question) -> Iterator[dict[str, Any]]:
    """Every fact row behind the cell, for an export: role, fact, row_id, amount and what identifies it."""
    for role, column in roles(question):
        for part in _parts(question, column):
            sql = _rows_sql(connection, part)
            for row in ask(connection, sql, bound(sql, question.row)).records():
                yield {"role": role, "fact": part.fact, **row}
