"""One cell of a mart that somebody asks about, how a filter of lineage.yml is put to its row, how a step is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.errors import UsageError
from pipelines.nearest import meant, nearest
from pipelines.reader import Release, ask, identifier, quoted
from quality import metrics

if TYPE_CHECKING:
    import duckdb

MOST = 12  # rows that are told apart; of more, only the keys that lack are named
TELLING = 3
MOST_VALUES = 10_000
_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic; `agrees` is None where it is words alone."""

    en: str
    zh: str
    agrees: bool | None = None


@dataclass(frozen=True)
class Question:
    """One cell of one mart: the row that the keys found, and the column asked for."""

    mart: str
    column: str
    row: dict[str, Any]

    @property
    def value(self) -> Any:
        """The cell."""
        return self.row[self.column]


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Names of the columns of a table."""
    rows = connection.execute(f"select column_name from (describe {identifier(table)})").fetchall()
    return [str(name) for (name,) in rows]


def _choice(found: list[dict[str, Any]], open_keys: list[str]) -> str:
    """Which keys to give, and where only a few rows are meant, which values they have and what tells them apart."""
    asked = ", ".join(f"{name}=..." for name in open_keys)
    if len(found) > MOST:
        return f"give also: {asked} (any column that tells them apart will do)"
    others = [
        name for name in found[0] if name not in open_keys and len({str(row[name]) for row in found}) > 1
    ]
    rows = (
        " ".join(f"{name}={row[name]}" for name in open_keys)
        + f" ({', '.join(f'{name} {row[name]}' for name in others[:TELLING] if row[name] is not None)})"
        for row in found
    )
    return f"give also {asked}, one of: {'; '.join(rows)}"


def _never(connection: duckdb.DuckDBPyConnection, mart: str, keys: dict[str, str]) -> str:
    """The keys whose value stands in no row at all, each with values that may have been meant."""
    said = []
    for name, text in keys.items():
        column = f"cast({identifier(name)} as varchar)"
        sql = (
            f"select distinct {column} from {mart} where {column} is not null order by 1 limit {MOST_VALUES}"
        )
        values = [str(value) for (value,) in connection.execute(sql).fetchall()]
        if text not in values:
            said.append(f"{name} is never {text}: there is {_there(text, values)}")
    return "; ".join(said)


def _there(text: str, values: list[str]) -> str:
    """Of dates and numbers the span, of other values those that may have been meant, else the first of them."""
    if not values:
        return "no value at all"
    if all(value[:1].isdigit() for value in values):
        return f"{values[0]} to {values[-1]}"
    return ", ".join(nearest(text, values) or values[:TELLING])


def find(
    connection: duckdb.DuckDBPyConnection, release: Release, mart: str, column: str, keys: dict[str, str]
) -> Question:
    """The one row that the keys name; the mart with or without its `mart_`.

    Raises:
        UsageError: no such mart, column or key; no row or several rows have these keys.
    """
    mart = mart if mart.startswith("mart_") else f"mart_{mart}"
    if mart not in release.tables:
        marts = [name for name in release.tables if name.startswith("mart_")]
        is_fact = mart.removeprefix("mart_") in release.tables
        raise UsageError(
            f"release {release.release_id} has no mart {mart}",
            where=meant(mart, marts),
            todo="facts and dimensions are asked with weir sql" if is_fact else "weir marts lists them",
        )
    columns = columns_of(connection, mart)
    for name in (column, *keys):
        if name not in columns:
            raise UsageError(
                f"{mart} has no column {name}",
                where=meant(name, columns),
                todo=f"weir marts {mart} lists them",
            )
    where = " and ".join(
        f"cast({identifier(name)} as varchar) = {quoted(text)}" for name, text in keys.items()
    )
    found = ask(connection, f"select * from {mart} where {where or 'true'} limit {MOST + 1}").records()
    if len(found) != 1:
        grain = metrics.marts()[mart].grain if mart in metrics.marts() else ()
        open_keys = [name for name in grain if name not in keys]
        raise UsageError(
            f"{'no row' if not found else 'more than one row'} of {mart} has these keys",
            where="" if found else _never(connection, mart, keys),
            todo=_choice(found, open_keys)
            if found and open_keys
            else f'weir sql "select distinct {", ".join(grain) or "*"} from {mart}" shows what there is',
        )
    return Question(mart, column, found[0])


def number(value: Decimal) -> str:
    """Without zeros behind the last digit that says something, but two decimals at least."""
    whole, _, decimals = format(value, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def bound(sql: str, row: dict[str, Any]) -> dict[str, Any]:
    """The values of the row that the filter names."""
    return {name: row[name] for name in set(_PARAMETER.findall(sql))}


def with_values(sql: str, row: dict[str, Any]) -> str:
    """The filter as a reader can run it with `weir sql`."""
    return _PARAMETER.sub(lambda found: "null" if row[found[1]] is None else quoted(str(row[found[1]])), sql)
