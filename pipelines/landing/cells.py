"""SQL that turns one cell's text into one typed value, or says what is wrong with it. Never through a float.

Each function gives two expressions over the cleaned text column: the value (NULL if it has none) and the fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipelines.errors import UsageError
from pipelines.landing.reshape import literal, quoted
from pipelines.sources.model import ColumnMapping, FeedMapping, Source
from quality.feeds import Column

SPACES = " \t\u00a0\u2007\u202f\u3000\u200b\ufeff"
WIDE = "０１２３４５６７８９．－＋，"
NARROW = "0123456789.-+,"
DATES = ["%Y-%m-%d", "%Y-%m-%d 00:00:00"]
TIMES = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d"]
DIRECTIVES = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{1,2}",
    "%d": r"\d{1,2}",
    "%H": r"\d{1,2}",
    "%I": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%f": r"\d{1,6}",
    "%p": r"[AaPp][Mm]",
    "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]+",
    "%j": r"\d{3}",
}
TRUE = ("true", "t", "1", "yes", "y", "是", "有", "√")
FALSE = ("false", "f", "0", "no", "n", "否", "无", "×")
FIRST_YEAR, LAST_YEAR = 1900, 2199
OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"
CLOCK_WITH_OFFSET = r"\d{1,2}:\d{2}.*" + OFFSET


@dataclass(frozen=True)
class Cell:
    """SQL for one column: `clean` over the raw text, `value` and `fault` over the cleaned text column."""

    clean: str
    value: str
    fault: str
    wide: str | None = None


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are to be read: the mapping's options, resolved."""

    source: Source
    feed: FeedMapping
    column: Column
    mapping: ColumnMapping
    null_tokens: tuple[str, ...]

    def option(self, name: str, default: Any) -> Any:
        """An option of the column, else of the feed."""
        return self.feed.option(self.mapping, name, default)


def cleaned(reading: Reading) -> str:
    """The raw text without outer spaces, composed (NFC), NULL for a null token."""
    text = f"trim({quoted(reading.column.name)}, {literal(SPACES)})"
    tokens = ", ".join(literal(token) for token in {"", *reading.null_tokens})
    value = f"case when {text} in ({tokens}) then null else nfc_normalize({text}) end"
    name = reading.column.name
    if name == "currency" and reading.source.as_delivered_currency:
        return literal(reading.source.as_delivered_currency)
    if name == "currency" and reading.source.default_currency:
        return f"coalesce({value}, {literal(reading.source.default_currency)})"
    return value


def text_cell(reading: Reading, name: str) -> Cell:
    """A text: mapped by its value map, held against the canonical values. A value that neither knows is a fault."""
    values = reading.option("values", None) or {}
    mapped = name
    if values:
        other = values.get("*")
        pairs = [(str(key), target) for key, target in values.items() if key != "*"]
        cases = " ".join(
            f"when {name} = {literal(key)} then {'null' if target is None else literal(str(target))}"
            for key, target in pairs
        )
        known = ", ".join(literal(valid) for valid in reading.column.valid_values)
        kept = f"when {name} in ({known}) then {name}" if known else ""
        rest = literal(str(other)) if other is not None else "chr(26)"
        mapped = f"case when {name} is null then null {cases} {kept} else {rest} end"
    valid = reading.column.valid_values
    inside = f"not in ({', '.join(map(literal, valid))})" if valid else "= chr(26)"
    fault = f"case when {mapped} {inside} then 'S11|{reading.column.name} is a value that no map knows' end"
    return Cell(cleaned(reading), f"nullif({mapped}, chr(26))", fault if valid or values else "null")


def _number_text(reading: Reading, name: str) -> str:
    """Number text in the one form that is cast: digits, a point, a sign in front."""
    mark, thousands = reading.option("decimal_mark", "."), reading.option("thousands_mark", None)
    text = f"translate({name}, {literal(WIDE)}, {literal(NARROW)})"
    for sign in reading.option("currency_signs", None) or []:
        text = f"trim(replace({text}, {literal(sign)}, ''))"
    style = reading.option("negative", "sign")
    if style == "parentheses":
        text = rf"regexp_replace({text}, '^\((.*)\)$', '-\1')"
    if style == "trailing":
        text = rf"regexp_replace({text}, '^([^-]*)-$', '-\1')"
    if thousands:
        group = re.escape(thousands)
        shape = literal(rf"[+-]?\d{{1,3}}({group}\d{{3}})+({re.escape(mark)}\d+)?")
        text = (
            f"case when regexp_full_match({text}, {shape}) then replace({text}, {literal(thousands)}, '') "
            f"else {text} end"
        )
    if mark != ".":
        text = f"case when contains({text}, '.') then null else replace({text}, {literal(mark)}, '.') end"
    return text


def decimal_cell(reading: Reading, name: str) -> Cell:
    """An exact decimal. More digits than the declared scale, NaN, exponents, `1_000`, `0x10`: faults, not numbers."""
    column = reading.column
    most = column.scale or 0
    scale = most
    if column.unit == "currency" or "scale" in reading.mapping.options:
        scale = min(most, int(reading.option("scale", most)))
    text = _number_text(reading, name)
    exact = literal(rf"[+-]?(\d+(\.\d{{0,{scale}}}0*)?|\.\d{{1,{max(scale, 1)}}}0*)")
    shape = literal(r"[+-]?(\d+(\.\d+)?|\.\d+)")
    value = f"case when regexp_full_match({text}, {exact}) then try_cast({text} as {column.type}) end"
    fault = (
        f"case when {name} is null or ({value}) is not null then null "
        f"when {text} is null or not regexp_full_match({text}, {shape}) then 'S09|{column.name} is not a number' "
        f"when not regexp_full_match({text}, {exact}) then 'S09|{column.name} has more than {scale} decimals' "
        f"else 'S09|{column.name} is too large for {column.type}' end"
    )
    wide = f"case when regexp_full_match({text}, {shape}) then try_cast({text} as decimal(38, 10)) end"
    return Cell(cleaned(reading), value, fault, wide)


