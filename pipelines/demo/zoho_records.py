"""More exports of the overseas CRM: forecasts, deal teams, campaigns, who holds an account, cases, messages."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.demo.columns import date_text, money_text
from pipelines.demo.crm_text import touches
from pipelines.demo.faults import FaultBook
from pipelines.demo.fxiaoke_records import overlapping
from pipelines.demo.plant import unmarked
from pipelines.demo.split_edits import all_members
from pipelines.demo.world import World

AMERICAN = "%m/%d/%Y"
HOLD_NAMES = ("zoho", "Account Name.id", "Role", "Owner", "From Date", "To Date")
CATEGORIES = {"Committed": "commit", "Best Case": "best_case"}
ROLES = {"Owner": "owner", "Service": "service", "Presales": "presales", "Support": "support"}


def _key(heading: str) -> dict[str, str]:
    return {"logic": f"replace(\"{heading}\", 'zcrm_', '')"}


def _day(heading: str) -> dict[str, Any]:
    return {"heading": heading, "date_formats": [AMERICAN]}


CONTRACTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("crm.forecasts", {
        "owner_type": {"logic": "'team'"}, "owner_code": "Forecast Owner", "period": "Forecast Period",
        "submitted_at": "Submitted Time", "category": {"heading": "Category", "values": CATEGORIES},
        "amount": "Forecast Amount", "currency": "Currency",
    }, "Forecasts_*.csv"),
    ("crm.opportunity_team", {
        "opportunity_id": _key("Deal Name.id"), "member_code": _key("Member.id"),
        "role_code": {"heading": "Role", "values": ROLES}, "valid_from": _day("Member Since"),
        "share": "Credit Share",
    }, "Deal_Team_*.csv"),
    ("crm.campaigns", {
        "campaign_id": "Campaign Id", "channel_code": "Sales Channel", "valid_from": _day("Start Date"),
        "valid_to": _day("End Date"), "cost_amount": "Actual Cost", "currency": "Currency",
    }, "Campaigns_*.csv"),
    ("crm.account_owners", {
        "account_id": _key("Account Name.id"), "role_code": {"heading": "Role", "values": ROLES},
        "rep_code": _key("User.id"), "valid_from": _day("From Date"), "valid_to": _day("To Date"),
    }, "Account_Owners_*.csv"),
    ("crm.customer_cases", {
        "case_id": _key("Record Id"), "account_id": _key("Account Name.id"), "case_type": "Type",
        "severity": "Priority", "opened_at": "Created Time", "reply_due_at": "Response Due",
        "first_reply_at": "First Response Time", "closed_at": "Closed Time", "reopened_count": "Reopened",
    }, "Cases_*.csv"),
)  # fmt: skip


def _back(values: pl.Series, labels: dict[str, str]) -> pl.Series:
    return values.replace_strict({code: label for label, code in labels.items()})


def _in_file(name: str, rows: pl.DataFrame) -> pl.Series:
    return pl.Series([f"{name}_2024_10_31.csv"] * len(rows), dtype=pl.String)


def _own(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("system") == "zoho")


def _forecasts(world: World) -> pl.DataFrame:
    from pipelines.demo.write_zoho import local_time

    rows = _own(world.crm.forecasts)
    return pl.DataFrame(
        {
            "Forecast Owner": rows["team"],
            "Forecast Period": rows["period"],
            "Submitted Time": local_time(rows["at"]),
            "Category": _back(rows["category"], CATEGORIES),
            "Forecast Amount": money_text(rows["amount"]),
            "Currency": rows["currency"],
            "_file": _in_file("Forecasts", rows),
        }
    )


def _members(world: World) -> pl.DataFrame:
    from pipelines.demo.write_zoho import key

    rows = _own(all_members(world.crm.members, world.pay.shares))
    return pl.DataFrame(
        {
            "Deal Name.id": key(rows["id"]),
            "Member.id": key(rows["member"]),
            "Role": _back(rows["role"], ROLES),
            "Member Since": date_text(rows["since"], AMERICAN),
            "Credit Share": money_text(rows["share"], 4),
            "_file": _in_file("Deal_Team", rows),
        }
    )


def _campaigns(world: World) -> pl.DataFrame:
    rows = _own(world.crm.campaigns)
    return pl.DataFrame(
        {
            "Campaign Id": rows["id"],
            "Sales Channel": rows["channel"],
            "Start Date": date_text(rows["first"], AMERICAN),
            "End Date": date_text(rows["last"], AMERICAN),
            "Actual Cost": money_text(rows["cost"]),
            "Currency": rows["currency"],
            "_file": _in_file("Campaigns", rows),
        }
    )


def _holds(world: World) -> pl.DataFrame:
    from pipelines.demo.write_zoho import key

    rows = _own(world.crm.holds)
    return pl.DataFrame(
        {
            "Account Name.id": key(rows["account"]),
            "Role": _back(rows["role"], ROLES),
            "User.id": key(rows["rep"]),
            "From Date": date_text(rows["first"], AMERICAN),
            "To Date": date_text(rows["until"], AMERICAN),
            "_file": _in_file("Account_Owners", rows),
        }
    )


def _cases(world: World) -> pl.DataFrame:
    from pipelines.demo.write_zoho import key, local_time

    rows = _own(world.crm.cases)
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Account Name.id": key(rows["account"]),
            "Type": rows["kind"],
            "Priority": rows["severity"],
            "Created Time": local_time(rows["opened"]),
            "Response Due": local_time(rows["due"]),
            "First Response Time": local_time(rows["replied"]),
            "Closed Time": local_time(rows["closed"]),
            "Reopened": rows["reopened"].cast(pl.String),
            "_file": _in_file("Cases", rows),
        }
    )


def _messages(world: World) -> pl.DataFrame:
    """E-mails and messages; the exports of calls and meetings have none of them."""
    from pipelines.demo.write_zoho import key, local_time

    rows = _own(touches(world)).filter(pl.col("kind").is_in(["email", "message"]))
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Owner.id": key(rows["rep"]),
            "Type": rows["kind"].replace_strict({"email": "Email", "message": "Message"}),
            "Direction": rows["direction"].replace_strict({"outbound": "Outbound", "inbound": "Inbound"}),
            "Sent Time": local_time(rows["at"]),
            "Created Time": local_time(rows["logged"]),
            "Related To.id": key(rows["account"]),
            "Lead.id": key(rows["lead"]),
            "Deal.id": key(rows["deal"]),
            "In Reply To.id": key(rows["reply_to"]),
            "Created By": rows["maker"].replace_strict({"person": "User", "rule": "Workflow"}),
            "Device": rows["device"].replace_strict({"mobile": "Mobile App", "desktop": "Web"}),
            "_file": _in_file("Messages", rows),
        }
    )


def tables(world: World, book: FaultBook) -> dict[str, pl.DataFrame]:
    """The tables of these exports."""
    return {
        "forecasts": unmarked(_forecasts(world)),
        "members": unmarked(_members(world)),
        "campaigns": unmarked(_campaigns(world)),
        "holds": overlapping(unmarked(_holds(world)), HOLD_NAMES, AMERICAN, book),
        "cases": unmarked(_cases(world)),
        "messages": unmarked(_messages(world)),
    }
