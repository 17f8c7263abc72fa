"""The way back: which fact rows stand behind a mart's number. Data in lineage.yml, read here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from quality.yaml_file import read_yaml

PATH = Path(__file__).parent / "lineage.yml"
_TERM = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Part:
    """Rows of one fact: a filter with `$column` of the mart's row, and what each row adds."""

    fact: str
    measure: str
    where: str = "true"
    distinct: str | None = None
    joined: str = ""

    @property
    def source(self) -> str:
        """What stands behind FROM: the fact, and what its measure needs beside it."""
        return f"{self.fact} {self.joined}".rstrip()


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
class Behind:
    """Rows of one table that a mart's row rests on without adding up to it: terms, what it refers to, what it caused.

    `show` are the columns to show, those that the table has; `applies` is a condition that tells the rows that hold.
    """

    en: str
    zh: str
    table: str
    where: str
    show: tuple[str, ...]
    order: str = ""
    applies: str | None = None


@dataclass(frozen=True)
class MartLineage:
    """The parts of each column that has rows behind it; of the tall overview, per `kpi variant column`.

    `behind` holds for every column of the mart; `codes` says in words (en, zh) what its codes mean.
    """

    mart: str
    columns: dict[str, tuple[Part, ...]]
    kpis: dict[str, tuple[Part, ...]]
    behind: tuple[Behind, ...] = ()
    codes: dict[str, dict[str, str]] = field(default_factory=dict)


def _spelled_out(text: str, terms: dict[str, str]) -> str:
    """The text with its {terms} replaced, as deep as they refer to each other."""
    while (changed := _TERM.sub(lambda found: terms[found[1]], text)) != text:
        text = changed
    return text


def _parts(nodes: list[dict[str, Any]], terms: dict[str, str] | None = None) -> tuple[Part, ...]:
    spelled = [
        {name: _spelled_out(value, terms or {}) for name, value in {"measure": "1", **node}.items()}
        for node in nodes
    ]
    return tuple(Part(**node) for node in spelled)


def _by_name(nodes: dict[str, Any], terms: dict[str, str]) -> dict[str, tuple[Part, ...]]:
    """One entry for each of the comma-separated names that share their parts."""
    return {name.strip(): _parts(parts, terms) for names, parts in nodes.items() for name in names.split(",")}


def _behind(node: dict[str, Any], terms: dict[str, str]) -> Behind:
    show = tuple(name.strip() for name in node["show"].split(","))
    applies = _spelled_out(node["applies"], terms) if "applies" in node else None
    where = _spelled_out(node["where"], terms)
    return Behind(node["en"], node["zh"], node["table"], where, show, node.get("order", ""), applies)


def _mart(name: str, node: dict[str, Any]) -> MartLineage:
    terms = node.get("terms") or {}
    return MartLineage(
        name,
        _by_name(node.get("columns") or {}, terms),
        _by_name(node.get("kpis") or {}, terms),
        tuple(_behind(one, terms) for one in node.get("behind") or []),
        node.get("codes") or {},
    )


@cache
def _document() -> dict[str, Any]:
    return dict(read_yaml(PATH))


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
