"""Each format and encoding that a source may declare, read to the same rows."""

import gzip
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.landing.ground import PAYMENT, payments

LINE = "P1,O1,2026-10-01 08:00:00,10.50,CNY"
# 08:00 in Shanghai is midnight UTC.
EXPECTED = ("P1", "O1", datetime(2026, 10, 1), Decimal("10.5000"), "CNY")


def landed(ground):
    ground.land()
    return [tuple(row[name] for name in PAYMENT) for row in ground.rows()]


@pytest.mark.parametrize(
    ("delimiter", "suffix"), [(";", "csv"), ("|", "csv"), ("\t", "tsv"), ("+|", "csv"), ("~^~", "txt")]
)
def test_any_delimiter(ground, delimiter, suffix):
    given = {} if suffix == "tsv" else {"format": {"delimiter": delimiter}}
    ground.contract(files=f"*.{suffix}", **given)
    ground.file(f"a.{suffix}", payments(LINE).replace(",", delimiter))
    assert landed(ground) == [EXPECTED]


def test_a_delimiter_of_several_characters_may_stand_inside_quotes(ground):
    ground.contract(format={"delimiter": "||"})
    text = payments(LINE).replace(",", "||").replace("O1", '"O||1"')
    ground.file("a.csv", text)
    assert landed(ground)[0][1] == "O||1"


def test_a_declared_row_end(ground):
    ground.contract(
        format={"delimiter": "+|", "row_end": "&|\n", "header": False, "columns": [*PAYMENT.values()]}
    )
    ground.file(
        "a.csv", LINE.replace(",", "+|") + "&|\n" + LINE.replace("P1", "P2").replace(",", "+|") + "&|\n"
    )
    assert [row[0] for row in landed(ground)] == ["P1", "P2"]
    assert [row["row_id"] for row in ground.rows()] == ["shop|a.csv|1", "shop|a.csv|2"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_row_end(ground, end):
    ground.file("a.csv", payments(LINE, LINE.replace("P1", "P2")).replace("\n", end).encode())
    assert [row[0] for row in landed(ground)] == ["P1", "P2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_declared_encodings(ground, encoding):
    ground.contract(columns={**PAYMENT, "order_id": "订单号"}, format={"encoding": encoding})
    ground.file("a.csv", payments(LINE).replace("order", "订单号").replace("O1", "甲龘"), encoding)
    assert landed(ground)[0][1] == "甲龘"


def test_a_file_without_header_by_position(ground):
    ground.contract(format={"header": False, "columns": ["id", "order", "paid", "amount", "currency"]})
    ground.file("a.csv", LINE + "\n")
    assert landed(ground) == [EXPECTED]
    assert ground.rows()[0]["row_id"] == "shop|a.csv|1"


def test_declared_preamble_lines(ground):
    ground.contract(format={"skip_rows": 2})
    ground.file("a.csv", "Report of payments\n\n" + payments(LINE))
    assert landed(ground) == [EXPECTED]
    assert ground.rows()[0]["row_id"] == "shop|a.csv|4"


def test_gzip(ground):
    ground.contract(files="*.csv.gz")
    ground.file("a.csv.gz", gzip.compress(payments(LINE).encode()))
    assert landed(ground) == [EXPECTED]


def test_json_lines_keep_the_digits_of_their_numbers(ground):
    ground.contract(files="*.jsonl")
    # As a binary float 90071992547409.9312 would come back as 90071992547409.94.
    ground.file(
        "a.jsonl",
        '{"id":"P1","order":17,"paid":"2026-10-01T08:00:00","amount":90071992547409.9312,"currency":"CNY"}\n',
    )
    assert landed(ground) == [("P1", "17", datetime(2026, 10, 1), Decimal("90071992547409.9312"), "CNY")]


def test_json_lines_that_are_no_object_are_set_aside(ground):
    ground.contract(files="*.jsonl")
    good = '{"id":"P%d","order":"O1","paid":"2026-10-01","amount":1,"currency":"CNY"}'
    lines = [good % number for number in range(9)]
    lines[3:3] = ["[1,2]", '{"id":"X","id":"Y"}', '{"id":', '{"id":"\\ud800"}']
    ground.file("a.jsonl", "\n".join(lines) + "\n")
    ground.land()
    assert [(row["line_no"], row["rule_id"]) for row in ground.held()] == [(n, "S09") for n in (4, 5, 6, 7)]
    assert len(ground.rows()) == 9


def test_a_key_missing_from_every_json_object_is_no_column_unless_it_is_needed(ground):
    ground.contract(files="*.jsonl", columns={**PAYMENT, "invoice_id": "invoice"})
    line = '{"id":"P1","order":"O1","paid":"2026-10-01","amount":1,"currency":"CNY"}\n'
    ground.file("a.jsonl", line)
    ground.file("b.jsonl", line.replace('"amount"', '"betrag"'))
    ground.land()
    assert [row["invoice_id"] for row in ground.rows()] == [None]
    assert ground.rejection()[1].startswith("S02|no column amount")


def test_parquet_cells_are_exact_text(ground):
    ground.contract(files="*.parquet")
    table = pa.table(
        {
            "id": pa.array([1, 2, 3, 4], pa.int64()),
            "order": pa.array(["O1"] * 4),
            "paid": pa.array([datetime(2026, 10, 1, 8)] * 4, pa.timestamp("ms")),
            # 0.1 + 0.2 is 0.30000000000000004: 17 digits, not to be rounded to 0.3 in silence
            "amount": pa.array([2.55, 1e-4, 123456789.0, 0.1 + 0.2], pa.float64()),
            "currency": pa.array(["CNY"] * 4).dictionary_encode(),
        }
    )
    pq.write_table(table, ground.files / "a.parquet")
    ground.land()
    assert [row["amount"] for row in ground.rows()] == [
        Decimal("2.5500"),
        Decimal("0.0001"),
        Decimal("123456789.0000"),
    ]
    assert [(row["line_no"], row["reason"]) for row in ground.held()] == [
        (4, "amount has more than 4 decimals")
    ]
    assert '"amount":"0.30000000000000004"' in ground.held()[0]["raw_text"]


def test_parquet_instants_with_a_zone_and_decimals(ground):
    ground.contract(files="*.parquet")
    table = pa.table(
        {
            "id": ["P1"],
            "order": ["O1"],
            "paid": pa.array([datetime(2026, 10, 1, 8)], pa.timestamp("us", "Europe/Berlin")),
            "amount": pa.array([Decimal("28000.1234")], pa.decimal128(19, 4)),
            "currency": ["CNY"],
        }
    )
    pq.write_table(table, ground.files / "a.parquet")
    assert landed(ground) == [("P1", "O1", datetime(2026, 10, 1, 8), Decimal("28000.1234"), "CNY")]


def test_a_file_that_is_no_parquet_is_rejected(ground):
    ground.contract(files="*.parquet")
    ground.file("a.parquet", payments(LINE))
    ground.land()
    assert ground.rejection()[0].startswith("S02|the file is no Parquet")
