"""Workbooks (XLSX) to cells: what is stored, not what is shown. Parsed as a stream, counted as it inflates.

Numbers keep their stored digits, dates become ISO text, a formula gives the value that was stored with it. What a
reader of the sheet may not have seen (hidden sheets, rows, formulas, merged cells) is told.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import IO, Any

import pyarrow as pa

from pipelines.landing.packed import Packed, most_inflated
from pipelines.landing.sheet_dates import date_styles, stored_date
from pipelines.landing.sheet_places import column_number, letters
from pipelines.landing.text_table import BrokenRow, FileRejectedError, TextTable
from pipelines.sources.model import FileFormat

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MOST_DIGITS = Decimal(10) ** 15  # a spreadsheet keeps fifteen digits: an id beyond them is no longer that id


@dataclass
class Sheet:
    """One row after another of a sheet, and what was met on the way."""

    notes: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class _Counted:
    """A stream that refuses to give more than a budget; every part of a workbook is read through one."""

    def __init__(self, stream: IO[bytes], budget: list[int]) -> None:
        self.stream, self.budget = stream, budget

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size if size and size > 0 else 1 << 20)
        self.budget[0] -= len(block)
        if self.budget[0] < 0:
            raise FileRejectedError("S01", "the workbook inflates beyond all measure")
        return block


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


class Workbook:
    """An open workbook; every part is parsed without entities and within one budget of bytes."""

    def __init__(self, archive: zipfile.ZipFile, most: int) -> None:
        self.archive = archive
        self.budget = [most]
        if sum(one.file_size for one in self.archive.infolist()) > self.budget[0]:
            raise FileRejectedError("S01", f"the workbook inflates to more than {self.budget[0]} bytes")
        self.sheets: dict[str, tuple[str, bool]] = {}
        self.is_1904 = False
        self._directory()
        self.strings = [self._text(item) for item in self.elements("xl/sharedStrings.xml", "si")]
        self.dates = date_styles(self.elements("xl/styles.xml", "numFmts", "cellXfs"))

    def elements(self, part: str, *tags: str) -> Iterator[Any]:
        """Finished elements of a part by their local names, each let go after use; none if the part is not there."""
        from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

        if part not in self.archive.namelist():
            return
        with self.archive.open(part) as stream:
            above: list[Any] = []
            for event, element in iterparse(_Counted(stream, self.budget), ("start", "end"), forbid_dtd=True):
                if event == "start":
                    above.append(element)
                    continue
                above.pop()
                if _local(element.tag) in tags:
                    yield element
                    if above:
                        above[-1].remove(element)

    def _directory(self) -> None:
        targets = {
            one.get("Id"): one.get("Target") or ""
            for one in self.elements("xl/_rels/workbook.xml.rels", "Relationship")
        }
        for one in self.elements("xl/workbook.xml", "sheet", "workbookPr"):
            if _local(one.tag) == "workbookPr":
                self.is_1904 = one.get("date1904") in ("1", "true")
                continue
            place = next((value for key, value in one.attrib.items() if _local(key) == "id"), "")
            target = targets.get(place, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            self.sheets[one.get("name") or ""] = (part, one.get("state", "visible") != "visible")

    @staticmethod
    def _text(item: Any) -> str:
        """The text of a string item: its runs, without the reading aids of East Asian scripts."""
        parts = []
        for child in item:
            if _local(child.tag) == "t":
                parts.append(child.text or "")
            elif _local(child.tag) == "r":
                parts += [one.text or "" for one in child if _local(one.tag) == "t"]
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(parts))

    def choose(self, wanted: str | None) -> tuple[str, list[str]]:
        """The part of the sheet to read, and what to tell of hidden sheets."""
        hidden = [name for name, (_, is_hidden) in self.sheets.items() if is_hidden]
        if wanted is None:
            shown = [name for name in self.sheets if name not in hidden]
            if len(shown) != 1:
                raise FileRejectedError(
                    "S02", f"the workbook has the sheets {', '.join(shown)}: name one (sheet)"
                )
            wanted = shown[0]
        if wanted not in self.sheets:
            raise FileRejectedError("S02", f"no sheet {wanted}; the workbook has {', '.join(self.sheets)}")
        told = [f"sheet {name} is hidden" for name in hidden]
        return self.sheets[wanted][0], told

    def value(self, cell: Any, sheet: Sheet, place: str) -> str | None:
        """The stored value of a cell as text.

        Raises:
            ValueError: an error value, a formula without a value, a number that a spreadsheet cannot hold whole.
        """
        parts = {_local(child.tag): child for child in cell}
        kind, stored = cell.get("t", "n"), parts["v"].text if "v" in parts else None
        if "f" in parts:
            sheet.formulas.append(place)
            if stored is None:
                raise ValueError(f"cell {place} is a formula without a stored value")
        if kind == "inlineStr":
            return self._text(parts["is"]) if "is" in parts else None
        if stored is None:
            return None
        if kind == "n":
            return self._number(stored, int(cell.get("s", "0")), place)
        return self._stored(kind, stored, place)

    def _stored(self, kind: str, stored: str, place: str) -> str:
        if kind == "e":
            raise ValueError(f"cell {place} is the error {stored}")
        if kind == "s":
            return self.strings[int(stored)]
        if kind == "b":
            return "true" if stored == "1" else "false"
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), stored)

    def _number(self, stored: str, style: int, place: str) -> str:
        try:
            number = Decimal(stored)
        except InvalidOperation:
            raise ValueError(f"cell {place} holds {stored!r}, no number") from None
        if style in self.dates:
            return stored_date(number, self.is_1904)
        if abs(number) >= MOST_DIGITS:
            raise ValueError(f"cell {place} has more digits than a spreadsheet keeps")
        return format(number, "f")


Row = tuple[int, dict[int, str], str | None]


def _cells(book: Workbook, row: Any, number: int, sheet: Sheet) -> tuple[dict[int, str], str | None]:
    """The texts of a row by column, and its first fault."""
    cells: dict[int, str] = {}
    fault, column = None, 0
    for cell in row:
        column = column_number(cell.get("r", "")) or column + 1
        try:
            text = book.value(cell, sheet, f"{letters(column)}{number}")
        except (ValueError, IndexError) as problem:
            fault = fault or str(problem)
            text = next((one.text for one in cell if _local(one.tag) == "v"), None)
        if text is not None and text != "":
            cells[column] = text
    return cells, fault


def _rows(book: Workbook, part: str, sheet: Sheet) -> Iterator[Row]:
    """(number, texts by column, fault) of each row that has a cell."""
    last = 0
    for element in book.elements(part, "row", "mergeCell", "col"):
        if _local(element.tag) == "mergeCell":
            sheet.merged.append(element.get("ref") or "")
            continue
        if _local(element.tag) == "col":
            is_hidden = element.get("hidden") in ("1", "true")
            sheet.hidden_columns += [letters(int(element.get("min") or 0))] if is_hidden else []
            continue
        last = int(element.get("r") or last + 1)
        cells, fault = _cells(book, element, last, sheet)
        if cells or fault:
            if element.get("hidden") in ("1", "true"):
                sheet.hidden_rows.append(last)
            yield last, cells, fault


def _header(rows: Iterator[Row], how: FileFormat) -> tuple[int, dict[int, str]]:
    for number, cells, _ in rows:
        if number <= how.skip_rows:
            continue
        names = [name.lower() for name in cells.values()]
        doubled = sorted({name for name in cells.values() if names.count(name.lower()) > 1})
        if doubled:
            raise FileRejectedError("S02", f"the header has {', '.join(doubled)} twice")
        return number, cells
    raise FileRejectedError("S02", "the sheet is empty")


def _crosses(ref: str, row: int) -> bool:
    ends = [int(number) for number in re.findall(r"\d+", ref)]
    return bool(ends) and ends[0] <= row <= ends[-1]


def _told(sheet: Sheet, header: int) -> list[str]:
    at_header = [ref for ref in sheet.merged if _crosses(ref, header)]
    if at_header:
        raise FileRejectedError("S02", f"the header has merged cells: {', '.join(at_header)}")
    notes = list(sheet.notes)
    if sheet.formulas:
        notes.append(
            f"{len(sheet.formulas)} cells are formulas, read by their stored value (first {sheet.formulas[0]})"
        )
    if sheet.hidden_rows:
        notes.append(
            f"{len(sheet.hidden_rows)} hidden rows are read like the others (first {sheet.hidden_rows[0]})"
        )
    if sheet.hidden_columns:
        notes.append(f"hidden columns are read like the others: {', '.join(sheet.hidden_columns)}")
    if sheet.merged:
        notes.append(f"merged cells hold one value each: {', '.join(sheet.merged[:3])}")
    return notes


def _read(book: Workbook, how: FileFormat) -> TextTable:
    part, notes = book.choose(how.sheet)
    sheet = Sheet(notes)
    rows = _rows(book, part, sheet)
    header, names = (how.skip_rows, dict(enumerate(how.columns, 1))) if not how.header else _header(rows, how)
    taken: dict[int, list[str | None]] = {column: [] for column in names}
    lines, raw, broken = [], [], []
    for number, cells, fault in rows:
        if number <= header:
            continue
        text = "\t".join(cells.get(column, "") for column in range(1, max(cells, default=0) + 1))
        strange = [column for column in cells if column not in names]
        astray = f"cell {letters(strange[0])}{number} stands under no heading" if strange else None
        if fault or astray:
            broken.append(BrokenRow(number, text, "S09", fault or astray or ""))
            continue
        for column, values in taken.items():
            values.append(cells.get(column))
        lines.append(number)
        raw.append(text)
    told = _told(sheet, header) if how.header else _told(sheet, -1)
    if not lines and not broken and not how.empty_ok:
        raise FileRejectedError("S02", "the sheet has a header and no rows")
    columns = {names[column]: pa.array(values, pa.large_string()) for column, values in taken.items()}
    texts = pa.array(raw, pa.large_string())
    return TextTable(pa.table(columns), pa.array(lines, pa.int64()), texts, list(columns), broken, told)


def read_workbook(packed: Packed, how: FileFormat) -> TextTable:
    """Read one sheet of a workbook; the line of a row is its number in the sheet.

    Raises:
        FileRejectedError: it is no workbook or a trap, has no such sheet, its header is doubled or merged, or it is
            empty.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

    if packed.compression != "none":
        raise FileRejectedError("S01", "a workbook is packed already")
    try:
        # The file is ours to close: a part that is left half read would keep the archive's own open.
        with packed.path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            return _read(Workbook(archive, most_inflated(packed.path)), how)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise FileRejectedError("S01", f"the file is no workbook, or a damaged one: {error}") from None
    except (ParseError, DefusedXmlException) as error:
        raise FileRejectedError("S01", f"the workbook is damaged: {error}") from None
