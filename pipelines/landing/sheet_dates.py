"""Which styles of a workbook show a number as a date, and what date a stored number is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

BUILT_IN = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
DAY_TEXT = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
MILLISECONDS = 86_400_000


def _shows_date(code: str) -> bool:
    """Whether a number format has a day or a clock in it, outside of quotes and brackets."""
    first = QUOTED.sub("", code).split(";")[0]
    return bool(DAY_TEXT.search(first)) and "General" not in first


def date_styles(elements: Iterable[Any]) -> set[int]:
    """Indexes of the cell styles that show a date; `elements` are `numFmts` and `cellXfs` of styles.xml."""
    codes, styles = dict.fromkeys(BUILT_IN, True), []
    for element in elements:
        for child in element:
            if child.tag.endswith("numFmt"):
                codes[int(child.get("numFmtId"))] = _shows_date(child.get("formatCode") or "")
            elif child.tag.endswith("}xf") or child.tag == "xf":
                styles.append(int(child.get("numFmtId") or 0))
    return {index for index, code in enumerate(styles) if codes.get(code, False)}


def stored_date(serial: Decimal, is_1904: bool) -> str:
    """`YYYY-MM-DD`, with the time of day where there is one (to the millisecond).

    Raises:
        ValueError: the number lies beyond the calendar.
    """
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no zone
    if not is_1904 and serial < 60:  # 1900 had no 29 February; the sheet thinks that it had
        start += timedelta(days=1)
    ticks = int((serial * MILLISECONDS).to_integral_value(ROUND_HALF_EVEN))
    try:
        moment = start + timedelta(milliseconds=ticks)
    except OverflowError:
        raise ValueError(f"{serial} is no day of the calendar") from None
    if ticks % MILLISECONDS == 0:
        return moment.date().isoformat()
    text = moment.isoformat(sep=" ", timespec="milliseconds")
    return text.removesuffix(".000")
