"""Commands that say what things mean: `marts` (grain, columns, units) and `metrics` (the KPIs)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.commands.common import home_option, json_option, release_option, show_json
from pipelines.commands.layout import plain, show_pairs, show_table
from pipelines.settings import home_from


@click.command()
@click.argument("mart", required=False)
@click.argument("column", required=False)
@release_option
@json_option
@home_option
def marts(
    mart: str | None, column: str | None, release_id: str | None, as_json: bool, home: Path | None
) -> None:
    """The dictionary of marts; with a name, its columns with unit, additivity and meaning (en, zh).

    With a COLUMN too, that one in full. Additivity: A adds up, S not over time, N recompute from numerator and
    denominator, L has no parts that add up (valid at the mart's own grain alone), key and attr are no measures.

    Example: weir marts mart_channel_performance
    """
    from pipelines.commands import dictionary

    if mart is None:
        found = dictionary.marts()
        if as_json:
            show_json({"marts": found})
            return
        for one in found:
            click.echo(f"{one['name']}\n  key: {', '.join(one['grain'])}\n  {one['en']}\n  {one['zh']}")
            click.echo("".join(f"  ? {question}\n" for question in one["questions"]))
        return
    one = dictionary.mart(home_from(home), mart, release_id)
    if column is not None:
        one = dictionary.column(one, column)
    if as_json:
        show_json(one)
        return
    if column is not None:
        show_pairs({name: plain(value) for name, value in one.items()})
        return
    show_pairs({"mart": one["name"], "key": ", ".join(one.get("grain", [])), "a row": one.get("en", "")})
    columns = ("column_name", "data_type", "unit", "additivity", "description_en", "description_zh")
    show_table(
        ["column", "type", "unit", "add.", "meaning", "含义"],
        [[c[name] for name in columns] for c in one["columns"]],
    )


@click.command()
@click.argument("kpi", required=False)
@click.option("--coverage", is_flag=True, help="All named KPIs: the marts of each, or what it waits for.")
@json_option
@home_option
def metrics(kpi: str | None, coverage: bool, as_json: bool, home: Path | None) -> None:
    """The catalogue of KPIs; with an id or a name, its formula, parts, edge cases, owner, target and columns.

    Example: weir metrics K02
    """
    from pipelines.commands import dictionary
    from quality.metrics import metrics as catalogue

    if coverage:
        _show_coverage(dictionary.coverage(), as_json)
        return
    if kpi is not None:
        one = dictionary.kpi(kpi)
        if as_json:
            show_json(one)
        else:
            show_pairs({**{name: plain(value) for name, value in one.items()}, "variants": _forms(one)})
        return
    found = list(catalogue().values())
    if as_json:
        show_json({"metrics": [dictionary.kpi(one.id) for one in found]})
        return
    show_table(
        ["KPI", "name", "名称", "unit", "add.", "owner", "formula"],
        [[m.id, m.name_en, m.name_zh, m.unit, m.additivity, m.owner, m.formula_en] for m in found],
    )


def _forms(one: dict[str, Any]) -> str:
    """The published forms of a KPI by their codes, as `kpi_variant` has them, and their names."""
    named = ((form["code"], form["name_en"], form["name_zh"]) for form in one["variants"])
    return "; ".join(f"{code}: {en} {zh}" if en else code for code, en, zh in named)


def _show_coverage(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    show_table(
        ["KPI", "name", "名称", "state", "marts, or what it waits for"],
        [
            [
                one["kpi"],
                one["name_en"],
                one["name_zh"],
                "published" if one["is_implemented"] else "later",
                ", ".join(one["marts"]) or one["why"],
            ]
            for one in found["kpis"]
        ],
        100,
    )
    click.echo(f"{found['implemented']} of {found['named']} KPIs are published")
