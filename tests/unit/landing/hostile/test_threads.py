"""Files that went wrong for the users of other readers, each with the thread in which they told it."""

import io
from datetime import datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.unit.landing.ground import HEADER, PAYMENT, payments
from tests.unit.landing.hostile.claims import GOOD, accepted, rejected, set_aside

LINE = "P1,O1,2026-10-01,10.50,CNY"


def ids(ground):
    return [row["payment_id"] for row in ground.rows()]


def test_rows_that_end_with_two_carriage_returns_are_not_doubled(ground):
    """https://github.com/duckdb/duckdb/issues/25164: rows came twice, by the size of the buffer."""
    ground.file("a.csv", payments(LINE).replace("\n", "\r\r\n"))
    accepted(ground, payment_id="P1", currency="CNY", row_id="shop|a.csv|2")


def test_a_cell_with_another_delimiter_in_it_discards_nothing_above_it(ground):
    """https://github.com/duckdb/duckdb/issues/25827: the header and every row above were taken for a preamble."""
    ground.file("a.csv", payments(*GOOD, "P1,a;b;c;d;e,2026-10-01,1,CNY"))
    ground.land()
    assert len(ids(ground)) == 10
    assert ground.rows()[-1]["order_id"] == "a;b;c;d;e"


def test_every_row_of_a_wide_table_is_counted(ground):
    """https://github.com/duckdb/duckdb/issues/7578: 500 of 999 rows were returned."""
    more = [f"P{number},O.{number},2026-10-01,1,CNY,{'x' * 90},,,,{number}" for number in range(999)]
    ground.file("a.csv", HEADER.replace("\n", ",t.a,t.b,t.c,t.d,t.e\n") + "\n".join(more) + "\n")
    assert ground.land()["accepted"]["rows"] == 999


def test_a_quoted_cell_may_end_with_a_line_end(ground):
    """https://github.com/duckdb/duckdb/issues/7706: a quote right after a line end was no end of the cell."""
    ground.file("a.csv", payments('P1,"value of forex = 1\n",2026-10-01,1,CNY', LINE.replace("P1", "P2")))
    ground.land()
    assert [row["order_id"] for row in ground.rows()] == ["value of forex = 1", "O1"]


def test_a_heading_with_a_line_end_in_it_rejects_the_file_and_shifts_nothing(ground):
    """https://github.com/duckdb/duckdb/issues/16760: what stood below the header was read from the wrong row."""
    ground.file("a.csv", payments(LINE).replace("order", '"or\nder"'))
    rejected(ground, "S02", "the header cannot be read")


def test_the_first_quoted_cell_of_a_file_may_stand_in_its_last_row(ground):
    """https://github.com/duckdb/duckdb/issues/21000: no quote in the sample, so none was known below it."""
    many = [f"M{number},O1,2026-10-01,1,CNY" for number in range(2500)]
    ground.file("a.csv", payments(*many, 'P1,"Beth, Bens. Co.",2026-10-01,1,CNY'))
    ground.land()
    assert ground.held() == []
    assert ground.rows()[-1]["order_id"] == "Beth, Bens. Co."


def test_the_first_row_of_a_file_without_header_is_data_though_all_of_it_is_text(ground):
    """https://github.com/duckdb/duckdb/issues/21653: the first row of texts became a header."""
    ground.contract(format={"header": False, "columns": list(PAYMENT.values())})
    ground.file("a.csv", "id,order,2026-10-01,1,CNY\nP1,O1,2026-10-01,1,CNY\n")
    ground.land()
    assert ids(ground) == ["id", "P1"]


def test_a_declared_row_end_that_is_not_the_files_rejects_it(ground):
    """https://github.com/duckdb/duckdb/issues/13859: rows that were not there appeared."""
    ground.contract(format={"row_end": "\r"})
    ground.file("a.csv", payments(LINE).replace("\n", "\r\n"))
    ground.land()
    assert ground.rejection()[0].startswith("S0")
    assert ids(ground) == []


