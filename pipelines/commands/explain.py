"""`weir explain`: a number's whole way back."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.common import home_option, json_option, show_json
from pipelines.commands.layout import cell, show_pairs
from pipelines.errors import UsageError, WeirError
from pipelines.home import Home
from pipelines.settings import home_from

if TYPE_CHECKING:
    import duckdb

    from pipelines.audit.explain import RawLine
    from pipelines.audit.question import Question

BESIDE = (
    "row_id",
    "amount",
    "source",
    "fact_key",
    "before",
    "after",
    "changed",
)  # told on lines of their own
LONGEST = 600
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def _raw_line(home: Home) -> RawLine:
    """A row's file, line and text from the archive; where that is gone, what is missing is said instead."""
    from dataclasses import asdict

    from pipelines.landing.raw import raw_line

    def read(row_id: str) -> dict[str, Any]:
        try:
            return asdict(raw_line(home, row_id))
        except (WeirError, OSError) as error:
            return {"file": None, "line": None, "text": None, "missing": str(error)}

    return read


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is written with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else cell(value)


def _export(path: Path, connection: duckdb.DuckDBPyConnection, question: Question) -> int:
    from pipelines.audit.explain import all_rows

    rows = list(all_rows(connection, question))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([_safe(row.get(name)) for name in columns] for row in rows)
    return len(rows)


def parse_keys(given: tuple[str, ...]) -> dict[str, str]:
    """`key=value` arguments as a dictionary; UsageError for anything else."""
    pairs = [text.partition("=") for text in given]
    wrong = [name + sign for name, sign, _ in pairs if not sign or not name]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is no key", todo="write keys as column=value")
    return {name: value for name, _, value in pairs}


