"""Members that facts name and no feed lists are counted with their orders and money, worked by hand."""

import copy
import re

import duckdb
import pytest

from pipelines.audit.page import render
from pipelines.audit.unlisted import unlisted
from pipelines.members import in_words
from pipelines.reader import Release, connect

TABLES = {
    "dim_sales_rep": "(values ('r1', false), ('r2', true), ('r3', true), ('-1', false)) as t (rep_key, is_inferred)",
    "dim_product": "(values ('p1', true)) as t (product_key, is_inferred)",
    "fct_order": (
        "(values ('r1', 'CNY', 100.00), ('r2', 'CNY', 20.50), ('r2', 'CNY', 9.50), ('r3', 'CNY', -1.00), "
        "('-1', 'CNY', 7.00)) as t (rep_key, reporting_currency, net_amount_reporting)"
    ),
    "fct_order_line": (
        "(values ('p1', 1, true, 'CNY', 8.00), ('p1', 2, true, 'CNY', -8.00), ('p1', 1, false, 'CNY', 3.00)) "
        "as t (product_key, entry_no, is_revenue_line, reporting_currency, net_amount_reporting)"
    ),
}


@pytest.fixture
def found(tmp_path):
    for name, rows in TABLES.items():
        duckdb.sql(f"copy (select * from {rows}) to '{tmp_path / name}.parquet'")
    with connect(Release("r", tmp_path), with_meta=False) as connection:
        return unlisted(connection, Release("r", tmp_path))


def test_reps_by_their_orders_and_products_by_their_booked_revenue_lines(found):
    # r2 has 20.50 + 9.50 in two orders, r3 -1.00 in one; of p1's lines one is freight, one reverses
    assert found == [
        {"member": "rep", "feed": "people.reps", "members": 2, "rows": 3, "money": {"CNY": "29.0000"}},
        {"member": "product", "feed": "orders.products", "members": 1, "rows": 1, "money": {"CNY": "8.0000"}},
    ]


def test_in_words(found):
    reps, products = map(in_words, found)
    assert reps.startswith("2 reps that 3 orders name (29.0000 CNY) are listed in no people.reps: ")
    assert products.startswith(
        "1 product that 1 order line names (8.0000 CNY) is listed in no orders.products"
    )


def test_the_page_says_it_and_nothing_where_there_is_nothing(report, found):
    assert "Named and not listed" not in render(report)
    page = re.sub(r"<[^>]+>", "", render({**copy.deepcopy(report), "unlisted": found}))
    assert "2 reps that 3 orders name (29.0000 CNY) are listed in no people.reps" in page
