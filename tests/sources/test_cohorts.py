"""Cohorts of both real data sets: every cell of the mart equals what Polars finds in the raw files.

Figures written out as numbers are counted in the raw files.
"""

from datetime import date

import polars as pl
import pytest

from tests.sources.cohorts import Cell, Figures, cohorts
from tests.sources.conftest import Released
from tests.sources.figures import AdventureWorks, OnlineRetail

KINDS = ["month", "year"]


def released_cohorts(released: Released, kind: str) -> dict[Cell, Figures]:
    """Cells of the mart."""
    rows = released.rows(
        f"""
        select cohort_period, period, first_channel_code, cohort_size, active_customer_count,
            consecutive_customer_count, net_revenue, revenue_retention_denominator
        from mart_customer_cohort where cohort_type = '{kind}'
        """
    )
    found = {row[:3]: Figures(*row[3:]) for row in rows}
    assert len(found) == len(rows)
    return found


def by_cohort(released: Released, cohort: str, where: str) -> dict[str, tuple[int, int]]:
    """(active, consecutive) by year of one yearly cohort, over the channels of a condition."""
    rows = released.rows(
        f"""
        select period, sum(active_customer_count)::int, sum(consecutive_customer_count)::int
        from mart_customer_cohort
        where cohort_type = 'year' and cohort_period = '{cohort}' and {where}
        group by period order by period
        """
    )
    return {period: (active, consecutive) for period, active, consecutive in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_each_cohort_of_adventureworks(
    adventureworks: Released, raw_adventureworks: AdventureWorks, kind: str
) -> None:
    lines = raw_adventureworks.lines

    expected = cohorts(lines, lines, date(2014, 1, 28), kind)

    assert released_cohorts(adventureworks, kind) == expected
    sizes = {cell[::2]: figures.size for cell, figures in expected.items()}
    assert sum(sizes.values()) == lines["customer"].n_unique()


@pytest.mark.parametrize("kind", KINDS)
def test_each_cohort_of_online_retail(
    online_retail: Released, raw_online_retail: OnlineRetail, kind: str
) -> None:
    goods = raw_online_retail.rows.filter(pl.col("line_type") == "product").drop_nulls("customer")
    # two minutes in one invoice are one order of its first day; one shop, so one channel
    bought = goods.filter(~pl.col("is_return")).with_columns(order="InvoiceNo", channel=pl.lit("online"))

    expected = cohorts(bought, goods, date(2011, 12, 9), kind)

    assert released_cohorts(online_retail, kind) == expected
    sizes = {cell[0]: figures.size for cell, figures in expected.items()}
    assert sum(sizes.values()) == 4335


def test_retained_is_not_retained_consecutively(adventureworks: Released) -> None:
    internet = by_cohort(adventureworks, "2011", "first_channel_code = 'internet'")

    resellers = by_cohort(adventureworks, "2011", "first_channel_code <> 'internet'")

    # 2,216 first bought on the internet in 2011; 30 of them in 2012, 1,945 in 2013, and 20 in all three years
    assert internet == {"2011": (2216, 2216), "2012": (30, 30), "2013": (1945, 20), "2014": (0, 0)}
    assert resellers == {"2011": (214, 214), "2012": (160, 160), "2013": (129, 124), "2014": (0, 0)}


def test_open_periods_are_marked(adventureworks: Released, online_retail: Released) -> None:
    incomplete = (
        "select distinct cohort_type, period from mart_customer_cohort where not is_complete order by 1"
    )

    assert adventureworks.rows(incomplete) == [("month", "2014-01"), ("year", "2014")]
    assert online_retail.rows(incomplete) == [("month", "2011-12"), ("year", "2011")]
