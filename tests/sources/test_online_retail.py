"""Online Retail through the main job: every row of the file is somewhere, and the money still adds up.

Figures written out as numbers are those of the data set's published descriptions, or counted in the raw file.
"""

from decimal import Decimal

import polars as pl

from tests.sources.conftest import Released
from tests.sources.figures import ADJUSTMENTS, FEES, FREIGHT, OnlineRetail, by_key, total


def test_every_row_of_the_file_is_a_line_of_a_fact(
    online_retail: Released, raw_online_retail: OnlineRetail
) -> None:
    sold = online_retail.one("select count(*), count(distinct row_id), sum(net_amount) from fct_order_line")
    returned = online_retail.one(
        "select count(*), count(distinct row_id), sum(net_amount) from fct_return_line"
    )
    summary = online_retail.outcome.summary

    assert sold == (532621, 532621, total(raw_online_retail.sold, "net"))
    assert returned == (9288, 9288, -total(raw_online_retail.returned, "net"))
    assert sold[0] + returned[0] == raw_online_retail.raw.height == 541909
    assert sold[2] - returned[2] == total(raw_online_retail.rows, "net") == Decimal("9747747.9340")
    assert summary["quarantined"]["rows"] == summary["rejected"]["rows"] == summary["duplicates"]["rows"] == 0


def test_classes_of_rows(online_retail: Released, raw_online_retail: OnlineRetail) -> None:
    found = online_retail.rows(
        """
        select case when unit_price > 0 then '+' when unit_price < 0 then '-' else '0' end as price_sign,
            case when quantity > 0 then '+' else '-' end as quantity_sign, count(*), sum(net_amount)
        from fct_order_line group by price_sign, quantity_sign
        """
    )
    raw = raw_online_retail.classes()

    counted = {row[:2]: row[2:] for row in found}
    assert counted == {
        ("+", "+"): (530104, Decimal("10666684.5440")),
        ("-", "+"): (2, Decimal("-22124.1200")),
        ("0", "+"): (1179, Decimal("0.0000")),
        ("0", "-"): (1336, Decimal("0.0000")),
    }
    assert raw["", "+", "+"][0] + raw["A", "+", "+"][0] == 530104
    assert raw["", "+", "+"][1] + raw["A", "+", "+"][1] == Decimal("10666684.5440")
    assert raw["A", "-", "+"] == (2, Decimal("-22124.1200"))
    assert raw["C", "+", "-"] == (9288, Decimal("-896812.4900"))


def test_bad_debt_is_an_adjustment(online_retail: Released) -> None:
    found = online_retail.rows(
        "select distinct line_type, is_revenue_line, customer_code from fct_order_line where product_id = 'B'"
    )

    assert found == [("adjustment", False, "(unknown)")]


def test_fees_and_postage_have_their_line_type(
    online_retail: Released, raw_online_retail: OnlineRetail
) -> None:
    lines = (
        "(select line_type, product_id, net_amount from fct_order_line union all"
        " select line_type, product_id, -net_amount from fct_return_line)"
    )
    by_type = online_retail.by(f"select line_type, sum(net_amount) from {lines} group by line_type")
    codes = FREIGHT + FEES + ADJUSTMENTS
    extra = online_retail.by(
        f"select line_type, count(*) from {lines} where upper(product_id) in {tuple(codes)} group by line_type"
    )

    raw = raw_online_retail.rows
    assert by_type == by_key(raw.group_by("line_type").agg(pl.col("net").sum()))
    # POST 1,256, DOT 710, C2 144 | BANK CHARGES 37, AMAZONFEE 34, CRUK 16 | M and m 572, D 77, S 63, PADS 4, B 3
    assert extra == {"freight": 2110, "fee": 87, "adjustment": 719}
    assert sum(extra.values()) == 2916


def test_zero_prices_are_free_goods_or_stock_corrections(online_retail: Released) -> None:
    found = online_retail.by(
        "select line_type, quantity > 0, count(*) from fct_order_line where net_amount = 0 group by all"
    )
    free = online_retail.one("select count(*) from fct_order_line where is_free_good and is_revenue_line")

    # 1,336 written off; of the 1,179 above 0: 399 goods given away, 8 postage, 772 manual lines and stock found
    # (in invoices without customer and without any price)
    assert found == {
        ("adjustment", False): 1336,
        ("product", True): 399,
        ("freight", True): 8,
        ("adjustment", True): 772,
    }
    assert (free, sum(found.values())) == (399, 2515)


def test_exact_duplicates_are_kept_and_counted(
    online_retail: Released, raw_online_retail: OnlineRetail
) -> None:
    raw = raw_online_retail.raw
    repeated = raw.height - raw.unique().height
    kept = online_retail.one("select count(*), count(distinct (order_id, line_id)) from fct_order_line")

    assert repeated == 5268
    assert kept == (532621, 532621)


