"""SQL that turns one cell's text into one typed value, or says what is wrong with it. Never through a float.

A cell goes through four steps, each its own expression: cleaned text, prepared text, value, fault.
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
    """SQL of one column, each step over the columns of the step before.

    `clean` reads the raw text and gives `t_<name>`; `prepared` reads that and gives `n_<name>`; `value` reads both and
    gives `<name>`; `fault` reads all three, so that a sound cell costs no second look. `wide` is the exact number of a
    decimal with too many digits, for control sums.
    """

    clean: str
    prepared: str
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

    @property
    def text(self) -> str:
        """The cleaned text column."""
        return quoted(f"t_{self.column.name}")

    @property
    def ready(self) -> str:
        """The prepared column."""
        return quoted(f"n_{self.column.name}")

    @property
    def value(self) -> str:
        """The typed column."""
        return quoted(self.column.name)


def _if_ascii(text: str, plain: str, otherwise: str) -> str:
    """Spare the common case what only other scripts need."""
    return f"case when strlen({text}) = length({text}) then {plain} else {otherwise} end"


def cleaned(reading: Reading) -> str:
    """The raw text without outer spaces, composed (NFC), NULL for a null token."""
    name = quoted(reading.column.name)
    text = _if_ascii(name, f"trim({name}, ' \t')", f"nfc_normalize(trim({name}, {literal(SPACES)}))")
    tokens = ", ".join(literal(token) for token in sorted({"", *reading.null_tokens}))
    value = f"case when trim({name}) in ({tokens}) then null else nullif({text}, '') end"
    if reading.column.name == "currency" and reading.source.as_delivered_currency:
        return literal(reading.source.as_delivered_currency)
    if reading.column.name == "currency" and reading.source.default_currency:
        return f"coalesce({value}, {literal(reading.source.default_currency)})"
    return value


def _unreadable(reading: Reading, what: str) -> str:
    return (
        f"case when {reading.text} is not null and {reading.value} is null "
        f"then 'S09|{reading.column.name} is {what}' end"
    )


def text_cell(reading: Reading) -> Cell:
    """A text: mapped by its value map, held against the canonical values. A value that neither knows is a fault."""
    values = reading.option("values", None) or {}
    valid = reading.column.valid_values
    known = f"{reading.text} in ({', '.join(map(literal, valid))})" if valid else "false"
    fault = f"case when {reading.text} is not null and not ({known}) then {{}} end"
    said = f"'S11|{reading.column.name} is a value that no map knows'"
    if not values:
        return Cell(cleaned(reading), "null", reading.text, fault.format(said) if valid else "null")
    pairs = {str(key): target for key, target in values.items() if key != "*"}
    cases = " ".join(
        f"when {reading.text} = {literal(key)} then {'null' if to is None else literal(str(to))}"
        for key, to in pairs.items()
    )
    rest = literal(str(values["*"])) if values.get("*") is not None else "null"
    value = f"case {cases} when {known} then {reading.text} when {reading.text} is not null then {rest} end"
    mapped = f"{reading.text} in ({', '.join(map(literal, pairs)) or 'null'})"
    unknown = "false" if values.get("*") is not None else f"not ({known} or {mapped})"
    outside = f" or {reading.value} not in ({', '.join(map(literal, valid))})" if valid else ""
    return Cell(
        cleaned(reading),
        "null",
        value,
        f"case when {reading.text} is not null and ({unknown}{outside}) then {said} end",
    )


def _number_text(reading: Reading) -> str:
    """Number text in the one form that is cast: digits, a point, a sign in front."""
    mark, thousands = reading.option("decimal_mark", "."), reading.option("thousands_mark", None)
    text = _if_ascii(
        reading.text, reading.text, f"translate({reading.text}, {literal(WIDE)}, {literal(NARROW)})"
    )
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


def decimal_cell(reading: Reading) -> Cell:
    """An exact decimal. More digits than the declared scale, NaN, exponents, `1_000`, `0x10`: faults, not numbers."""
    column, text = reading.column, reading.ready
    most = column.scale or 0
    scale = most
    if column.unit == "currency" or "scale" in reading.mapping.options:
        scale = min(most, int(reading.option("scale", most)))
    exact = literal(rf"[+-]?(\d+(\.\d{{0,{scale}}}0*)?|\.\d{{1,{max(scale, 1)}}}0*)")
    shape = literal(r"[+-]?(\d+(\.\d+)?|\.\d+)")
    fault = (
        f"case when {reading.value} is not null or {reading.text} is null then null "
        f"when {text} is null or not regexp_full_match({text}, {shape}) then 'S09|{column.name} is not a number' "
        f"when not regexp_full_match({text}, {exact}) then 'S09|{column.name} has more than {scale} decimals' "
        f"else 'S09|{column.name} is too large for {column.type}' end"
    )
    return Cell(
        clean=cleaned(reading),
        prepared=_number_text(reading),
        value=f"case when regexp_full_match({text}, {exact}) then try_cast({text} as {column.type}) end",
        fault=fault,
        wide=f"coalesce({reading.value}, "
        f"case when regexp_full_match({text}, {shape}) then try_cast({text} as decimal(38, 10)) end)",
    )


def bigint_cell(reading: Reading) -> Cell:
    """A whole number; 2.5 is a fault, never 3."""
    text = reading.ready
    shape = literal(r"[+-]?\d+(\.0+)?")
    whole = rf"regexp_replace({text}, '\.0+$', '')"
    value = f"case when regexp_full_match({text}, {shape}) then try_cast({whole} as bigint) end"
    return Cell(cleaned(reading), _number_text(reading), value, _unreadable(reading, "not a whole number"))


def boolean_cell(reading: Reading) -> Cell:
    """A yes or no in the usual spellings, or by the value map."""
    values = reading.option("values", None) or {}
    true, false = list(TRUE), list(FALSE)
    for key, target in values.items():
        (true if str(target).lower() == "true" else false).append(str(key).lower())
    yes, no = (", ".join(map(literal, side)) for side in (true, false))
    value = f"case when {reading.ready} in ({yes}) then true when {reading.ready} in ({no}) then false end"
    return Cell(cleaned(reading), f"lower({reading.text})", value, _unreadable(reading, "neither yes nor no"))


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


def date_cell(reading: Reading) -> Cell:
    """A date in one of the declared formats, in the years that business has."""
    formats = _listed(reading.option("date_formats", DATES))
    parsed = f"cast({_parsed(reading, reading.text, formats)} as date)"
    return Cell(
        cleaned(reading),
        parsed,
        f"case when year({reading.ready}) between {FIRST_YEAR} and {LAST_YEAR} then {reading.ready} end",
        _unreadable(reading, "no date in the declared formats"),
    )


def timestamp_cell(reading: Reading) -> Cell:
    """An instant in UTC: an offset in the text holds, else the source's time zone. An hour that never was: a fault."""
    formats = _listed(reading.option("timestamp_formats", TIMES))
    zone = literal(reading.option("time_zone", reading.source.time_zone))
    text, local = reading.text, reading.ready
    offset = f"regexp_extract({text}, {literal(OFFSET)}, 1)"
    bare = f"trim(regexp_replace({text}, {literal(OFFSET)}, ''))"
    has_offset = f"regexp_matches({text}, {literal(CLOCK_WITH_OFFSET)})"
    minutes = (
        f"case when {offset} = 'Z' then 0 else (case when {offset}[1] = '-' then -1 else 1 end) * "
        f"(cast({offset}[2:3] as integer) * 60 + cast(right({offset}, 2) as integer)) end"
    )
    instant = (
        f"case when {has_offset} then {local} - to_minutes({minutes}) "
        f"when timezone({zone}, timezone({zone}, {local})) = {local} "
        f"then timezone('UTC', timezone({zone}, {local})) end"
    )
    return Cell(
        cleaned(reading),
        f"case when {has_offset} then {_parsed(reading, bare, formats)} else {_parsed(reading, text, formats)} end",
        f"case when year({local}) between {FIRST_YEAR} and {LAST_YEAR} then cast({instant} as timestamp) end",
        _unreadable(reading, "no time in the declared formats"),
    )


def _listed(formats: Any) -> list[str]:
    return [formats] if isinstance(formats, str) else list(formats)


def cell_of(reading: Reading) -> Cell:
    """The SQL for a column, by its canonical type."""
    makers = {"bigint": bigint_cell, "boolean": boolean_cell, "date": date_cell, "timestamp": timestamp_cell}
    if reading.column.type.startswith("decimal"):
        return decimal_cell(reading)
    return makers.get(reading.column.type, text_cell)(reading)
