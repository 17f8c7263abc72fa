"""Rows 1 to 22: files that are cut, packed, in another format or another encoding than their contract says."""

import gzip
import io
import zipfile
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.landing.ground import HEADER, PAYMENT, payments
from tests.unit.landing.hostile.claims import accepted, rejected, set_aside

LINE = "P1,O1,2026-10-01,10.50,CNY"
CONTROL = '{"rows": 2, "sums": {"amount": {"CNY": "21.00"}}}'
TWO = payments("P1,O1,2026-10-01,10.50,CNY", "P2,O1,2026-10-01,10.50,CNY")


@pytest.fixture
def controlled(ground):
    ground.contract(format={"control": {"kind": "file"}})
    ground.file("a.csv.ctl", CONTROL)
    return ground


def packed(*members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return stream.getvalue()


def test_01_an_empty_file_is_rejected_and_is_not_zero_rows(ground):
    ground.file("a.csv", b"")
    rejected(ground, "S02", "the file is empty")


def test_02_a_header_alone_is_rejected_unless_the_contract_lets_the_file_be_empty(ground):
    ground.file("a.csv", HEADER)
    rejected(ground, "S02", "a header and no rows")
    ground.contract(format={"empty_ok": True})
    ground.land()
    assert ground.rejection() == [None]


def test_03_a_file_cut_in_the_middle_of_a_row_is_rejected_and_not_padded(ground):
    ground.file("a.csv", payments(LINE, LINE.replace("P1", "P2"))[:-12])
    rejected(ground, "S03", "the file ends in the middle of line 3")


def test_04_a_file_cut_in_a_number_is_rejected_by_its_control_total(controlled):
    # 10.50 + 10.50, the last one cut to 1
    controlled.contract(
        columns={**PAYMENT, "currency": {"transformLogic": "'CNY'"}},
        format={"control": {"kind": "file"}},
    )
    controlled.file("a.csv", "id,order,paid,amount\nP1,O1,2026-10-01,10.50\nP2,O1,2026-10-01,10.50"[:-4])
    rejected(controlled, "S04", "declared as 21.00, the rows add up to 11.5")


def test_05_a_file_cut_at_the_end_of_a_row_is_rejected_by_its_declared_count(controlled):
    controlled.file("a.csv", TWO[: -len(LINE) - 1])
    rejected(controlled, "S03", "2 rows are declared, the file has 1")


@pytest.mark.parametrize("cut", [20, 4])
def test_06_a_gzip_cut_in_its_stream_or_in_its_tail_is_rejected(ground, cut):
    ground.contract(files="*.csv.gz")
    ground.file("a.csv.gz", gzip.compress(TWO.encode())[:-cut])
    rejected(ground, "S01", "the gzip is damaged")


def test_07_a_gzip_with_garbage_after_it_is_rejected(ground):
    ground.contract(files="*.csv.gz")
    ground.file("a.csv.gz", gzip.compress(TWO.encode()) + b"garbage")
    rejected(ground, "S01", "the gzip is damaged")


def test_08_a_gzip_of_several_members_is_read_to_its_end(ground):
    ground.contract(files="*.csv.gz")
    ground.file("a.csv.gz", gzip.compress(HEADER.encode()) + gzip.compress(LINE.encode()))
    accepted(ground, payment_id="P1", amount=Decimal("10.50"))


def test_09_a_gzip_or_zip_bomb_is_rejected_before_it_is_whole(ground, monkeypatch):
    monkeypatch.setattr("pipelines.landing.packed.INFLATED_FREELY", 1 << 20)
    bomb = HEADER.encode() + b"0" * (8 << 20)  # 8 MiB from some 8 kB
    ground.contract(files="*.csv.gz")
    ground.file("a.csv.gz", gzip.compress(bomb))
    rejected(ground, "S01", "the gzip inflates to more than")
    ground.contract(files="*.csv.zip")
    ground.file("b.csv.zip", packed(("a.csv", bomb)))
    rejected(ground, "S01", "the zip inflates to more than")
    # A directory that lies about the size: counted while it inflates, the bytes are still too many.
    lying = bytearray(packed(("a.csv", bomb)))
    place = lying.rindex(b"PK\x01\x02")
    lying[place + 24 : place + 28] = (100).to_bytes(4, "little")
    ground.file("c.csv.zip", bytes(lying))
    rejected(ground, "S01", "the zip")


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "..\\a.csv", "C:/a.csv", "link.csv"])
def test_10_a_zip_member_that_leaves_its_folder_or_is_a_link_is_rejected(ground, name):
    member = zipfile.ZipInfo(name)
    member.external_attr = (0o120777 if name == "link.csv" else 0o100644) << 16
    ground.contract(files="*.csv.zip")
    ground.file("a.csv.zip", packed((member, "/etc/passwd" if name == "link.csv" else payments(LINE))))
    rejected(ground, "S01", "link in it" if name == "link.csv" else "leaves its folder")


