"""JSON Lines to cells: numbers keep the text they were written with, nested values stay JSON text."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from pipelines.landing.decode import MOJIBAKE, decoded
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

    def table(self, how: FileFormat, nothing: str) -> TextTable:
        """All of them; the header is what the format names, and every key that occurs."""
        if not self.objects and (self.broken or not how.empty_ok):
            raise FileRejectedError("S02", nothing, len(self.broken))
        names = list(dict.fromkeys([*how.columns, *(name for found in self.objects for name in found)]))
        columns = {
            name: pa.array([_cell(found.get(name)) for found in self.objects], pa.large_string())
            for name in names
        }
        lines, raw = pa.array(self.lines, pa.int64()), pa.array(self.raw, pa.large_string())
        return TextTable(pa.table(columns), lines, raw, names, self.broken)


def _has_half_pair(raw: str, found: Any) -> bool:
    """Half of a surrogate pair has no place in UTF-8."""
    if "\\ud" not in raw.lower():
        return False
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def read_jsonlines(packed: Packed, how: FileFormat) -> TextTable:
    """Read a file with one JSON object a line; its header is every key that occurs.

    Raises:
        FileRejectedError: it is empty, wrongly encoded, damaged, or no line of it is a JSON object.
    """
    text = decoded(packed.content(), how.encoding)
    parser, doubled = decoder()
    rows = Objects()
    for number, line in enumerate(text.split("\n"), start=1):
        row = line.rstrip("\r")
        if not row.strip():
            continue
        doubled.clear()
        try:
            found = parser.decode(row)
        except ValueError:
            found = None
        rows.add(number, row, found, bool(doubled))
    return rows.table(how, "no line of the file is a JSON object")
