"""The way back: which fact rows stand behind a mart's number. Data in lineage.yml, read here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parent / "lineage.yml"


@dataclass(frozen=True)
class Part:
    """Rows of one fact: a filter with `$column` of the mart's row, and what each row adds."""

    fact: str
    measure: str
    where: str = "true"
    distinct: str | None = None


@dataclass(frozen=True)
class FeedFact:
    """The fact that a feed's accepted rows become."""

    feed: str
    fact: str
    where: str = "true"
    amount: str | None = None
    note: str = ""


@dataclass(frozen=True)
class MartTotal:
    """One mart's side of a total."""

    mart: str
    column: str
    where: str = "true"


@dataclass(frozen=True)
class Total:
    """A measure on which facts and marts must agree."""

    name: str
    en: str
    zh: str
    facts: tuple[Part, ...]
    marts: tuple[MartTotal, ...]


@dataclass(frozen=True)
class MartLineage:
    """Grain of a mart, and the parts of each column that has rows behind it."""

    mart: str
    grain: tuple[str, ...]
    columns: dict[str, tuple[Part, ...]]
    kpis: dict[str, tuple[Part, ...]]


def _parts(nodes: list[dict[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(**{"measure": "1", **node}) for node in nodes)


def _mart(name: str, node: dict[str, Any]) -> MartLineage:
    columns = {}
    for names, parts in (node.get("columns") or {}).items():
        for column in names.replace(",", " ").split():
            columns[column] = _parts(parts)
    kpis = {kpi: _parts(parts) for kpi, parts in (node.get("kpis") or {}).items()}
    return MartLineage(name, tuple(node["grain"]), columns, kpis)


@cache
def _document() -> dict[str, Any]:
    return dict(yaml.safe_load(PATH.read_text(encoding="utf-8")))


def feed_facts() -> list[FeedFact]:
    """Feeds and their facts, in order of the file."""
    return [FeedFact(feed=name, **node) for name, node in _document()["feeds"].items()]


def totals() -> list[Total]:
    """Totals on which facts and marts must agree, in order of the file."""
    return [
        Total(
            name, node["en"], node["zh"], _parts(node["facts"]), tuple(MartTotal(**m) for m in node["marts"])
        )
        for name, node in _document()["totals"].items()
    ]


def marts() -> dict[str, MartLineage]:
    """Lineage of each mart, by name."""
    return {name: _mart(name, node) for name, node in _document()["marts"].items()}
