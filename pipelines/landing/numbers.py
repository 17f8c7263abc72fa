"""SQL that turns number text into exact decimals and whole numbers. Never through a float, never rounded."""

from __future__ import annotations

import re

from pipelines.landing.cells import Cell, Reading, cleaned, if_ascii, unreadable
from pipelines.landing.reshape import literal

WIDE = "０１２３４５６７８９．－＋，"
NARROW = "0123456789.-+,"


def _number_text(reading: Reading) -> str:
    """Number text in the one form that is cast: digits, a point, a sign in front."""
    mark, thousands = reading.option("decimal_mark", "."), reading.option("thousands_mark", None)
    text = if_ascii(
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


def _wide_warning(reading: Reading) -> str:
    """Full-width digits are read as what they are, and told."""
    return (
        f"case when strlen({reading.text}) <> length({reading.text}) and {reading.value} is not null "
        f"and regexp_matches({reading.text}, '[{WIDE}]') "
        f"then 'S09|{reading.column.name} has full-width digits or signs' end"
    )


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
        warning=_wide_warning(reading),
        doubt=_doubt(reading),
    )


def _doubt(reading: Reading) -> str | None:
    is_said = any(reading.option(name, None) for name in ("scale", "decimal_mark", "thousands_mark"))
    formats = {reading.source.table(name).format.type for name in reading.feed.tables}
    if is_said or reading.column.unit != "currency" or formats - {"csv"} or reading.feed.sql:
        return None
    shape = literal(r"[+-]?[1-9]\d{0,2}\.\d{3}")
    return (
        f"case when regexp_full_match({reading.ready}, {shape}) then 1 "
        f"when contains({reading.ready}, '.') then 2 end"
    )


def bigint_cell(reading: Reading) -> Cell:
    """A whole number; 2.5 is a fault, never 3."""
    text = reading.ready
    shape = literal(r"[+-]?\d+(\.0+)?")
    whole = rf"regexp_replace({text}, '\.0+$', '')"
    value = f"case when regexp_full_match({text}, {shape}) then try_cast({whole} as bigint) end"
    fault = unreadable(reading, "not a whole number")
    return Cell(cleaned(reading), _number_text(reading), value, fault, warning=_wide_warning(reading))
