"""`weir releases`, `weir verify`, `weir rollback` and `weir rebuild`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from pipelines.commands.common import home_option, json_option, show_json
from pipelines.errors import FAULT, UsageError
from pipelines.home import run_lock
from pipelines.settings import home_from


@click.command()
@home_option
@json_option
def releases(home: Path | None, as_json: bool) -> int:
    """The history of releases, oldest first; the current one is marked.

    Example: weir releases --json
    """
    from pipelines.release.history import history

    entries = history(home_from(home))
    if as_json:
        show_json({"releases": entries})
        return 0
    for one in entries:
        mark = "*" if one["is_current"] and one is _last(entries, one["release_id"]) else " "
        checks = one["checks"] or {}
        judged = f"{checks.get('passed', 0)} passed, {checks.get('warned', 0)} warned"
        what = f"rolled back from {one['parent_id']}" if one["kind"] == "rollback" else judged
        if one["kind"] == "history":
            what += "  (an earlier business date: readers stayed where they were)"
        gone = "" if one["is_there"] else "  (its folder is gone)"
        click.echo(
            f"{mark} {one['release_id']}  {str(one['at'])[:19]}  {one['rows']:>12,} rows  {what}{gone}"
        )
    if not entries:
        click.echo("nothing has been released yet: weir run --source DIR")
    return 0


def _last(entries: list[dict[str, object]], release_id: str) -> dict[str, object]:
    return next(one for one in reversed(entries) if one["release_id"] == release_id)


@click.command()
@click.argument("release_id", required=False)
@home_option
@json_option
def verify(release_id: str | None, home: Path | None, as_json: bool) -> int:
    """Prove that a release (the current one if none is named) is what was judged and published.

    The ledger's chain, CURRENT, every file's SHA-256, the verdict, and all rows, sums and hashes recomputed.
    Ends with 5 if anything differs.

    Example: weir verify 2026-10-31.0007.1a2b3c4d
    """
    from pipelines.release.verify import verify as prove

    proofs = prove(home_from(home), release_id)
    whole = all(proof.holds for proof in proofs)
    if as_json:
        show_json(
            {"verified": whole, "checks": [{**asdict(proof), "holds": proof.holds} for proof in proofs]}
        )
        return 0 if whole else FAULT
    for proof in proofs:
        click.echo(f"{'ok    ' if proof.holds else 'FAILED'} {proof.name} ({proof.examined} examined)")
        for fault in proof.faults:
            click.echo(f"         what:  {fault}")
        if not proof.holds:
            click.echo(f"         where: {proof.where}")
            click.echo(f"         to do: {proof.todo}")
    click.echo("verified" if whole else "NOT verified")
    return 0 if whole else FAULT


@click.command()
@click.argument("release_id")
@home_option
@json_option
def rollback(release_id: str, home: Path | None, as_json: bool) -> int:
    """Point readers back to an earlier release, after proving that it is whole. The ledger keeps it.

    Example: weir rollback 2026-10-30.0006.9f8e7d6c
    """
    from pipelines.release.rollback import rollback as go_back

    chosen = home_from(home)
    if not chosen.root.is_dir():
        raise UsageError("there is no such home", where=str(chosen.root), todo="name it with --home DIR")
    with run_lock(chosen):
        before = go_back(chosen, release_id)
    if as_json:
        show_json({"release_id": release_id, "before": before})
    else:
        click.echo(f"CURRENT is {release_id}; it was {before}")
    return 0


@click.command()
@click.argument("release_id", required=False)
@click.option(
    "--into", required=True, type=click.Path(path_type=Path, file_okay=False), help="The second home."
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that defines a source; may be given again. As the archive kept them if absent.",
)
@home_option
@json_option
def rebuild(
    release_id: str | None, into: Path, sources: tuple[Path, ...], home: Path | None, as_json: bool
) -> int:
    """Build a release again in another home, from the archive alone, and compare every table.

    Ends with 5 if a table differs.

    Example: weir rebuild 2026-10-31.0007.1a2b3c4d --into ./second_home
    """
    from pipelines.release.rebuild import rebuild as build_again
    from pipelines.run import run

    found = build_again(home_from(home), release_id, into, run, list(sources) or None)
    if as_json:
        show_json({**asdict(found), "is_same": found.is_same})
        return 0 if found.is_same else FAULT
    for table, (released, rebuilt) in found.differing.items():
        click.echo(f"differs: {table}: released {released}, rebuilt {rebuilt}")
    if not found.is_same_code:
        click.echo("note: this is not the code that made the release")
    if not found.are_same_definitions:
        click.echo("note: a source's definition has changed since")
    same = found.tables - len(found.differing)
    click.echo(f"{found.release_id}: {same} of {found.tables} tables are the same in {into}")
    return 0 if found.is_same else FAULT
