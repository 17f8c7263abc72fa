"""The standard folder for Zoho: a small org, mapped without a change, each value told by hand."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import REFUSED
from pipelines.landing.plan import components
from pipelines.sources.definition import load_source
from tests.unit.live.ground import MORNING, Ground, land, landed, record

STAGES = [
    {"actual_value": "Qualification", "display_value": "Qualification", "forecast_type": "Open"},
    {"actual_value": "Handshake", "display_value": "Handshake", "forecast_type": "Closed Won"},
    {"actual_value": "Closed Lost", "display_value": "Closed Lost", "forecast_type": "Closed Lost"},
]


@pytest.fixture
def org(ground: Ground) -> Ground:
    """Two accounts, three deals (open; won in a stage with a name of its own; lost before stages were tracked)."""
    ground.standard()
    store = ground.zoho.store
    store.modules["Deals"].describe("Stage", pick_list_values=STAGES)
    store.put(
        "Accounts",
        record(1, Account_Name="A", Rating="Hot", Billing_Country="DE"),
        record(2, Account_Name="B"),
    )
    one, two = {"id": "1", "name": "A"}, {"id": "2", "name": "B"}
    store.put(
        "Deals",
        record(11, Stage="Qualification", Amount=10.5, Probability=10, Account_Name=one, Currency="EUR"),
        record(12, Stage="Handshake", Amount=1000, Probability=100, Account_Name=two, Closing_Date="2026-03-09"),
        record(13, Stage="Closed Lost", Probability=0, Account_Name=two, Closing_Date="2026-03-20",
               Reason_For_Loss__s="Price"),
    )  # fmt: skip
    history = [("12", "Qualification", "09:00"), ("12", "Handshake", "11:30"), (None, "Handshake", "12:00")]
    store.put(
        "DealHistory",
        *(
            {"id": str(20 + number), "Potential_Name": {"id": deal} if deal else None, "Stage": stage,
             "Modified_Time": f"2026-03-02T{at}:00-05:00"}
            for number, (deal, stage, at) in enumerate(history)
        ),
    )  # fmt: skip
    store.put(
        "Leads",
        record(31, Lead_Status=None, Lead_Source="Web"),
        record(32, Lead_Status="Pre-Qualified", Converted__s=True, Converted_Date_Time="2026-03-03T09:00:00-05:00",
               Converted_Account=one, Converted_Deal={"id": "11"}),
    )  # fmt: skip
    later = {"Modified_Time": "2026-03-05T09:00:00-05:00"}
    store.put(
        "Calls",
        record(41, Call_Type="Outbound", Call_Result="Interested", Call_Start_Time="2026-03-02T08:00:00-05:00",
               What_Id={"id": "12"}),
        record(42, Call_Type="Missed", Call_Start_Time="2026-03-02T08:30:00-05:00", Who_Id={"id": "31"}),
        record(43, Call_Type="Inbound", Call_Start_Time="2026-03-02T08:40:00-05:00", Who_Id={"id": "91"}),
        record(44, Call_Type="Inbound", Call_Start_Time="2026-03-02T08:50:00-05:00", Who_Id={"id": "92"},
               What_Id={"id": "1"}),
    )  # fmt: skip
    store.put(
        "Events",
        record(
            51,
            Start_DateTime="2026-03-04T09:00:00-05:00",
            Check_In_Time=MORNING,
            What_Id={"id": "1"},
            **later,
        ),
        record(52, Start_DateTime="2026-12-24T09:00:00-05:00", What_Id={"id": "1"}, **later),
    )
    store.put(
        "Contacts",
        record(91, Full_Name="Ann Planted", Email="ann@example.com", Account_Name=one),
        record(92, Full_Name="Bob Planted", Vendor_Name={"id": "501", "name": "V"}),
        record(93, Full_Name="Cid Planted"),
    )
    store.put("Products", record(61, Product_Name="P", Unit_Price=9.99, Product_Category="C"))
    store.put(
        "Campaigns", record(71, Campaign_Name="C", Start_Date="2026-01-01", Actual_Cost=5, Currency="USD")
    )
    store.put("Cases", record(81, Account_Name=one, Type="Problem", Priority="High"))
    return ground


def test_every_standard_feed_is_filled(org: Ground) -> None:
    reasons = land(org)
    assert {feed: why for feed, why in reasons.items() if why} == {
        "crm__opportunity_stages": {"S10|opportunity_id is empty": 1}  # whose deal is gone
    }
    assert landed(org, "crm__accounts", "account_id", "country", "tier", "owner_rep_code") == [
        ("1", "DE", "Hot", "7"), ("2", None, None, "7"),
    ]  # fmt: skip
    assert landed(org, "crm__opportunities", "opportunity_id", "stage", "status", "amount", "currency") == [
        ("11", "prospecting", "open", Decimal("10.5000"), "EUR"),
        ("12", "closed", "won", Decimal("1000.0000"), "USD"),
        ("13", "closed", "lost", None, "USD"),
    ]
    assert landed(org, "crm__opportunities", "opportunity_id", "closed_at", "probability", "lost_reason") == [
        ("11", None, Decimal("0.1000"), None),
        ("12", datetime(2026, 3, 2, 16, 30), Decimal("1.0000"), None),
        ("13", datetime(2026, 3, 20, 4, 0), Decimal("0.0000"), "Price"),
    ]
    changed = ("opportunity_id", "changed_at", "field", "old_value", "new_value")
    assert landed(org, "crm__opportunity_stages", *changed) == [
        ("12", datetime(2026, 3, 2, 16, 30), "stage", "prospecting", "closed")
    ]
    assert landed(org, "crm__leads", "lead_id", "status", "account_id", "opportunity_id") == [
        ("31", "new", None, None), ("32", "converted", "1", "11"),
    ]  # fmt: skip
    about = (
        "activity_id",
        "activity_type",
        "direction",
        "party_type",
        "party_id",
        "opportunity_id",
        "is_connected",
    )
    assert landed(org, "crm__activities", *about) == [
        ("41", "call", "outbound", "customer", "2", "12", True),
        ("42", "call", "inbound", "lead", "31", None, False),
        ("43", "call", "inbound", "contact", "91", None, None),
        ("44", "call", "inbound", "customer", "1", None, None),
        ("51", "visit", "outbound", "customer", "1", None, None),
    ]
    assert landed(org, "crm__contacts", "contact_id", "party_type", "account_id") == [
        ("91", "customer", "1"), ("92", "supplier", "501"), ("93", None, None),
    ]  # fmt: skip
    for path in (org.home.landing / "crm__contacts" / "crm").glob("*.parquet"):
        assert b"Planted" not in path.read_bytes()
    assert landed(org, "orders__products", "product_id", "catalogue_price", "currency") == [
        ("61", Decimal("9.9900"), "USD")
    ]
    assert landed(org, "crm__campaigns", "campaign_id", "valid_from", "cost_amount") == [
        ("71", date(2026, 1, 1), Decimal("5.0000"))
    ]
    assert landed(org, "crm__customer_cases", "case_id", "account_id", "severity") == [("81", "1", "High")]


def test_a_deleted_deal_leaves_the_feed_and_a_restored_one_comes_back(org: Ground) -> None:
    land(org)
    deal = dict(org.zoho.store.modules["Deals"].records["11"])
    org.zoho.store.delete("Deals", "11")
    land(org)
    assert [row[0] for row in landed(org, "crm__opportunities", "distinct opportunity_id")] == ["12", "13"]
    org.zoho.clock.advance(60)
    org.zoho.store.restore("Deals", deal)
    land(org)
    assert [row[0] for row in landed(org, "crm__opportunities", "distinct opportunity_id")] == [
        "11",
        "12",
        "13",
    ]


def test_what_is_deleted_leaves_its_feed_but_an_account_and_a_product_stay(org: Ground) -> None:
    land(org)
    gone = {"Accounts": "2", "Products": "61", "Leads": "31", "Campaigns": "71", "Cases": "81", "Calls": "41"}
    for module, key in {**gone, "Events": "51"}.items():
        org.zoho.store.delete(module, key)
    land(org)
    left = {
        "crm__accounts": ("account_id", ["1", "2"]), "orders__products": ("product_id", ["61"]),
        "crm__leads": ("lead_id", ["32"]), "crm__campaigns": ("campaign_id", []),
        "crm__customer_cases": ("case_id", []), "crm__activities": ("activity_id", ["42", "43", "44"]),
    }  # fmt: skip
    assert {feed: [row[0] for row in landed(org, feed, key)] for feed, (key, _) in left.items()} == {
        feed: keys for feed, (_, keys) in left.items()
    }


def test_the_moves_of_a_deleted_deal_leave_with_it_and_come_back_with_it(org: Ground) -> None:
    moved = ("crm__opportunity_stages", "opportunity_id", "new_value")
    for key, stage, at in (("41", "Qualification", "09:00"), ("42", "Closed Lost", "10:00")):
        lost = {"id": key, "Potential_Name": {"id": "13"}, "Stage": stage}
        org.zoho.store.put("DealHistory", {**lost, "Modified_Time": f"2026-03-02T{at}:00-05:00"})
    land(org)
    assert landed(org, *moved) == [("12", "closed"), ("13", "closed")]
    deal = dict(org.zoho.store.modules["Deals"].records["12"])
    org.zoho.store.delete("Deals", "12")
    land(org)
    assert landed(org, *moved) == [("13", "closed")]
    org.zoho.clock.advance(60)
    org.zoho.store.restore("Deals", deal)
    land(org)
    assert landed(org, *moved) == [("12", "closed"), ("13", "closed")]


def test_a_changed_deal_is_another_version_of_it(org: Ground) -> None:
    land(org)
    org.zoho.store.change("Deals", "11", Amount=12.25)
    land(org)
    found = landed(org, "crm__opportunities", "opportunity_id", "amount", "extract_id")
    assert [row for row in found if row[0] == "11"] == [
        ("11", Decimal("10.5000"), "Deals/000001.jsonl"), ("11", Decimal("12.2500"), "Deals/000002.jsonl"),
    ]  # fmt: skip


def test_a_contact_of_another_account_is_another_version_and_lands_nothing_else(org: Ground) -> None:
    land(org)
    before = {
        path: path.stat().st_mtime_ns for path in org.home.landing.glob("crm__activities/crm/*.parquet")
    }
    org.zoho.store.change("Contacts", "91", Account_Name={"id": "2", "name": "B"})
    org.zoho.store.delete("Contacts", "93")
    land(org)
    assert landed(org, "crm__contacts", "contact_id", "account_id", "extract_id") == [
        ("91", "1", "Contacts/000001.jsonl"), ("91", "2", "Contacts/000002.jsonl"),
        ("92", "501", "Contacts/000001.jsonl"), ("93", None, "Contacts/000001.jsonl"),
    ]  # fmt: skip
    after = {path: path.stat().st_mtime_ns for path in org.home.landing.glob("crm__activities/crm/*.parquet")}
    assert before
    assert before == after


def test_an_org_without_optional_modules_fills_the_rest(org: Ground) -> None:
    org.zoho.unavailable = {"Calls", "Cases"}
    org.zoho.hidden = {"Products"}
    land(org)
    assert [row[0] for row in landed(org, "crm__activities", "activity_id")] == ["51"]
    assert landed(org, "crm__opportunities", "count(*)") == [(3,)]


def test_a_stage_that_nobody_mapped_is_set_aside_not_guessed(org: Ground) -> None:
    org.zoho.store.change("Deals", "11", Stage="Our Own")
    assert land(org)["crm__opportunities"] == {"S11|stage is a value that no map knows": 1}


def test_the_folder_is_not_written_over(
    org: Ground, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["source", "new", "zoho", str(org.folder)])
    assert ended.value.code == 3
    with pytest.raises(SystemExit):
        main(["source", "new", "sap", str(tmp_path / "x")])
    assert "zoho" in capfd.readouterr().err


def test_a_check_takes_one_page_and_leaves_nothing(org: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()  # what the fixture said
    with pytest.raises(SystemExit) as ended:
        main(["source", "check", str(org.folder), "--json"])
    found = json.loads(capfd.readouterr().out)
    assert ended.value.code == REFUSED  # one of two moves is of a deal that is gone
    assert {one["table"] for one in found["problems"]} == {"crm__opportunity_stages"}
    read = {one["feed"]: one["accepted"]["rows"] for file in found["files"] for one in file["feeds"]}
    assert read["crm__opportunities"] == 3
    assert not (org.home.root / "archive" / "live").exists()
    assert all(call.query.get("page_token") is None for call in org.zoho.calls)


def test_what_looks_into_no_other_module_lands_alone(org: Ground) -> None:
    joint = [one for one in components(load_source(org.folder)) if one.is_joint]
    assert {feed.feed for one in joint for feed in one.feeds} == {
        "crm__accounts", "crm__activities", "crm__activities__deleted", "crm__leads", "crm__opportunities",
        "crm__opportunities__deleted", "crm__opportunity_stages",
    }  # fmt: skip
