"""The `format` block of a table or contract: how bytes become cells."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

from pipelines.sources.fields import Fields
from pipelines.sources.model import Control, FileFormat

TYPES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".dat": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


def _control(values: Any, where: Path) -> Control | None:
    if values is None:
        return None
    given = Fields(values, "format.control", where)
    kind = given.needed("kind")
    if kind not in ("file", "trailer"):
        raise given.fail(f"kind is file or trailer, not {kind!r}")
    control = Control(
        kind=kind,
        pattern=given.text("pattern", "{name}.ctl") or "",
        encoding=given.text("encoding", "utf-8") or "",
        keys=given.any("keys", {}),
        marker=given.text("marker", "") or "",
        rows=given.number("rows", None),
        sums=given.any("sums", {}),
    )
    given.done()
    if kind == "trailer" and not control.marker:
        raise given.fail("a trailer needs its marker, the text of its first field")
    return control


def _checked(given: Fields, found: FileFormat) -> FileFormat:
    try:
        codecs.lookup(found.encoding)
    except LookupError:
        raise given.fail(f"no encoding is called {found.encoding!r}") from None
    if found.type not in ("csv", "parquet", "jsonl"):
        raise given.fail(f"type is csv, parquet or jsonl, not {found.type!r}")
    if found.compression not in ("none", "gzip"):
        raise given.fail(f"compression is none or gzip, not {found.compression!r}")
    if found.type == "csv" and not found.header and not found.columns:
        raise given.fail("a file without header needs the names of its columns", "add columns: [a, b, ...]")
    if len(set(found.columns)) != len(found.columns):
        raise given.fail("columns names one column twice")
    return found


def file_format(values: Any, files: str, where: Path) -> FileFormat:
    """The format of files that a glob names; what is not said follows from the suffix.

    Raises:
        UsageError: a key is unknown or its value makes no sense.
    """
    given = Fields(values or {}, "format", where)
    suffixes = [suffix.lower() for suffix in Path(files).suffixes[-2:]]
    packed = bool(suffixes) and suffixes[-1] == ".gz"
    suffix = ([part for part in suffixes if part != ".gz"] or [""])[-1]
    found = FileFormat(
        type=given.text("type") or TYPES.get(suffix, "csv"),
        encoding=given.text("encoding", "utf-8") or "",
        delimiter=given.text("delimiter") or ("\t" if suffix == ".tsv" else ","),
        row_end=given.text("row_end"),
        quote=given.text("quote", '"'),
        header=given.flag("header", True),
        columns=given.texts("columns"),
        compression=given.text("compression") or ("gzip" if packed else "none"),
        null_tokens=given.texts("null_tokens", ("",)),
        skip_rows=given.number("skip_rows", 0) or 0,
        control=_control(given.any("control"), where),
        empty_ok=given.flag("empty_ok", False),
    )
    given.done()
    return _checked(given, found)
