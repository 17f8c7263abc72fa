"""JSON Lines to cells: numbers keep the text they were written with, nested values stay JSON text."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from pipelines.landing.decode import MOJIBAKE, decoded
from pipelines.landing.packed import Packed
from pipelines.landing.text_table import BrokenRow, FileRejectedError, TextTable
from pipelines.sources.model import FileFormat


class _DoubledKeyError(ValueError):
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DoubledKeyError("a key stands twice in one object")
    return found


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parse(decoder: json.JSONDecoder, text: str) -> dict[str, Any]:
    found = decoder.decode(text)
    if not isinstance(found, dict):
        raise ValueError("the line is no object")
    if "\\ud" in text.lower():  # half of a pair has no place in UTF-8
        json.dumps(found, ensure_ascii=False).encode()
    return found


def read_jsonlines(packed: Packed, how: FileFormat) -> TextTable:
    """Read a file with one JSON object a line; its header is every key that occurs.

    Raises:
        FileRejectedError: it is empty, wrongly encoded, damaged, or no line of it is a JSON object.
    """
    text = decoded(packed.content(), how.encoding)
    decoder = json.JSONDecoder(
        parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_pairs, strict=True
    )
    objects, lines, raw, broken = [], [], [], []
    for number, line in enumerate(text.split("\n"), start=1):
        row = line.rstrip("\r")
        if not row.strip():
            continue
        try:
            found = _parse(decoder, row)
        except ValueError as error:
            problem = str(error) if isinstance(error, _DoubledKeyError) else "the line is no JSON object"
            broken.append(BrokenRow(number, row, "S09", problem))
            continue
        if MOJIBAKE.search(row) or "\\u0000" in row:
            reason = "the row holds a NUL or the traces of a wrong decoding"
            broken.append(BrokenRow(number, row, "S07", reason))
            continue
        objects.append(found)
        lines.append(number)
        raw.append(row)
    if not objects and (broken or not how.empty_ok):
        raise FileRejectedError("S02", "no line of the file is a JSON object", len(broken))
    names = list(dict.fromkeys(name for found in objects for name in found))
    columns = {
        name: pa.array([_cell(found.get(name)) for found in objects], pa.large_string()) for name in names
    }
    return TextTable(
        pa.table(columns), pa.array(lines, pa.int64()), pa.array(raw, pa.large_string()), names, broken
    )
