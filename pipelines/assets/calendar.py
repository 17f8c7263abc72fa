"""The calendar of business dates: one partition per day of the business time zone, closed when the day has ended."""

import dagster as dg

from pipelines.errors import WeirError
from pipelines.settings import Settings, home_from, load

FIRST_DAY = "2000-01-01"


def business_timezone() -> str:
    """Zone of the home's settings. Definitions load without a home too, then with the default zone."""
    try:
        return load(home_from(None)).business_timezone
    except WeirError:
        return Settings.business_timezone


BUSINESS_DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone=business_timezone())