def test_month_by_month(online_retail: Released, raw_online_retail: OnlineRetail) -> None:
    columns = ("gross_revenue", "return_amount", "net_revenue", "net_quantity")
    found = {
        column: online_retail.by(f"select fiscal_month, {column} from mart_channel_performance")
        for column in columns
    }

    goods = raw_online_retail.rows.filter(pl.col("line_type") == "product")
    sold, returned = goods.filter(~pl.col("is_return")), goods.filter("is_return")
    assert found["gross_revenue"] == by_key(sold.group_by("month").agg(pl.col("net").sum()))
    assert found["return_amount"] == by_key(returned.group_by("month").agg(-pl.col("net").sum()))
    assert found["net_revenue"] == by_key(goods.group_by("month").agg(pl.col("net").sum()))
    assert found["net_quantity"] == by_key(goods.group_by("month").agg(pl.col("Quantity").sum()))
    assert sum(found["net_revenue"].values()) == Decimal("9793394.6900")


def test_orders_and_cancelled_invoices(online_retail: Released, raw_online_retail: OnlineRetail) -> None:
    orders = online_retail.one("select count(*) from fct_order")
    cancelled = online_retail.one("select count(distinct return_id) from fct_return_line")
    unknown = online_retail.rows("select distinct is_original_known, order_line_key from fct_return_line")
    counted = online_retail.by("select fiscal_month, order_count from mart_channel_performance")

    assert (orders + cancelled, cancelled) == (25900, 3836)
    assert unknown == [(False, None)]
    goods = raw_online_retail.sold.filter(pl.col("line_type") == "product")
    expected = goods.group_by("month").agg(pl.col("InvoiceNo").n_unique().cast(pl.Int64))
    assert counted == by_key(expected)
    assert sum(counted.values()) == 19785


def test_repeat_buyers(online_retail: Released, raw_online_retail: OnlineRetail) -> None:
    by_customer = (
        "select master_customer_code, count(*) as n, sum(gross_amount) as gross from fct_order"
        " where master_customer_code <> '(unknown)' group by master_customer_code"
    )
    buyers = online_retail.one(f"select count(*), count(*) filter (n >= 2) from ({by_customer})")
    free_only = online_retail.rows(
        """
        select master_customer_code from fct_order_line where master_customer_code <> '(unknown)'
        group by master_customer_code having max(abs(net_amount)) = 0
        """
    )
    counted = online_retail.by(
        "select master_customer_code, order_count_total from mart_customer_360"
        " where is_latest_month and not is_unknown_customer and order_count_total > 0"
    )

    assert buyers == (4339, 2845)
    assert free_only == [("13256",)]  # one line of 12,540 stickers at price 0; without it 4,338
    goods = raw_online_retail.sold.filter(
        (pl.col("line_type") == "product") & pl.col("customer").is_not_null()
    )
    assert counted == by_key(goods.group_by("customer").agg(pl.col("InvoiceNo").n_unique().cast(pl.Int64)))
    # 131 invoices hold only postage, bank charges or manual entries: they are no orders of goods
    assert (len(counted), sum(orders >= 2 for orders in counted.values())) == (4335, 2829)


def test_customers_without_number_bring_money_and_no_head(
    online_retail: Released, raw_online_retail: OnlineRetail
) -> None:
    unknown = online_retail.one(
        "select net_revenue_total from mart_customer_360 where is_latest_month and is_unknown_customer"
    )
    known = online_retail.by(
        "select master_customer_code, net_revenue_total from mart_customer_360"
        " where is_latest_month and not is_unknown_customer and net_revenue_total is not null"
    )
    heads = online_retail.by("select fiscal_month, customer_count from mart_channel_performance")
    rows = online_retail.one("select count(*) from fct_order_line where customer_key = '-1'")

    goods = raw_online_retail.rows.filter(pl.col("line_type") == "product")
    assert unknown == total(goods.filter(pl.col("customer").is_null()), "net")
    named = by_key(goods.drop_nulls("customer").group_by("customer").agg(pl.col("net").sum()))
    assert {code: value for code, value in known.items() if value} == {
        code: value for code, value in named.items() if value
    }
    bought = goods.filter(~pl.col("is_return")).drop_nulls("customer")
    assert heads == by_key(bought.group_by("month").agg(pl.col("customer").n_unique().cast(pl.Int64)))
    assert rows == 134697  # and 383 returned lines: 135,080, which is 24.9 % of all rows


def test_no_seller_no_discount_no_cost(online_retail: Released) -> None:
    credit = online_retail.rows(
        "select distinct payee_code, credit_rule from bridge_order_credit where credit_type = 'rep_primary'"
    )
    costs = online_retail.rows("select distinct cost_amount, cost_status from mart_channel_performance")

    assert credit == [("(none)", "e")]
    assert costs == [(None, "no_data")]


def test_the_run_is_judged_on_its_last_day(online_retail: Released) -> None:
    assert online_retail.outcome.summary["as_of"] == "2011-12-09"
    assert online_retail.rows("select distinct reporting_currency from mart_channel_performance") == [
        ("GBP",)
    ]
