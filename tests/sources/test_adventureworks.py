"""AdventureWorks through the main job: marts and facts equal what plain Polars finds in the raw files.

Figures written out as numbers are those that Microsoft publishes, or, where a comment says so, worked out from
the raw files by hand.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from tests.sources.conftest import Released
from tests.sources.figures import AdventureWorks, by_key, total

MEASURES = [
    ("net_revenue", "net"),
    ("gross_revenue", "gross"),
    ("net_quantity", "quantity"),
    ("cost_amount", "cost"),
    ("costed_net_revenue", "net"),
]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def test_published_totals_to_the_cent(adventureworks: Released) -> None:
    found = adventureworks.by(
        "select channel_type, sum(net_revenue) from mart_channel_performance group by channel_type"
    )

    assert {name: cents(amount) for name, amount in found.items()} == {
        "distributor": Decimal("80450596.98"),
        "ecommerce": Decimal("29358677.22"),
    }


def test_published_totals_by_type_of_reseller(adventureworks: Released) -> None:
    found = adventureworks.by(
        "select channel_code, sum(net_revenue) from mart_channel_performance group by channel_code"
    )

    assert {name: cents(amount) for name, amount in found.items()} == {
        "internet": Decimal("29358677.22"),
        "reseller_value_added_reseller": Decimal("34967517.33"),
        "reseller_warehouse": Decimal("38726913.48"),
        "reseller_specialty_bike_shop": Decimal("6756166.18"),
    }


def test_published_totals_by_year(adventureworks: Released) -> None:
    found = adventureworks.by(
        """
        select channel_type, fiscal_year, sum(net_revenue) from mart_channel_performance
        group by channel_type, fiscal_year having sum(net_revenue) <> 0
        """
    )

    assert {key: cents(amount) for key, amount in found.items()} == {
        ("distributor", "2010"): Decimal("489328.58"),
        ("distributor", "2011"): Decimal("18192802.71"),
        ("distributor", "2012"): Decimal("28193631.53"),
        ("distributor", "2013"): Decimal("33574834.16"),
        ("ecommerce", "2010"): Decimal("43421.04"),
        ("ecommerce", "2011"): Decimal("7075525.93"),
        ("ecommerce", "2012"): Decimal("5842485.20"),
        ("ecommerce", "2013"): Decimal("16351550.34"),
        ("ecommerce", "2014"): Decimal("45694.72"),
    }


def test_published_totals_by_category(adventureworks: Released) -> None:
    found = adventureworks.by(
        """
        select p.category_1, sum(l.net_amount) from fct_order_line as l
        inner join dim_product as p on l.product_key = p.product_key
        where l.channel_code <> 'internet' group by p.category_1
        """
    )

    assert cents(found["Bikes"]) == Decimal("66302381.56")
    assert cents(found["Components"]) == Decimal("11799076.66")


@pytest.mark.parametrize(("column", "raw_column"), MEASURES)
def test_each_channel_and_month_equals_the_raw_lines(
    adventureworks: Released, raw_adventureworks: AdventureWorks, column: str, raw_column: str
) -> None:
    found = adventureworks.by(
        f"select channel_code, fiscal_month, {column} from mart_channel_performance where order_line_count > 0"
    )

    assert found == raw_adventureworks.summed(raw_column, "channel", "month")


def test_orders_and_lines_of_each_channel_and_month(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    orders = adventureworks.by(
        "select channel_code, fiscal_month, order_count from mart_channel_performance where order_count > 0"
    )
    customers = adventureworks.by(
        "select channel_code, fiscal_month, customer_count from mart_channel_performance where order_count > 0"
    )
    lines = adventureworks.by(
        "select channel_code, sum(order_line_count)::bigint from mart_channel_performance group by channel_code"
    )

    assert orders == raw_adventureworks.counted("order", "channel", "month")
    assert customers == raw_adventureworks.counted("customer", "channel", "month")
    assert lines == by_key(raw_adventureworks.lines.group_by("channel").len().cast({"len": pl.Int64}))
    assert (sum(orders.values()), sum(lines.values())) == (3796 + 27659, 60855 + 60398)


def test_discount_is_gross_less_net_and_the_sources_own_stays_visible(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    # 80,978,104.8707 gross less the source's own 527,507.9262 gives 80,450,596.9445: 378 lines are off by 0.0001
    own = pl.read_parquet(
        adventureworks.home.landing / "orders__order_lines" / "adventureworks" / "*.parquet"
    )
    by_line = own.with_columns(off=pl.col("gross_amount") - pl.col("discount_amount") - pl.col("net_amount"))
    ours = adventureworks.one("select sum(discount_amount) from mart_channel_performance")

    assert ours == total(raw_adventureworks.lines, "gross") - total(raw_adventureworks.lines, "net")
    assert ours == Decimal("527507.8884")
    assert total(own, "discount_amount") == total(raw_adventureworks.lines, "own_discount")
    assert by_line.filter(pl.col("off") != 0).height == 378
    assert total(by_line, "off") == Decimal("-0.0378")


def test_categories_and_families(adventureworks: Released, raw_adventureworks: AdventureWorks) -> None:
    categories = adventureworks.by(
        """
        select l.channel_code, p.category_1, sum(l.net_amount) from fct_order_line as l
        inner join dim_product as p on l.product_key = p.product_key group by all
        """
    )
    families = adventureworks.by(
        "select product_family_code, sum(net_amount) from fct_order_line group by product_family_code"
    )

    assert categories == raw_adventureworks.summed("net", "channel", "category")
    assert families == raw_adventureworks.summed("net", "family")


def test_customers_of_both_kinds_keep_their_numbers(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    revenue = adventureworks.by(
        "select master_customer_code, net_revenue_total from mart_customer_360"
        " where is_latest_month and order_count_total > 0"
    )
    orders = adventureworks.by(
        "select master_customer_code, order_count_total from mart_customer_360"
        " where is_latest_month and order_count_total > 0"
    )

    assert revenue == raw_adventureworks.summed("net", "customer")
    assert orders == raw_adventureworks.counted("order", "customer")
    assert max(revenue, key=lambda code: revenue[code]) == "AW00000697"
    assert revenue["AW00000697"] == Decimal("877107.1923")


def test_first_order_of_each_customer(adventureworks: Released, raw_adventureworks: AdventureWorks) -> None:
    found = adventureworks.by(
        "select customer_code, first_order_date from dim_customer where is_current and first_order_date is not null"
    )

    assert found == by_key(raw_adventureworks.lines.group_by("customer").agg(pl.col("day").min()))


def test_company_figures_of_each_month(adventureworks: Released, raw_adventureworks: AdventureWorks) -> None:
    found = adventureworks.by(
        "select kpi_code, fiscal_month, kpi_value from mart_executive_overview"
        " where kpi_code in ('K01', 'K02', 'K03') and kpi_value <> 0"
    )

    expected: dict[tuple[str, str], Decimal | int] = {}
    for code, sums in (
        ("K01", raw_adventureworks.summed("gross", "month")),
        ("K02", raw_adventureworks.summed("net", "month")),
        ("K03", raw_adventureworks.counted("order", "month")),
    ):
        expected |= {(code, month): value for month, value in sums.items()}
    assert found == expected


def test_what_the_source_lacks_is_no_data(adventureworks: Released) -> None:
    channel = adventureworks.rows(
        "select distinct revenue_status, return_status, return_amount from mart_channel_performance"
        " where order_count > 0"
    )
    kpis = adventureworks.by(
        "select distinct kpi_code, kpi_variant, kpi_status from mart_executive_overview"
        " where kpi_code in ('K11', 'K16', 'K33', 'K40', 'K41')"
    )
    values = adventureworks.one(
        "select count(kpi_value) from mart_executive_overview"
        " where kpi_code in ('K11', 'K16', 'K33', 'K40', 'K41')"
    )

    assert channel == [("partial", "no_data", None)]
    assert set(kpis.values()) == {"no_data"}
    assert values == 0
    for table in ("fct_return_line", "fct_payment", "fct_opportunity", "fct_lead", "mart_market_penetration"):
        assert adventureworks.one(f"select count(*) from {table}") == 0


def test_rates_are_kept_and_nothing_is_converted(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    rates = adventureworks.one("select count(*), max(rate_date) from fct_fx_rate")
    landed = adventureworks.home.landing / "market__fx_rates" / "adventureworks" / "*.parquet"
    currencies = adventureworks.rows(
        "select distinct currency, reporting_currency, fx_rate from fct_order_line"
    )

    raw = raw_adventureworks.table("FactCurrencyRate")
    assert pl.read_parquet(landed).height == raw.height == 14264
    # the file runs to 2014-02-28; a rate after the day that is judged waits
    assert rates == (raw.filter(pl.col("Date") <= date(2014, 1, 28)).height, date(2014, 1, 28))
    assert currencies == [("USD", "USD", Decimal("1.00000000"))]


def test_every_row_is_accounted_for(adventureworks: Released) -> None:
    summary = adventureworks.outcome.summary

    assert summary["quarantined"]["rows"] == summary["rejected"]["rows"] == summary["duplicates"]["rows"] == 0
    assert summary["read"] == summary["accepted"]
    assert summary["as_of"] == "2014-01-28"  # the newest order


def test_names_of_persons_stay_behind(adventureworks: Released) -> None:
    tables = [
        row[0] for row in adventureworks.rows("select view_name from duckdb_views() where not internal")
    ]

    for table in tables:
        columns = [row[0] for row in adventureworks.rows(f"describe {table}") if row[1] == "VARCHAR"]
        for column in columns:
            leaked = (
                f"select count(*) from {table} where {column} in ('Ken Sánchez', 'Jon Yang', 'A Bike Store')"
            )
            assert adventureworks.one(leaked) == 0, (table, column)
