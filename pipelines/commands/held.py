"""What `weir quarantine` shows: rows held back, from the home's quarantine folder, masked unless asked otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.audit.held import HELD_BACK
from pipelines.audit.masking import mask, scrub, shown_key
from pipelines.errors import UsageError, WeirError
from pipelines.home import Home

GROUP = ("source_system", "feed", "rule_id", "kind")


def _files(home: Home) -> list[Path]:
    return sorted(home.quarantine.glob("*/*.parquet")) if home.quarantine.is_dir() else []


def _landed(home: Home, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    """Ask the rows that landing set aside, as table `held`."""
    import duckdb

    from pipelines.reader import ask, harden, quoted

    files = _files(home)
    if not files:
        return []
    listed = ", ".join(quoted(str(path)) for path in files)
    with duckdb.connect() as connection:
        connection.execute(
            f"create view held as select * from read_parquet([{listed}], union_by_name = true)"
        )
        harden(connection, [home.quarantine])
        return ask(connection, sql, values).records()


def _held_in_warehouse(home: Home) -> list[dict[str, Any]]:
    """Rows that landing accepted and that are held or withdrawn, as the current release lists them."""
    from pipelines.reader import ask, connect, open_release

    if not home.current.is_symlink():
        return []
    release = open_release(home)
    if "quarantine_row" not in release.tables:
        return []
    with connect(release, with_meta=False) as connection:
        sql = "select * from quarantine_row where kind in ('held', 'withdrawn') order by row_id"
        return ask(connection, sql).records()


def _wanted(filters: dict[str, str | None]) -> dict[str, str]:
    """The filters that are given; a feed may be written with a dot."""
    return {
        name: value.replace(".", "__") if name == "feed" else value
        for name, value in filters.items()
        if value
    }


def _extract_of(row: dict[str, Any]) -> str:
    """The extract in a row id, `<source>|<extract>|<line>`, perhaps with the number of a copy after it."""
    rest = str(row["row_id"]).split("|", 1)[-1]
    while "|" in rest and rest.rpartition("|")[2].isdigit():
        rest = rest.rpartition("|")[0]
    return rest


def _all(home: Home, filters: dict[str, str | None]) -> Iterator[dict[str, Any]]:
    """Rows that pass the filters, those held in the warehouse too; each with the extract that it came in."""
    given = _wanted(filters)
    extract = given.pop("extract_id", None)
    where = " and ".join(f"{name} = ?" for name in given) or "true"
    found = _landed(home, f"select * from held where {where} order by row_id, rule_id", list(given.values()))
    found += [
        row for row in _held_in_warehouse(home) if all(row[name] == value for name, value in given.items())
    ]
    for row in found:
        named = {**row, "extract_id": _extract_of(row)}
        if extract in (None, named["extract_id"]):
            yield named


def groups(
    home: Home, filters: dict[str, str | None] | None = None, *, by_file: bool = False
) -> list[dict[str, Any]]:
    """Rows by source, feed, rule and kind, and by file if asked for; with money by currency and one of the reasons.

    Quoted values in a reason are masked.
    """
    names = (*GROUP, "extract_id") if by_file else GROUP
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in _all(home, filters or {}):
        key = tuple(str(row[name] or "") for name in names)
        fresh = {"row_count": 0, "money": {}, "reason": scrub(row["reason"])}
        one = found.setdefault(key, {**dict(zip(names, key, strict=True)), **fresh})
        one["row_count"] += 1
        if row["amount"] is not None:
            currency = row["currency"] or ""
            one["money"][currency] = one["money"].get(currency, Decimal(0)) + row["amount"]
    return [found[key] for key in sorted(found)]


def rows(home: Home, filters: dict[str, str | None], most: int) -> list[dict[str, Any]]:
    """Single rows, masked, in order of row id."""
    found = sorted(_all(home, filters), key=lambda row: str(row["row_id"]))
    return [masked(row) for row in found[:most]]


def to_mend(home: Home, filters: dict[str, str | None]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Rows that can be mended, by source and extract: quarantined at landing, or held in the warehouse."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _all(home, filters):
        if row["kind"] in HELD_BACK:
            found.setdefault((row["source_system"], row["extract_id"]), []).append(row)
    return found


def masked(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what it may say of a person: its text by its shape, its key too unless landing accepted it."""
    hidden = {
        "natural_key": shown_key(row.get("natural_key"), row.get("kind")),
        "reason": scrub(row.get("reason")),
        "raw_text": mask(row.get("raw_text"), 400),
    }
    return {**row, **hidden}


def row(home: Home, row_id: str, *, is_raw: bool) -> list[dict[str, Any]]:
    """The rows of one id (a row may be held for several reasons), with its raw text as it is if asked for.

    Raises:
        UsageError: nothing of that id was held back.
    """
    found = _landed(home, "select * from held where row_id = ? order by rule_id", [row_id])
    found += [_with_line(home, one) for one in _held_in_warehouse(home) if one["row_id"] == row_id]
    if not found:
        raise UsageError(f"no row {row_id} was held back", todo="weir quarantine list --rows shows ids")
    return found if is_raw else [masked(one) for one in found]


def _with_line(home: Home, row: dict[str, Any]) -> dict[str, Any]:
    """A row held in the warehouse with its line from the archive; without it if the archive has it no more."""
    from pipelines.landing.raw import raw_line

    try:
        line = raw_line(home, row["row_id"])
    except (WeirError, OSError):
        return row
    return {**row, "file_name": line.file, "line_no": line.line, "raw_text": line.text}