def test_quotes_inside_quotes_that_are_not_doubled_reject_the_file(ground):
    """https://github.com/duckdb/duckdb/pull/15018: such cells are guessed at, differently by the place of a buffer."""
    ground.file("a.csv", payments(LINE, '"P2","Pedro "pdet" Holanda",2026-10-01,1,CNY'))
    rejected(ground, "S09", "line 3")


def test_a_longer_row_is_set_aside_wherever_it_stands(ground):
    """https://github.com/pola-rs/polars/issues/10585: padded when it came first, cut in silence when it came later."""
    set_aside(ground, "P1,O1,2026-10-01,1,CNY,ragged", "S09", "the row has 6 fields, 5 are needed", line=2)
    ground.file("b.csv", payments(*[one.replace("G", "H") for one in GOOD], "P2,O1,2026-10-01,1,CNY,ragged"))
    ground.land()
    assert [(one["file_name"], one["line_no"]) for one in ground.held()] == [("a.csv", 2), ("b.csv", 11)]


def test_no_row_after_a_stray_quote_is_lost(ground):
    """https://github.com/pola-rs/polars/issues/21519: all rows below it were silently not returned."""
    ground.file("a.csv", payments('P1,abc",2026-10-01,1,CNY', *GOOD))
    ground.land()
    assert len(ids(ground)) == 10
    assert ground.rows()[0]["order_id"] == 'abc"'


def test_a_quote_within_a_number_is_part_of_a_text_and_no_number(ground):
    """https://github.com/pola-rs/polars/issues/22395: the same row was there or not, by the function that read it."""
    ground.file("a.csv", payments(*GOOD, 'P1,4,2026-10-01,2"3,CNY', 'P2,2"3,2026-10-01,5,CNY'))
    ground.land()
    assert [(one["line_no"], one["reason"]) for one in ground.held()] == [(11, "amount is not a number")]
    assert ground.rows()[-1]["order_id"] == '2"3'


def test_a_quote_in_a_skipped_line_opens_nothing(ground):
    """https://github.com/pola-rs/polars/issues/12440: the file was said to be empty."""
    ground.contract(format={"skip_rows": 1})
    ground.file("a.csv", '#"Comment\n' + payments(LINE))
    accepted(ground, payment_id="P1")


def test_a_key_that_first_comes_late_in_json_lines_is_there(ground):
    """https://github.com/pola-rs/polars/issues/29330: 900 values of a key first seen in record 100 were dropped."""
    ground.contract(files="*.jsonl", columns={**PAYMENT, "invoice_id": "invoice"})
    line = '{"id":"P%d","order":"O1","paid":"2026-10-01","amount":1,"currency":"CNY"%s}'
    lines = [line % (number, ',"invoice":"I"' if number >= 150 else "") for number in range(200)]
    ground.file("a.jsonl", "\n".join(lines))
    ground.land()
    assert sum(row["invoice_id"] == "I" for row in ground.rows()) == 50


def test_a_table_without_quotes_may_hold_any_number_of_them(ground):
    """https://github.com/pola-rs/polars/issues/14235: 226,237 of 5,052,356 rows of a TSV were missing."""
    ground.contract(files="*.tsv", format={"quote": None})
    rows = [f'P{number}\t"O{number}\t2026-10-01\t1\tCNY' for number in range(500)]
    ground.file("a.tsv", HEADER.replace(",", "\t") + "\n".join(rows) + "\n")
    ground.land()
    assert len(ids(ground)) == 500
    assert ground.rows()[7]["order_id"] == '"O7'


def test_a_comma_too_many_in_the_first_row_moves_no_column(ground):
    """https://github.com/pandas-dev/pandas/issues/9295: every column of every row moved one to the left."""
    set_aside(ground, "P1,O1,2026-10-01,1,CNY,", "S09", "the row has 6 fields, 5 are needed", line=2)
    assert {row["currency"] for row in ground.rows()} == {"CNY"}


def test_the_text_na_is_a_code(ground):
    """https://github.com/OasisLMF/OasisLMF/issues/307: the locations of Namibia had no country."""
    ground.file("a.csv", payments("P1,NA,2026-10-01,1,CNY"))
    accepted(ground, order_id="NA")


