"""Rows 39 to 52: numbers, and codes that look like numbers."""

from decimal import Decimal

import pytest

from tests.unit.landing.ground import payments
from tests.unit.landing.hostile.claims import GOOD, accepted, rejected, set_aside, warned

NO_NUMBER = "amount is not a number"
SIZES = {"segment": "s", "region": "r", "period": "p", "version": "v", "amount": "a", "currency": "c"}
SIZES |= {"basis": "b", "addressable_count": "n"}


def amount(text, quote='"'):
    return f"P1,O1,2026-10-01,{quote}{text}{quote},CNY"


def sizes(ground, *counts):
    """Market sizes, of which the last column is a whole number of 64 bits."""
    ground.contract(files="none*.csv", format={"empty_ok": True})
    ground.contract("market.market_sizes", columns=SIZES)
    rows = [f"s{number},CN,2026,1,1,CNY,trade,{count}" for number, count in enumerate(counts)]
    ground.file("m.csv", "s,r,p,v,a,c,b,n\n" + "\n".join(rows) + "\n")
    ground.land()
    return [(row["line_no"], row["rule_id"], row["reason"]) for row in ground.held()]


def test_39_a_thousands_mark_is_read_where_it_is_declared_and_set_aside_where_not(ground):
    set_aside(ground, amount("1,234.50"), "S09", NO_NUMBER)
    ground.contract(thousands_mark=",")
    ground.land()
    assert ground.held() == []
    assert Decimal("1234.50") in [row["amount"] for row in ground.rows()]


def test_40_amounts_that_may_be_thousands_reject_the_file_unless_the_mark_is_declared(ground):
    ground.file("a.csv", payments("P1,O1,2026-10-01,1.234,CNY", "P2,O1,2026-10-01,500,CNY"))
    rejected(ground, "S09", "every point in amount has three digits after it (1 rows)")
    ground.contract(decimal_mark=",", thousands_mark=".")
    ground.land()
    assert [row["amount"] for row in ground.rows()] == [Decimal(1234), Decimal(500)]
    ground.contract(scale=3)
    ground.land()
    assert [row["amount"] for row in ground.rows()] == [Decimal("1.234"), Decimal(500)]


def test_41_a_decimal_comma_is_read_where_it_is_declared_and_set_aside_where_not(ground):
    set_aside(ground, amount("1.234,50"), "S09", NO_NUMBER)
    ground.contract(decimal_mark=",", thousands_mark=".")
    ground.file("a.csv", payments(amount("1.234,50")))
    ground.files.joinpath("a.csv").rename(ground.files / "b.csv")
    ground.land()
    assert Decimal("1234.50") in [row["amount"] for row in ground.rows()]


def test_42_parentheses_are_a_minus_where_they_are_declared_and_set_aside_where_not(ground):
    set_aside(ground, amount("(10.50)"), "S09", NO_NUMBER)
    ground.contract(negative="parentheses")
    ground.land()
    assert Decimal("-10.50") in [row["amount"] for row in ground.rows()]


def test_43_a_currency_sign_is_taken_off_where_it_is_declared_and_set_aside_where_not(ground):
    set_aside(ground, amount("¥10.50"), "S09", NO_NUMBER)
    ground.contract(currency_signs=["¥"])
    ground.land()
    assert Decimal("10.50") in [row["amount"] for row in ground.rows()]
    assert ground.check("S09")["status"] == "passed"


def test_44_full_width_digits_are_read_as_what_they_are_and_told(ground):
    ground.file("a.csv", payments(amount("１２３．４５"), "P2,O1,2026-10-01,1,CNY"))
    ground.land()
    assert [row["amount"] for row in ground.rows()] == [Decimal("123.45"), Decimal(1)]
    warned(ground, "S09", "1 accepted with a warning: amount has full-width digits or signs")


def test_45_more_decimals_than_declared_are_set_aside_and_never_rounded(ground):
    ground.contract(scale=2)
    set_aside(ground, amount("10.555"), "S09", "amount has more than 2 decimals")


def test_46_a_fraction_is_no_whole_number_and_is_not_rounded_to_one(ground):
    held = sizes(ground, *[3] * 9, "2.5")
    assert held == [(11, "S09", "addressable_count is not a whole number")]
    assert {row["addressable_count"] for row in ground.rows("market__market_sizes")} == {3}


@pytest.mark.parametrize("text", ["NaN", "nan", "Inf", "-Infinity", "1e400", "1e3"])
def test_47_nan_infinity_and_exponents_are_no_numbers(ground, text):
    set_aside(ground, amount(text), "S09", NO_NUMBER)


def test_48_numbers_beyond_their_type_are_set_aside_and_sums_do_not_wrap(ground):
    largest = "99999999999999.9999"  # of a decimal(18,4); three of them pass 2^63 in units of 0.0001
    rows = [f"P{number},O1,2026-10-01,{largest},CNY" for number in range(3)]
    ground.file("a.csv", payments(*rows, "P9,O1,2026-10-01,100000000000000,CNY"))
    assert ground.land()["accepted"]["money"] == {"CNY": "299999999999999.9997"}
    assert [row["reason"] for row in ground.held()] == ["amount is too large for decimal(18,4)"]
    # 2^31 - 1 and 1 are more than 32 bits together; 2^63 is more than 64 bits alone
    held = sizes(ground, 2**31 - 1, 1, 2**63 - 1, 2**63)
    assert held[-1:] == [(5, "S09", "addressable_count is not a whole number")]
    counts = [row["addressable_count"] for row in ground.rows("market__market_sizes")]
    assert counts == [2**31 - 1, 1, 2**63 - 1]


def test_49_an_id_of_23_digits_keeps_every_digit(ground):
    ground.file("a.csv", payments("12345678901234567890123,O1,2026-10-01,1,CNY"))
    accepted(ground, payment_id="12345678901234567890123")


def test_50_leading_zeros_of_an_id_stay(ground):
    ground.file("a.csv", payments("00123,O1,2026-10-01,1,CNY", "123,O1,2026-10-01,1,CNY"))
    ground.land()
    assert [row["payment_id"] for row in ground.rows()] == ["00123", "123"]


def test_51_an_id_like_1e5_is_no_number_and_meets_no_other_id(ground):
    ground.file("a.csv", payments("1E5,O1,2026-10-01,1,CNY", "100000,O1,2026-10-01,1,CNY"))
    ground.land()
    assert [row["payment_id"] for row in ground.rows()] == ["1E5", "100000"]


@pytest.mark.parametrize("text", ["1_000", "0x10"])
def test_52_spellings_of_program_code_are_no_numbers(ground, text):
    set_aside(ground, amount(text), "S09", NO_NUMBER)


def test_nine_good_rows_are_good(ground):
    ground.file("a.csv", payments(*GOOD))
    assert ground.land()["accepted"]["rows"] == 9
