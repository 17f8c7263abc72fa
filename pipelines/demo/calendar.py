"""The demo's time: its window, China's public holidays with their make-up workdays, and day arithmetic.

Days are integers since 1970-01-01, so that columns of them can be computed. All of it lies in the past: a date
ahead of the clock would be refused as an impossible future.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]

EPOCH = date(1970, 1, 1)


def day(text: str) -> int:
    """Days since 1970-01-01 of an ISO date."""
    return (date.fromisoformat(text) - EPOCH).days


def as_date(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=number)


START = day("2021-11-01")
AS_OF = day("2024-10-31")
DAYS = AS_OF - START + 1
DAY = 86_400  # seconds
END = (AS_OF + 1) * DAY - 9 * 3_600  # before this second (UTC) everything in the files has happened
LAST_WEEKS = day("2024-10-01")  # from here on the ERP exports day by day

# State Council notices: (first day off, last day off, name).
_DAYS_OFF = (
    ("2022-01-01", "2022-01-03", "元旦"),
    ("2022-01-31", "2022-02-06", "春节"),
    ("2022-04-03", "2022-04-05", "清明节"),
    ("2022-04-30", "2022-05-04", "劳动节"),
    ("2022-06-03", "2022-06-05", "端午节"),
    ("2022-09-10", "2022-09-12", "中秋节"),
    ("2022-10-01", "2022-10-07", "国庆节"),
    ("2022-12-31", "2023-01-02", "元旦"),
    ("2023-01-21", "2023-01-27", "春节"),
    ("2023-04-05", "2023-04-05", "清明节"),
    ("2023-04-29", "2023-05-03", "劳动节"),
    ("2023-06-22", "2023-06-24", "端午节"),
    ("2023-09-29", "2023-10-06", "中秋节、国庆节"),
    ("2023-12-30", "2024-01-01", "元旦"),
    ("2024-02-10", "2024-02-17", "春节"),
    ("2024-04-04", "2024-04-06", "清明节"),
    ("2024-05-01", "2024-05-05", "劳动节"),
    ("2024-06-08", "2024-06-10", "端午节"),
    ("2024-09-15", "2024-09-17", "中秋节"),
    ("2024-10-01", "2024-10-07", "国庆节"),
)
_MAKE_UP = (
    "2022-01-29", "2022-01-30", "2022-04-02", "2022-04-24", "2022-05-07", "2022-10-08", "2022-10-09",
    "2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07", "2023-10-08",
    "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29",
    "2024-10-12",
)  # fmt: skip


def holidays() -> list[tuple[int, bool, str]]:
    """(day, is_workday, name) of every public holiday and make-up workday, in order of day."""
    off = [
        (number, False, name)
        for first, last, name in _DAYS_OFF
        for number in range(day(first), day(last) + 1)
    ]
    return sorted(off + [(day(text), True, "调休上班") for text in _MAKE_UP])


def weekdays(numbers: Days) -> Days:
    """ISO weekday 1 (Monday) to 7 of each day number; 1970-01-01 was a Thursday."""
    return (numbers + 3) % 7 + 1


def is_workday() -> npt.NDArray[np.bool_]:
    """For each day of the window, whether China works on it."""
    work = weekdays(np.arange(START, AS_OF + 1)) <= 5
    for number, working, _ in holidays():
        if START <= number <= AS_OF:
            work[number - START] = working
    return work


def months() -> list[tuple[int, int]]:
    """(first day, last day) of each of the 36 months."""
    return [month_bounds(2021 + (10 + n) // 12, (10 + n) % 12 + 1) for n in range(36)]


def month_bounds(year: int, month: int) -> tuple[int, int]:
    """First and last day number of a calendar month."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return (first - EPOCH).days, (following - EPOCH).days - 1


def quarter_bounds(year: int, quarter: int) -> tuple[int, int]:
    """First and last day number of a calendar quarter."""
    return month_bounds(year, 3 * quarter - 2)[0], month_bounds(year, 3 * quarter)[1]


def month_index(numbers: Days) -> Days:
    """0 for the window's first month, 1 for the next, ..."""
    stamps = numbers.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(stamps - (2021 * 12 + 10 - 1970 * 12), dtype=np.int64)


def _sunday(year: int, month: int, which: int) -> int:
    """The day number of the first or second Sunday of a month."""
    first = month_bounds(year, month)[0]
    return first + (6 - (first + 3) % 7) + 7 * (which - 1)


def _clock_changes() -> tuple[Days, Days]:
    """New York's changes as UTC seconds (always at 02:00 local time), and the offset that holds from each on."""
    changes = []
    for year in range(2018, 2027):
        changes.append((_sunday(year, 3, 2) * 86_400 + 7 * 3_600, -4 * 3_600))
        changes.append((_sunday(year, 11, 1) * 86_400 + 6 * 3_600, -5 * 3_600))
    at, offset = zip(*changes, strict=True)
    return np.array(at, dtype=np.int64), np.array(offset, dtype=np.int64)


def new_york_offset(utc: Days) -> Days:
    """Seconds that New York's clock is from UTC at each instant (negative)."""
    at, offset = _clock_changes()
    return offset[np.searchsorted(at, utc, side="right") - 1]


def new_york_offsets(numbers: Days) -> Days:
    """The same at noon of each day."""
    return new_york_offset(numbers * 86_400 + 17 * 3_600)


def unambiguous(utc: Days) -> Days:
    """The instants, those in the hour that New York's clock shows twice moved three hours on."""
    at, offset = _clock_changes()
    back = at[offset == -5 * 3_600]
    nearest = back[np.clip(np.searchsorted(back, utc + 3_600, side="right") - 1, 0, len(back) - 1)]
    twice = (utc >= nearest - 3_600) & (utc < nearest + 3_600)
    return np.where(twice, utc + 3 * 3_600, utc)


def shanghai_day(seconds_utc: Days) -> Days:
    """The business date of instants in UTC: China keeps UTC+8 all year."""
    return np.asarray((seconds_utc + 8 * 3600) // 86_400, dtype=np.int64)
