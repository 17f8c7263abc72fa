"""Findings about reading and arithmetic that go wrong without an error elsewhere: here each is right, or refused."""

from datetime import date, datetime
from decimal import Decimal

from tests.unit.landing.ground import HEADER, payments

LINES = {
    "order_id": "order",
    "line_id": "line",
    "quantity": "qty",
    "net_amount": "net",
    "unit_price": "price",
}
LINES["currency"] = "currency"


def test_columns_go_by_name_when_the_header_is_in_another_order(ground):
    ground.file("a.csv", "amount,id,currency,order,paid\n10.50,P1,CNY,O1,2026-10-01\n")
    ground.land()
    row = ground.rows()[0]
    assert (row["payment_id"], row["amount"], row["order_id"]) == ("P1", Decimal("10.5000"), "O1")


def test_a_doubled_header_rejects_the_file(ground):
    ground.file("a.csv", "id,order,paid,amount,currency,amount\nP1,O1,2026-10-01,10.50,CNY,2.00\n")
    ground.land()
    assert ground.rejection() == ["S02|the header has amount twice"]
    assert ground.rows() == []


def test_dates_are_read_by_the_declared_format_in_every_file(ground):
    ground.contract(timestamp_formats=["%m/%d/%Y"])
    # All days of the first file are 12 or less, so a guess would read 03/04 as 3 April.
    ground.file("1.csv", payments("P1,O1,03/04/2026,1,CNY"))
    ground.file("2.csv", payments("P2,O1,03/25/2026,1,CNY"))
    ground.land()
    # Midnight in Shanghai is 16:00 UTC of the day before.
    paid = [row["paid_at"] for row in ground.rows()]
    assert paid == [datetime(2026, 3, 3, 16), datetime(2026, 3, 24, 16)]


def test_a_date_in_no_declared_format_is_never_guessed(ground):
    ground.contract("orders.return_lines", columns={**_returns()})
    ground.contract(files="none*.csv")
    good = "\n".join(f"R{n},1,2026-03-04,1,1.00,CNY" for n in range(9))
    ground.file("r.csv", f"id,line,day,qty,net,currency\nR99,1,03/04/2026,1,1.00,CNY\n{good}\n")
    ground.land()
    days = {row["return_date"] for row in ground.rows("orders__return_lines")}
    assert days == {date(2026, 3, 4)}
    assert [row["reason"] for row in ground.held()] == ["return_date is no date in the declared formats"]


def _returns():
    return {
        "return_id": "id",
        "line_id": "line",
        "return_date": "day",
        "quantity": "qty",
        "net_amount": "net",
        "currency": "currency",
    }


def test_sums_of_large_amounts_do_not_wrap(ground):
    # 99,999,999,999,999.9999 is the largest decimal(18,4); three of them pass 2^63 in units of 0.0001.
    largest = "99999999999999.9999"
    ground.file("a.csv", payments(*[f"P{n},O1,2026-10-01,{largest},CNY" for n in range(3)]))
    summary = ground.land()
    # 3 x 99,999,999,999,999.9999 = 299,999,999,999,999.9997
    assert summary["accepted"]["money"] == {"CNY": "299999999999999.9997"}


def test_an_integer_beyond_64_bits_is_set_aside_and_not_wrapped(ground):
    columns = {"segment": "s", "region": "r", "period": "p", "version": "v", "amount": "a", "currency": "c"}
    ground.contract("market.market_sizes", columns={**columns, "basis": "b", "addressable_count": "n"})
    ground.contract(files="none*.csv")
    # 9,223,372,036,854,775,807 is 2^63 - 1; one more does not fit.
    rows = [f"s{n},CN,2026,1,1,CNY,trade,9223372036854775807" for n in range(9)]
    rows.append("s9,CN,2026,1,1,CNY,trade,9223372036854775808")
    ground.file("m.csv", "s,r,p,v,a,c,b,n\n" + "\n".join(rows) + "\n")
    ground.land()
    assert {row["addressable_count"] for row in ground.rows("market__market_sizes")} == {2**63 - 1}
    assert [row["reason"] for row in ground.held()] == ["addressable_count is not a whole number"]


