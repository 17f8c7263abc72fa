"""The overseas CRM as Zoho exports it: CSV with English display labels, `zcrm_` keys, New York wall-clock times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.demo.calendar import new_york_offset
from pipelines.demo.columns import date_text, money_text, time_text
from pipelines.demo.crm import STAGES
from pipelines.demo.crm_text import odds_text, touches
from pipelines.demo.extracts import Layout, write_table
from pipelines.demo.faults import FaultBook
from pipelines.demo.plant import unmarked
from pipelines.demo.plant_crm import (
    account_faults,
    activity_faults,
    deal_faults,
    lead_faults,
    path_faults,
    survey_faults,
)
from pipelines.demo.world import World

OPEN_STAGES = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review")
CLOSED = {
    "won": "Closed Won",
    "lost": "Closed Lost",
    "abandoned": "Closed Abandoned",
    "merged": "Closed Merged",
}
STAGE_VALUES = {**dict(zip(OPEN_STAGES, STAGES, strict=True)), **dict.fromkeys(CLOSED.values(), "closed")}
FIELDS = {
    "stage": "Stage", "amount": "Amount", "expected_close_date": "Closing Date", "owner": "Deal Owner",
    "forecast_category": "Forecast Category",
}  # fmt: skip
CATEGORIES = {
    "pipeline": "Pipeline", "best_case": "Best Case", "commit": "Committed", "closed": "Closed", "omitted": "Omitted",
}  # fmt: skip
PIPELINES = {"standard": "Standard", "key_account": "Enterprise"}
REASONS = {
    "price": "Price", "competitor": "Lost to Competitor", "no_budget": "No Budget", "timing": "Timing",
    "no_decision": "No Decision",
}  # fmt: skip
STATUS_VALUES = {**dict.fromkeys(OPEN_STAGES, "open"), **{label: code for code, label in CLOSED.items()}}
LEAD_VALUES = {
    "Not Contacted": "new",
    "Contacted": "contacted",
    "Pre-Qualified": "qualified",
    "Converted": "converted",
    "Lost Lead": "lost",
}


def local_time(utc: pl.Series) -> pl.Series:
    """UTC seconds as New York wrote them."""
    known = utc.fill_null(0)
    shift = pl.Series(new_york_offset(known.to_numpy()))
    return time_text(pl.select(pl.when(utc.is_not_null()).then(known + shift)).to_series())


def key(ids: pl.Series) -> pl.Series:
    """Record ids as the export shows them."""
    return pl.select(pl.lit("zcrm_") + ids).to_series()


def _own(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("system") == "zoho")


def _accounts(world: World) -> pl.DataFrame:
    """One row per version, the current ones and those of the account history report."""
    known = pl.concat([world.buyers.drop("tier"), world.crm.identities], how="horizontal")
    rows = _own(world.versions.join(known, on="customer", maintain_order="left"))
    name = pl.coalesce(rows["name"], pl.lit("Customer ") + rows["id"].str.tail(5))
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Account Name": pl.select(name).to_series(),
            "Registration Number": rows["registration"],
            "Account Owner.id": key(rows["owner"]),
            "Market Segment": rows["segment"],
            "Industry": rows["industry"],
            "Sales Region": rows["region"],
            "Billing Country": rows["country"],
            "Rating": rows["tier"],
            "Key Account": rows["is_key"].cast(pl.String),
            "Account Source": rows["channel"],
            "Merged Into.id": key(rows["merged_into"]),
            "Created Time": time_text(rows["created_local"]),
            "Effective From": date_text(rows["valid_from"]),
            "_file": pl.Series(["Accounts_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


def stage_labels(deals: pl.DataFrame) -> pl.Series:
    """Zoho's stage: it tells also how a deal ended."""
    position = (
        deals["stage_no"]
        .cast(pl.String)
        .replace_strict(
            {str(n): label for n, label in enumerate(OPEN_STAGES)}, default=None, return_dtype=pl.String
        )
    )
    ended = deals["status"].replace_strict(CLOSED, default=None, return_dtype=pl.String)
    return pl.select(pl.coalesce(ended, position)).to_series()


