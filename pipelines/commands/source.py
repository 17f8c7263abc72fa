"""`weir source check`, `doctor`, `add` and `new`, and `weir feeds`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.commands.common import home_option, json_option, show_json
from pipelines.errors import DONE, REFUSED, REJECTED, UsageError

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def source() -> None:
    """Source folders: try one, or add it to the home.

    Example: weir source check ./acme_erp
    """


@source.command("check")
@FOLDER
@home_option
@json_option
def check(folder: Path, home: Path | None, as_json: bool) -> int:
    """Dry-run a source folder: what its files would give, and what is wrong. Changes nothing.

    If there is a home, it also says which files that home has already, which of them with other bytes (S06), and which
    other sources a release of it would sum up. Rows are not compared with those that the home has.

    Exit codes: 0 it would land, 2 a blocking limit is passed, 3 the folder is wrong, 4 a file is rejected.

    Example: weir source check tests/sources/online_retail
    """
    from pipelines.landing.trial import trial
    from pipelines.landing.trial_text import lines
    from pipelines.settings import home_from

    known = home_from(home)
    if home and not known.is_prepared:
        raise UsageError(
            "there is no such home", where=str(known.root), todo="leave --home out, or name another"
        )
    found = trial(folder, known if known.is_prepared else None)
    if as_json:
        show_json(found)
    else:
        for line in lines(found):
            click.echo(line)
    if any(one["rejects_file"] for one in found["problems"]):
        return REJECTED
    return REFUSED if found["problems"] else DONE


@source.command("doctor")
@FOLDER
@json_option
def doctor(folder: Path, as_json: bool) -> int:
    """Ask a live source what its credentials can see, object by object. Read-only: nothing is fetched or changed.

    Exit codes: 0 all that the contracts read is given, 3 the folder, the environment or the credentials are
    wrong, 4 an object that a contract reads is not given or a limit is spent, 5 the system does not answer.

    Example: weir source doctor ./acme_crm
    """
    from pipelines.sources.definition import load_source
    from pipelines.sources.live.doctor import examine, lines

    defined = load_source(folder)
    if defined.live is None:
        raise UsageError(
            f"{defined.name} is a source of files: there is nobody to ask",
            where=str(folder / "source.yaml"),
            todo="`weir source check DIR` tries its files",
        )
    found = examine(defined)
    if as_json:
        show_json(found.plain())
    else:
        for line in lines(found):
            click.echo(line)
    return found.exit_code


@source.command("add")
@FOLDER
@home_option
def add(folder: Path, home: Path | None) -> int:
    """Enter a source folder into the home's weir.toml, so that `weir run` collects it.

    Example: weir source add ./acme_erp --home ./weir_home
    """
    from pipelines.settings import home_from
    from pipelines.sources.configured import add_source

    chosen = home_from(home)
    chosen.prepare()
    name = add_source(chosen, folder)
    click.echo(f"{name}: added to {chosen.root / 'weir.toml'}")
    return DONE


@source.command("new")
@click.argument("kind")
@FOLDER
@click.option(
    "--orders", is_flag=True, help="Take the orders of the CRM too: only if no other source has them."
)
@click.option(
    "--users", is_flag=True, help="Take the users of the CRM as reps: only if no list of HR has them."
)
def new(kind: str, folder: Path, orders: bool, users: bool) -> int:
    """Write a source folder to begin with.

    KIND `files`: a small source that lands as it is, to be replaced by yours. A live kind, such as `fxiaoke`: its
    settings and the contracts of its standard objects; nothing is asked yet. Orders of a CRM are left out unless
    `--orders` is given: an ERP usually has the same ones, and both would be counted. So are its users unless `--users`
    is given: HR usually has them, and each would be a rep twice.

    Example: weir source new files ./shop
    """
    from pipelines.sources.template import new_source

    options = tuple(name for name, is_given in (("orders", orders), ("users", users)) if is_given)
    for name in new_source(kind, folder, options=options):
        click.echo(f"{folder / name}")
    return DONE


def _feed_rows(name: str) -> dict[str, Any]:
    from quality.feeds import feed

    try:
        found = feed(name)
    except KeyError as error:
        raise UsageError(str(error.args[0]), todo="`weir feeds` lists them") from None
    columns = [
        {
            "name": one.name,
            "type": one.type,
            "required": one.required,
            "key": one.is_key,
            "restricted": one.is_restricted,
            "made": one.hash_of is not None,
            "unit": one.unit,
            "values": list(one.valid_values),
            "description_en": one.description_en,
            "description_zh": one.description_zh,
        }
        for one in found.columns
    ]
    rules = [{"rule": one.rule, "name": one.name, "expect": one.expect} for one in found.rules]
    return {
        "feed": f"{found.area}.{found.feed}",
        "versioning": found.versioning,
        "description_en": found.description_en,
        "description_zh": found.description_zh,
        "columns": columns,
        "rules": rules,
    }


MARKED = ("required", "key", "restricted", "made")


def _show_feed(found: dict[str, Any]) -> None:
    click.echo(
        f"{found['feed']} ({found['versioning']}): {found['description_en']} {found['description_zh']}"
    )
    click.echo("  ! required, k key, r restricted (never released), m made by landing")
    for one in found["columns"]:
        marks = "".join(mark for mark, name in zip("!krm", MARKED, strict=True) if one[name])
        values = f" [{', '.join(one['values'])}]" if one["values"] else ""
        click.echo(
            f"  {one['name']:<26}{marks:<3}{one['type']:<15}{one['description_en']} {one['description_zh']}{values}"
        )
    for one in found["rules"]:
        click.echo(f"  rule {one['rule']} {one['name']}: {one['expect']}")


@click.command("feeds")
@click.argument("name", metavar="[FEED]", required=False)
@json_option
def feeds(name: str | None, as_json: bool) -> int:
    """The canonical feeds, or the columns and row rules of one.

    Example: weir feeds orders.order_lines
    """
    if name:
        found = _feed_rows(name)
        if as_json:
            show_json(found)
        else:
            _show_feed(found)
        return DONE
    from quality.feeds import feeds as all_feeds

    listed = [_feed_rows(one) for one in all_feeds()]
    if as_json:
        show_json({"feeds": listed})
        return DONE
    for one in listed:
        required = [column["name"] for column in one["columns"] if column["required"]]
        click.echo(f"{one['feed']:<30}{one['description_en']} {one['description_zh']}")
        click.echo(f"{'':<30}required: {', '.join(required)}")
    return DONE
