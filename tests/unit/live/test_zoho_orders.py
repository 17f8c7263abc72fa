"""Orders of Zoho, which `weir source new zoho DIR --orders` maps: each amount worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml

from pipelines.landing.plan import components
from pipelines.sources.definition import load_source
from tests.unit.live.ground import Ground, land, landed, record

ACCOUNT = {"Account_Name": {"id": "1", "name": "A"}}


def line(number: int, order: int, product: int, **values: Any) -> dict[str, Any]:
    return {
        "id": str(number), "Parent_Id": {"id": str(order), "name": "SO"},
        "Product_Name": {"id": str(product), "name": "P", "Product_Code": "p"}, **values,
    }  # fmt: skip


@pytest.fixture
def org(ground: Ground) -> Ground:
    """1001: 3 x 19.99 less 5.97 is 54.00, 10 x 1.2345 is 12.345; 66.345 less 6.345 on the whole is 60.00, before
    11.40 of tax and 0.05 of adjustment. 1002 in the org's own currency. 1003 was cancelled. 1004 stands in a status
    that nobody mapped; a line of 1002 has its discount as a percentage."""
    ground.standard("--orders")
    store = ground.zoho.store
    store.put("Accounts", record(1, Account_Name="A"))
    store.put("Deals", record(11, Stage="Qualification", Probability=10, **ACCOUNT))
    store.put(
        "Sales_Orders",
        record(1001, Status="Approved", Currency="EUR", Sub_Total=66.345, Discount=6.345, Tax=11.4, Adjustment=0.05,
               Grand_Total=71.45, Deal_Name={"id": "11", "name": "D"}, Created_Time="2026-03-02T23:30:00-05:00",
               **ACCOUNT),
        record(1002, Status="Created", Sub_Total=200, **ACCOUNT),
        record(1003, Status="Cancelled", Currency="JPY", Sub_Total=1500, Discount=None, **ACCOUNT),
        record(1004, Status="On Hold", Sub_Total=7, **ACCOUNT),
    )  # fmt: skip
    store.put(
        "Ordered_Items",
        line(5001, 1001, 61, Quantity=3, List_Price=19.99, Discount=5.97, Tax=10.26, Total=59.97,
             Total_After_Discount=54, Net_Total=64.26),
        line(5002, 1001, 62, Quantity=10, List_Price=1.2345, Discount=0, Total=12.345),
        line(5003, 1002, 61, Quantity=2, List_Price=100),
        line(5004, 1002, 61, Quantity=1, List_Price=10, Discount="5%"),
        line(5005, 1003, 62, Quantity=1, List_Price=1500, Total=1500),
    )  # fmt: skip
    return ground


def test_orders_with_their_lines_discounts_and_currencies(org: Ground) -> None:
    reasons = land(org)
    assert {feed: why for feed, why in reasons.items() if why} == {
        "orders__orders": {"S11|status is a value that no map knows": 1},
        "orders__order_lines": {"S09|discount_amount is not a number": 1},
    }
    head = ("order_id", "order_date", "status", "customer_id", "owner_rep_code", "opportunity_id")
    assert landed(org, "orders__orders", *head) == [
        ("1001", date(2026, 3, 2), "confirmed", "1", "7", "11"),  # the org's day, not that of London
        ("1002", date(2026, 3, 2), "open", "1", "7", None),
        ("1003", date(2026, 3, 2), "cancelled", "1", "7", None),
    ]
    assert landed(org, "orders__orders", "order_id", "currency", "header_discount", "net_amount") == [
        ("1001", "EUR", Decimal("6.345"), Decimal("60.00")),
        ("1002", "USD", None, Decimal("200")),
        ("1003", "JPY", None, Decimal("1500")),
    ]
    money = ("line_id", "order_id", "currency", "quantity * unit_price", "discount_amount", "net_amount")
    assert landed(org, "orders__order_lines", *money) == [
        ("5001", "1001", "EUR", Decimal("59.97"), Decimal("5.97"), Decimal("54.00")),
        ("5002", "1001", "EUR", Decimal("12.345"), Decimal("0"), None),
        ("5003", "1002", "USD", Decimal("200"), None, None),
        ("5005", "1003", "JPY", Decimal("1500"), None, None),
    ]
    assert landed(org, "orders__order_lines", "line_id", "product_id")[:2] == [("5001", "61"), ("5002", "62")]


def test_a_line_that_is_edited_has_one_state_and_one_that_is_taken_out_none(org: Ground) -> None:
    land(org)
    store = org.zoho.store
    store.put("Ordered_Items", line(5002, 1001, 62, Quantity=9, List_Price=1.2345, Discount=0))
    store.delete("Ordered_Items", "5001")
    land(org)
    lines = landed(org, "orders__order_lines", "line_id", "quantity")
    assert lines == [("5002", Decimal("9")), ("5003", Decimal("2")), ("5005", Decimal("1"))]


def test_an_order_that_is_deleted_takes_its_lines_along_and_brings_them_back(org: Ground) -> None:
    land(org)
    store = org.zoho.store
    order, lines = dict(store.modules["Sales_Orders"].records["1001"]), store.modules["Ordered_Items"].records
    own = [dict(lines[key]) for key in ("5001", "5002")]
    store.delete("Sales_Orders", "1001")
    for key in ("5001", "5002"):
        store.delete("Ordered_Items", key)
    land(org)
    assert [row[0] for row in landed(org, "orders__orders", "order_id")] == ["1002", "1003"]
    assert [row[0] for row in landed(org, "orders__order_lines", "line_id")] == ["5003", "5005"]
    org.zoho.clock.advance(60)
    store.restore("Sales_Orders", order)
    store.put("Ordered_Items", *own)  # as they were, to the last time of change
    land(org)
    assert [row[0] for row in landed(org, "orders__orders", "distinct order_id")] == ["1001", "1002", "1003"]
    back = [row[0] for row in landed(org, "orders__order_lines", "line_id")]
    assert back == ["5001", "5002", "5003", "5005"]


def test_orders_look_into_no_module_but_their_own(ground: Ground) -> None:
    ground.standard("--orders")
    (orders,) = (one for one in components(load_source(ground.folder)) if "sales_orders" in one.name)
    assert {feed.feed for feed in orders.feeds} == {"orders__orders", "orders__order_lines"}


def test_without_the_switch_no_order_is_asked_for(ground: Ground) -> None:
    ground.standard()
    head = (ground.folder / "source.yaml").read_text()
    assert "rder" not in head
    assert "Sales_Orders" not in yaml.safe_load(head)["live"]["modules"]
    assert not list(ground.folder.glob("order*"))
