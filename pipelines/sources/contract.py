"""Reads one contract of a source: an ODCS file that maps columns of its files to a canonical feed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.sources.fields import Fields, read_yaml
from pipelines.sources.formats import file_format
from pipelines.sources.model import ColumnMapping, FeedMapping, Table
from quality.feeds import CONTRACTS, LISTS, listed_feed
from quality.feeds import feed as canonical

CELL_OPTIONS = {
    "date_formats",
    "timestamp_formats",
    "decimal_mark",
    "thousands_mark",
    "negative",
    "currency_signs",
    "scale",
    "null_tokens",
    "time_zone",
}
# What ODCS 3.1 allows beside what is read here: said for readers and other tools, without effect.
ODCS_SAID = {
    "id",
    "authoritativeDefinitions",
    "businessName",
    "classification",
    "criticalDataElement",
    "dataGranularityDescription",
    "description",
    "encryptedName",
    "examples",
    "items",
    "logicalType",
    "logicalTypeOptions",
    "partitionKeyPosition",
    "partitioned",
    "physicalType",
    "primaryKey",
    "primaryKeyPosition",
    "quality",
    "relationships",
    "required",
    "tags",
    "transformDescription",
    "unique",
}
COLUMN_KEYS = {"name", "physicalName", "transformLogic", "transformSourceObjects", "customProperties"}
SCHEMA_KEYS = {"name", "physicalName", "transformSourceObjects", "customProperties", "properties"}
FEED_OPTIONS = {
    "format",
    "table",
    "expected_share",
    "duplicates",
    "unused_rows",
    "delivery",
    "vanish_limit",
} | CELL_OPTIONS
DELIVERIES = ("increment", "snapshot")
COLUMN_OPTIONS = {"aliases", "values"} | CELL_OPTIONS


def _options(node: dict[str, Any], known: set[str], what: str, path: Path) -> dict[str, Any]:
    found = {}
    for entry in node.get("customProperties") or []:
        if not isinstance(entry, dict) or "property" not in entry or "value" not in entry:
            raise UsageError(f"{what}: customProperties are pairs of property and value", where=str(path))
        if entry["property"] not in known:
            raise UsageError(
                f"{what}: unknown property {entry['property']}",
                where=str(path),
                todo=f"known properties: {', '.join(sorted(known))}",
            )
        found[entry["property"]] = entry["value"]
    return found


def _known_keys(node: dict[str, Any], keys: set[str], what: str, path: Path) -> None:
    strange = sorted(str(key) for key in node if key not in keys | ODCS_SAID)
    if strange:
        todo = f"known here: {', '.join(sorted(keys))}; ODCS also has {', '.join(sorted(ODCS_SAID))}"
        raise UsageError(f"{what}: unknown key {', '.join(strange)}", where=str(path), todo=todo)


def _column(node: Any, path: Path) -> ColumnMapping:
    given = Fields(node, "schema.properties", path)
    _known_keys(given.left, COLUMN_KEYS, "schema.properties", path)
    name = given.needed("name")
    given.what = f"column {name}"
    options = _options(node, COLUMN_OPTIONS, given.what, path)
    aliases = options.pop("aliases", [])
    return ColumnMapping(
        name=name,
        physical=given.text("physicalName"),
        aliases=tuple([aliases] if isinstance(aliases, str) else aliases),
        logic=given.text("transformLogic"),
        options=options,
    )


def _source_objects(schema: dict[str, Any]) -> tuple[str, ...]:
    nodes = [schema, *(schema.get("properties") or [])]
    named = [name for node in nodes for name in node.get("transformSourceObjects") or []]
    return tuple(dict.fromkeys(named))


def _tables_of(
    feed: str, schema: dict[str, Any], options: dict[str, Any], path: Path, tables: dict[str, Table]
) -> tuple[str, ...]:
    """Names of the tables a contract reads; a file glob of its own becomes a table named after the feed."""
    chosen = options.pop("table", None)
    named = (chosen,) if chosen else _source_objects(schema)
    files = schema.get("physicalName")
    own = "_".join(feed.split("__")[1:])
    if files and not named:
        if own in tables:
            raise UsageError(
                f"{path.name} has a physicalName although source.yaml has a table {own}",
                where=str(path),
                todo=f"leave one of the two out, or write the property table: {own}",
            )
        how = file_format(options.pop("format", None), files, path)
        if feed.endswith("__deleted"):
            how = replace(how, empty_ok=True)  # on most days nothing is deleted
        tables[own] = Table(own, files, how)
        return (own,)
    unknown = [name for name in named if name not in tables]
    if unknown:
        raise UsageError(
            f"{path.name} reads table {', '.join(unknown)}, which source.yaml does not declare",
            where=str(path),
            todo=f"declared tables: {', '.join(sorted(tables)) or 'none'}",
        )
    return named


def _sql_beside(path: Path) -> str | None:
    beside = path.with_name(path.name.removesuffix(".odcs.yaml") + ".sql")
    return beside.read_text(encoding="utf-8") if beside.is_file() else None


def _feed_name(document: dict[str, Any], path: Path) -> str:
    name = str(document.get("name") or "")
    area, _, rest = name.partition(".")
    feed, _, listing = rest.partition(".")
    is_known = feed and (CONTRACTS / area / f"{feed}.odcs.yaml").is_file()
    if not is_known or (listing or "keys") not in LISTS:
        raise UsageError(
            f"{path.name} fills {name!r}, which is no canonical feed",
            where=f"{path}: name",
            todo="name: <area>.<feed>; `weir feeds` lists them; <area>.<feed>.keys and .deleted are lists of its keys",
        )
    return "__".join(filter(None, (area, feed, listing)))


def _share(limit: Any) -> Decimal | None:
    """The share of a vanish_limit; None if it is none."""
    if (
        not isinstance(limit, dict)
        or set(limit) != {"share", "reason"}
        or not isinstance(limit["reason"], str)
    ):
        return None
    try:
        share = Decimal(str(limit["share"]))
    except InvalidOperation:
        return None
    return share if 0 < share <= 1 else None


def _checked(feed: str, options: dict[str, Any], path: Path) -> dict[str, Any]:
    """What says how deletions come: a full delivery or a list of keys, and how many rows may vanish at once."""
    is_list = listed_feed(feed) is not None
    delivery = options.get("delivery", "increment")
    if delivery not in DELIVERIES or (is_list and delivery != "increment"):
        todo = "each extract of a feed holds what is new (increment) or all rows that there are (snapshot)"
        raise UsageError(f"{path.name}: delivery {delivery!r} is not known", where=str(path), todo=todo)
    if "vanish_limit" not in options:
        return options
    if not is_list and delivery != "snapshot":
        todo = "it belongs to a list of keys, or to a feed with delivery: snapshot"
        raise UsageError(f"{path.name}: vanish_limit limits nothing here", where=str(path), todo=todo)
    if _share(options["vanish_limit"]) is None:
        todo = 'vanish_limit: {share: 0.2, reason: "..."}, a share above 0, at most 1'
        raise UsageError(f"{path.name}: vanish_limit needs a share and a reason", where=str(path), todo=todo)
    return options


def _lists_keys(feed: str, columns: tuple[ColumnMapping, ...], path: Path) -> None:
    """A list maps columns of the key and nothing else."""
    base = listed_feed(feed)
    if base is None:
        return
    keys = canonical(base).key
    strange = [one.name for one in columns if one.name not in keys]
    if strange:
        what = (
            f"{path.name} maps {', '.join(strange)}, which is no part of the key of {base.replace('__', '.')}"
        )
        raise UsageError(what, where=str(path), todo=f"the key is {', '.join(keys)}; a part of it will do")


def _mapped(schema: dict[str, Any], path: Path, has_sql: bool) -> tuple[ColumnMapping, ...]:
    columns = tuple(_column(node, path) for node in schema.get("properties") or [])
    if not columns:
        raise UsageError(f"{path.name} maps no column", where=str(path), todo="add schema[0].properties")
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            raise UsageError(f"{path.name} maps {column.name} twice", where=str(path))
        seen.add(column.name)
        if not (column.physical or column.logic or has_sql):
            todo = "give physicalName (a column of the file) or transformLogic (SQL)"
            raise UsageError(f"{path.name}: {column.name} comes from nowhere", where=str(path), todo=todo)
    return columns


def read_contract(path: Path, tables: dict[str, Table]) -> FeedMapping:
    """Read one contract; a table of its own is added to `tables`.

    Raises:
        UsageError: names the file and what is wrong in it.
    """
    document = read_yaml(path)
    schemas = document.get("schema")
    if not isinstance(schemas, list) or len(schemas) != 1 or not isinstance(schemas[0], dict):
        raise UsageError(f"{path.name} must have one entry in schema", where=f"{path}: schema")
    schema = schemas[0]
    _known_keys(schema, SCHEMA_KEYS, "schema", path)
    feed = _feed_name(document, path)
    options = _checked(feed, _options(schema, FEED_OPTIONS, path.name, path), path)
    named = _tables_of(feed, schema, options, path, tables)
    sql = _sql_beside(path)
    if sql is None and len(named) != 1:  # a statement's tables are those whose names it contains
        todo = "give physicalName (a file glob), the property table, or a .sql file beside the contract"
        raise UsageError(f"{path.name} does not say which file it reads", where=str(path), todo=todo)
    if "format" in options:
        todo = "write the format in source.yaml, where the table is"
        raise UsageError(
            f"{path.name}: format belongs to the table that it reads", where=str(path), todo=todo
        )
    columns = _mapped(schema, path, sql is not None)
    _lists_keys(feed, columns, path)
    return FeedMapping(feed, path, named, sql, columns, options)
