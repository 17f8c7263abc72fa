"""What a live Fxiaoke tenant holds goes the whole way: its money to the cent, a deletion, and a record held back.

Its orders (net, EUR): S1 3 x 19.99 + 1 x 0.35 = 60.32; S2 2 x 125.05 = 250.10; S3 80.08: 390.50. Then S3 is deleted and
S4 comes, 4 x 7.77 = 31.08: 60.32 + 250.10 + 31.08 = 341.50. Its open deals: O1 100.05, O3 900.90, O4 33.33, together
1,034.28; O1 is won for 100.06, O3 is deleted, and O5 has a status that nobody mapped: 33.33 stay open.
"""

import json
from datetime import date
from decimal import Decimal

import orjson

from pipelines.sources.receipt import receipts_of
from tests.fixtures.live_world import World, march

BAD = "fx|NewOpportunityObj/000002.jsonl|2"  # of what changed by ids: O1, then O5
DEALS = (
    "select opportunity_id, state, stage, amount, customer_code, closed_date from fct_opportunity "
    "where source_system = 'fx' order by 1"
)
SOLD = (
    "select order_id, line_id, quantity, unit_price, net_amount from fct_order_line where source_system = 'fx' "
    "order by 1, 2"
)
REVENUE = "select fiscal_month, net_revenue from mart_channel_performance where channel_code = 'web'"
OPEN = "select sum(open_amount) from mart_pipeline_health where team_code = '1001' and snapshot_date = "


def test_the_first_release_holds_the_money_of_the_tenant(live_world: World, first: str) -> None:
    assert live_world.rows(first, SOLD) == [
        ("S1", "S1-1", 3, Decimal("19.99"), Decimal("59.97")),
        ("S1", "S1-2", 1, Decimal("0.35"), Decimal("0.35")),
        ("S2", "S2-1", 2, Decimal("125.05"), Decimal("250.10")),
        ("S3", "S3-1", 1, Decimal("80.08"), Decimal("80.08")),
    ]
    assert live_world.rows(first, REVENUE) == [("2024-03", Decimal("390.50"))]
    assert live_world.rows(first, DEALS) == [
        ("O1", "open", "negotiation", Decimal("100.05"), "C1", None),
        ("O2", "won", "closed", Decimal("250.10"), "C2", march(6)),
        ("O3", "open", "qualified", Decimal("900.90"), "C1", None),
        ("O4", "open", "prospecting", Decimal("33.33"), "C2", None),
    ]
    assert live_world.rows(first, f"{OPEN}'2024-03-15'") == [(Decimal("1034.28"),)]
    assert live_world.fxiaoke.faults.keys() == {"20016", "30004", "busy", "reset", "cut_json"}


def test_deals_and_visits_name_the_person_that_the_directory_names(live_world: World, first: str) -> None:
    named = (
        "select d.opportunity_id, r.rep_code, r.team_code, r.hire_date from fct_opportunity as d "
        "inner join dim_sales_rep as r using (rep_key) "
        "where d.source_system = 'fx' and d.opportunity_id < 'O3' order by 1"
    )
    person = ("FSUID_7", "1001", date(2021, 1, 4))
    assert live_world.rows(first, named) == [("O1", *person), ("O2", *person)]
    visits = (
        "select a.activity_id, a.activity_type, a.opportunity_id, r.rep_code from fct_activity as a "
        "inner join dim_sales_rep as r using (rep_key) where a.source_system = 'fx'"
    )
    assert live_world.rows(first, visits) == [("V1", "visit", "O1", "FSUID_7")]


def test_what_was_deleted_there_is_withdrawn_and_the_rest_is_right_to_the_cent(
    live_world: World, first: str, second: str
) -> None:
    assert live_world.rows(second, SOLD) == [
        ("S1", "S1-1", 3, Decimal("19.99"), Decimal("59.97")),
        ("S1", "S1-2", 1, Decimal("0.35"), Decimal("0.35")),
        ("S2", "S2-1", 2, Decimal("125.05"), Decimal("250.10")),
        ("S4", "S4-1", 4, Decimal("7.77"), Decimal("31.08")),
    ]
    assert live_world.rows(second, REVENUE) == [("2024-03", Decimal("341.50"))]
    assert live_world.rows(second, DEALS) == [
        ("O1", "won", "closed", Decimal("100.06"), "C1", march(19)),
        ("O2", "won", "closed", Decimal("250.10"), "C2", march(6)),
        ("O4", "open", "prospecting", Decimal("33.33"), "C2", None),
    ]
    assert live_world.rows(second, f"{OPEN}'2024-03-22'") == [(Decimal("33.33"),)]
    # the release before keeps what it told
    assert live_world.rows(first, REVENUE) == [("2024-03", Decimal("390.50"))]
    gone = [
        (one.extract_id.split("/")[0], record["_id"], record["is_inferred"])
        for one in receipts_of(live_world.home, "fx")
        if "/deleted/" in one.extract_id
        for record in map(orjson.loads, (live_world.home.blobs / one.sha256).read_bytes().splitlines())
    ]
    assert sorted(gone) == [
        ("NewOpportunityObj", "O3", True),
        ("SalesOrderObj", "S3", True),
        ("SalesOrderProductObj", "S3-1", True),
    ]


def test_a_record_that_nobody_mapped_is_held_with_its_place_and_its_text(
    live_world: World, second: str
) -> None:
    held = (
        "select row_id, feed, rule_id, reason, file_name, line_no, amount, currency from quarantine_row "
        "where kind = 'quarantined' and source_system = 'fx'"
    )
    reason = "status is a value that no map knows"
    place = ("NewOpportunityObj/000002.jsonl", 2)
    assert live_world.rows(second, held) == [
        (BAD, "crm__opportunities", "S11", reason, *place, Decimal("77.7"), "EUR")
    ]
    (one,) = live_world.weir("quarantine", "show", BAD, "--raw", "--json").found["held"]
    assert (one["rule_id"], one["file_name"], one["line_no"]) == ("S11", *place)
    record = json.loads(one["raw_text"])
    assert (record["_id"], record["sales_status__r"], record["amount"]) == ("O5", "已合并", "77.70")


def test_a_figure_of_its_revenue_leads_to_the_record_as_the_tenant_gave_it(
    live_world: World, second: str
) -> None:
    keys = ("channel_code=web", "fiscal_month=2024-03", "--first", 9)
    cell = ("mart_channel_performance", "net_revenue", *keys)
    said = live_world.weir("explain", *cell, "--release", second, "--json")
    (group,) = said.found["groups"]
    rows = [row for part in group["parts"] for row in part["rows"]]
    assert group["agrees"]
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("341.50")
    (line,) = [row["source"] for row in rows if Decimal(row["amount"]) == Decimal("31.08")]
    assert (line["file"], line["line"]) == ("SalesOrderProductObj/000002.jsonl", 1)
    record = json.loads(line["text"])
    assert (record["_id"], record["sales_price"], record["subtotal"]) == ("S4-1", "7.77", "31.08")
