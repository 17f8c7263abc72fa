"""`weir demo`, `weir run` and `weir backfill`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from pipelines.commands.common import home_option, json_option, show_json
from pipelines.errors import UsageError
from pipelines.files import write_atomic
from pipelines.home import Home
from pipelines.members import in_words
from pipelines.run import Outcome
from pipelines.run import run as run_job
from pipelines.settings import home_from, load, parse_date

SOURCE = click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Source folder; may be given again. Those of weir.toml if absent.",
)


def _money(amounts: dict[str, Any]) -> str:
    return ", ".join(f"{amount} {currency}" for currency, amount in sorted(amounts.items())) or "no money"


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _counts(summary: dict[str, Any]) -> list[str]:
    lines = []
    for name in ("read", "accepted", "quarantined", "duplicates", "rejected"):
        counted = summary.get(name)
        if counted:
            lines.append(
                f"  {name:<12} {counted['rows']:>12,} {_rows(counted['rows']):<4}   {_money(counted['money'])}"
            )
    return lines


def source_line(source: dict[str, Any]) -> str:
    """Rows and order lines that a home has accepted of a source."""
    counted, lines = source["rows"], source["order_lines"]
    said = f"accepted {counted['accepted']:,} of {counted['read']:,} {_rows(counted['read'])}"
    sold = f", order lines {lines['rows']:,} {_rows(lines['rows'])} {_money(lines['money'])}"
    return said + sold if lines["rows"] else said


def _others(summary: dict[str, Any]) -> list[str]:
    """One line for each source that the home has, that this run did not name, and that its release sums up too."""
    return [
        f"also in this home: {one['source']} (last landed {one['last_landed'][:10]}): {source_line(one)}; "
        "this run did not name it, and its release holds it all the same (--home DIR keeps sources apart)"
        for one in summary.get("sources", [])
        if not one["is_named"]
    ]


def _details(summary: dict[str, Any]) -> list[str]:
    """The sources of a home that has several, and what orders name and no feed lists."""
    sources = summary.get("sources", [])
    lines = [f"  of {one['source']}: {source_line(one)}" for one in sources] if len(sources) > 1 else []
    return lines + [f"note: {in_words(one)}" for one in summary.get("unlisted", [])]


def _show(outcome: Outcome) -> None:
    _show_run(outcome)
    for line in _others(outcome.summary):
        click.echo(line)


def _show_run(outcome: Outcome) -> None:
    summary = outcome.summary
    for line in summary.get("waiting", []):
        click.echo(f"left for the next run: {line}")
    if outcome.is_nothing_new:
        click.echo(f"nothing new: release {outcome.release_id} (as of {summary['as_of']}) holds")
        return
    click.echo(f"as of {summary['as_of'] or 'unknown'}")
    for line in _counts(summary):
        click.echo(line)
    for line in _details(summary):
        click.echo(line)
    checks = summary["checks"]
    if checks:
        click.echo("checks: " + ", ".join(f"{count} {name}" for name, count in checks.items()))
    for mart, shape in summary["marts"].items():
        click.echo(f"  {mart:<28} {shape['rows']:>9,} {_rows(shape['rows'])}")
    click.echo("seconds: " + ", ".join(f"{step} {taken}" for step, taken in summary["seconds"].items()))
    if outcome.release_id:
        stays = "" if summary["is_current"] else "; CURRENT stays at a later business date"
        click.echo(f"released {outcome.release_id}{stays}")


def _finish(outcome: Outcome, as_json: bool) -> int:
    if as_json:
        show_json(outcome.summary)
    else:
        _show(outcome)
    if outcome.error:
        raise outcome.error
    return outcome.exit_code


@click.command()
@SOURCE
@click.option("--as-of", help="Business date, YYYY-MM-DD; the newest date of the accepted orders if absent.")
@home_option
@json_option
def run(sources: tuple[Path, ...], as_of: str | None, home: Path | None, as_json: bool) -> int:
    """The main job: collect, land, build, judge, release.

    Example: weir run --source ./acme_erp --source ./acme_crm --as-of 2026-10-31
    """
    settings = load(home_from(home))
    return _finish(run_job(settings, list(sources), parse_date(as_of) if as_of else None), as_json)


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="1 is 40,000 order lines.")
@click.option("--seed", default=7, show_default=True, help="Same seed, same company.")
@home_option
@json_option
def demo(scale: float, seed: int, home: Path | None, as_json: bool) -> int:
    """Simulate a company with known truth, then run the main job on its extracts.

    Example: weir demo --scale 1 --home demo_home
    """
    from pipelines.demo import generate

    where = home_from(home)
    where.prepare()
    paths = generate(where.root / "demo", scale=scale, seed=seed)
    _configure(where, sorted(paths.sources.iterdir()))
    outcome = run_job(load(where), [])
    code = _finish(outcome, as_json)
    if not as_json and outcome.release_id:
        click.echo(f"look at it: weir report --home {where.root}")
    return code


def _configure(home: Home, sources: list[Path]) -> None:
    """Give the home of a simulated company its weir.toml, unless it has one."""
    path = home.root / "weir.toml"
    if path.exists():
        return
    listed = "".join(f'    "{source.relative_to(home.root)}",\n' for source in sources)
    text = f'reporting_currency = "CNY"\nsources = [\n{listed}]\n'
    write_atomic(path, text.encode())


@click.command()
@click.option("--from", "first", required=True, help="First business date, YYYY-MM-DD.")
@click.option("--to", "last", required=True, help="Last business date, YYYY-MM-DD.")
@SOURCE
@home_option
@json_option
def backfill(first: str, last: str, sources: tuple[Path, ...], home: Path | None, as_json: bool) -> int:
    """One run for each business date of a range, oldest first; the first one that fails ends it.

    Example: weir backfill --from 2026-10-01 --to 2026-10-07
    """
    start, end = parse_date(first), parse_date(last)
    if start > end:
        raise UsageError(f"{start} is after {end}", todo="give --from before --to")
    settings = load(home_from(home))
    days: list[date] = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    outcomes = []
    for day in days:
        outcome = run_job(settings, list(sources), day)
        outcomes.append(outcome.summary)
        if not as_json:
            click.echo(f"{day}: {outcome.release_id or 'no release'}")
        if outcome.error:
            raise outcome.error
    if as_json:
        show_json({"days": outcomes})
    return 0
