"""The canonical feeds, read from their Open Data Contract Standard files.

One `Feed` describes one entity at a stated grain: `quality/contracts/<area>/<feed>.odcs.yaml`.
What a source's own contract maps to these feeds is not here but in `pipelines.sources`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from quality.yaml_file import read_yaml

CONTRACTS = Path(__file__).parent / "contracts"
LISTS = ("keys", "deleted")


@dataclass(frozen=True)
class HashOf:
    """A column that landing makes: the keyed hash of a restricted `column` in its normal `form` (code, name)."""

    column: str
    form: str


@dataclass(frozen=True)
class Column:
    """One canonical column; `type` is one of string, bigint, decimal(p,s), date, timestamp, boolean."""

    name: str
    type: str
    required: bool
    is_key: bool
    is_restricted: bool
    unit: str | None
    valid_values: tuple[str, ...]
    description_en: str
    description_zh: str
    hash_of: HashOf | None = None

    @property
    def scale(self) -> int | None:
        """Decimal places of a decimal column, else None."""
        if not self.type.startswith("decimal"):
            return None
        return int(self.type.rstrip(")").split(",")[1])


@dataclass(frozen=True)
class RowRule:
    """A truth about one row: `expect` is SQL over the canonical columns that must not be false."""

    rule: str
    name: str
    expect: str


@dataclass(frozen=True)
class Feed:
    """One canonical feed. `name` is `<area>__<feed>`, the name of its landed folder and dbt source table.

    `versioning` says what a second row of one key means: `event` (same content is a duplicate, other content a
    conflict), `state` (the newest extract holds) or `effective` (another version, by its valid_from). A `listing`
    holds keys of another feed, each extract by itself.
    `control_expression` is SQL for the amount of rows in which `control_amount` may be absent.
    """

    area: str
    feed: str
    versioning: str
    control_amount: str | None
    control_currency: str | None
    control_expression: str | None
    columns: tuple[Column, ...]
    rules: tuple[RowRule, ...]
    description_en: str
    description_zh: str
    version: str

    @property
    def name(self) -> str:
        """`<area>__<feed>`."""
        return f"{self.area}__{self.feed}"

    @property
    def hashed(self) -> tuple[Column, ...]:
        """Columns that landing makes: no source gives them."""
        return tuple(column for column in self.columns if column.hash_of)

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the natural key's columns, in order."""
        return tuple(column.name for column in self.columns if column.is_key)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the feed has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def custom(node: dict[str, Any]) -> dict[str, Any]:
    """The `customProperties` list of an ODCS node as a dictionary."""
    return {entry["property"]: entry["value"] for entry in node.get("customProperties") or []}


def _column(node: dict[str, Any]) -> Column:
    extra = custom(node)
    valid = [
        rule["arguments"]["validValues"]
        for rule in node.get("quality") or []
        if rule.get("metric") == "invalidValues"
    ]
    return Column(
        name=node["name"],
        type=node["physicalType"],
        required=bool(node.get("required")),
        is_key=bool(node.get("primaryKey")),
        is_restricted=node.get("classification") == "restricted",
        unit=extra.get("unit"),
        valid_values=tuple(valid[0]) if valid else (),
        description_en=node["description"],
        description_zh=extra["description_zh"],
        hash_of=HashOf(**extra["hash_of"]) if "hash_of" in extra else None,
    )


def read_feed(path: Path) -> Feed:
    """Read one canonical contract file."""
    document = read_yaml(path)
    schema = document["schema"][0]
    extra = custom(schema)
    return Feed(
        area=extra["area"],
        feed=schema["name"],
        versioning=extra["versioning"],
        control_amount=extra.get("control_amount"),
        control_currency=extra.get("control_currency"),
        control_expression=extra.get("control_expression"),
        columns=tuple(_column(node) for node in schema["properties"]),
        rules=tuple(
            RowRule(node["implementation"]["rule"], node["name"], node["implementation"]["expect"])
            for node in schema.get("quality") or []
        ),
        description_en=schema["description"],
        description_zh=extra["description_zh"],
        version=document["version"],
    )


@cache
def feeds() -> dict[str, Feed]:
    """All canonical feeds by `<area>__<feed>`, in order of name."""
    found = [read_feed(path) for path in sorted(CONTRACTS.glob("*/*.odcs.yaml"))]
    return {feed.name: feed for feed in found}


def listed_feed(name: str) -> str | None:
    """The feed whose keys a list called `<area>__<feed>__keys` or `__deleted` holds; None if it is no list."""
    base, _, kind = name.rpartition("__")
    return base if kind in LISTS and base in feeds() else None


def _listing(name: str, of: Feed) -> Feed:
    """A list of keys of a feed: all that its source has (`keys`), or those that it no longer has (`deleted`)."""
    kind = name.rpartition("__")[2]
    english, chinese = {
        "keys": ("All keys that the source has of", "来源现有的全部键"),
        "deleted": ("Keys that the source no longer has of", "来源已删除的键"),
    }[kind]
    return replace(
        of,
        feed=f"{of.feed}__{kind}",
        versioning="listing",
        control_amount=None,
        control_currency=None,
        control_expression=None,
        columns=tuple(column for column in of.columns if column.is_key),
        rules=(),
        description_en=f"{english} {of.name}.",
        description_zh=f"{chinese}: {of.name}",
    )


def feed(name: str) -> Feed:
    """The feed called `<area>__<feed>`, `<area>.<feed>` or, where that is unambiguous, `<feed>`; or a list of keys."""
    wanted = name.replace(".", "__")
    if wanted in feeds():
        return feeds()[wanted]
    base = listed_feed(wanted)
    if base:
        return _listing(wanted, feeds()[base])
    matches = [one for one in feeds().values() if one.feed == wanted]
    if len(matches) != 1:
        raise KeyError(f"no canonical feed is called {name}")
    return matches[0]
