"""What a live Zoho holds goes the whole way: records, moves, a change, a deletion, and a figure back to its record."""

import json
from datetime import date
from decimal import Decimal

from tests.fixtures.live_world import World, march

DEALS = (
    "select opportunity_id, state, stage, amount, customer_code, closed_date from fct_opportunity "
    "where source_system = 'crm' order by 1"
)
MOVES = (
    "select opportunity_id, changed_date, old_value, new_value from fct_opportunity_stage "
    "where source_system = 'crm' order by 1, 2"
)


def test_the_first_release_holds_what_the_org_holds(live_world: World, first: str) -> None:
    assert live_world.rows(first, DEALS) == [
        ("6001", "open", "prospecting", Decimal("1200.5"), "5001", None),
        ("6002", "open", "proposal", 800, "5002", None),
        ("6003", "won", "closed", Decimal("450.25"), "5003", march(11)),
        ("6004", "open", "qualified", Decimal("99.99"), "5001", None),
    ]
    assert live_world.rows(first, MOVES) == [
        ("6002", march(8), "prospecting", "proposal"),
        ("6003", march(11), "prospecting", "closed"),
        ("6004", march(7), "prospecting", "qualified"),
    ]
    accounts = (
        "select customer_code, source_system, country_code, tier_code from dim_customer "
        "where customer_code like '5%' order by 1"
    )
    assert live_world.rows(first, accounts) == [
        ("5001", "crm", "DE", "Hot"),
        ("5002", "crm", "DE", None),
        ("5003", "crm", "FR", None),
    ]
    leads = "select lead_id, status, is_converted, opportunity_id, source_code, created_date from fct_lead order by 1"
    assert live_world.rows(first, leads) == [
        ("7001", "new", False, None, "Web", march(12)),
        ("7002", "converted", True, "6001", None, march(2)),
    ]
    calls = (
        "select activity_id, direction, opportunity_id, lead_id, master_customer_code from fct_activity "
        "where source_system = 'crm' order by 1"
    )
    assert live_world.rows(first, calls) == [
        ("8001", "outbound", "6002", None, "5002"),
        ("8002", "inbound", None, "7001", "(none)"),
    ]


def test_orders_of_the_files_find_their_customers_in_the_org(live_world: World, first: str) -> None:
    sold = (
        "select c.source_system, c.customer_code, sum(l.net_amount) from fct_order_line as l "
        "inner join dim_customer as c using (customer_key) where l.source_system = 'shop' group by all order by 2"
    )
    assert live_world.rows(first, sold) == [("crm", "5001", 24), ("crm", "5002", 30), ("crm", "5003", 18)]
    assert first.startswith("2024-03-15.0001.")


def test_deals_and_calls_name_the_user_that_the_org_names(live_world: World, first: str) -> None:
    """A user since the day on which the account was made by the clock of the org."""
    for fact, count in (("fct_opportunity", 4), ("fct_activity", 2)):
        named = (
            f"select r.rep_code, r.team_code, r.hire_date, count(*) from {fact} as f "
            "inner join dim_sales_rep as r using (rep_key) where f.source_system = 'crm' group by all"
        )
        assert live_world.rows(first, named) == [("77", "501", date(2023, 1, 9), count)]


def test_a_figure_of_the_pipeline_leads_to_the_record_as_the_org_gave_it(
    live_world: World, first: str
) -> None:
    """By their last change deal 6002 was the third of four."""
    keys = ("stage=proposal", "team_code=501", "snapshot_date=2024-03-15")
    said = live_world.weir(
        "explain", "mart_pipeline_health", "open_amount", *keys, "--release", first, "--json"
    )
    (group,) = said.found["groups"]
    (row,) = [row for part in group["parts"] for row in part["rows"]]
    source = row["source"]
    assert (group["agrees"], Decimal(row["amount"])) == (True, 800)
    assert (source["file"], source["line"]) == ("Deals/000001.jsonl", 3)
    record = json.loads(source["text"])
    assert (record["id"], record["Stage"], record["Amount"]) == ("6002", "Proposal/Price Quote", 800)


def test_the_changed_deal_has_its_new_state_and_history_and_the_deleted_one_is_gone(
    live_world: World, second: str
) -> None:
    assert live_world.rows(second, DEALS) == [
        ("6001", "won", "closed", Decimal("1350.75"), "5001", march(19)),
        ("6002", "open", "proposal", 800, "5002", None),
        ("6003", "won", "closed", Decimal("450.25"), "5003", march(11)),
    ]
    assert live_world.rows(second, MOVES) == [
        ("6001", march(18), "prospecting", "negotiation"),
        ("6001", march(19), "negotiation", "closed"),
        ("6002", march(8), "prospecting", "proposal"),
        ("6003", march(11), "prospecting", "closed"),
    ]
