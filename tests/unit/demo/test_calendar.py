"""Days: China's make-up workdays, month ends, and New York's clock."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from pipelines.demo.calendar import (
    START,
    day,
    is_workday,
    month_index,
    months,
    new_york_offset,
    shanghai_day,
    unambiguous,
)

NEW_YORK = ZoneInfo("America/New_York")


def works(text: str) -> bool:
    return bool(is_workday()[day(text) - START])


def test_make_up_days_are_worked_and_holidays_are_not() -> None:
    assert works("2024-02-18")  # a Sunday, worked for the spring festival
    assert not works("2024-02-12")  # a Monday in it
    assert works("2023-10-08")
    assert not works("2024-10-05")
    assert works("2024-10-31")


def test_months_are_36_and_touch() -> None:
    found = months()

    assert len(found) == 36
    assert all(second[0] == first[1] + 1 for first, second in pairwise(found))
    assert month_index(np.array([day("2021-11-30"), day("2021-12-01"), day("2024-10-31")])).tolist() == [
        0,
        1,
        35,
    ]


def test_offset_of_new_york_is_that_of_the_time_zone_data() -> None:
    seconds = np.arange(day("2021-01-01") * 86_400, day("2025-01-01") * 86_400, 9_973)

    for at, offset in zip(seconds.tolist(), new_york_offset(seconds).tolist(), strict=True):
        utc_offset = datetime.fromtimestamp(at, NEW_YORK).utcoffset()
        assert utc_offset is not None
        assert utc_offset.total_seconds() == offset


def test_no_instant_stays_in_the_hour_that_comes_twice() -> None:
    seconds = np.arange(day("2023-11-05") * 86_400, day("2023-11-06") * 86_400, 60)

    for at in unambiguous(seconds).tolist():
        local = datetime.fromtimestamp(at, NEW_YORK)
        assert local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def test_business_date_is_that_of_shanghai() -> None:
    # 18:00 of 3 March in New York is 23:00 UTC, which is 07:00 of 4 March in Shanghai.
    at = np.array([day("2023-03-03") * 86_400 + 23 * 3_600])

    assert shanghai_day(at).tolist() == [day("2023-03-04")]