def bigint_cell(reading: Reading, name: str) -> Cell:
    """A whole number; 2.5 is a fault, never 3."""
    text = _number_text(reading, name)
    shape = literal(r"[+-]?\d+(\.0+)?")
    whole = rf"regexp_replace({text}, '\.0+$', '')"
    value = f"case when regexp_full_match({text}, {shape}) then try_cast({whole} as bigint) end"
    fault = (
        f"case when {name} is not null and ({value}) is null "
        f"then 'S09|{reading.column.name} is not a whole number' end"
    )
    return Cell(cleaned(reading), value, fault)


def boolean_cell(reading: Reading, name: str) -> Cell:
    """A yes or no in the usual spellings, or by the value map."""
    values = reading.option("values", None) or {}
    true, false = list(TRUE), list(FALSE)
    for key, target in values.items():
        (true if str(target).lower() == "true" else false).append(str(key).lower())
    text = f"lower({name})"
    yes, no = (", ".join(map(literal, side)) for side in (true, false))
    value = f"case when {text} in ({yes}) then true when {text} in ({no}) then false end"
    fault = (
        f"case when {name} is not null and ({value}) is null "
        f"then 'S09|{reading.column.name} is neither yes nor no' end"
    )
    return Cell(cleaned(reading), value, fault)


def pattern_of(time_format: str, where: FeedMapping) -> str:
    """The regular expression of the texts that a strptime format may read, so that it reads nothing else."""
    parts, index = [], 0
    while index < len(time_format):
        piece = time_format[index : index + 2]
        if piece.startswith("%"):
            if piece not in DIRECTIVES:
                todo = f"directives: {' '.join(DIRECTIVES)}"
                raise UsageError(
                    f"format {time_format!r}: no directive {piece}", where=str(where.path), todo=todo
                )
            parts.append(DIRECTIVES[piece])
            index += 2
        else:
            parts.append(re.escape(time_format[index]))
            index += 1
    return "".join(parts)


def _parsed(reading: Reading, text: str, formats: list[str]) -> str:
    """The first declared format that fits the text, as SQL."""
    tries = [
        f"when regexp_full_match({text}, {literal(pattern_of(one, reading.feed))}) "
        f"then try_strptime({text}, {literal(one)})"
        for one in formats
    ]
    return f"case {' '.join(tries)} end"


def date_cell(reading: Reading, name: str) -> Cell:
    """A date in one of the declared formats, in the years that business has."""
    formats = _listed(reading.option("date_formats", DATES))
    parsed = f"cast({_parsed(reading, name, formats)} as date)"
    value = f"case when year({parsed}) between {FIRST_YEAR} and {LAST_YEAR} then {parsed} end"
    fault = (
        f"case when {name} is not null and ({value}) is null "
        f"then 'S09|{reading.column.name} is no date in the declared formats' end"
    )
    return Cell(cleaned(reading), value, fault)


def timestamp_cell(reading: Reading, name: str) -> Cell:
    """An instant in UTC: an offset in the text holds, else the source's time zone. An hour that never was: a fault."""
    formats = _listed(reading.option("timestamp_formats", TIMES))
    zone = literal(reading.option("time_zone", reading.source.time_zone))
    offset = f"regexp_extract({name}, {literal(OFFSET)}, 1)"
    bare = f"trim(regexp_replace({name}, {literal(OFFSET)}, ''))"
    has_offset = f"regexp_matches({name}, {literal(CLOCK_WITH_OFFSET)})"
    minutes = (
        f"case when {offset} = 'Z' then 0 else (case when {offset}[1] = '-' then -1 else 1 end) * "
        f"(cast({offset}[2:3] as integer) * 60 + cast(right({offset}, 2) as integer)) end"
    )
    moved = f"{_parsed(reading, bare, formats)} - to_minutes({minutes})"
    local = _parsed(reading, name, formats)
    utc = f"timezone('UTC', timezone({zone}, {local}))"
    exists = f"timezone({zone}, timezone({zone}, {local})) = {local}"
    instant = f"case when {has_offset} then {moved} when {exists} then {utc} end"
    value = f"case when year({instant}) between {FIRST_YEAR} and {LAST_YEAR} then cast({instant} as timestamp) end"
    fault = (
        f"case when {name} is not null and ({value}) is null "
        f"then 'S09|{reading.column.name} is no time in the declared formats' end"
    )
    return Cell(cleaned(reading), value, fault)


def _listed(formats: Any) -> list[str]:
    return [formats] if isinstance(formats, str) else list(formats)


def cell_of(reading: Reading, name: str) -> Cell:
    """The SQL for a column, by its canonical type."""
    makers = {"bigint": bigint_cell, "boolean": boolean_cell, "date": date_cell, "timestamp": timestamp_cell}
    if reading.column.type.startswith("decimal"):
        return decimal_cell(reading, name)
    return makers.get(reading.column.type, text_cell)(reading, name)
