"""Workbooks: stored values by sheet and row; what a reader of the sheet may not have seen is told."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from pipelines.landing.raw import raw_line
from pipelines.landing.sheet_dates import stored_date
from pipelines.landing.sheet_places import column_number, letters
from tests.unit.landing.ground import PAYMENT
from tests.unit.landing.hostile.claims import rejected, warned

HEADER = ["id", "order", "paid", "amount", "currency"]
ROW = ["P1", "O1", datetime(2026, 10, 1, 8, 30), 10.55, "CNY"]


def book(*rows, title="Sheet", change=None, header=HEADER):
    made = openpyxl.Workbook()
    made.active.title = title
    for row in [header, *rows] if header else rows:
        made.active.append(row)
    if change:
        change(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def edited(content, part, *replacements):
    """The workbook with the text of one part replaced: what a spreadsheet writes and openpyxl does not."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            text = given.read(name)
            if name == part:
                for old, new in replacements:
                    assert old.encode() in text, text
                    text = text.replace(old.encode(), new.encode())
            made.writestr(name, text)
    return stream.getvalue()


@pytest.fixture
def sheets(ground):
    ground.source(time_zone="UTC")
    ground.contract(files="*.xlsx")
    return ground


def test_dates_numbers_and_texts_are_read_as_they_are_stored(sheets):
    rows = [
        ROW,
        ["00123", "O2", datetime(2026, 10, 1), 90071992547409, "CNY"],
        [17, True, "2026-10-01 09:00:00", "12.5000", "CNY"],
    ]
    sheets.file("a.xlsx", book(*rows))
    sheets.land()
    assert [
        tuple(row[name] for name in ("payment_id", "order_id", "paid_at", "amount")) for row in sheets.rows()
    ] == [
        ("P1", "O1", datetime(2026, 10, 1, 8, 30), Decimal("10.55")),
        ("00123", "O2", datetime(2026, 10, 1), Decimal(90071992547409)),
        ("17", "true", datetime(2026, 10, 1, 9), Decimal("12.5")),
    ]
    assert [row["row_id"] for row in sheets.rows()] == [f"shop|a.xlsx|{number}" for number in (2, 3, 4)]


def test_a_sheet_and_the_row_of_its_header_are_declared(sheets):
    def second(made):
        sheet = made.create_sheet("Zahlungen")
        for row in [["Report of October"], [], HEADER, ROW]:
            sheet.append(row)

    sheets.file("a.xlsx", book(["nothing"], change=second, header=None))
    rejected(sheets, "S02", "the workbook has the sheets Sheet, Zahlungen: name one (sheet)")
    sheets.contract(files="*.xlsx", format={"sheet": "Zahlungen", "skip_rows": 2})
    sheets.land()
    assert [row["row_id"] for row in sheets.rows()] == ["shop|a.xlsx|4"]
    found = raw_line(sheets.home, "shop|a.xlsx|4")
    assert (found.line, found.text) == (4, "[Zahlungen] P1\tO1\t2026-10-01 08:30:00\t10.55\tCNY")
    sheets.contract(files="*.xlsx", format={"sheet": "Nowhere"})
    rejected(sheets, "S02", "no sheet Nowhere; the workbook has Sheet, Zahlungen")


def test_a_formula_gives_its_stored_value_and_is_told(sheets):
    sheets.file(
        "a.xlsx", edited(book(ROW), "xl/worksheets/sheet1.xml", ("<v>10.55</v>", "<f>5+5.55</f><v>10.55</v>"))
    )
    sheets.land()
    assert [row["amount"] for row in sheets.rows()] == [Decimal("10.55")]
    warned(sheets, "S02", "a.xlsx: 1 cells are formulas, read by their stored value (first D2)")


def test_formulas_without_a_value_and_errors_are_set_aside(sheets):
    good = [[f"P{number}", *ROW[1:]] for number in range(9)]
    bad = [
        ["F", "O1", ROW[2], "=1+1", "CNY"],
        ["E", "O1", ROW[2], 1, "#N/A"],
        ["L", "O1", ROW[2], 1e15, "CNY"],
    ]
    sheets.file("a.xlsx", book(*good, *bad))
    sheets.land()
    assert [(row["line_no"], row["rule_id"], row["reason"]) for row in sheets.held()] == [
        (11, "S09", "cell D11 is a formula without a stored value"),
        (12, "S09", "cell E12 is the error #N/A"),
        (13, "S09", "cell D13 has more digits than a spreadsheet keeps"),
    ]
    assert len(sheets.rows()) == 9


def test_merged_headings_reject_the_file_and_merged_rows_are_told(sheets):
    sheets.file("a.xlsx", book(ROW, change=lambda made: made.active.merge_cells("D1:E1")))
    rejected(sheets, "S02", "the header has merged cells: D1:E1")
    sheets.file("b.xlsx", book(ROW, ["P2", *ROW[1:]], change=lambda made: made.active.merge_cells("B2:B3")))
    sheets.land()
    warned_of = sheets.held()[-1]
    assert (warned_of["line_no"], warned_of["reason"]) == (
        3,
        "order_or_invoice_given",
    )  # the merged cell below


