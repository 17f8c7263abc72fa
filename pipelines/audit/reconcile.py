"""The chain of sums: source -> landing -> fact -> mart, in rows and in money per currency.

Everything here comes from the candidate's own tables, so that the report shows what is published, not what a step
said of itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.reader import Release, ask
from quality import feeds as contracts
from quality import lineage

if TYPE_CHECKING:
    import duckdb

OUTCOMES = ("accepted", "quarantined", "duplicate", "rejected")
ZERO = Decimal(0)


def _landing_rows(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    sums = ", ".join(
        f"sum({kind}_{outcome}) as {kind}_{outcome}"
        for kind in ("rows", "amount")
        for outcome in ("read", *OUTCOMES)
    )
    return ask(
        connection,
        f"select source_system, feed, currency, {sums}, sum(rows_unreadable_amount) as rows_unreadable_amount "
        "from ops_batch group by source_system, feed, currency order by feed, source_system, currency",
    ).records()


def landing(connection: duckdb.DuckDBPyConnection, release: Release) -> list[dict[str, Any]]:
    """One entry per feed, source and currency: what was read, what became of it, and whether it adds up."""
    if "ops_batch" not in release.tables:
        return []
    return [_balanced(row) for row in _landing_rows(connection)]


def landing_of_run(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """The same entries from what landing counted in this run, for a run that staged nothing."""
    entries = []
    names = {"read": "read", "duplicate": "duplicates"} | {
        n: n for n in ("accepted", "quarantined", "rejected")
    }
    for one in summary.get("feeds") or []:
        rows = {f"rows_{short}": one[name]["rows"] for short, name in names.items()}
        currencies = sorted({currency for name in names.values() for currency in one[name]["money"]})
        for place, currency in enumerate(currencies or [""]):
            amounts = {
                f"amount_{short}": Decimal(str(one[name]["money"].get(currency, 0)))
                for short, name in names.items()
            }
            entry = {
                "feed": one["feed"],
                "source_system": one["source"],
                "currency": currency,
                "rows_unreadable_amount": one["read"].get("unreadable", 0) if place == 0 else 0,
                **(rows if place == 0 else dict.fromkeys(rows, 0)),
                **amounts,
            }
            entries.append(_balanced(entry))
    return entries


def _balanced(row: dict[str, Any]) -> dict[str, Any]:
    differences = {}
    for kind in ("rows", "amount"):
        spread = sum((row[f"{kind}_{outcome}"] or ZERO for outcome in OUTCOMES), ZERO)
        differences[f"{kind}_difference"] = (row[f"{kind}_read"] or ZERO) - spread
    return {
        **row,
        **differences,
        "is_balanced": not any(differences.values()),
        "amount_column": _amount_column(row["feed"]),
    }


def _amount_column(feed: str) -> str | None:
    known = contracts.feeds().get(feed)
    return known.control_amount if known else None


def _by_currency(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    return {
        str(row[0] or ""): {"rows": row[1], "amount": row[2], "units": row[3]}
        for row in connection.execute(sql).fetchall()
    }


def _fact_side(connection: duckdb.DuckDBPyConnection, one: lineage.FeedFact) -> dict[str, Any]:
    amount = f"sum({one.amount})" if one.amount else "null"
    currency = "currency" if one.amount else "''"
    return _by_currency(
        connection,
        f"select {currency}, count(distinct row_id), {amount}, count(*) from {one.fact} "
        f"where {one.where} group by {currency}",
    )


def _aside(connection: duckdb.DuckDBPyConnection, one: lineage.FeedFact, kind: str) -> dict[str, Any]:
    currency = "coalesce(currency, '')" if one.amount else "''"
    return _by_currency(
        connection,
        f"select {currency}, count(*), sum(amount), count(*) from quarantine_row "
        f"where kind = '{kind}' and feed = '{one.feed}' group by {currency}",
    )


def _accepted_side(connection: duckdb.DuckDBPyConnection, one: lineage.FeedFact) -> dict[str, Any]:
    currency = "currency" if one.amount else "''"
    return _by_currency(
        connection,
        f"select {currency}, sum(rows_accepted), sum(amount_accepted), 0 from ops_batch "
        f"where feed = '{one.feed}' group by {currency}",
    )


def _rest_reason(feed: str) -> str:
    if contracts.feeds()[feed].versioning == "event":
        return "later than the as-of date, or waiting for their order"
    return "an older state or version of a row that is there, or later than the as-of date"


def landing_to_fact(connection: duckdb.DuckDBPyConnection, release: Release) -> list[dict[str, Any]]:
    """One entry per feed with a fact and currency: accepted = in the fact + held + withdrawn + rest."""
    entries: list[dict[str, Any]] = []
    have = release.tables
    for one in lineage.feed_facts():
        if not {one.fact, "ops_batch", "quarantine_row"} <= set(have):
            continue
        accepted, fact = _accepted_side(connection, one), _fact_side(connection, one)
        sides = [accepted, fact, *(_aside(connection, one, kind) for kind in ("held", "withdrawn"))]
        for currency in sorted(set(accepted) | set(fact)):
            entry = _feed_entry(one, currency, sides)
            if entry["rows_accepted"] or entry["rows_in_fact"]:
                entries.append(entry)
    return entries


def _feed_entry(one: lineage.FeedFact, currency: str, sides: list[dict[str, Any]]) -> dict[str, Any]:
    nothing = {"rows": 0, "amount": None}
    found = [side.get(currency, nothing) for side in sides]
    rows = [int(side["rows"] or 0) for side in found]
    amounts = [side["amount"] or ZERO for side in found] if one.amount else [None] * 4
    rest = rows[0] - sum(rows[1:])
    return {
        "feed": one.feed,
        "fact": one.fact,
        "currency": currency,
        "rows_accepted": rows[0],
        "rows_in_fact": rows[1],
        "rows_held": rows[2],
        "rows_withdrawn": rows[3],
        "rows_rest": rest,
        "amount_accepted": amounts[0],
        "amount_in_fact": amounts[1],
        "amount_held": amounts[2],
        "amount_withdrawn": amounts[3],
        "amount_rest": amounts[0] - sum(amounts[1:]) if one.amount else None,
        "rest_reason": _rest_reason(one.feed) if rest else "",
        "note": one.note,
    }


def _totals_by_currency(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Decimal]:
    found = connection.execute(sql).fetchall()
    return {str(currency): amount for currency, amount in found if amount is not None}


def _fact_total(connection: duckdb.DuckDBPyConnection, total: lineage.Total) -> dict[str, Decimal]:
    union = " union all ".join(
        f"select reporting_currency, cast({part.measure} as decimal(38, 4)) as amount from {part.fact} "
        f"where {part.where}"
        for part in total.facts
    )
    return _totals_by_currency(
        connection, f"select reporting_currency, sum(amount) from ({union}) group by reporting_currency"
    )


def _mart_entry(
    connection: duckdb.DuckDBPyConnection, one: lineage.MartTotal, facts: dict[str, Decimal]
) -> list[dict[str, Any]]:
    found = _totals_by_currency(
        connection,
        f"select reporting_currency, sum({one.column}) from {one.mart} where {one.where} "
        "group by reporting_currency",
    )
    return [
        {
            "mart": one.mart,
            "column": one.column,
            "currency": currency,
            "amount": found.get(currency),
            "difference": found[currency] - facts.get(currency, ZERO) if currency in found else None,
        }
        for currency in sorted(set(found) | set(facts))
    ]


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    rows = connection.execute("select table_name, column_name from duckdb_columns() where not internal")
    found: dict[str, set[str]] = {}
    for table, column in rows.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def fact_to_mart(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """One entry per measure: the sum over facts and each mart's sum per reporting currency, with the difference."""
    entries = []
    have = _columns(connection)
    for total in lineage.totals():
        if not all(part.fact in have for part in total.facts):
            continue
        facts = _fact_total(connection, total)
        marts: list[dict[str, Any]] = []
        for one in total.marts:
            if one.column in have.get(one.mart, set()):
                marts.extend(_mart_entry(connection, one, facts))
        entries.append(
            {"measure": total.name, "en": total.en, "zh": total.zh, "facts": facts, "marts": marts}
        )
    return entries
