"""Text rows of one feed to typed rows, in one pass of DuckDB: values, the first fault of each row, its amount."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.errors import UsageError
from pipelines.landing.cells import Cell, Reading, boolean_cell, is_code, text_cell
from pipelines.landing.numbers import bigint_cell, decimal_cell
from pipelines.landing.reshape import literal, quoted
from pipelines.landing.times import date_cell, timestamp_cell
from pipelines.sources.model import ColumnMapping, FeedMapping, Source
from quality.feeds import Column, Feed

WARNING_RULES = {"S18"}
PART = "chr(31)"
ABSENT = "chr(30)"
POSITION = "_x, _line, _row_id, _content, _lost, received_at"


def cell_of(reading: Reading) -> Cell:
    """The SQL for a column, by its canonical type."""
    makers = {"bigint": bigint_cell, "boolean": boolean_cell, "date": date_cell, "timestamp": timestamp_cell}
    if reading.column.type.startswith("decimal"):
        return decimal_cell(reading)
    return makers.get(reading.column.type, text_cell)(reading)


@dataclass(frozen=True)
class Typing:
    """The SQL of one feed of one source. `wides` are exact amounts of decimal columns, for control sums."""

    feed: Feed
    mapping: FeedMapping
    source: Source
    cells: dict[str, Cell]
    wides: tuple[str, ...]

    @property
    def doubted(self) -> dict[str, str]:
        """Columns of amounts whose mark the contract leaves open, with the SQL that tells one kind from the other."""
        return {name: cell.doubt for name, cell in self.cells.items() if cell.doubt}

    @property
    def scale(self) -> int:
        """Decimal places of money as the source declares them."""
        return int(self.mapping.options.get("scale", 4))


def _reading(source: Source, mapping: FeedMapping, column: Column, given: ColumnMapping) -> Reading:
    names = mapping.tables
    tokens = mapping.option(given, "null_tokens", None)
    if tokens is None:
        tokens = {token for name in names for token in source.table(name).format.null_tokens}
    return Reading(source, mapping, column, given, tuple(sorted(tokens)))


def _given(source: Source, mapping: FeedMapping, column: Column) -> ColumnMapping | None:
    for one in mapping.columns:
        if one.name == column.name:
            return one
    if column.name == "currency" and (source.default_currency or source.as_delivered_currency):
        return ColumnMapping("currency", None, (), None, {})
    return None


def _listed(mapping: FeedMapping, feed: Feed) -> Feed:
    """A list of keys by the columns that it gives: the whole key, or a part of it that stands for all rows under it."""
    given = {one.name for one in mapping.columns}
    columns = tuple(replace(one, required=True) for one in feed.columns if one.name in given)
    return replace(feed, columns=columns or feed.columns)


def typing_of(source: Source, mapping: FeedMapping, feed: Feed) -> Typing:
    """Work out the SQL of each canonical column.

    Raises:
        UsageError: the contract maps a column that the feed does not have, or leaves out one that it requires.
    """
    if feed.versioning == "listing":
        feed = _listed(mapping, feed)
    known = {column.name for column in feed.columns if not column.hash_of}
    strange = [one.name for one in mapping.columns if one.name not in known]
    if strange:
        todo = f"columns of {feed.name}: {', '.join(one.name for one in feed.columns if not one.hash_of)}"
        raise UsageError(
            f"{feed.name} has no column {', '.join(strange)}", where=str(mapping.path), todo=todo
        )
    cells, missing = {}, []
    for column in feed.columns:
        given = _given(source, mapping, column)
        if given is None:
            if column.required:
                missing.append(column.name)
            cells[column.name] = Cell("null", "null", f"cast(null as {column.type})", "null")
            continue
        cells[column.name] = cell_of(_reading(source, mapping, column, given))
    if missing:
        todo = "map each: physicalName or transformLogic"
        raise UsageError(
            f"{feed.name} requires {', '.join(missing)}, unmapped here", where=str(mapping.path), todo=todo
        )
    wides = tuple(name for name, cell in cells.items() if cell.wide)
    return Typing(feed, mapping, source, cells, wides)


def _mapped_names(typing: Typing) -> set[str]:
    return {one.name for one in typing.mapping.columns}


def text_sql(typing: Typing) -> str:
    """`cleaned`: the input with its cells trimmed and composed, NULL for null tokens."""
    mapped = _mapped_names(typing)
    fields = []
    for name, cell in typing.cells.items():
        clean = cell.clean
        if name not in mapped:  # a currency that only the source declares, or a column that nothing fills
            clean = literal(typing.source.as_delivered_currency or typing.source.default_currency or "")
            clean = clean if name == "currency" and clean != "''" else "cast(null as varchar)"
        fields.append(f"{clean} as {quoted('t_' + name)}")
    return ",\n    ".join(fields)


def _empty_fault(column: Column) -> str:
    rule = "S10" if column.is_key else "S09"
    return f"case when {quoted('t_' + column.name)} is null then '{rule}|{column.name} is empty' end"


def fault_sql(typing: Typing) -> str:
    """The first fault of a row over its cleaned text: an unreadable cell, or a required one that is empty."""
    parts = []
    for column in typing.feed.columns:
        cell = typing.cells[column.name]
        if cell.fault != "null":
            parts.append(cell.fault)
        if column.required:
            parts.append(_empty_fault(column))
    return f"coalesce({', '.join([*parts, 'cast(null as varchar)'])})"


def warning_sql(typing: Typing) -> str:
    """The first odd thing about the cells of a row that reads well."""
    parts = [cell.warning for cell in typing.cells.values() if cell.warning != "null"]
    return f"coalesce({', '.join([*parts, 'cast(null as varchar)'])})"


def spaced_sql(typing: Typing) -> str:
    """The first code of a row that stood in the file in another form than the one it is compared in."""
    parts = [
        f"case when {quoted(one.name)} <> {typing.cells[one.name].clean} "
        f"then 'S10|{one.name} was written with other spaces or forms' end"
        for one in typing.feed.columns
        if is_code(one) and one.name in _mapped_names(typing)
    ]
    return f"coalesce({', '.join([*parts, 'cast(null as varchar)'])})"


def rule_sql(typing: Typing, *, warnings: bool) -> str:
    """The first row rule of the canonical contract that a typed row breaks; or, for warnings, all their rules."""
    unit = format(Decimal(1).scaleb(-typing.scale), "f")
    cases = []
    for rule in typing.feed.rules:
        if (rule.rule in WARNING_RULES) == warnings:
            expect = rule.expect.replace("{unit}", unit)
            cases.append(f"when not ({expect}) then {literal(rule.rule + '|' + rule.name)}")
    return f"case {' '.join(cases)} end" if cases else "cast(null as varchar)"


def _text_of(column: Column) -> str:
    name = quoted(column.name)
    return name if column.type == "string" else f"cast({name} as varchar)"


def key_sql(feed: Feed) -> str:
    """The natural key of a typed row as one text."""
    parts = [f"coalesce({_text_of(column)}, {ABSENT})" for column in feed.columns if column.is_key]
    return f"concat_ws({PART}, {', '.join(parts)})"


def shown_key_sql(key: str) -> str:
    """A key that `key_sql` made, as people read it."""
    return f"replace(replace({key}, {PART}, '|'), {ABSENT}, '')"


def hash_sql(feed: Feed) -> str:
    """MD5 over the canonical values of a typed row."""
    given = [column for column in feed.columns if not column.hash_of]
    parts = [f"coalesce({_text_of(column)}, {ABSENT})" for column in given]
    return f"md5(concat_ws({PART}, {', '.join(parts)}))"


def amount_sql(feed: Feed) -> str:
    """The amount that a row is counted with, decimal(18,4); NULL for feeds without money."""
    if feed.control_expression:
        return feed.control_expression
    return quoted(feed.control_amount) if feed.control_amount else "cast(null as decimal(18, 4))"


def typed_sql(typing: Typing, *, with_wides: bool) -> str:
    """The SELECT from `input` (the position of each row and its text cells) to typed rows.

    `with_wides` adds each decimal column once more with all its digits: what declared sums are compared with.
    """
    cells, feed = typing.cells, typing.feed
    prepared = {name: cell.prepared for name, cell in cells.items() if cell.prepared != "null"}
    texts = "".join(f", {quoted('t_' + name)}" for name in cells)
    ready = "".join(f",\n    {sql} as {quoted('n_' + name)}" for name, sql in prepared.items())
    readies = "".join(f", {quoted('n_' + name)}" for name in prepared)
    values = "".join(f",\n    {cell.value} as {quoted(name)}" for name, cell in cells.items())
    names = "".join(f", {quoted(name)}" for name in cells)
    summed = typing.wides if with_wides else ()
    wides = "".join(f",\n    {cells[name].wide} as {quoted('w_' + name)}" for name in summed)
    doubts = "".join(f",\n    {sql} as {quoted('d_' + name)}" for name, sql in typing.doubted.items())
    currency = f"coalesce({quoted(feed.control_currency)}, '')" if feed.control_currency else "''"
    return f"""
with cleaned as (
    select {POSITION},
    {spaced_sql(typing)} as _spaced,
    {text_sql(typing)}
    from input
), prepared as (
    select {POSITION}, _spaced{texts}{ready}
    from cleaned
), valued as (
    select {POSITION}, _spaced{texts}{readies}{values}
    from prepared
), faulted as (
    select {POSITION}{names}{wides}{doubts},
    coalesce(_lost, {fault_sql(typing)}) as _cell_fault,
    coalesce({warning_sql(typing)}, _spaced) as _cell_warning
    from valued
)
select * exclude (received_at, _cell_warning, _lost),
    coalesce(_cell_fault, {rule_sql(typing, warnings=False)}) as _fault,
    coalesce({rule_sql(typing, warnings=True)}, _cell_warning) as _warning,
    {key_sql(feed)} as _key,
    {hash_sql(feed)} as _hash,
    {amount_sql(feed)} as _amount,
    {currency} as _currency
from faulted"""
