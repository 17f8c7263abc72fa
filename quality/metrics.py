"""The KPI catalogue `metrics.yml`, read once and turned into what other parts need of it.

Belongs here: the catalogue as objects, and the three files of the dbt project that are written from it
(`python -m quality.metrics`): the seed `dim_metric`, the docs blocks and the macro of definitions. No number
is computed here.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from quality.yaml_file import read_yaml

CATALOGUE = Path(__file__).parent / "metrics.yml"
PROJECT = Path(__file__).parent.parent / "dbt_project"
NOTHING = "-"

KPI_COUNT = 94

SEED_COLUMNS = (
    "kpi_code", "kpi_variant", "kpi_name_en", "kpi_name_zh", "formula_en", "formula_zh", "numerator",
    "denominator", "unit_code", "additivity_code", "direction_code", "period_rule", "owner_code",
    "target_value", "target_kind", "edge_codes", "required_feeds", "optional_feeds", "mart_columns",
    "is_overview",
)  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """One published form of a KPI: its unit, its additivity and the period that a value covers.

    `main` needs no name beside that of the KPI; every other one has its own.
    """

    code: str
    name_en: str
    name_zh: str
    unit: str
    additivity: str
    period: str
    is_overview: bool


@dataclass(frozen=True)
class Metric:
    """One KPI. `columns` are `mart.column`; `target_value` is text, None where the catalogue sets none."""

    id: str
    name_en: str
    name_zh: str
    formula_en: str
    formula_zh: str
    numerator: str
    denominator: str
    unit: str
    additivity: str
    direction: str
    edges: tuple[str, ...]
    required_feeds: tuple[str, ...]
    optional_feeds: tuple[str, ...]
    owner: str
    target_value: str | None
    target_kind: str
    variants: tuple[Variant, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """One KPI that has a name and is not published yet: what it waits for."""

    id: str
    name_en: str
    name_zh: str
    why: str


@dataclass(frozen=True)
class Definition:
    """One definition that formulas lean on. `value` is None where it is words alone."""

    name: str
    value: Any
    en: str
    zh: str


@dataclass(frozen=True)
class Mart:
    """What a row of a mart is, in both languages, and questions that it answers."""

    name: str
    grain: tuple[str, ...]
    en: str
    zh: str
    questions: tuple[str, ...]


@cache
def catalogue() -> dict[str, Any]:
    """The document as it stands in metrics.yml."""
    document: dict[str, Any] = read_yaml(CATALOGUE)
    return document


def _variant(node: dict[str, Any]) -> Variant:
    name = {"en": "", "zh": ""} if node["code"] == "main" else node["name"]
    return Variant(
        node["code"],
        name["en"],
        name["zh"],
        node["unit"],
        node["additivity"],
        node["period"],
        node["overview"],
    )


def _metric(node: dict[str, Any]) -> Metric:
    return Metric(
        id=node["id"],
        name_en=node["name"]["en"],
        name_zh=node["name"]["zh"],
        formula_en=node["formula"]["en"],
        formula_zh=node["formula"]["zh"],
        numerator=node["numerator"],
        denominator=node["denominator"],
        unit=node["unit"],
        additivity=node["additivity"],
        direction=node["direction"],
        edges=tuple(node["edges"]),
        required_feeds=tuple(node["feeds"]["required"]),
        optional_feeds=tuple(node["feeds"]["optional"]),
        owner=node["owner"],
        target_value=node["target"]["value"],
        target_kind=node["target"]["kind"],
        variants=tuple(_variant(one) for one in node["variants"]),
        columns=tuple(node["columns"]),
    )


@cache
def metrics() -> dict[str, Metric]:
    """All KPIs by id, in the order of the catalogue."""
    return {node["id"]: _metric(node) for node in catalogue()["metrics"]}


def metric(kpi: str) -> Metric:
    """The KPI of that id, in any case (`k08`); KeyError, which says why, if none of that id is published."""
    found = metrics().get(kpi.upper())
    if found:
        return found
    waiting = later().get(kpi.upper())
    if waiting:
        raise KeyError(f"{waiting.id} {waiting.name_en} is not published yet: {waiting.why}")
    raise KeyError(f"no KPI is called {kpi}")


def metrics_named(text: str) -> list[Metric]:
    """KPIs of whose names every word of a text is a part, in order of their ids."""
    words = text.lower().replace("_", " ").split()
    return [
        one
        for one in metrics().values()
        if words and all(word in f"{one.name_en} {one.name_zh}".lower() for word in words)
    ]


@cache
def later() -> dict[str, Named]:
    """All KPIs that wait, by id."""
    return {
        kpi: Named(kpi, node["en"], node["zh"], node["why"]) for kpi, node in catalogue()["later"].items()
    }


@cache
def definitions() -> dict[str, Definition]:
    """All definitions by name."""
    return {
        name: Definition(name, node.get("value"), node["en"], node["zh"])
        for name, node in catalogue()["definitions"].items()
    }


@cache
def marts() -> dict[str, Mart]:
    """All marts by name."""
    return {
        name: Mart(name, tuple(node["grain"]), node["en"], node["zh"], tuple(node["questions"]))
        for name, node in catalogue()["marts"].items()
    }


def metrics_of(mart: str, column: str) -> tuple[Metric, ...]:
    """The KPIs that the catalogue finds in that column of that mart."""
    return tuple(one for one in metrics().values() if f"{mart}.{column}" in one.columns)


def variant_name(kpi: str, code: str) -> dict[str, str]:
    """What a form of a KPI is called beside the KPI's own name, as two fields; empty for `main` and unknown ones."""
    known = metrics().get(kpi)
    found = [one for one in known.variants if one.code == code] if known else []
    one = found[0] if found else None
    return {
        "variant_name_en": one.name_en if one else "",
        "variant_name_zh": one.name_zh if one else "",
    }