def workbook(*rows):
    made, stream = openpyxl.Workbook(), io.BytesIO()
    for row in [list(PAYMENT.values()), *rows]:
        made.active.append(row)
    made.save(stream)
    return stream.getvalue()


def test_the_text_na_is_a_code_in_a_workbook_too(ground):
    """https://github.com/pandas-dev/pandas/issues/11839: the zone NA was read as nothing."""
    ground.contract(files="*.xlsx")
    ground.file("a.xlsx", workbook(["P1", "NA", datetime(2026, 10, 1), 1, "CNY"]))
    accepted(ground, order_id="NA")


def test_a_number_with_more_digits_than_a_workbook_keeps_is_set_aside(ground):
    """https://github.com/python-excel/xlrd/issues/309: 777711159064846000 lost 48."""
    ground.contract(files="*.xlsx")
    good = [[f"G{number}", "O1", datetime(2026, 10, 1), 1, "CNY"] for number in range(9)]
    ground.file("a.xlsx", workbook(*good, [777711159064846000, "O1", datetime(2026, 10, 1), 1, "CNY"]))
    ground.land()
    assert [one["reason"] for one in ground.held()] == ["cell A11 has more digits than a spreadsheet keeps"]


def test_a_byte_order_mark_before_a_quoted_heading_is_no_part_of_it(ground):
    """https://github.com/pandas-dev/pandas/issues/13497: the first label began with the mark and a quote."""
    ground.file("a.csv", payments(LINE).replace("id,order", '"id","order"'), "utf-8-sig")
    accepted(ground, payment_id="P1")


def test_a_thousands_mark_with_no_digits_after_it_is_no_number(ground):
    """https://github.com/pandas-dev/pandas/pull/65397: "1 ," was read as 1."""
    ground.contract(thousands_mark=",")
    set_aside(ground, 'P1,O1,2026-10-01,"1 ,",CNY', "S09", "amount is not a number")


def test_one_amount_with_an_undeclared_mark_is_set_aside_and_spoils_no_other(ground):
    """https://github.com/pandas-dev/pandas/issues/59299: the error named another row than the one at fault."""
    ground.contract(decimal_mark=",", files="*.txt", format={"delimiter": ";"})
    rows = [f"P{number};O1;2026-10-01;1,20;CNY" for number in range(9)]
    ground.file(
        "a.txt", HEADER.replace(",", ";") + "\n".join([*rows, "P9;O1;2026-10-01;1.234,56;CNY"]) + "\n"
    )
    ground.land()
    assert [(one["line_no"], one["reason"]) for one in ground.held()] == [(11, "amount is not a number")]
    assert {row["amount"] for row in ground.rows()} == {Decimal("1.20")}


def test_a_comma_in_a_date_is_no_decimal_mark(ground):
    """https://github.com/pandas-dev/pandas/pull/68921: 2013,11,04 became 1 April 2013."""
    reason = "paid_at is no time in the declared formats"
    set_aside(ground, 'P1,O1,"2013,11,04",1,CNY', "S09", reason)


def test_an_instant_beyond_what_nanoseconds_can_count_is_set_aside_and_does_not_wrap(ground):
    """https://github.com/jorgecarleitao/arrow2/issues/1527: the year 3000 of an INT96 column came back as another."""
    ground.contract(files="*.parquet")
    days = [datetime(2026, 10, 1)] * 9 + [datetime(3000, 1, 1)]
    table = pa.table(
        {
            "id": [f"P{number}" for number in range(10)],
            "order": ["O1"] * 10,
            "paid": pa.array(days, pa.timestamp("us")),
            "amount": [1] * 10,
            "currency": ["CNY"] * 10,
        }
    )
    pq.write_table(table, ground.files / "a.parquet", use_deprecated_int96_timestamps=True)
    ground.land()
    assert [(one["line_no"], one["reason"]) for one in ground.held()] == [
        (10, "paid_at is no time in the declared formats")
    ]
    assert '"paid":"3000-01-01 00:00:00"' in ground.held()[0]["raw_text"]