def test_11_a_zip_with_two_files_or_with_an_archive_in_it_is_rejected(ground):
    ground.contract(files="*.csv.zip")
    ground.file("a.csv.zip", packed(("a.csv", payments(LINE)), ("b.csv", payments(LINE))))
    rejected(ground, "S01", "the zip has 2 files (a.csv, b.csv)")
    ground.file("b.csv.zip", packed(("inner.zip", packed(("a.csv", payments(LINE))))))
    rejected(ground, "S01", "the zip has an archive in it: 'inner.zip'")


def test_12_a_control_file_that_names_a_file_outside_its_folder_is_no_control_of_this_one(controlled):
    controlled.file("a.csv", TWO)
    controlled.file("a.csv.ctl", '{"file": "../a.csv", "rows": 2}')
    controlled.land()
    found = controlled.check("S01")
    assert (found["status"], found["rejects_file"]) == ("failed", True)
    assert found["observed"] == "a.csv: it names ../a.csv, not a.csv"
    assert controlled.rows() == []


def test_13_a_login_page_is_rejected_and_is_not_zero_rows(ground):
    ground.file("a.csv", "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n")
    rejected(ground, "S02", "no column id")


def test_14_a_workbook_named_csv_is_rejected(ground):
    book = openpyxl.Workbook()
    book.active.append(HEADER.strip().split(","))
    stream = io.BytesIO()
    book.save(stream)
    ground.file("a.csv", stream.getvalue())
    rejected(ground, "S07", "is not utf-8")


def test_15_a_parquet_named_csv_is_rejected_and_is_not_zero_rows(ground):
    pq.write_table(pa.table({"id": ["P1"]}), ground.files / "a.csv")
    rejected(ground, "S07", "is not utf-8")


def test_16_a_row_with_a_nul_is_set_aside(ground):
    row = "P1,O\x001,2026-10-01,1,CNY"
    set_aside(ground, row, "S07", "the row holds a NUL or the traces of a wrong decoding")


def test_17_a_byte_order_mark_is_no_part_of_the_first_heading(ground):
    ground.file("a.csv", payments(LINE), "utf-8-sig")
    accepted(ground, payment_id="P1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_18_utf_16_is_read_where_it_is_declared_and_rejected_where_not(ground, encoding):
    ground.file("a.csv", payments(LINE.replace("O1", "甲")), encoding)
    # without its mark, UTF-16 of Latin letters is UTF-8 with NULs between them
    rejected(ground, *(("S07", "is not utf-8") if encoding == "utf-16" else ("S02", "no column id")))
    ground.contract(format={"encoding": encoding})
    accepted(ground, order_id="甲")


def test_19_gb18030_is_read_where_it_is_declared_and_rejected_where_not(ground):
    ground.file("a.csv", payments(LINE.replace("O1", "订单龘")), "gb18030")
    rejected(ground, "S07", "line 2 is not utf-8")
    ground.contract(format={"encoding": "gb18030"})
    accepted(ground, order_id="订单龘")


def test_20_latin_1_is_read_where_it_is_declared_and_rejected_where_not(ground):
    ground.file("a.csv", payments(LINE.replace("O1", "Müller")), "latin-1")
    rejected(ground, "S07", "line 2 is not utf-8")
    ground.contract(format={"encoding": "latin-1"})
    accepted(ground, order_id="Müller")


def test_21_rows_that_end_with_a_carriage_return_alone_are_rows(ground):
    ground.file("a.csv", payments(LINE).replace("\n", "\r"))
    accepted(ground, payment_id="P1", row_id="shop|a.csv|2")


def test_22_rows_with_either_end_in_one_file_are_rows(ground):
    ground.file("a.csv", HEADER.replace("\n", "\r\n") + LINE + "\n" + LINE.replace("P1", "P2") + "\r\n")
    ground.land()
    assert [(row["payment_id"], row["currency"]) for row in ground.rows()] == [("P1", "CNY"), ("P2", "CNY")]
