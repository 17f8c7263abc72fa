"""What `weir quarantine` shows: rows held back, from the home's quarantine folder, masked unless asked otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.audit.masking import mask, scrub
from pipelines.errors import UsageError
from pipelines.home import Home

GROUP = ("source_system", "feed", "rule_id", "kind")


def _files(home: Home) -> list[Path]:
    return sorted(home.quarantine.glob("*/*.parquet")) if home.quarantine.is_dir() else []


def _rows(home: Home, where: str = "true", values: list[Any] | None = None, order: str = "row_id") -> Any:
    import duckdb

    from pipelines.reader import Answer, harden, quoted

    files = _files(home)
    if not files:
        return Answer([], [], [])
    listed = ", ".join(quoted(str(path)) for path in files)
    with duckdb.connect() as connection:
        connection.execute(
            f"create view held as select * from read_parquet([{listed}], union_by_name = true)"
        )
        harden(connection, [home.quarantine])
        cursor = connection.execute(f"select * from held where {where} order by {order}", values or [])
        columns = [str(column[0]) for column in cursor.description or []]
        return Answer(columns, [], cursor.fetchall())


def groups(home: Home) -> list[dict[str, Any]]:
    """Rows by source, feed, rule and kind, with the reason of the first (quoted values masked)."""
    counted: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in _rows(home).records():
        key = tuple(str(row[name] or "") for name in GROUP)
        one = counted.setdefault(
            key, {**dict(zip(GROUP, key, strict=True)), "row_count": 0, "reason": scrub(row["reason"])}
        )
        one["row_count"] += 1
    return [counted[key] for key in sorted(counted)]


def rows(home: Home, filters: dict[str, str | None], most: int) -> list[dict[str, Any]]:
    """Single rows, masked, in order of row id."""
    given = {name: value for name, value in filters.items() if value}
    where = " and ".join(f"{name} = ?" for name in given) or "true"
    values = [value.replace(".", "__") if name == "feed" else value for name, value in given.items()]
    return [masked(row) for row in _rows(home, where, values).records()[:most]]


def masked(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what it says of a person: raw text and key keep their shape only."""
    hidden = {
        "natural_key": mask(row.get("natural_key")),
        "reason": scrub(row.get("reason")),
        "raw_text": mask(row.get("raw_text"), 400),
    }
    return {**row, **hidden}


def row(home: Home, row_id: str, *, is_raw: bool) -> list[dict[str, Any]]:
    """The rows of one id (a row may be held for several reasons), with its raw text as it is if asked for.

    Raises:
        UsageError: nothing of that id was held back.
    """
    found: list[dict[str, Any]] = _rows(home, "row_id = ?", [row_id], "rule_id").records()
    if not found:
        raise UsageError(f"no row {row_id} was held back", todo="weir quarantine list --rows shows ids")
    return found if is_raw else [masked(one) for one in found]
