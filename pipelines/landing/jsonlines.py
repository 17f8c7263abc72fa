"""JSON Lines to cells: numbers keep the text they were written with, nested values stay JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa

from pipelines.landing.decode import MOJIBAKE, row_blocks
from pipelines.landing.packed import Packed
from pipelines.landing.text_table import BrokenRow, FileRejectedError, TextTable
from pipelines.sources.model import FileFormat


def decoder() -> tuple[json.JSONDecoder, list[str]]:
    """A decoder that keeps the text of numbers, and the list into which it puts keys that one object has twice."""
    doubled: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = dict(found)
        if len(kept) != len(found):
            doubled.append("")
        return kept

    hooks = {"parse_float": str, "parse_int": str, "parse_constant": str, "object_pairs_hook": pairs}
    return json.JSONDecoder(strict=True, **hooks), doubled  # type: ignore[arg-type]


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Objects:
    """JSON objects as rows; what is no sound object is set aside."""

    def __init__(self) -> None:
        self.objects: list[dict[str, Any]] = []
        self.lines: list[int] = []
        self.raw: list[str] = []
        self.broken: list[BrokenRow] = []

    def add(self, number: int, raw: str, found: Any, is_doubled: bool) -> None:
        """Take one value as it was parsed."""
        if not isinstance(found, dict) or _has_half_pair(raw, found):
            self.broken.append(BrokenRow(number, raw, "S09", "the line is no JSON object"))
        elif is_doubled:
            self.broken.append(BrokenRow(number, raw, "S09", "a key stands twice in one object"))
        elif MOJIBAKE.search(raw) or "\\u0000" in raw:
            reason = "the row holds a NUL or the traces of a wrong decoding"
            self.broken.append(BrokenRow(number, raw, "S07", reason))
        else:
            self.objects.append(found)
            self.lines.append(number)
            self.raw.append(raw)

    def table(self, names: list[str]) -> TextTable:
        """All of them under these names."""
        columns = {
            name: pa.array([_cell(found.get(name)) for found in self.objects], pa.large_string())
            for name in names
        }
        lines, raw = pa.array(self.lines, pa.int64()), pa.array(self.raw, pa.large_string())
        return TextTable(pa.table(columns), lines, raw, names, self.broken)

    @property
    def names(self) -> list[str]:
        """Every key that occurs, in order."""
        return list(dict.fromkeys(name for found in self.objects for name in found))


Value = tuple[int, str, Any, bool]  # number, text, what was parsed, whether an object has a key twice


def object_tables(
    values: Callable[[], Iterator[Value]], how: FileFormat, most: int | None, nothing: str
) -> Iterator[TextTable]:
    """Values as tables of at most so many rows; the header of each is what the format names, and every key of them all.

    With a limit the values are gone through twice: first for the keys.
    """
    rows, names = Objects(), dict.fromkeys(how.columns)
    broken = sound = 0
    for value in values():
        rows.add(*value)
        if most is not None:
            names.update(dict.fromkeys(rows.names))
            broken, sound = broken + len(rows.broken), sound + len(rows.objects)
            rows = Objects()
    names.update(dict.fromkeys(rows.names))
    broken, sound = broken + len(rows.broken), sound + len(rows.objects)
    if not sound and (broken or not how.empty_ok):
        raise FileRejectedError("S02", nothing, broken)
    if most is None:
        yield rows.table(list(names))
        return
    for value in values():
        rows.add(*value)
        if len(rows.lines) >= most:
            yield rows.table(list(names))
            rows = Objects()
    yield rows.table(list(names))


def _has_half_pair(raw: str, found: Any) -> bool:
    """Half of a surrogate pair has no place in UTF-8."""
    if "\\ud" not in raw.lower():
        return False
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _values(packed: Packed, how: FileFormat, window: int | None) -> Iterator[Value]:
    parser, doubled = decoder()
    number = 0
    for block in row_blocks(packed, replace(how, row_end="\n"), window):
        for line in block.lines.to_pylist():
            number += 1
            row = line.rstrip("\r")
            if not row.strip():
                continue
            doubled.clear()
            try:
                found = parser.decode(row)
            except ValueError:
                found = None
            yield number, row, found, bool(doubled)


def jsonlines_tables(
    packed: Packed, how: FileFormat, window: int | None = None, most: int | None = None
) -> Iterator[TextTable]:
    """Read a file with one JSON object a line, at once or in pieces.

    Raises:
        FileRejectedError: it is empty, wrongly encoded, damaged, or no line of it is a JSON object.
    """
    nothing = "no line of the file is a JSON object"
    yield from object_tables(lambda: _values(packed, how, window), how, most, nothing)