def test_excess_decimals_are_set_aside_and_never_rounded(ground):
    # 10.545 to two places is 10.54 in one engine and 10.55 in another.
    ground.contract(scale=2)
    good = [f"P{n},O1,2026-10-01,10.50,CNY" for n in range(9)]
    ground.file("a.csv", payments(*good, "P9,O1,2026-10-01,10.545,CNY"))
    summary = ground.land()
    assert summary["accepted"]["money"] == {"CNY": "94.5000"}  # 9 x 10.50
    assert [row["reason"] for row in ground.held()] == ["amount has more than 2 decimals"]


def test_trailing_zeros_are_no_excess_decimals(ground):
    ground.contract(scale=2)
    ground.file("a.csv", payments("P1,O1,2026-10-01,10.5000,CNY"))
    ground.land()
    assert ground.rows()[0]["amount"] == Decimal("10.5000")


def test_quantity_times_price_keeps_every_digit_before_it_is_compared(ground):
    ground.contract("orders.order_lines", columns=LINES)
    ground.contract(files="none*.csv")
    # 1.05 x 0.333 = 0.34965, as money 0.3497 (half up at four places); cut to 0.350 first, it would not agree.
    ground.file("l.csv", "order,line,qty,price,net,currency\nO1,1,1.05,0.333,,CNY\n")
    summary = ground.land()
    assert summary["accepted"]["money"] == {"CNY": "0.3497"}


def test_gb18030_without_its_declaration_rejects_the_file_and_is_not_zero_rows(ground):
    ground.file("a.csv", payments("P1,订单,2026-10-01,1,CNY"), "gb18030")
    ground.land()
    assert ground.rejection()[0].startswith("S07|line 2 is not utf-8")
    assert ground.check("S07")["status"] == "failed"


def test_utf16_without_its_declaration_rejects_the_file_and_is_not_zero_rows(ground):
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"), "utf-16")
    ground.land()
    assert ground.rejection()[0].startswith("S07|")


def test_a_bad_amount_is_set_aside_with_its_text_and_is_not_null(ground):
    good = [f"P{n},O1,2026-10-01,1.00,CNY" for n in range(9)]
    ground.file("a.csv", payments("P99,O1,2026-10-01,12.x,CNY", *good))
    summary = ground.land()
    assert summary["quarantined"] == {"rows": 1, "money": {"CNY": "0.0000"}, "unreadable": 1}
    assert ground.held()[0]["raw_text"] == "P99,O1,2026-10-01,12.x,CNY"


def test_a_short_row_is_set_aside_and_not_padded(ground):
    good = [f"P{n},O1,2026-10-01,1.00,CNY" for n in range(9)]
    ground.file("a.csv", payments("P99,O1,2026-10-01", *good))
    ground.land()
    held = ground.held()
    assert [(row["line_no"], row["reason"]) for row in held] == [(2, "the row has 3 fields, 5 are needed")]
    assert len(ground.rows()) == 9


def test_a_long_row_is_set_aside_and_not_cut(ground):
    good = [f"P{n},O1,2026-10-01,1.00,CNY" for n in range(9)]
    ground.file("a.csv", payments(*good, "P99,O1,2026-10-01,1,234.50,CNY"))
    ground.land()
    assert [row["reason"] for row in ground.held()] == ["the row has 6 fields, 5 are needed"]


def test_an_empty_file_is_rejected_and_is_not_zero_rows(ground):
    ground.file("a.csv", b"")
    ground.file("b.csv", HEADER)
    ground.land()
    assert ground.rejection() == ["S02|the file is empty", "S02|the file has a header and no rows"]
