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
    ".json": "json",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}


READ = ("csv", "json", "jsonl", "parquet", "xlsx")
UNPACKED = ("none", "gzip", "zip")
PACKED = {".gz": "gzip", ".zip": "zip"}
KINDS = ("integer", "decimal", "float", "text", "date", "timestamp", "boolean", "binary", "nested")


def _schema(given: Fields) -> dict[str, tuple[str, ...]]:
    """The kinds that a Parquet column may have: `{amount: decimal, id: [text, integer]}`."""
    found = {}
    declared = given.any("schema") or {}
    if not isinstance(declared, dict):
        raise given.fail("schema is a mapping of columns to kinds")
    for name, kinds in declared.items():
        listed = (kinds,) if isinstance(kinds, str) else tuple(kinds or ())
        if not listed or not set(listed) <= set(KINDS):
            raise given.fail(f"schema of {name}: kinds are {', '.join(KINDS)}, not {kinds!r}")
        found[str(name)] = listed
    return found


def _control(values: Any, where: Path) -> Control | None:
    if values is None:
        return None
    given = Fields(values, "format.control", where)
    kind = given.needed("kind")
    if kind not in ("file", "trailer", "flag"):
        raise given.fail(f"kind is file, trailer or flag, not {kind!r}")
    control = Control(
        kind=kind,
        pattern=given.text("pattern", "{name}.ok" if kind == "flag" else "{name}.ctl") or "",
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
    control = found.control.kind if found.control else ""
    wrong = {
        f"type is {', '.join(READ)}, not {found.type!r}": found.type not in READ,
        f"compression is none, gzip or zip, not {found.compression!r}": found.compression not in UNPACKED,
        "member names files inside a zip, and these files are none": found.member
        and found.compression != "zip",
        "several members have no one trailer: declare rows and sums in a control file": found.member
        and control == "trailer",
        "schema names the kinds of Parquet columns": found.schema and found.type != "parquet",
        "sheet names one of a workbook": found.sheet and found.type != "xlsx",
        "records names an array of JSON": found.records and found.type != "json",
        "a trailer is the last line of a text": control == "trailer" and found.type != "csv",
        "a file without header needs the names of its columns (columns: [a, b, ...])": found.type
        in ("csv", "xlsx")
        and not found.header
        and not found.columns,
        "columns names one column twice": len(set(found.columns)) != len(found.columns),
    }
    for said, is_so in wrong.items():
        if is_so:
            raise given.fail(said)
    return found


def file_format(values: Any, files: str, where: Path) -> FileFormat:
    """The format of files that a glob names; what is not said follows from the suffix.

    Raises:
        UsageError: a key is unknown or its value makes no sense.
    """
    given = Fields(values or {}, "format", where)
    suffixes = [suffix.lower() for suffix in Path(files).suffixes[-2:]]
    packed = PACKED.get(suffixes[-1], "none") if suffixes else "none"
    suffix = ([part for part in suffixes if part not in PACKED] or [""])[-1]
    found = FileFormat(
        type=given.text("type") or TYPES.get(suffix, "csv"),
        encoding=given.text("encoding", "utf-8") or "",
        delimiter=given.text("delimiter") or ("\t" if suffix == ".tsv" else ","),
        row_end=given.text("row_end"),
        quote=given.text("quote", '"'),
        header=given.flag("header", True),
        columns=given.texts("columns"),
        compression=given.text("compression") or packed,
        member=given.text("member"),
        sheet=given.text("sheet"),
        records=given.text("records"),
        schema=_schema(given),
        null_tokens=given.texts("null_tokens", ("",)),
        skip_rows=given.number("skip_rows", 0) or 0,
        control=_control(given.any("control"), where),
        empty_ok=given.flag("empty_ok", False),
    )
    given.done()
    return _checked(given, found)
