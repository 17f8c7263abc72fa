"""Rows of an extract that were held back: written out to be mended, and taken back in place of what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.files import sha256_of
from pipelines.home import Home
from pipelines.landing.land import land_source
from pipelines.landing.mended import MendedRow, line_of, mended_tables, read_rows, text_at, write_rows
from pipelines.landing.raw import raw_hash
from pipelines.landing.read import read_text
from pipelines.landing.records import format_of_record, read_record
from pipelines.landing.text_table import FileRejectedError, TextTable
from pipelines.sources.corrections import corrections_of, keep_correction
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt, receipts_of
from pipelines.sources.superseded import replaced_by
from quality.feeds import feeds

Held = Callable[[Receipt], set[int]]
EXPORT = "`weir quarantine export` writes such a file"


@dataclass(frozen=True)
class Extract:
    """An archived extract as text: as it came, and with the corrections made so far."""

    receipt: Receipt
    prefix: str
    came: list[TextTable]
    today: list[TextTable]

    @property
    def header(self) -> list[str]:
        """The columns of its file, each once."""
        return list(dict.fromkeys(name for table in self.came for name in table.header))

    def texts(self, line: int) -> dict[str, str]:
        """A line as it came, by its hash: one text, unless a workbook has several sheets."""
        found = [text_at(table, line) for table in self.came]
        return {raw_hash(text): text for text in found if text is not None}

    def cells(self, line: int, raw: str) -> dict[str, str]:
        """The cells of a line with this hash as they are today; empty ones for a row that has none."""
        found = dict.fromkeys(self.header, "")
        for came, table in zip(self.came, self.today, strict=True):
            text = text_at(came, line)
            if text is None or raw_hash(text) != raw:
                continue
            for place in (table.lines.to_numpy() == line).nonzero()[0][:1]:
                for at, name in enumerate(table.header):
                    found[name] = table.columns.column(at)[int(place)].as_py() or ""
        return found


def open_extract(home: Home, receipt: Receipt) -> Extract:
    """Read an archived extract.

    Raises:
        UsageError: it was not landed yet, or its archived bytes are not those of its receipt.
    """
    blob = home.blobs / receipt.sha256
    if not blob.is_file() or sha256_of(blob) != receipt.sha256:
        raise UsageError(
            "the archived bytes are not those of the receipt", where=str(blob), todo="weir verify"
        )
    came = []
    for how in format_of_record(read_record(home, receipt.source, receipt.slug)):
        try:
            came.append(read_text(blob, how))
        except FileRejectedError:
            continue
    if not came:
        by = replaced_by(home, receipt.source).get(receipt.extract_id)
        if by:
            what = f"{receipt.extract_id} was replaced by {by}"
            raise UsageError(what, where=str(home.landing), todo="mend the rows of the file that replaced it")
        todo = "weir run lands it; a file that was rejected has to come again"
        raise UsageError(f"{receipt.extract_id} was not landed", where=str(home.landing), todo=todo)
    prefix = f"{receipt.source}|{receipt.extract_id}"
    before = corrections_of(home, receipt.source).get(receipt.extract_id, [])
    return Extract(receipt, prefix, came, mended_tables(home, prefix, came, before))


def receipt_named(home: Home, source: str, extract_id: str) -> Receipt:
    """The receipt of an extract.

    Raises:
        UsageError: the archive has none of that name.
    """
    known = {one.extract_id: one for one in receipts_of(home, source)}
    if extract_id in known:
        return known[extract_id]
    todo = "weir quarantine list --by-file names them"
    raise UsageError(f"source {source} has no extract {extract_id}", where=str(home.receipts), todo=todo)


def export(home: Home, receipt: Receipt, held: Iterable[dict[str, Any]]) -> tuple[bytes, int]:
    """Held rows (row_id, rule_id, reason) of one extract as a file to be mended, and how many rows it has."""
    extract = open_extract(home, receipt)
    why: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for one in held:
        line = line_of(str(one["row_id"]), extract.prefix)
        texts = {} if line is None else extract.texts(line)
        if line is not None and texts:
            raw = str(one.get("raw_hash"))
            why.setdefault((line, raw if raw in texts else next(iter(texts))), []).append(one)
    rows = []
    for line, raw in sorted(why):
        told = [_joined(why[line, raw], name) for name in ("rule_id", "reason")]
        own = [f"{extract.prefix}|{line}", str(line), *told, extract.texts(line)[raw], raw]
        rows.append([*extract.cells(line, raw).values(), *own])
    return write_rows(extract.header, rows), len(rows)


def _joined(rows: list[dict[str, Any]], name: str) -> str:
    return "; ".join(dict.fromkeys(str(one[name]) for one in rows))


def _receipt_of(home: Home, row: MendedRow, where: str) -> Receipt:
    for receipt in receipts_of(home, row.row_id.split("|", 1)[0]):
        if line_of(row.row_id, f"{receipt.source}|{receipt.extract_id}") is not None:
            return receipt
    raise UsageError(f"no archived extract has the row {row.row_id}", where=where, todo=EXPORT)


def _checked(extract: Extract, rows: list[MendedRow], where: str) -> dict[int, MendedRow]:
    """The rows by line, each of this extract and of the bytes that it came with."""
    found = {}
    for row in rows:
        line = line_of(row.row_id, extract.prefix)
        texts = {} if line is None else extract.texts(line)
        if line is None or not texts:
            told = f"{row.row_id} is no row of {extract.receipt.extract_id}, which the first row is of"
            raise UsageError(told, where=where, todo="give one file for each extract")
        if row.raw_hash not in texts:
            told = f"{row.row_id} was exported from other bytes than those in the archive"
            raise UsageError(told, where=where, todo=f"take a file of this home: {EXPORT}")
        if set(row.cells) != set(extract.header):
            odd = sorted(set(row.cells) ^ set(extract.header))
            told = f"the columns are not those of {extract.receipt.extract_id}: {', '.join(odd)}"
            raise UsageError(told, where=where, todo="keep the header; mend cells only")
        found[line] = row
    return found


def _later(instant: datetime, home: Home, receipt: Receipt) -> str:
    """The instant, or just after the last correction of the extract, if the clock says otherwise."""
    before = corrections_of(home, receipt.source).get(receipt.extract_id, [])
    if before:
        last = datetime.fromisoformat(before[-1].received_at.rstrip("Z")).replace(tzinfo=UTC)
        instant = max(instant, last + timedelta(microseconds=1))
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def take_back(
    home: Home, path: Path, sources: dict[str, Source], held: Held, author: str, instant: datetime
) -> dict[str, Any]:
    """Archive a mended file and land its extract anew.

    Args:
        home: The home, whose lock the caller holds.
        path: The mended file.
        sources: Source definitions by name.
        held: Gives the lines of an extract that are held back, by its receipt.
        author: Who mended, as given.
        instant: When it came.

    Returns:
        source, extract_id, and rows: mended, unchanged; of the mended: accepted, duplicates, quarantined, still.

    Raises:
        UsageError: the file is none of ours, is of other bytes, or mends a row that is not held back.
    """
    rows = read_rows(path.read_bytes(), str(path))
    if not rows:
        raise UsageError("the file has no row", where=str(path), todo=EXPORT)
    receipt = _receipt_of(home, rows[0], str(path))
    if receipt.source not in sources:
        todo = f"name its folder with --source DIR; known: {', '.join(sorted(sources)) or 'none'}"
        raise UsageError(
            f"the definition of source {receipt.source} is not known", where=str(path), todo=todo
        )
    extract = open_extract(home, receipt)
    by_line = _checked(extract, rows, str(path))
    changed = {line: row for line, row in by_line.items() if row.cells != extract.cells(line, row.raw_hash)}
    at_rest = sorted(set(changed) - held(receipt))
    if at_rest:
        told = f"{changed[at_rest[0]].row_id} is not held back (any more), and the file changes it"
        todo = "export again; an accepted row is corrected by a new extract of its source"
        raise UsageError(told, where=str(path), todo=todo)
    found = {
        "source": receipt.source,
        "extract_id": receipt.extract_id,
        "unchanged": len(rows) - len(changed),
    }
    if not changed:
        return {**found, "mended": 0, "accepted": 0, "duplicates": 0, "quarantined": 0, "still": []}
    keep_correction(home, receipt, path, changed, author, _later(instant, home, receipt))
    land_source(home, sources[receipt.source])
    return {**found, "mended": len(changed), **_became(home, extract, set(changed))}


def _became(home: Home, extract: Extract, lines: set[int]) -> dict[str, Any]:
    """What became of mended lines: one that any feed holds is held, else one that any feed took is accepted."""
    kinds: dict[int, str] = {}
    still = []
    for row in set_aside(home, extract.receipt):
        line = line_of(row["row_id"], extract.prefix)
        if line in lines:
            kinds[line] = "quarantined" if "quarantined" in (row["kind"], kinds.get(line)) else row["kind"]
            if row["kind"] == "quarantined":
                still.append({name: row[name] for name in ("row_id", "rule_id", "reason")})
    for line in _accepted(home, extract, [line for line, kind in kinds.items() if kind == "duplicate"]):
        del kinds[line]
    counted = list(kinds.values())
    return {
        "accepted": len(lines) - len(kinds),
        "duplicates": counted.count("duplicate"),
        "quarantined": counted.count("quarantined") + counted.count("rejected"),
        "still": still,
    }


def _accepted(home: Home, extract: Extract, lines: list[int]) -> list[int]:
    """Those of these lines that some feed took."""
    import duckdb

    receipt = extract.receipt
    places = [home.landing / name / receipt.source / f"{receipt.slug}.parquet" for name in feeds()]
    files = [str(path) for path in places if path.is_file()]
    if not lines or not files:
        return []
    sql = """
        select distinct cast(split_part(substr(row_id, ?), '|', 1) as bigint) as line
        from read_parquet(?) where list_contains(?, line)
    """
    with duckdb.connect() as connection:
        found = connection.execute(sql, [len(extract.prefix) + 2, files, lines]).fetchall()
    return [line for (line,) in found]


def set_aside(home: Home, receipt: Receipt) -> list[dict[str, Any]]:
    """Rows of an extract that landing did not accept: row_id, kind, rule_id, reason."""
    import pyarrow.parquet as pq

    columns = ["row_id", "kind", "rule_id", "reason"]
    folder = home.quarantine / receipt.source
    files = [folder / f"{receipt.slug}.parquet", *folder.glob(f"{receipt.slug}@*.parquet")]
    return [
        row for path in files if path.is_file() for row in pq.read_table(path, columns=columns).to_pylist()
    ]
