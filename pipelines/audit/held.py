"""Rows that were held back: by reason, with masked samples and the place where the engineer finds them.

Held back is what landing quarantined and what the warehouse holds. A duplicate is counted once and a rejected
file comes again: both are listed beside, and counted apart.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.audit.masking import scrub, shown_key
from pipelines.reader import Release, ask

if TYPE_CHECKING:
    import duckdb

SAMPLES = 3
GROUP = "source_system, feed, rule_id, kind"
HELD_BACK = ("quarantined", "held")


def _groups(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return ask(
        connection,
        f"select {GROUP}, count(*) as row_count, count(distinct reason) as reason_count, "
        "min(reason) as reason, count(amount) as amount_count "
        f"from quarantine_row group by {GROUP} order by kind, row_count desc, {GROUP}",
    ).records()


def _amounts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, ...], dict[str, Decimal]]:
    rows = connection.execute(
        f"select {GROUP}, coalesce(currency, ''), sum(amount) from quarantine_row where amount is not null "
        f"group by {GROUP}, coalesce(currency, '') order by all"
    ).fetchall()
    found: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for *group, currency, amount in rows:
        found.setdefault(tuple(group), {})[currency] = amount
    return found


def _place(row: dict[str, Any]) -> str:
    """File and line; a row held in the warehouse has them in its id, `<source>|<extract>|<line>`."""
    if row["file_name"] is not None:
        return f"{row['file_name']}:{row['line_no']}"
    return str(row["row_id"]).partition("|")[2].replace("|", ":")


def _samples(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    answer = ask(
        connection,
        "select source_system, feed, rule_id, kind, row_id, file_name, line_no, natural_key, raw_hash, reason "
        f"from quarantine_row qualify row_number() over (partition by {GROUP} order by row_id) <= {SAMPLES} "
        f"order by {GROUP}, row_id",
    )
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in answer.records():
        group = tuple(row.pop(name) for name in ("source_system", "feed", "rule_id", "kind"))
        row["natural_key"] = shown_key(row["natural_key"], group[-1])
        row["place"] = _place(row)
        row["reason"] = scrub(row["reason"])
        found.setdefault(group, []).append(row)
    return found


def held_back_count(by_kind: dict[str, int]) -> int:
    """Rows held back, of rows set aside by kind: quarantined at landing and held in the warehouse."""
    return sum(by_kind.get(kind, 0) for kind in HELD_BACK)


def held_back(connection: duckdb.DuckDBPyConnection, release: Release) -> dict[str, Any]:
    """Groups of quarantined, held, duplicate and rejected rows by source, feed and rule, with masked samples."""
    if "quarantine_row" not in release.tables:
        return {"row_count": 0, "groups": [], "by_kind": {}}
    groups = _groups(connection)
    amounts, samples = _amounts(connection), _samples(connection)
    for group in groups:
        key = (group["source_system"], group["feed"], group["rule_id"], group["kind"])
        group["reason"] = scrub(group["reason"])
        group["amounts"] = amounts.get(key, {})
        group["samples"] = samples.get(key, [])
    return _counted(groups)


def _counted(groups: list[dict[str, Any]]) -> dict[str, Any]:
    by_kind: dict[str, int] = {}
    for group in groups:
        by_kind[group["kind"]] = by_kind.get(group["kind"], 0) + group["row_count"]
    return {"row_count": held_back_count(by_kind), "groups": groups, "by_kind": by_kind}


def held_back_in_run(summary: dict[str, Any]) -> dict[str, Any]:
    """The same groups from what landing counted in this run, without samples, for a run that staged nothing."""
    groups = []
    for one in summary.get("feeds") or []:
        said = {
            ("quarantined", *named.split("|", 1)): count for named, count in one.get("reasons", {}).items()
        }
        if one["duplicates"]["rows"]:
            said["duplicate", "S10", "the same row again"] = one["duplicates"]["rows"]
        groups += [
            {
                "source_system": one["source"],
                "feed": one["feed"],
                "rule_id": rule,
                "kind": kind,
                "row_count": count,
                "reason_count": 1,
                "reason": scrub(reason),
                "amounts": {},
                "samples": [],
            }
            for (kind, rule, reason), count in said.items()
        ]
    return _counted(sorted(groups, key=lambda group: (group["kind"], -group["row_count"], group["feed"])))
