"""Rows 61 to 65, 67, 71 to 74: deliveries that come again, late, in part, or in another form than before."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import run
from pipelines.commands.run import _show
from pipelines.settings import load
from pipelines.sources.state import read_state
from tests.unit.landing.ground import payments
from tests.unit.landing.hostile.claims import GOOD, rejected, set_aside, warned

LINES = {
    "order_id": "order",
    "line_id": "line",
    "quantity": "qty",
    "net_amount": "net",
    "unit_price": "price",
}
LINES["currency"] = "currency"
ROW = "P1,O1,2026-10-01,1,CNY"


def statuses(ground):
    return sorted((one["file_name"], one["line_no"], one["kind"], one["reason"]) for one in ground.held())


def test_61_the_same_bytes_again_are_no_news(ground):
    ground.file("a.csv", payments(ROW))
    first = ground.land()
    ground.file("a.csv", payments(ROW))
    assert (ground.land()["read"], ground.new) == (first["read"], [])


def test_62_other_bytes_under_the_same_name_are_a_conflict_and_change_nothing(ground):
    ground.file("a.csv", payments(ROW))
    ground.land()
    ground.file("a.csv", payments(ROW.replace(",1,", ",2,")))
    ground.land()
    found = ground.check("S06")
    assert (found["status"], found["rejects_file"], found["failing_keys"]) == ("failed", True, ["a.csv"])
    assert [row["amount"] for row in ground.rows()] == [Decimal(1)]


def test_63_the_same_rows_under_another_name_are_duplicates_and_told(ground):
    ground.file("a.csv", payments(*GOOD))
    ground.land()
    ground.file("b.csv", payments(*GOOD))
    summary = ground.land()
    assert (summary["accepted"]["rows"], summary["duplicates"]["rows"]) == (9, 9)
    assert summary["accepted"]["money"] == {"CNY": "9.0000"}
    warned(ground, "S10", "9 duplicate rows counted")


def test_64_a_key_twice_is_one_row_where_it_says_the_same_and_none_where_it_does_not(ground):
    ground.file("a.csv", payments(ROW, ROW, "P2,O1,2026-10-01,1,CNY", "P2,O1,2026-10-01,2,CNY", *GOOD))
    ground.land()
    assert statuses(ground) == [
        ("a.csv", 3, "duplicate", "the same row again"),
        ("a.csv", 4, "quarantined", "one key, several contents in this file"),
        ("a.csv", 5, "quarantined", "one key, several contents in this file"),
    ]
    assert sum(row["amount"] for row in ground.rows()) == Decimal(10)
    warned(ground, "S10", "2 of 13 rows")


def test_65_a_negative_quantity_is_a_row_and_one_of_nothing_is_told(ground):
    ground.contract(files="none*.csv", format={"empty_ok": True})
    ground.contract("orders.order_lines", columns=LINES)
    ground.file("l.csv", "order,line,qty,price,net,currency\nO1,1,-2,5,-10,CNY\nO1,2,0,5,0,CNY\n")
    summary = ground.land()
    assert summary["accepted"]["money"] == {"CNY": "-10.0000"}
    assert [row["quantity"] for row in ground.rows("orders__order_lines")] == [Decimal(-2), Decimal(0)]
    found = ground.check("S18", "orders__order_lines")
    assert (found["status"], found["failing_count"]) == ("warned", 1)


def test_67_a_cell_of_another_type_late_in_a_file_is_set_aside(ground):
    many = [f"M{number},O1,2026-10-01,1,CNY" for number in range(3000)]
    ground.file("a.csv", payments(*many, "P1,O1,2026-10-01,N/A,CNY"))
    ground.land()
    assert statuses(ground) == [("a.csv", 3002, "quarantined", "amount is not a number")]
    assert len(ground.rows()) == 3000


@pytest.mark.parametrize("text", ["NULL", "NA", '""', ""])
def test_71_what_means_absent_is_what_the_contract_says(ground, text):
    if text in ("NULL", "NA"):
        set_aside(ground, f"P1,O1,2026-10-01,{text},CNY", "S09", "amount is not a number")
    ground.contract(null_tokens=["NULL", "NA"])
    reason = "order_or_invoice_given"
    ground.file("b.csv", payments(*GOOD[:1], f"P1,{text},2026-10-01,1,CNY"))
    ground.land()
    assert statuses(ground)[-1] == ("b.csv", 3, "quarantined", reason)  # no order, and no invoice either


def test_72_a_parquet_column_of_another_kind_than_before_rejects_the_file(ground):
    ground.contract(files="*.parquet")
    columns = {"id": ["P1"], "order": ["O1"], "paid": ["2026-10-01"], "currency": ["CNY"]}
    decimal = pa.array([Decimal("5.90")], pa.decimal128(18, 2))
    pq.write_table(pa.table({**columns, "amount": decimal}), ground.files / "1.parquet")
    ground.land()
    drifted = {"2": pa.array([6]), "3": pa.array(["7"]), "4": pa.array([5.9])}
    for name, amount in drifted.items():
        pq.write_table(
            pa.table({**columns, "id": [f"P{name}"], "amount": amount}), ground.files / f"{name}.parquet"
        )
    ground.land()
    assert ground.rejection()[1:] == [
        f"S02|amount is {kind} here and was decimal in the files before"
        for kind in ("integer", "text", "float")
    ]
    assert [row["amount"] for row in ground.rows()] == [Decimal("5.90")]
    schema = {"amount": ["decimal", "integer", "text"]}
    ground.contract(files="*.parquet", format={"schema": schema})
    ground.land()
    assert ground.rejection() == [
        None,
        None,
        None,
        "S02|amount is float, declared is decimal or integer or text",
    ]


def test_73_a_file_of_half_the_usual_rows_is_rejected_until_it_is_allowed(ground):
    ground.source(rhythm="daily")
    for day in range(5, 10):  # Monday to Friday
        rows = [f"D{day}-{number},O1,2026-10-0{day},1,CNY" for number in range(10 if day < 9 else 5)]
        ground.file(f"{day}.csv", payments(*rows))
        ground.land()
    found = ground.check("S08")
    assert (found["status"], found["severity"], found["rejects_file"]) == ("failed", "block", True)
    assert found["observed"] == "9.csv has 5 rows, those before it had 10 (median)"
    ground.source(rhythm="daily", small_files=[{"file": "9.csv", "reason": "the shop was closed at noon"}])
    ground.land()
    assert ground.check("S08")["status"] == "passed"


def test_74_a_file_that_still_grows_waits_and_is_read_when_it_rests(ground, monkeypatch):
    ground.source(settle_seconds=1)
    path = ground.file("a.csv", payments(ROW))

    def grow(_):
        path.write_text(path.read_text() + "P2,O1,2026-10-01,1,CNY\n")

    monkeypatch.setattr("pipelines.sources.archive.sleep", grow)
    ground.land()
    size = len(payments(ROW))
    why = f"it still grows or changes ({size} bytes, then {size + len(ROW) + 1})"
    assert read_state(ground.home, "shop").waiting == {"a.csv": why}
    assert ground.rows() == []
    warned(ground, "S01", f"a.csv waits for the next look: {why}")
    monkeypatch.setattr("pipelines.sources.archive.sleep", lambda _: pytest.fail("it was at rest before"))
    ground.land()
    assert [row["payment_id"] for row in ground.rows()] == ["P1", "P2"]
    assert read_state(ground.home, "shop").waiting == {}


def test_a_run_says_which_files_are_left_for_the_next_one(ground, monkeypatch, capsys):
    ground.source(settle_seconds=1)
    path = ground.file("a.csv", payments(ROW))
    monkeypatch.setattr("pipelines.sources.archive.sleep", lambda _: path.write_text(payments(ROW, ROW)))
    is_whole, waiting = run._collect(load(ground.home), [ground.folder])
    assert is_whole  # a release that holds is no worse for a file that is still on its way
    _show(run.Outcome(0, "R1", {"as_of": "2026-10-01", "waiting": waiting}, is_nothing_new=True))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("left for the next run: shop: a.csv: it still grows or changes (")
    assert second == "nothing new: release R1 (as of 2026-10-01) holds"


def test_a_weekend_is_held_against_weekends(ground):
    ground.source(rhythm="daily")
    start = date(2026, 9, 7)  # a Monday
    for week in range(5):
        for weekday, count in ((0, 10), (6, 3)):
            day = start + timedelta(days=7 * week + weekday)
            ground.file(f"{day}.csv", payments(*[f"{day}-{n},O1,{day},1,CNY" for n in range(count)]))
            ground.land()
    found = ground.check("S08")
    # from the fifth week on there are four of either to hold against
    assert (found["status"], found["observed"]) == ("passed", "2 file(s) held against those before them")


def test_a_file_that_changes_while_it_is_copied_waits(ground, monkeypatch):
    from pipelines.sources import archive

    path = ground.file("a.csv", payments(ROW))
    keep = archive.keep_blob

    def slow(home, file):
        kept = keep(home, file)
        writer = threading.Thread(target=lambda: path.write_text(payments(ROW, ROW.replace("P1", "P2"))))
        writer.start()
        writer.join()
        return kept

    monkeypatch.setattr(archive, "keep_blob", slow)
    ground.land()
    assert read_state(ground.home, "shop").waiting == {"a.csv": "it changed while it was read"}
    monkeypatch.setattr(archive, "keep_blob", keep)
    ground.land()
    assert len(ground.rows()) == 2


def test_a_flag_beside_the_data_says_that_it_is_whole(ground):
    ground.contract(files="*.csv*", format={"control": {"kind": "flag", "pattern": "{name}.done"}})
    ground.file("a.csv", payments(ROW))
    ground.land()
    assert read_state(ground.home, "shop").unready == {"a.csv": "its control file a.csv.done is not there"}
    ground.file("a.csv.done", "")
    ground.land()
    assert [row["payment_id"] for row in ground.rows()] == ["P1"]


def test_rejected_files_are_no_baseline(ground):
    ground.source(rhythm="daily")
    ground.file("0.csv", payments("P0,O1"))
    rejected(ground, "S09", "1 of 1 rows")
    assert ground.check("S08")["observed"] == "0 file(s) held against those before them"
