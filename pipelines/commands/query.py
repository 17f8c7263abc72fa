"""Commands that read: `sql`, `status`, `explain`, `report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.commands.common import home_option, json_option, release_option, show_json
from pipelines.commands.explain import explain
from pipelines.commands.layout import plain, show_pairs, show_table
from pipelines.settings import home_from


@click.command()
@click.argument("statement")
@release_option
@click.option("--limit", default=1000, show_default=True, help="Most rows to show; 0 for all.")
@json_option
@home_option
def sql(statement: str, release_id: str | None, limit: int, as_json: bool, home: Path | None) -> None:
    """Read-only SQL on a release: its marts, facts and dimensions, by name.

    Example: weir sql "select channel_type, sum(net_revenue) from mart_channel_performance group by all"
    """
    from pipelines.reader import ask_user, connect, open_release

    release = open_release(home_from(home), release_id)
    with connect(release) as connection:
        answer = ask_user(connection, statement, limit or None)
    rows = answer.rows[:limit] if limit else answer.rows
    is_cut = len(rows) < len(answer.rows)
    if as_json:
        named = [dict(zip(answer.columns, row, strict=True)) for row in rows]
        show_json(
            {
                "release_id": release.release_id,
                "columns": answer.columns,
                "types": answer.types,
                "rows": named,
                "is_cut": is_cut,
            }
        )
        return
    show_table(answer.columns, rows, None)
    click.echo(f"({len(rows)} row{'' if len(rows) == 1 else 's'}{', more with --limit 0' if is_cut else ''})")


@click.command()
@click.option("--rules", is_flag=True, help="The data quality rules: implemented, and named only.")
@json_option
@home_option
def status(rules: bool, as_json: bool, home: Path | None) -> None:
    """What the home holds: the current release, the last runs, sources, rows held back.

    Example: weir status --rules
    """
    from pipelines.commands import state

    if rules:
        found = state.rules()
        if as_json:
            show_json(found)
            return
        columns = ("rule", "state", "severity", "limit", "tools", "reason", "not_judged_yet")
        show_table(columns, [[plain(one[name]) for name in columns] for one in found["rules"]], 90)
        show_table(
            ("", "implemented", "of them in part", "named"), [list(one.values()) for one in found["kinds"]]
        )
        click.echo(
            f"{found['implemented']} of {found['named']} rules are implemented, {found['in_part']} of them in part"
        )
        return
    found = state.status(home_from(home))
    if as_json:
        show_json(found)
        return
    _show_status(found)


def _held_back(by_kind: dict[str, int]) -> str:
    """Rows held back by where, and what is counted apart, in the words of the report's page."""
    from pipelines.audit.held import HELD_BACK, held_back_count
    from pipelines.audit.page import KINDS

    parts = [f"{by_kind[kind]} {KINDS[kind][2]}" for kind in HELD_BACK if by_kind.get(kind)]
    apart = [f"{count} {KINDS[kind][2]}" for kind, count in by_kind.items() if kind not in HELD_BACK]
    rows = held_back_count(by_kind)
    said = f"{rows} row{'' if rows == 1 else 's'}" + (f" ({', '.join(parts)})" if parts else "")
    return said + (f"; apart: {', '.join(apart)}" if apart else "")


def _show_sources(sources: list[dict[str, Any]]) -> None:
    """All that a release of this home sums up, whichever run named it."""
    click.echo("\nsources in this home")
    rows = []
    for one in sources:
        counted = one["rows"] or {"read": 0, "accepted": 0}
        lines = one["order_lines"] or {"rows": 0, "money": {}}
        money = ", ".join(f"{amount} {currency}".strip() for currency, amount in lines["money"].items())
        shown = (counted["read"], counted["accepted"], lines["rows"], money)
        rows.append(
            [one["source"], one["extracts"], len(one["superseded"]), one["newest_received"][:19], *shown]
        )
    show_table(
        ("source", "extracts", "superseded", "last landed", "read", "accepted", "order lines", "money"),
        rows,
        None,
    )


def _show_status(found: dict[str, Any]) -> None:
    current = found["current"]
    show_pairs(
        {
            "home": found["home"] if found["is_prepared"] else f"{found['home']} (empty)",
            "current release": current["release_id"] if current else "none",
            "as of": current["as_of"] if current else "",
            "verdict": current["verdict"] if current else "",
            "releases": found["releases"],
            "held back": _held_back(found["quarantine"]),
            "conflicts": found["conflicts"],
        }
    )
    if found["sources"]:
        _show_sources(found["sources"])
    replaced = [one for source in found["sources"] for one in source["superseded"]]
    if replaced:
        click.echo("\nsuperseded extracts")
        columns: tuple[str, ...] = ("source", "extract_id", "replaced_by", "replaced_at", "reason", "told_by")
        show_table(columns, [[plain(one[name]) for name in columns] for one in replaced])
    columns = ("run_id", "as_of", "verdict", "seconds", "release_id", "ending")
    if found["runs"]:
        click.echo("\nlast runs")
        show_table(columns, [[run[name] for name in columns] for run in found["runs"]])


@click.command()
@click.argument("release_id", metavar="[ID]", required=False)
@click.option("--run", "run_id", metavar="RUN", help="The report of a run, refused ones too.")
@json_option
@home_option
def report(release_id: str | None, run_id: str | None, as_json: bool, home: Path | None) -> None:
    """The quality report: where its page lies, and its verdict; with --json the whole report.

    Without an id: of the last run, whether it was released or refused.

    Example: weir report 2024-10-31.0001.5f0c2a9e
    """
    from pipelines.commands.reports import find_report

    folder, found = find_report(home_from(home), release_id, run_id)
    if as_json:
        show_json(found)
        return
    verdict, counts = found["verdict"], found["checks"]["counts"]
    show_pairs(
        {
            "verdict": verdict["verdict"],
            "release": found["release"]["release_id"] or "nothing was published",
            "as of": verdict["as_of"],
            "checks": ", ".join(f"{count} {name}" for name, count in counts.items()),
            "held back": _held_back(found["held_back"]["by_kind"]),
            "page": folder / "report.html",
        }
    )
    for reason in verdict["reasons"]:
        click.echo(f"  {reason}")


__all__ = ["explain", "report", "sql", "status"]
