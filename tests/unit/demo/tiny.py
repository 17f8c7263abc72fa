"""A company small enough to be worked out by hand: two records of one customer, four orders, one return."""

from typing import Any

import polars as pl

from pipelines.demo.calendar import day
from pipelines.demo.crm_extra import Crm
from pipelines.demo.market import ChannelCost, Estimate
from pipelines.demo.people import Quota
from pipelines.demo.world import Pay, World

CNY, USD = "CNY", "USD"
UNIT = 10_000


def at(text: str) -> int:
    """Noon in Shanghai as UTC seconds."""
    return day(text) * 86_400 + 4 * 3_600


def _frame(names: str, rows: list[tuple[Any, ...]], **types: Any) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=names.split(), orient="row", schema_overrides=types)


def _order(
    number: int, currency: str, placed: str, business: str, cancelled: str | None, header: int | None
) -> Any:
    off = None if cancelled is None else day(cancelled)
    customer = "A" if number == 0 else "B"
    return (
        number, f"O{number + 1}", "direct_field", customer, "R001", currency, day(placed), day(business), off, header,
        "edi",
    )  # fmt: skip


def orders() -> pl.DataFrame:
    """O1 confirmed in the next month, O2 in dollars, O3 cancelled the day after the close, O4 on the close."""
    return _frame(
        "order id channel customer_id owner currency placed business cancelled header entry",
        [
            _order(0, CNY, "2024-01-31", "2024-02-01", None, 10 * UNIT),
            _order(1, USD, "2024-02-15", "2024-02-15", None, None),
            _order(2, CNY, "2024-02-10", "2024-02-10", "2024-03-06", None),
            _order(3, CNY, "2024-02-10", "2024-02-10", "2024-03-05", None),
        ],
        header=pl.Int64,
    )


def lines() -> pl.DataFrame:
    """Two lines of O1, one of each other order; amounts in ten-thousandths."""
    return _frame(
        "order line kind product quantity unit_price discount net unit_cost",
        [
            (0, 1, "product", "M0001", 3, 100 * UNIT, 0, 300 * UNIT, 60 * UNIT),
            (0, 2, "service", "S0001", 1, 100 * UNIT, 50 * UNIT, 50 * UNIT, None),
            (1, 1, "product", "M0001", 3, 100_050, 0, 300_150, 6 * UNIT),
            (2, 1, "service", "S0001", 1, 100 * UNIT, 0, 100 * UNIT, None),
            (3, 1, "service", "S0001", 1, 999 * UNIT, 0, 999 * UNIT, None),
        ],
    )


def _deals() -> pl.DataFrame:
    days = (("2024-02-01", "2024-02-11"), ("2024-02-01", "2024-02-21"), ("2024-01-20", "2024-02-22"))
    rows = [
        (
            f"D{number}",
            "zoho",
            "R001",
            "B",
            at(created),
            at(closed),
            "won",
            CNY,
            None if closed == "2024-02-22" else 50 * UNIT,
            0,
            4,
        )
        for number, (created, closed) in enumerate(days)
    ]
    names = "id system owner account created closed status currency amount expected stage_no"
    return _frame(names, rows, amount=pl.Int64)


def _surveys() -> pl.DataFrame:
    """The customer answers under both of its records within a quarter: the later answer counts."""
    names = "survey system type respondent loyal answered score rep"
    return _frame(
        names,
        [
            ("S", "zoho", "customer", "A", False, at("2024-02-02"), 5, "R001"),
            ("S", "zoho", "customer", "B", False, at("2024-02-20"), 3, "R001"),
        ],
    )


def _empty(names: str) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(names.split(), pl.String))


def _crm() -> Crm:
    """Nothing but the deals' pipeline."""
    details = [("standard", None, None, None, None)] * 3
    types = dict.fromkeys(("probability", "category", "lost_reason", "order_id"), pl.String)
    return Crm(
        changes=_empty("id field at old new"),
        details=_frame("pipeline probability category lost_reason order_id", details, **types),
        forecasts=_empty("team period at category amount currency"),
        members=pl.DataFrame(),
        campaigns=pl.DataFrame(),
        lead_details=_frame("campaign lost_reason", [(None, None)] * 2),
        talks=_empty(
            "id system rep deal at logged lead account connected kind direction maker device reply_to"
        ),
        identities=_frame("registration name country", [(None, None, None)] * 2),
        holds=_holds(),
        cases=_empty("account opened due replied closed"),
        needs=_empty("account day"),
    )


def _holds() -> pl.DataFrame:
    """B goes from R009 to R001 on the last day of February; who serves it, or owns its merged record, owns nothing."""
    moved = day("2024-02-29")
    rows = [
        ("B", "owner", "R009", day("2023-01-01"), moved),
        ("B", "owner", "R001", moved, None),
        ("B", "service", "R002", day("2023-01-01"), None),
        ("A", "owner", "R001", day("2023-01-01"), None),
    ]
    return _frame("account role rep first until", rows)


def _activities() -> pl.DataFrame:
    """R009 meets the customer in February; nobody answers the call of March."""
    rows = [
        (
            "V1",
            "zoho",
            at("2024-02-10"),
            at("2024-02-10") + 5_400,
            "R009",
            "meeting",
            "person",
            "mobile",
            "B",
            "outbound",
            None,
        ),
        (
            "V2",
            "zoho",
            at("2024-03-04"),
            at("2024-03-05"),
            "R001",
            "call",
            "person",
            None,
            "B",
            "outbound",
            False,
        ),
    ]
    return _frame("id system at logged rep kind maker device account direction connected", rows)


def tiny_world() -> World:
    """The company."""
    feb = day("2024-02-01")
    # The second lead was converted on day 91, one day too late.
    leads = [
        (f"L{number}", "zoho", "R001", at("2024-02-05"), at("2024-02-05") + 240, at(converted))
        for number, converted in enumerate(("2024-05-05", "2024-05-06"))
    ]
    return World(
        scale=1,
        buyers=_frame(
            "id merged_into segment region created_utc is_key",
            [
                ("A", "B", "auto", "CN-N", at("2023-01-01"), True),
                ("B", None, "auto", "CN-N", at("2023-01-01"), True),
            ],
        ),
        versions=_frame("customer valid_from owner", [(0, 0, "R009"), (1, 0, "R009")]),
        orders=orders(),
        lines=lines(),
        returns=_frame(
            "id order_id order_line day quantity net currency",
            [("RT1", "O1", 1, day("2024-03-10"), 1, 971_428, CNY)],
        ),
        payments=pl.DataFrame(),
        credits=_frame(
            "order_id line type payee share",
            [("O2", None, "rep_primary", "R001", 3_333), ("O2", None, "rep_primary", "R009", 6_667)],
            line=pl.String,
        ),
        deals=_deals(),
        stages=pl.DataFrame(),
        leads=_frame("id system owner created touched converted", leads),
        activities=_activities(),
        surveys=_surveys(),
        rates=_frame("currency day rate", [("USD", day("2024-02-14"), 710_000_000)]),
        quotas=[Quota("rep", "R001", day("2024-01-01"), day("2024-03-31"), "v1", 9_100 * UNIT, CNY)],
        sizes=[Estimate("auto", "CN-N", "2024-Q1", "v1", 100_000 * UNIT, CNY, 7, day("2024-04-20"))],
        costs=[
            ChannelCost("direct_field", None, "travel", feb, 50 * UNIT, CNY),
            ChannelCost(None, "brand", "marketing", feb, 10 * UNIT, CNY),
        ],
        pay=Pay(*(pl.DataFrame() for _ in range(7))),
        crm=_crm(),
    )