def test_hidden_sheets_rows_and_columns_are_told(sheets):
    def hide(made):
        made.create_sheet("old").sheet_state = "hidden"
        made.active.row_dimensions[3].hidden = True
        made.active.column_dimensions["B"].hidden = True

    sheets.file("a.xlsx", book(ROW, ["P2", *ROW[1:]], change=hide))
    sheets.land()
    assert len(sheets.rows()) == 2
    found = sheets.check("S02")
    assert (found["status"], found["failing_count"]) == ("warned", 3)
    assert found["observed"] == "a.xlsx: sheet old is hidden"


def test_a_value_under_no_heading_is_set_aside(sheets):
    good = [[f"P{number}", *ROW[1:]] for number in range(9)]
    sheets.file("a.xlsx", book(*good, [*ROW, "and?"]))
    sheets.land()
    assert [(row["line_no"], row["reason"]) for row in sheets.held()] == [
        (11, "cell F11 stands under no heading")
    ]


def test_a_bomb_and_a_document_type_are_refused(sheets, monkeypatch):
    monkeypatch.setattr("pipelines.landing.packed.INFLATED_FREELY", 1 << 20)
    sheets.file(
        "a.xlsx", edited(book(ROW), "xl/worksheets/sheet1.xml", ("<v>10.55</v>", f"<v>{'1' * (4 << 20)}</v>"))
    )
    rejected(sheets, "S01", "the workbook inflates to more than")
    trap = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    sheets.file("b.xlsx", edited(book(ROW), "xl/worksheets/sheet1.xml", ("<worksheet", trap)))
    rejected(sheets, "S01", "the workbook is damaged")


@pytest.mark.parametrize("content", [b"id,order\n", b"\xd0\xcf\x11\xe0old", book(ROW)[:-40]])
def test_what_is_no_workbook_or_a_cut_one_is_rejected(sheets, content):
    sheets.file("a.xlsx", content)
    rejected(sheets, "S01", "the file is no workbook, or a damaged one")


def test_a_doubled_heading_an_empty_sheet_and_one_without_rows(sheets):
    sheets.file("1.xlsx", book(ROW, header=[*HEADER[:4], "ID"]))
    sheets.file("2.xlsx", book(header=None))
    sheets.file("3.xlsx", book())
    rejected(sheets, "S02", "the sheet has a header and no rows")
    assert sheets.rejection()[:2] == ["S02|the header has ID, id twice", "S02|the sheet is empty"]


def test_two_sheets_of_one_workbook_fill_two_feeds(sheets):
    def lines(made):
        sheet = made.create_sheet("lines")
        for row in [["order", "line", "qty", "price", "currency"], ["O1", 1, 2, 5, "CNY"]]:
            sheet.append(row)

    tables = {
        "paid": {"files": "*.xlsx", "format": {"sheet": "Sheet"}},
        "sold": {"files": "*.xlsx", "format": {"sheet": "lines"}},
    }
    sheets.source(time_zone="UTC", tables=tables)
    sheets.contract(files=None, table="paid")
    columns = {
        "order_id": "order",
        "line_id": "line",
        "quantity": "qty",
        "unit_price": "price",
        "currency": "currency",
    }
    sheets.contract("orders.order_lines", files=None, table="sold", columns=columns)
    sheets.file("a.xlsx", book(ROW, change=lines))
    sheets.land()
    assert (len(sheets.rows()), len(sheets.rows("orders__order_lines"))) == (1, 1)
    assert raw_line(sheets.home, "shop|a.xlsx|2").text.split("\n") == [
        "[Sheet] P1\tO1\t2026-10-01 08:30:00\t10.55\tCNY",
        "[lines] O1\t1\t2\t5\tCNY",
    ]


@pytest.mark.parametrize(
    ("serial", "is_1904", "text"),
    [
        ("1", False, "1900-01-01"),
        ("61", False, "1900-03-01"),
        ("46296", False, "2026-10-01"),
        ("46296.5", False, "2026-10-01 12:00:00"),
        ("46296.000011574074", False, "2026-10-01 00:00:01"),
        ("44834", True, "2026-10-01"),
    ],
)
def test_a_stored_date(serial, is_1904, text):
    # 1904 begins 1462 days after the other calendar: 46296 - 1462 = 44834
    assert stored_date(Decimal(serial), is_1904) == text


def test_the_columns_of_these_books_are_those_of_the_contract():
    assert list(PAYMENT.values()) == HEADER


@pytest.mark.parametrize(
    ("name", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("AZ", 52), ("BA", 53), ("XFD", 16384)]
)
def test_the_name_of_a_column(name, number):
    assert (column_number(f"{name}12"), letters(number)) == (number, name)
