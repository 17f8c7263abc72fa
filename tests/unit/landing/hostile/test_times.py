"""Rows 53 to 59: dates and instants."""

from datetime import date, datetime

import pytest

from tests.unit.landing.ground import payments
from tests.unit.landing.hostile.claims import rejected, set_aside, warned

NO_TIME = "paid_at is no time in the declared formats"
ORDER = {
    "order_id": "id",
    "order_date": "day",
    "status": "status",
    "currency": "cur",
    "customer_id": "customer",
}


def paid(text):
    return f"P1,O1,{text},1,CNY"


def instants(ground):
    return [row["paid_at"] for row in ground.rows()]


def test_53_several_spellings_of_a_date_are_read_where_they_are_declared_and_set_aside_where_not(ground):
    set_aside(ground, paid("2026年10月2日"), "S09", NO_TIME)
    ground.source(time_zone="UTC")
    ground.contract(timestamp_formats=["%Y-%m-%d", "%Y年%m月%d日", "%d/%m/%Y"])
    ground.file("b.csv", payments(paid("25/10/2026").replace("P1", "P2")))
    ground.land()
    assert ground.held() == []
    assert {datetime(2026, 10, 1), datetime(2026, 10, 2), datetime(2026, 10, 25)} == set(instants(ground))


def test_54_a_day_and_month_that_may_be_either_reject_the_file_unless_one_order_is_declared(ground):
    # All days of the first file are 12 or less: a guess would read 03/04 as 3 April there, 03/25 as March below.
    ground.file("1.csv", payments(paid("03/04/2026")))
    ground.file("2.csv", payments(paid("03/25/2026").replace("P1", "P2")))
    rejected(ground, "S09", "1 of 1 rows cannot be read as orders__payments")
    ground.source(time_zone="UTC")
    ground.contract(timestamp_formats=["%m/%d/%Y"])
    ground.land()
    assert instants(ground) == [datetime(2026, 3, 4), datetime(2026, 3, 25)]


def test_55_a_day_number_of_a_spreadsheet_is_read_where_it_is_declared_and_set_aside_where_not(ground):
    set_aside(ground, paid("46296"), "S09", NO_TIME)
    ground.source(time_zone="UTC")
    ground.contract(timestamp_formats=["%Y-%m-%d", "excel"])
    ground.land()
    # 46296 days after 1899-12-30: 46023 is 2026-01-01, and 273 days later it is 1 October
    assert set(instants(ground)) == {datetime(2026, 10, 1)}


@pytest.mark.parametrize("text", ["26-10-01", "2026-02-31", "0001-01-01", "9999-12-31"])
def test_56_two_digit_years_days_that_never_were_and_years_without_business_are_set_aside(ground, text):
    set_aside(ground, paid(text), "S09", NO_TIME)


def test_57_an_offset_holds_and_the_instant_is_kept_in_utc(ground):
    ground.file(
        "a.csv", payments(paid("2026-10-01T08:00:00+01:00"), paid("2026-10-01 08:00:00").replace("P1", "P2"))
    )
    ground.land()
    # the second one has no offset and is of Shanghai, eight hours before Greenwich
    assert instants(ground) == [datetime(2026, 10, 1, 7), datetime(2026, 10, 1, 0)]


def test_58_an_hour_that_never_was_is_set_aside_and_one_that_came_twice_is_told(ground):
    ground.source(time_zone="Europe/Berlin")
    set_aside(ground, paid("2026-03-29 02:30:00"), "S09", NO_TIME)
    assert ground.check("S09")["observed"].startswith("1 of 10 rows")
    ground.file("b.csv", payments(paid("2026-10-25 02:30:00").replace("P1", "P2")))
    ground.file("c.csv", payments(paid("2026-10-25 03:30:00").replace("P1", "P3")))
    ground.land()
    warnings = {one["feed"]: one["warnings"] for one in _feeds(ground)}
    assert warnings == {"orders__payments": {"S09|paid_at is an hour that comes twice": 1}}
    # 02:30 was first 00:30 and then 01:30 in Greenwich: one of the two, and said
    twice = next(row["paid_at"] for row in ground.rows() if row["payment_id"] == "P2")
    assert twice in (datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30))


def _feeds(ground):
    from pipelines.landing.records import records
    from pipelines.landing.summary import summarise

    return summarise(list(records(ground.home)), {})["feeds"]


def test_59_a_date_more_than_a_day_ahead_of_its_arrival_is_set_aside(ground):
    ground.contract(files="none*.csv", format={"empty_ok": True})
    ground.contract("orders.orders", columns=ORDER)
    # received on 2026-11-01: the next day may be another time zone, the one after is a wrong clock
    rows = [f"O{day},2026-11-0{day},paid,CNY,C1" for day in (1, 2, 3)]
    ground.file("o.csv", "id,day,status,cur,customer\n" + "\n".join(rows) + "\n")
    ground.land()
    assert [row["order_date"] for row in ground.rows("orders__orders")] == [
        date(2026, 11, 1),
        date(2026, 11, 2),
    ]
    (held,) = ground.held()
    assert (held["line_no"], held["raw_text"]) == (4, "O3,2026-11-03,paid,CNY,C1")
    assert "2026-11-03" in held["raw_text"]


def test_the_hours_that_come_twice_are_known_by_the_zone_alone():
    from pipelines.landing.times import fold_months

    assert fold_months("Europe/Berlin") == (9, 10)
    assert fold_months("UTC") == fold_months("Asia/Tokyo") == ()


def test_a_warning_is_no_refusal(ground):
    ground.source(time_zone="Europe/Berlin")
    ground.file("a.csv", payments(paid("2026-10-25 02:30:00")))
    ground.land()
    warned(
        ground, "S09", "0 of 1 rows (0.00 %); 1 accepted with a warning: paid_at is an hour that comes twice"
    )