def _seed_row(one: Metric, variant: Variant) -> tuple[str, ...]:
    values = (
        one.id, variant.code, one.name_en, one.name_zh, one.formula_en, one.formula_zh, one.numerator,
        one.denominator, variant.unit, variant.additivity, one.direction, variant.period, one.owner,
        one.target_value, one.target_kind, " ".join(one.edges), " ".join(one.required_feeds),
        " ".join(one.optional_feeds), " ".join(one.columns), str(variant.is_overview).lower(),
    )  # fmt: skip
    return tuple(value or NOTHING for value in values)


def seed_text() -> str:
    """`dim_metric.csv`: one row per KPI and variant; no cell is empty, `-` stands for nothing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SEED_COLUMNS)
    for one in metrics().values():
        writer.writerows(_seed_row(one, variant) for variant in one.variants)
    return out.getvalue()


def _docs_block(one: Metric) -> str:
    return f"{{% docs kpi_{one.id.lower()} %}}{one.id} {one.name_en}. {one.formula_en}{{% enddocs %}}\n"


def docs_text() -> str:
    """`_kpi_docs.md`: one docs block per KPI, `kpi_k01` and so on."""
    return "\n".join(_docs_block(one) for one in metrics().values())


def macro_text() -> str:
    """`definition_defaults.sql`: the definitions that carry a value, as one Jinja mapping."""
    values = {name: one.value for name, one in definitions().items() if one.value is not None}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
    return (
        "{#- Written from quality/metrics.yml by `python -m quality.metrics`: change it there. -#}\n"
        "{% macro definition_defaults() -%}\n"
        "{{ return({\n" + lines + "\n}) }}\n"
        "{%- endmacro %}\n"
    )


def generated() -> dict[Path, str]:
    """Each file of the dbt project that is written from the catalogue, with the text it must hold."""
    return {
        PROJECT / "seeds" / "dim_metric.csv": seed_text(),
        PROJECT / "models" / "marts" / "kpi" / "_kpi_docs.md": docs_text(),
        PROJECT / "macros" / "definition_defaults.sql": macro_text(),
    }


def main() -> int:
    """Write the generated files and say which ones changed."""
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else None
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'same   ' if before == text else 'written'} {path.relative_to(PROJECT.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
