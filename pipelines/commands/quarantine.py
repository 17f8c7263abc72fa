"""`weir quarantine`: what was held back, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.audit.masking import scrub
from pipelines.commands import held
from pipelines.commands.common import home_option, json_option, show_json
from pipelines.commands.layout import show_pairs, show_table
from pipelines.commands.reports import last_result
from pipelines.errors import DONE, REJECTED, UsageError
from pipelines.home import Home, run_lock
from pipelines.settings import home_from

SOURCE = click.option("--source", "source_system", metavar="NAME", help="Of one source.")
FEED = click.option("--feed", help="Of one feed, such as orders.order_lines.")
RULE = click.option("--rule", "rule_id", help="Of one rule, such as S09.")
FILE = click.option(
    "--file", "extract_id", metavar="EXTRACT", help="Of one file, named as below its source's path."
)


@click.group()
def quarantine() -> None:
    """What was held back, why, and what becomes of it.

    list and show look, and mask what a row may say of a person; export writes a file that the owner of the source
    mends; replay takes it back; waive lets a failing check pass until a date.

    Example: weir quarantine list --rows --rule S09
    """


def _amounts(money: dict[str, Any]) -> str:
    return ", ".join(f"{amount:f} {currency}".strip() for currency, amount in sorted(money.items()))


@quarantine.command("list")
@click.option("--rows", "is_rows", is_flag=True, help="Single rows, masked, instead of counts.")
@click.option("--by-file", is_flag=True, help="Counts for each file.")
@SOURCE
@FEED
@RULE
@FILE
@click.option("--limit", default=50, show_default=True, help="Most rows to show with --rows.")
@json_option
@home_option
def quarantine_list(
    is_rows: bool, by_file: bool, limit: int, as_json: bool, home: Path | None, **filters: str | None
) -> None:
    """Rows held back, duplicates and rejected rows by source, feed and rule, with their money; or one by one, masked.

    Masked: the text of a row, quoted values in its reason, and the key of a row that landing could not accept keep
    their shape only (letters x, digits 0). Keys of accepted rows are codes, and shown. One row as it came:
    `weir quarantine show ROW_ID --raw`.

    Example: weir quarantine list --by-file --feed orders.order_lines
    """
    where = home_from(home)
    if is_rows:
        columns = ["row_id", "rule_id", "kind", "natural_key", "reason"]
        found = held.rows(where, filters, limit)
    else:
        file = ["extract_id"] if by_file else []
        columns = ["source_system", "feed", *file, "rule_id", "kind", "row_count", "money", "reason"]
        found = held.groups(where, filters, by_file=by_file)
    if as_json:
        show_json({"rows" if is_rows else "groups": found})
    elif found:
        shown = [{**one, "money": _amounts(one.get("money") or {})} for one in found]
        show_table(columns, [[one[name] for name in columns] for one in shown])
    else:
        click.echo(_none(where, filters) if any(filters.values()) else "no row is held back")


def _none(home: Home, filters: dict[str, str | None]) -> str:
    """That filters leave nothing, with what each of them could have named."""
    found = held.groups(home, by_file=True)
    if not found:
        return "no row is held back"
    given = {name: sorted({one[name] for one in found}) for name, value in sorted(filters.items()) if value}
    there = "; ".join(
        f"of {name.removesuffix('_system').removesuffix('_id')} {', '.join(values)}"
        for name, values in given.items()
    )
    return f"no such row is held back; there are rows {there}"


@quarantine.command("show")
@click.argument("row_id")
@click.option("--raw", "is_raw", is_flag=True, help="The raw text as it came: may name persons.")
@json_option
@home_option
def quarantine_show(row_id: str, is_raw: bool, as_json: bool, home: Path | None) -> None:
    """One row held back: rule, reason, file, line and its text, masked unless --raw.

    Example: weir quarantine show "acme_erp|orders_2024-03.csv|118" --raw
    """
    found = held.row(home_from(home), row_id, is_raw=is_raw)
    if as_json:
        show_json({"row_id": row_id, "held": found})
        return
    for one in found:
        show_pairs(one)


@quarantine.command("export")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File.")
@SOURCE
@FEED
@RULE
@FILE
@json_option
@home_option
def quarantine_export(target: Path, as_json: bool, home: Path | None, **filters: str | None) -> None:
    """Write the rows of one file that are held back as CSV, to be mended by the owner of the source.

    The columns are those of the file, then rule, reason, line and text of the row, and two by which `replay` knows it
    again. Mend cells, leave the other columns; rows may be left out. A text that a spreadsheet would run has an
    apostrophe before it, which `replay` takes off again. The rows are not masked: they may name persons.

    Example: weir quarantine export --source acme_erp --file orders_2024-03.csv --to mend.csv
    """
    from pipelines.landing.replay import export, receipt_named

    where = home_from(home)
    found = held.to_mend(where, filters)
    if len(found) != 1:
        named = ", ".join(f"{source}: {extract}" for source, extract in list(found)[:5])
        told = f"rows of {len(found)} files are held back: {named}" if found else "no such row is held back"
        todo = "name one with --source and --file" if found else "weir quarantine list --by-file"
        raise UsageError(told, where=str(where.quarantine), todo=todo)
    if target.exists():
        raise UsageError("there is such a file already", where=str(target), todo="name another one with --to")
    ((source, extract_id), rows) = next(iter(found.items()))
    content, count = export(where, receipt_named(where, source, extract_id), rows)
    target.touch(mode=0o600)
    target.write_bytes(content)
    if as_json:
        show_json({"file": str(target), "source": source, "extract_id": extract_id, "rows": count})
    else:
        click.echo(f"{count} row(s) of {extract_id} in {target}; mended, they come back with")
        click.echo(f"weir quarantine replay {target} --author NAME")


FOLDERS = click.option(
    "--source",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder that defines a source; may be given again. Those of weir.toml if absent.",
)


@quarantine.command("replay")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--author", help="Who mended the rows: as given, Weir has no identities of its own.")
@FOLDERS
@json_option
@home_option
def quarantine_replay(
    file: Path | None, author: str | None, folders: tuple[Path, ...], as_json: bool, home: Path | None
) -> int:
    """Take mended rows back in place of what came; without FILE, judge the archive again by today's contracts.

    A mended row keeps source, extract and line of the row that it replaces; the bytes that came stay, and the file is
    archived with a receipt, so that a rebuild gives the same. A row that is still wrong is quarantined again. Nothing
    is fetched and nothing released: `weir run` does that. Exit code 4 if a file is rejected now.

    Example: weir quarantine replay mend.csv --author "Li Wei"
    """
    from pipelines.settings import load
    from pipelines.sources.definition import load_source

    if file and not (author or "").strip():
        raise UsageError("nobody is named as the author of the correction", todo="give --author NAME")
    where = home_from(home)
    chosen = [one.resolve() for one in folders] or list(load(where).sources)
    sources = {one.name: one for one in map(load_source, chosen)}
    if not where.receipts.is_dir() or not (file or sources):
        told = "there is nothing to judge again: no source is known, or the home has no archive"
        raise UsageError(
            told, where=str(where.root), todo="name a source folder with --source DIR, or --home DIR"
        )
    with run_lock(where):
        found = _mended(where, file, author or "", sources) if file else _judged_again(where, sources)
    if as_json:
        show_json(found)
    else:
        _show_replayed(found)
    return REJECTED if found.get("rejected") else DONE


@quarantine.command("waive")
@click.argument("check_id")
@click.option("--reason", required=True, help="Why it may pass.")
@click.option("--author", required=True, help="Who asks: as given, Weir has no identities of its own.")
@click.option("--approver", required=True, help="Who agrees: another name, as given too.")
@click.option(
    "--until", "expires", required=True, metavar="DATE", help="Last business date on which it counts."
)
@click.option(
    "--most", type=click.IntRange(1), help="Up to how many cases; as many as there are now if absent."
)
@click.option("--extract", metavar="EXTRACT", help="Of S13: the list that is held and may withdraw its rows.")
@json_option
@home_option
def quarantine_waive(
    check_id: str, most: int | None, as_json: bool, home: Path | None, **given: str | None
) -> None:
    """Let a check that failed in the last run pass until a date. Nothing that is held back is released by that.

    The waiver goes into the hash-chained ledger and stands in every report until it expires. It counts on runs whose
    business date (as of) is not after DATE, for at most so many failing cases. Names are written down as given: Weir
    cannot prove who typed them. Only rules about what came can be waived (S, T, D, Q), and none that rejects a file.
    Of S13 one list that is held is let through for good, by its name: DATE says how long reports show who did it.

    Example: weir quarantine waive Q.orders__order_lines.acme_erp --reason "old ERP until the move" --author "Li Wei"
    --approver "Chen Jing" --until 2026-12-31
    """
    from pipelines.release.waivers import waive
    from pipelines.settings import now

    where = home_from(home)
    if not where.root.is_dir():
        raise UsageError("there is no such home", where=str(where.root), todo="name it with --home DIR")
    with run_lock(where):
        check = last_result(where, check_id)
        most = most or _gone_by(where, check_id, given["extract"])
        body = waive(where, check, {name: one or "" for name, one in given.items()}, most, now())
    if as_json:
        show_json(body)
    else:
        told = f"until {body['expires']}, for at most {body['most']} case(s)"
        told = f"for {body['extract']}, which may withdraw {body['most']} keys" if "extract" in body else told
        click.echo(f"{body['check_id']} is waived {told}; `weir run` judges again")


def _gone_by(home: Home, check_id: str, extract: str | None) -> int | None:
    """How many keys a list withdraws if it is let through."""
    from pipelines.landing.listings import read_listings

    _, feed, source = [*check_id.split(".", 2), "", ""][:3]
    lists = read_listings(home, source).get(feed, []) if extract else []
    return next((one.gone for one in lists if extract in one.extracts), None)


def _mended(home: Home, file: Path, author: str, sources: dict[str, Any]) -> dict[str, Any]:
    from pipelines.landing.mended import line_of
    from pipelines.landing.replay import take_back
    from pipelines.settings import now
    from pipelines.sources.receipt import Receipt

    def lines(receipt: Receipt) -> set[int]:
        named = {"source_system": receipt.source, "extract_id": receipt.extract_id}
        rows = held.to_mend(home, dict(named)).get((receipt.source, receipt.extract_id), [])
        found = (line_of(str(row["row_id"]), f"{receipt.source}|{receipt.extract_id}") for row in rows)
        return {line for line in found if line is not None}

    return take_back(home, file, sources, lines, author.strip(), now())


def _judged_again(home: Home, sources: dict[str, Any]) -> dict[str, Any]:
    """Land all sources anew as far as their contracts changed; rows set aside before and after."""
    from pipelines.landing.land import land_source

    before = _counted(home)
    landed = {name: land_source(home, source) for name, source in sources.items()}
    after = _counted(home)
    return {
        "landed_again": {name: ids for name, ids in landed.items() if ids},
        "before": before,
        "after": after,
        "rejected": after.get("rejected", 0) > before.get("rejected", 0),
    }


def _counted(home: Home) -> dict[str, int]:
    counted: dict[str, int] = {}
    for group in held.groups(home):
        counted[group["kind"]] = counted.get(group["kind"], 0) + group["row_count"]
    return counted


def _show_replayed(found: dict[str, Any]) -> None:
    if "mended" in found:
        click.echo(
            f"{found['extract_id']}: {found['mended']} row(s) mended: {found['accepted']} accepted, "
            f"{found['duplicates']} duplicate, {found['quarantined']} held again; {found['unchanged']} unchanged"
        )
        for one in found["still"]:
            click.echo(f"  {one['row_id']}  {one['rule_id']} {scrub(one['reason'])}")
        is_news = bool(found["mended"])
    else:
        for name, ids in found["landed_again"].items():
            click.echo(f"{name}: {len(ids)} file(s) judged again")
        for when in ("before", "after"):
            counts = ", ".join(f"{count} {kind}" for kind, count in sorted(found[when].items())) or "none"
            click.echo(f"rows set aside {when}: {counts}")
        is_news = bool(found["landed_again"])
    click.echo("`weir run` releases it" if is_news else "nothing new")
