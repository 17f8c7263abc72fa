"""Findings about reading and arithmetic that go wrong without an error elsewhere: here each is right, or refused."""

from datetime import date
from decimal import Decimal

from tests.unit.landing.ground import payments

LINES = {
    "order_id": "order",
    "line_id": "line",
    "quantity": "qty",
    "net_amount": "net",
    "unit_price": "price",
}
LINES["currency"] = "currency"


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


def test_a_bad_amount_is_set_aside_with_its_text_and_is_not_null(ground):
    good = [f"P{n},O1,2026-10-01,1.00,CNY" for n in range(9)]
    ground.file("a.csv", payments("P99,O1,2026-10-01,12.x,CNY", *good))
    summary = ground.land()
    assert summary["quarantined"] == {"rows": 1, "money": {"CNY": "0.0000"}, "unreadable": 1}
    assert ground.held()[0]["raw_text"] == "P99,O1,2026-10-01,12.x,CNY"
