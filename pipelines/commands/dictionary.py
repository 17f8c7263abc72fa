"""What `weir marts` and `weir metrics` show: the catalogue, and the columns of a release or of the models."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.nearest import meant
from pipelines.reader import ask, connect, open_release
from quality import metrics

MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"


def marts() -> list[dict[str, Any]]:
    """Every mart: what a row is, its key, the questions that it answers."""
    return [asdict(one) for one in metrics.marts().values()]


def _released_columns(home: Home, table: str, release_id: str | None) -> list[dict[str, Any]]:
    release = open_release(home, release_id)
    if table not in release.tables:
        return []
    with connect(release) as connection:
        return ask(
            connection,
            "select column_name, data_type, unit, additivity, description_en, description_zh "
            "from meta_mart_column where table_name = $table order by column_position",
            {"table": table},
        ).records()


def _modelled_columns(table: str) -> list[dict[str, Any]]:
    """The columns as the models describe them, for a home without a release."""
    import yaml

    for path in sorted(MODELS.glob("*/_*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for model in document.get("models") or []:
            if model["name"] == table:
                return [_modelled(column) for column in model.get("columns") or []]
    return []


def _modelled(column: dict[str, Any]) -> dict[str, Any]:
    meta = {**(column.get("meta") or {}), **((column.get("config") or {}).get("meta") or {})}
    return {
        "column_name": column["name"],
        "data_type": column.get("data_type"),
        "unit": meta.get("unit"),
        "additivity": meta.get("additivity"),
        "description_en": " ".join((column.get("description") or "").split()),
        "description_zh": meta.get("zh") or meta.get("description_zh") or "",
    }


def mart(home: Home, name: str, release_id: str | None) -> dict[str, Any]:
    """One mart with its columns: of the release, or of the models where nothing is released yet.

    Raises:
        UsageError: there is no table of that name.
    """
    full = name if name.startswith(("mart_", "fct_", "dim_", "bridge_")) else f"mart_{name}"
    is_released = home.current.is_symlink() or release_id is not None
    columns = _released_columns(home, full, release_id) if is_released else []
    columns = columns or _modelled_columns(full)
    known = metrics.marts().get(full)
    if not columns and not known:
        raise UsageError(
            f"there is no mart {name}", where=meant(full, metrics.marts()), todo="weir marts lists them"
        )
    head = asdict(known) if known else {"name": full}
    return {**head, "columns": columns}


def column(mart: dict[str, Any], name: str) -> dict[str, Any]:
    """One column of a mart in full, with the KPIs that stand in it.

    Raises:
        UsageError: the mart has none of that name.
    """
    found = [one for one in mart["columns"] if one["column_name"] == name]
    if not found:
        alike = meant(name, [one["column_name"] for one in mart["columns"]])
        raise UsageError(
            f"{mart['name']} has no column {name}", where=alike, todo=f"weir marts {mart['name']} lists them"
        )
    return {
        "mart": mart["name"],
        **found[0],
        "kpis": [one.id for one in metrics.metrics_of(mart["name"], name)],
    }


def kpi(name: str) -> dict[str, Any]:
    """One KPI in full, by its id or by words that its name alone has; its edge cases are spelled out.

    Raises:
        UsageError: none of that id is published, or several are named so; it says what a named one waits for.
    """
    named = metrics.metrics_named(name)
    try:
        one = named[0] if len(named) == 1 else metrics.metric(name)
    except KeyError as error:
        raise UsageError(
            str(error.args[0]),
            where=f"did you mean {', '.join(f'{one.id} {one.name_en}' for one in named)}?" if named else "",
            todo="weir metrics lists those published; weir metrics --coverage what the others wait for",
        ) from None
    edges = metrics.catalogue()["edges"]
    return {**asdict(one), "edges": {code: edges.get(code, "") for code in one.edges}}


def coverage() -> dict[str, Any]:
    """All named KPIs in order of their ids: in which marts each stands, or what it waits for."""
    listed = [
        {
            "kpi": one.id,
            "name_en": one.name_en,
            "name_zh": one.name_zh,
            "is_implemented": True,
            "marts": sorted({place.split(".")[0] for place in one.columns}),
            "why": "",
        }
        for one in metrics.metrics().values()
    ]
    listed += [
        {
            "kpi": one.id,
            "name_en": one.name_en,
            "name_zh": one.name_zh,
            "is_implemented": False,
            "marts": [],
            "why": one.why,
        }
        for one in metrics.later().values()
    ]
    return {
        "implemented": len(metrics.metrics()),
        "named": metrics.KPI_COUNT,
        "kpis": sorted(listed, key=lambda one: str(one["kpi"])),
    }
