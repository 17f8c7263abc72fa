"""SQL that turns one cell's text into one typed value, or says what is wrong with it. Never through a float.

A cell goes through four steps, each its own expression: cleaned text, prepared text, value, fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.landing.reshape import literal, quoted
from pipelines.sources.model import ColumnMapping, FeedMapping, Source
from quality.feeds import Column

SPACES = " \t\r\n\u00a0\u2007\u202f\u3000\u200b\ufeff"
BLANKS = "\u00a0\u2007\u202f\u3000"
UNSEEN = "\u200b\u2060\ufeff\u00ad"
TRUE = ("true", "t", "1", "yes", "y", "是", "有", "√")
FALSE = ("false", "f", "0", "no", "n", "否", "无", "×")


@dataclass(frozen=True)
class Cell:
    """SQL of one column, each step over the columns of the step before.

    `clean` reads the raw text and gives `t_<name>`; `prepared` reads that and gives `n_<name>`; `value` reads both and
    gives `<name>`; `fault` reads all three, so that a sound cell costs no second look. `wide` is the exact number of a
    decimal with too many digits, for control sums. `warning` names what was odd about a cell that reads well.
    `doubt` is 1 for an amount such as 1.234, which elsewhere is a thousand, 2 for one with a point that can be no such
    mark; NULL for others. It is there where the contract does not say which it is.
    """

    clean: str
    prepared: str
    value: str
    fault: str
    wide: str | None = None
    warning: str = "null"
    doubt: str | None = None


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


def if_ascii(text: str, plain: str, otherwise: str) -> str:
    """Spare the common case what only other scripts need."""
    return f"case when strlen({text}) = length({text}) then {plain} else {otherwise} end"


def is_code(column: Column) -> bool:
    """Whether a column holds names by which rows are compared."""
    return column.type == "string" and (column.is_key or column.name.endswith(("_id", "_code")))


def cleaned(reading: Reading) -> str:
    """The raw text without outer spaces, composed (NFC), NULL for a null token."""
    name = quoted(reading.column.name)
    is_plain = f"strlen({name}) = length({name}) and ascii({name}) > 32 and ascii(right({name}, 1)) > 32"
    text = f"trim({name}, {literal(SPACES)})"
    if is_code(reading.column):  # what no eye can see must not make two codes of one
        text = f"translate(trim({name}, {literal(SPACES)}), {literal(BLANKS + UNSEEN)}, {literal(' ' * len(BLANKS))})"
    value = f"case when {is_plain} then {name} else nfc_normalize({text}) end"
    for token in sorted({"", *reading.null_tokens}):
        value = f"nullif({value}, {literal(token)})"
    if reading.column.name == "currency" and reading.source.as_delivered_currency:
        return literal(reading.source.as_delivered_currency)
    if reading.column.name == "currency" and reading.source.default_currency:
        return f"coalesce({value}, {literal(reading.source.default_currency)})"
    return value


def unreadable(reading: Reading, what: str) -> str:
    """The fault of a cell that has text and gives no value."""
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


def boolean_cell(reading: Reading) -> Cell:
    """A yes or no in the usual spellings, or by the value map."""
    values = reading.option("values", None) or {}
    true, false = list(TRUE), list(FALSE)
    for key, target in values.items():
        (true if str(target).lower() == "true" else false).append(str(key).lower())
    yes, no = (", ".join(map(literal, side)) for side in (true, false))
    value = f"case when {reading.ready} in ({yes}) then true when {reading.ready} in ({no}) then false end"
    return Cell(cleaned(reading), f"lower({reading.text})", value, unreadable(reading, "neither yes nor no"))
