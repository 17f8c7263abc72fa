"""Writes the files of a source: text columns in, encoded files with control files out, faults put in place.

The rows of a table lie in the order of their files. Two columns never reach a file: `_file`, the name of a row's
file, and `_fault`, the number of the fault that a row carries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from pipelines.demo.faults import FaultBook

HIDDEN = ("_file", "_fault")
SHORT = "\x00"  # a cell of only this is left out, together with the cells behind it


@dataclass(frozen=True)
class Layout:
    """How a table is written. `sums` names the amount column, `by` the currency column, of its control file."""

    encoding: str = "utf-8"
    separator: str = ","
    json_lines: bool = False
    sums: str | None = None
    by: str | None = None


def write_table(folder: Path, table: pl.DataFrame, layout: Layout, book: FaultBook) -> None:
    """Write every file of the table, in the order of its rows."""
    sizes = table.select(pl.col("_file").rle().struct.unnest())
    start = 0
    for length, name in sizes.iter_rows():
        part = table.slice(start, length)
        start += length
        _note_faults(part, name, layout, book)
        content = _content(part.drop(HIDDEN), layout)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        if layout.sums:
            _write_control(folder / name, part, layout, content)


def _note_faults(part: pl.DataFrame, name: str, layout: Layout, book: FaultBook) -> None:
    first = 1 if layout.json_lines else 2
    marked = part.with_row_index("_at").filter(pl.col("_fault").is_not_null()).select("_at", "_fault")
    for at, number in marked.iter_rows():
        book.place(number, name, at + first)


def _content(part: pl.DataFrame, layout: Layout) -> bytes:
    if layout.json_lines:
        return part.write_ndjson().encode(layout.encoding)
    text = part.write_csv(separator=layout.separator, quote_style="necessary", null_value="")
    if SHORT in text:
        text = "\n".join(_cut(line, layout.separator) for line in text.split("\n"))
    return text.encode(layout.encoding)


def _cut(line: str, separator: str) -> str:
    return line.split(separator + SHORT, maxsplit=1)[0] if SHORT in line else line


def _write_control(path: Path, part: pl.DataFrame, layout: Layout, content: bytes) -> None:
    """Rows, hash and sums by currency, as the system that exported the file declares them."""
    assert layout.sums is not None
    assert layout.by is not None
    sums: dict[str, Decimal] = {}
    cells = part.group_by(layout.by, layout.sums, maintain_order=True).len()
    for currency, text, count in cells.filter(pl.col(layout.by).is_not_null()).iter_rows():
        try:
            amount = Decimal(text or "0") * count
        except InvalidOperation:
            amount = Decimal(0)
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    declared: dict[str, Any] = {
        "file": path.name,
        "rows": len(part),
        "sha256": sha256(content).hexdigest(),
        "sums": {layout.sums: {name: f"{sums[name]:f}" for name in sorted(sums)}},
    }
    control = path.with_name(path.name + ".ctl")
    control.write_text(json.dumps(declared, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_yaml(path: Path, document: dict[str, Any]) -> None:
    """A YAML file with its keys in the order given."""
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def properties(**options: Any) -> list[dict[str, Any]]:
    """`customProperties` of ODCS."""
    return [{"property": name, "value": value} for name, value in options.items()]


def write_contract(
    folder: Path, source: str, feed: str, columns: dict[str, Any], *, files: str | None = None, **options: Any
) -> None:
    """A contract of a source. A column is the heading it comes from, or a dict: heading, logic, and options."""
    name = feed.split(".")[1]
    nodes = []
    for column, given in columns.items():
        entry = {"heading": given} if isinstance(given, str) else dict(given)
        node: dict[str, Any] = {"name": column}
        if "heading" in entry:
            node["physicalName"] = entry.pop("heading")
        if "logic" in entry:
            node["transformLogic"] = entry.pop("logic")
        if entry:
            node["customProperties"] = properties(**entry)
        nodes.append(node)
    schema: dict[str, Any] = {"name": name}
    if files:
        schema["physicalName"] = files
    if options:
        schema["customProperties"] = properties(**options)
    document = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{source}.{name}",
        "name": feed,
        "version": "1.0.0",
        "status": "active",
        "schema": [{**schema, "properties": nodes}],
    }
    write_yaml(folder / f"{name}.odcs.yaml", document)
