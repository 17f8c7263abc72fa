"""SQL that turns text into dates and instants, by declared formats alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.errors import UsageError
from pipelines.landing.cells import Cell, Reading, cleaned, unreadable
from pipelines.landing.reshape import literal
from pipelines.sources.model import FeedMapping

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
COUNTED = {
    "excel": (r"\d{1,6}", "cast(date '1899-12-30' + cast({} as integer) as timestamp)"),
    "epoch": (r"-?\d{1,11}", "make_timestamp(cast({} as bigint) * 1000000)"),
    "epoch_ms": (r"-?\d{1,14}", "make_timestamp(cast({} as bigint) * 1000)"),
}
FIRST_YEAR, LAST_YEAR = 1900, 2199
OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"
CLOCK_WITH_OFFSET = r"\d{1,2}:\d{2}.*" + OFFSET


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
    """The first declared format that fits the text, as SQL. Besides strptime formats: excel, epoch, epoch_ms."""
    tries = []
    for one in formats:
        if one in COUNTED:
            pattern, moment = COUNTED[one]
            tries.append(f"when regexp_full_match({text}, {literal(pattern)}) then {moment.format(text)}")
            continue
        bare = one.removesuffix("%z").rstrip()  # the offset is taken off before
        fits = f"regexp_full_match({text}, {literal(pattern_of(bare, reading.feed))})"
        tries.append(f"when {fits} then try_strptime({text}, {literal(bare)})")
    return f"case {' '.join(tries)} end"


def date_cell(reading: Reading) -> Cell:
    """A date in one of the declared formats, in the years that business has."""
    formats = _listed(reading.option("date_formats", DATES))
    parsed = f"cast({_parsed(reading, reading.text, formats)} as date)"
    return Cell(
        cleaned(reading),
        parsed,
        f"case when year({reading.ready}) between {FIRST_YEAR} and {LAST_YEAR} then {reading.ready} end",
        unreadable(reading, "no date in the declared formats"),
    )


def timestamp_cell(reading: Reading) -> Cell:
    """An instant in UTC: an offset in the text holds, else the source's time zone. An hour that never was: a fault."""
    formats = _listed(reading.option("timestamp_formats", TIMES))
    zone = literal(reading.option("time_zone", reading.source.time_zone))
    text, local = reading.text, reading.ready
    offset = f"regexp_extract({text}, {literal(OFFSET)}, 1)"
    bare = f"trim(regexp_replace({text}, {literal(OFFSET)}, ''))"
    has_offset = f"regexp_matches({text}, {literal(CLOCK_WITH_OFFSET)})"
    is_counted = f"regexp_full_match({text}, '-?[0-9]+')" if {"epoch", "epoch_ms"} & set(formats) else "false"
    minutes = (
        f"case when {offset} = 'Z' then 0 else (case when {offset}[1] = '-' then -1 else 1 end) * "
        f"(cast({offset}[2:3] as integer) * 60 + cast(right({offset}, 2) as integer)) end"
    )
    instant = (
        f"case when {is_counted} then {local} when {has_offset} then {local} - to_minutes({minutes}) "
        f"when timezone({zone}, timezone({zone}, {local})) = {local} "
        f"then timezone('UTC', timezone({zone}, {local})) end"
    )
    return Cell(
        cleaned(reading),
        f"case when {has_offset} then {_parsed(reading, bare, formats)} else {_parsed(reading, text, formats)} end",
        f"case when year({local}) between {FIRST_YEAR} and {LAST_YEAR} then cast({instant} as timestamp) end",
        unreadable(reading, "no time in the declared formats"),
        warning=_fold_warning(reading, f"{is_counted} or {has_offset}"),
    )


@cache
def fold_months(zone: str) -> tuple[int, ...]:
    """The months in which the clocks of a zone were set back since 1970: only there an hour comes twice."""
    place, months = ZoneInfo(zone), set()
    for year in range(1970, 2038):
        for month in range(1, 13):
            start = datetime(year, month, 1, tzinfo=UTC).astimezone(place).utcoffset()
            end = (datetime(year, month, 28, tzinfo=UTC) + timedelta(days=4)).astimezone(place).utcoffset()
            if start is not None and end is not None and end < start:
                months.add(month)
    return tuple(sorted(months))


def _fold_warning(reading: Reading, is_instant: str) -> str:
    """A clock that reads alike twice in the night of its change is taken as it comes, and told."""
    name = str(reading.option("time_zone", reading.source.time_zone))
    months = fold_months(name)
    if not months:
        return "null"
    zone, local, value = literal(name), reading.ready, reading.value
    back = (
        f"timezone({zone}, timezone('UTC', {value} {sign} interval 1 hour)) = {local}" for sign in ("+", "-")
    )
    return (
        f"case when {value} is not null and month({local}) in ({', '.join(map(str, months))}) "
        f"and not ({is_instant}) and ({' or '.join(back)}) "
        f"then 'S09|{reading.column.name} is an hour that comes twice' end"
    )


def _listed(formats: Any) -> list[str]:
    return [formats] if isinstance(formats, str) else list(formats)