def _deals(world: World) -> pl.DataFrame:
    rows = _own(pl.concat([world.deals, world.crm.details], how="horizontal"))
    amount = money_text(rows["amount"])
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Deal Name": pl.select(pl.lit("Deal ") + rows["id"].str.tail(5)).to_series(),
            "Deal Owner.id": key(rows["owner"]),
            "Account Name.id": key(rows["account"]),
            "Stage": stage_labels(rows),
            "Amount": pl.select(rows["currency"].replace_strict(SIGNS) + amount).to_series(),
            "Currency": rows["currency"],
            "Closing Date": date_text(rows["expected"], "%m/%d/%Y"),
            "Sales Channel": rows["channel"],
            "Pipeline": rows["pipeline"].replace_strict(PIPELINES),
            "Probability": odds_text(rows["probability"]),
            "Forecast Category": rows["category"].replace_strict(CATEGORIES),
            "Reason For Loss": rows["lost_reason"].replace_strict(REASONS),
            "Sales Order": rows["order_id"],
            "Created Time": local_time(rows["created"]),
            "Closed Time": local_time(rows["closed"]),
            "_file": pl.Series(["Deals_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


SIGNS = {"USD": "$", "EUR": "€", "JPY": "¥"}


def _changes(world: World) -> pl.DataFrame:
    """Every change of a tracked field as the history shows it: labels, American dates, keys of users."""
    rows = _own(world.crm.changes)
    return pl.DataFrame(
        {
            "Deal Name.id": key(rows["id"]),
            "Field": rows["field"].replace_strict(FIELDS),
            "From": _shown(rows, "old"),
            "To": _shown(rows, "new"),
            "Modified Time": local_time(rows["at"]),
            "_file": pl.Series(["Deal_History_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


def _shown(rows: pl.DataFrame, name: str) -> pl.Series:
    value, field = pl.col(name), pl.col("field")
    ended = pl.col("ended").replace_strict(CLOSED, default=None, return_dtype=pl.String)
    labels = {**dict(zip(STAGES, OPEN_STAGES, strict=True)), **CATEGORIES}
    label = value.replace_strict(labels, default=None, return_dtype=pl.String)
    american = value.str.to_date("%Y-%m-%d", strict=False).dt.strftime("%m/%d/%Y")
    return rows.select(
        pl.when((field == "stage") & (value == "closed")).then(ended)
        .when(field.is_in(["stage", "forecast_category"])).then(label)
        .when(field == "expected_close_date").then(american)
        .when(field == "owner").then(pl.lit("zcrm_") + value)
        .otherwise(value)
    ).to_series()  # fmt: skip


def _leads(world: World) -> pl.DataFrame:
    rows = _own(pl.concat([world.leads, world.crm.lead_details], how="horizontal"))
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Lead Owner.id": key(rows["owner"]),
            "Lead Source": rows["source"],
            "Lead Status": rows["status"].replace_strict(
                {code: label for label, code in LEAD_VALUES.items()}
            ),
            "Created Time": local_time(rows["created"]),
            "First Contacted Time": local_time(rows["touched"]),
            "Qualified Time": local_time(rows["qualified"]),
            "Converted Date Time": local_time(rows["converted"]),
            "Converted Account.id": key(rows["account"]),
            "Campaign Source": rows["campaign"],
            "Lost Reason": rows["lost_reason"],
            "_file": pl.Series(["Leads_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


def _calls(world: World) -> pl.DataFrame:
    rows = _own(touches(world)).filter(pl.col("kind") == "call")
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Call Owner.id": key(rows["rep"]),
            "Call Type": rows["direction"].replace_strict({"outbound": "Outbound", "inbound": "Inbound"}),
            "Call Start Time": local_time(rows["at"]),
            "Created Time": local_time(rows["logged"]),
            "Call Result": rows["connected"]
            .cast(pl.String)
            .replace_strict({"true": "Connected", "false": "No Answer"}),
            "Related To.id": key(rows["account"]),
            "Lead.id": key(rows["lead"]),
            "Deal.id": key(rows["deal"]),
            "Created By": rows["maker"].replace_strict({"person": "User", "rule": "Workflow"}),
            "Device": rows["device"].replace_strict({"mobile": "Mobile App", "desktop": "Web"}),
            "_file": pl.Series(["Calls_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


def _meetings(world: World) -> pl.DataFrame:
    rows = _own(touches(world)).filter(pl.col("kind").is_in(["meeting", "visit"]))
    start = local_time(rows["at"])
    visited = pl.when(rows["kind"] == "visit").then(start)
    return pl.DataFrame(
        {
            "Record Id": key(rows["id"]),
            "Host.id": key(rows["rep"]),
            "From": start,
            "Created Time": local_time(rows["logged"]),
            "Check-In Time": pl.select(visited).to_series(),
            "Related To.id": key(rows["account"]),
            "Lead.id": key(rows["lead"]),
            "Deal.id": key(rows["deal"]),
            "Created By": rows["maker"].replace_strict({"person": "User", "rule": "Workflow"}),
            "Device": rows["device"].replace_strict({"mobile": "Mobile App", "desktop": "Web"}),
            "_file": pl.Series(["Meetings_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


def _surveys(world: World) -> pl.DataFrame:
    rows = _own(world.surveys)
    bounds = {"true": ("0", "10", "Would you recommend us?"), "false": ("1", "5", "Were you satisfied?")}
    loyal = rows["loyal"].cast(pl.String)
    customer = rows["type"] == "customer"
    return pl.DataFrame(
        {
            "Survey Id": rows["survey"],
            "Invitation Id": key(rows["id"]),
            "Respondent Type": rows["type"].replace_strict({"customer": "Account", "partner": "Partner"}),
            "Respondent.id": pl.select(
                pl.when(customer).then(key(rows["respondent"])).otherwise(rows["respondent"])
            ).to_series(),
            "Question": loyal.replace_strict({name: bound[2] for name, bound in bounds.items()}),
            "Scale From": loyal.replace_strict({name: bound[0] for name, bound in bounds.items()}),
            "Scale To": loyal.replace_strict({name: bound[1] for name, bound in bounds.items()}),
            "Sent Time": local_time(rows["sent"]),
            "Delivered": rows["delivered"].cast(pl.String),
            "Response Time": local_time(rows["answered"]),
            "Score": rows["score"].cast(pl.String),
            "Account Owner.id": key(rows["rep"]),
            "Sales Channel": rows["channel"],
            "_file": pl.Series(["Survey_Responses_2024_10_31.csv"] * len(rows), dtype=pl.String),
        }
    )


def write_zoho(folder: Path, world: World, book: FaultBook) -> None:
    """Write the source folder `zoho`."""
    from pipelines.demo import zoho_contracts, zoho_records

    zoho_contracts.write(folder)
    calls, meetings = unmarked(_calls(world)), unmarked(_meetings(world))
    tables: dict[str, Any] = {
        "accounts": account_faults(unmarked(_accounts(world)), "zoho", "Record Id", "Created Time", book),
        "deals": deal_faults(unmarked(_deals(world)), "zoho", book),
        "changes": path_faults(unmarked(_changes(world)), "zoho", book),
        "leads": lead_faults(unmarked(_leads(world)), "zoho", book),
        "calls": activity_faults(calls, "zoho", book),
        "meetings": meetings,
        "surveys": survey_faults(unmarked(_surveys(world)), "zoho", book),
        **zoho_records.tables(world, book),
    }
    for table in tables.values():
        write_table(folder / "export", table, Layout(), book)