@click.command()
@click.argument("mart")
@click.argument("column")
@click.argument("key", nargs=-1)
@click.option("--release", "release_id", metavar="ID", help="A release; CURRENT if absent.")
@click.option("--first", default=5, show_default=True, help="Fact rows to show for each part.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), help="Write all fact rows as CSV.")
@json_option
@home_option
def explain(
    mart: str,
    column: str,
    key: tuple[str, ...],
    release_id: str | None,
    as_json: bool,
    home: Path | None,
    **more: Any,
) -> None:
    """A number's whole way back: formula, the fact rows behind it, and each row's file, line and raw text.

    KEY is column=value, as many as name one row of the mart.

    Example: weir explain mart_channel_performance net_revenue channel_code=direct_cn fiscal_month=2024-02
    """
    from pipelines.audit import explain as audit
    from pipelines.audit.question import find
    from pipelines.reader import connect, open_release

    where = home_from(home)
    release = open_release(where, release_id)
    with connect(release) as connection:
        question = find(connection, release, mart, column, parse_keys(key))
        found = audit.explain(connection, release, question, more["first"], _raw_line(where))
        if more["export"] is not None:
            found["exported"] = {
                "file": str(more["export"]),
                "rows": _export(more["export"], connection, question),
            }
    if as_json:
        show_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    key = " ".join(f"{name}={cell(value)}" for name, value in found["key"].items())
    click.echo(f"{found['mart']}.{found['column']}  {key}")
    documented = found["documented"]
    shown = {
        "value": "NULL" if found["value"] is None else found["value"],
        "=": " / ".join("NULL" if part is None else cell(part) for part in found["quotient"].values()),
        "meaning": documented.get("description_en"),
        "含义": documented.get("description_zh"),
        "unit": documented.get("unit"),
        "additivity": documented.get("additivity"),
        "release": found["release_id"],
    }
    show_pairs({name: value for name, value in shown.items() if value not in (None, "")})
    for one in found["metrics"]:
        click.echo(f"\n{one['kpi']} {one['en']} {one['zh']}\n  {one['formula_en']}\n  {one['formula_zh']}")
        if one["denominator"] not in ("", "-"):
            click.echo(f"  = {one['numerator']} / {one['denominator']}")
    _show_steps(found)
    if found["restated"]:
        told, before = found["restated"]["told_by"], found["restated"]["before"]
        click.echo(
            f"  told by release {told}, {f'compared with {before}' if before else 'whose parent is gone'}"
        )
        _show_moved(found["restated"]["moved"])
    for one in found["behind"]:
        _show_behind(one)
    for group in found["groups"]:
        _show_group(group)
    if not found["is_mapped"]:
        click.echo("\nno fact rows are known to add up to this column: weir marts says what it is")
    if "exported" in found:
        click.echo(f"\nall {found['exported']['rows']} rows: {found['exported']['file']}")


def _show_steps(found: dict[str, Any]) -> None:
    if found["steps"]:
        click.echo("\nhow it comes about 计算过程")
    for step in found["steps"]:
        said = {True: "  (agrees with the row)", False: "  (DIFFERS from the row)", None: ""}[step["agrees"]]
        click.echo(f"  {step['en']}{said}\n  {step['zh']}")
    for code in found["codes"]:
        click.echo(f"  {code['code']}: {code['en']} {code['zh']}")


def _show_moved(moved: list[dict[str, Any]]) -> None:
    """The accounts that a merge put under another master, with the line that says so."""
    if moved:
        click.echo("\naccounts under another master customer 归入其他主客户的账户 (dim_customer)")
    for row in moved:
        was = row["was_master"] or "not there"
        click.echo(
            f"    {row['customer_code']} of {row['source_system']}: master {was} -> {row['became_master']} "
            f"({row['match_rule']})"
        )
        _show_source(row, "      ")


def _show_behind(one: dict[str, Any]) -> None:
    """Rows of another table, each with its line of the source; `>` marks those that hold."""
    click.echo(f"\n{one['en']} {one['zh']} ({one['table']})")
    for row in one["rows"]:
        said = ", ".join(
            f"{name} {cell(value)}"
            for name, value in row.items()
            if name not in ("row_id", "source", "applies") and value is not None
        )
        click.echo(f"  {'>' if row.get('applies') else ' '} {said}")
        _show_source(row, "      ")
    if len(one["rows"]) < one["row_count"]:
        click.echo(f"    ... {one['row_count'] - len(one['rows'])} more (--first N)")


def _show_source(row: dict[str, Any], indent: str) -> None:
    source = row.get("source") or {}
    if source.get("text") is not None:
        click.echo(f"{indent}{source['file']}:{source['line']}  {cell(source['text'])}")
        if source.get("mended"):
            click.echo(f"{indent}mended since: {cell(source['mended'])}")
    elif source.get("missing"):
        click.echo(f"{indent}raw line not found: {source['missing']}")


def _show_group(group: dict[str, Any]) -> None:
    said = "agrees with the mart" if group["agrees"] else f"DIFFERS from the mart: {cell(group['value'])}"
    click.echo(
        f"\n{group['role']} {group['column']}: rows add up to {cell(group['rows_total']) or '0'}, {said}"
    )
    with_rows = {part["fact"] for part in group["parts"] if part["row_count"]}
    for part in group["parts"]:
        if not part["row_count"] and part["fact"] in with_rows:
            continue  # the same fact under another filter, as the causes of a restatement that there were not
        click.echo(
            f"\n  {_counted(part['row_count'])} of {part['fact']}, {shortened(part['measure'])} = "
            f"{cell(part['total']) or '0'}"
        )
        click.echo(f"  where {shortened(part['where'])}")
        for row in part["rows"]:
            _show_row(row)
        if len(part["rows"]) < part["row_count"]:
            click.echo(f"    ... {part['row_count'] - len(part['rows'])} more (--first N, or --export FILE)")


def shortened(sql: str) -> str:
    """A long filter or measure by its beginning; the JSON has all of it."""
    return sql if len(sql) <= LONGEST else f"{sql[:LONGEST]}... ({len(sql):,} characters: --json)"


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _show_row(row: dict[str, Any]) -> None:
    details = ", ".join(
        f"{name} {cell(value)}" for name, value in row.items() if name not in BESIDE and value is not None
    )
    click.echo(f"    {cell(row['amount'])}  {row['row_id']}  ({details})")
    _show_change(row)
    _show_source(row, "      ")


def _show_change(row: dict[str, Any]) -> None:
    """What a fact was and became: what differs, or all of it where one side did not know it."""
    before, after = row.get("before"), row.get("after")
    for said, side, other in (("was   ", before, after), ("became", after, before)):
        if side is not None:
            names = [name for name, value in side.items() if value is not None]
            shown = row["changed"] if other is not None else names
            click.echo(f"      {said}  {', '.join(f'{name} {cell(side[name])}' for name in shown)}")
        elif other is not None:
            click.echo(f"      {said}  not there")
