"""The demo company as Zoho's API would tell it: read from its exports, in the shapes of the API.

A module holds what is current: of the versions of an account the last, of a planted double one. What no standard
module has (messages, the demo's own fields) is a custom module or a custom field. An export's cell that no API
could hold (an unreadable time or amount) is null.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.servers.zoho_store import Record, Store

ZONE = ZoneInfo("America/New_York")
Row = dict[str, str]


def load(store: Store, export: Path) -> None:
    """Fill the store from the folder of the demo's Zoho exports."""
    changes = _rows(export, "Deal_History")
    store.add_module("Messages", names=("Type", "Direction", "Sent_Time"))
    read: dict[str, tuple[str, Callable[[Row], Record]]] = {
        "Accounts": ("Accounts", _account), "Deals": ("Deals", _deal), "Leads": ("Leads", _lead),
        "Calls": ("Calls", _call), "Events": ("Meetings", _event), "Messages": ("Messages", _message),
        "Cases": ("Cases", _case),
    }  # fmt: skip
    owners: dict[str, Record] = {}
    for module, (files, shape) in read.items():
        records = {}
        for row in _rows(export, files):
            record = _timed(shape(row))
            if record["id"].isdecimal():
                records[record["id"]] = record
                owners.setdefault(record.get("Owner", {}).get("id", ""), record.get("Owner", {}))
        store.put(module, *records.values())
    store.put("Campaigns", *(_timed(_campaign(row, store)) for row in _rows(export, "Campaigns")))
    _histories(store, changes)
    store.users = [_user(owner) for key, owner in sorted(owners.items()) if key]


def _rows(export: Path, name: str) -> list[Row]:
    found: list[Row] = []
    for path in sorted(export.glob(f"{name}_2*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            found += [{key: cell or "" for key, cell in row.items() if key} for row in csv.DictReader(stream)]
    return found


def _time(text: str) -> str | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE).isoformat()
    except ValueError:
        return None


def _day(text: str) -> str | None:
    try:
        return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=ZONE).date().isoformat()
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        return float(text.strip("$€¥").replace(",", ""))
    except ValueError:
        return None


def _bare(text: str) -> str:
    return text.removeprefix("zcrm_")


def _to(text: str, name: str | None = None) -> Record | None:
    """A lookup, null for an empty cell."""
    return {"id": _bare(text), "name": name or _bare(text)} if text else None


def _owner(text: str) -> dict[str, Any]:
    code = _bare(text)
    return {"Owner": {"id": code, "name": code, "email": f"{code.lower()}@example.com"}} if code else {}


def _timed(record: Record) -> Record:
    """The times that every record has: Modified_Time is the last one that the export knows of."""
    created = record.get("Created_Time") or "2020-01-01T00:00:00-05:00"
    later = [record.get(name) for name in ("Closed_Time", "Converted_Date_Time", "Effective_From")]
    latest = max([created, *(one for one in later if one)], key=datetime.fromisoformat)
    record.pop("Effective_From", None)
    return {**record, "Created_Time": created, "Modified_Time": latest}


def _account(row: Row) -> Record:
    since = row["Effective From"]
    return {
        "id": _bare(row["Record Id"]), "Account_Name": row["Account Name"], **_owner(row["Account Owner.id"]),
        "Registration_Number": row["Registration Number"] or None, "Market_Segment": row["Market Segment"] or None,
        "Industry": row["Industry"] or None, "Sales_Region": row["Sales Region"] or None,
        "Billing_Country": row["Billing Country"] or None, "Rating": row["Rating"] or None,
        "Key_Account": row["Key Account"] == "true", "Account_Source": row["Account Source"] or None,
        "Merged_Into": _to(row["Merged Into.id"]), "Created_Time": _time(row["Created Time"]),
        "Effective_From": _time(f"{since} 00:00:00"),
    }  # fmt: skip


def _deal(row: Row) -> Record:
    return {
        "id": _bare(row["Record Id"]), "Deal_Name": row["Deal Name"], **_owner(row["Deal Owner.id"]),
        "Account_Name": _to(row["Account Name.id"]), "Stage": row["Stage"] or None, "Amount": _number(row["Amount"]),
        "Currency": row["Currency"] or None, "Exchange_Rate": None, "Closing_Date": _day(row["Closing Date"]),
        "Sales_Channel": row["Sales Channel"] or None, "Pipeline": row["Pipeline"] or None,
        "Probability": None if (odds := _number(row["Probability"])) is None else round(odds * 100),
        "Forecast_Category": row["Forecast Category"] or None, "Reason_For_Loss__s": row["Reason For Loss"] or None,
        "Sales_Order": row["Sales Order"] or None, "Created_Time": _time(row["Created Time"]),
        "Closed_Time": _time(row["Closed Time"]),
    }  # fmt: skip


def _lead(row: Row) -> Record:
    return {
        "id": _bare(row["Record Id"]), **_owner(row["Lead Owner.id"]), "Full_Name": f"Lead {row['Record Id'][-5:]}",
        "Lead_Source": row["Lead Source"] or None, "Lead_Status": row["Lead Status"] or None,
        "Created_Time": _time(row["Created Time"]), "First_Contacted_Time": _time(row["First Contacted Time"]),
        "Qualified_Time": _time(row["Qualified Time"]), "Converted__s": row["Lead Status"] == "Converted",
        "Converted_Date_Time": _time(row["Converted Date Time"]),
        "Converted_Account": _to(row["Converted Account.id"]), "Campaign_Code": row["Campaign Source"] or None,
        "Lost_Reason": row["Lost Reason"] or None,
    }  # fmt: skip


def _about(row: Row) -> Record:
    """Whom an activity concerns: a deal before its account, and a lead."""
    account, deal, lead = row["Related To.id"], row["Deal.id"], row["Lead.id"]
    what = _to(deal or account)
    if what:
        what["module"] = {"api_name": "Deals" if deal else "Accounts"}
    return {"What_Id": what, "Who_Id": _to(lead), "Account_Id": _to(account), "Device": row["Device"] or None,
            "Made_By": row["Created By"] or None}  # fmt: skip


def _call(row: Row) -> Record:
    return {
        "id": _bare(row["Record Id"]), **_owner(row["Call Owner.id"]), **_about(row), "Subject": "Call",
        "Call_Type": row["Call Type"] or None, "Call_Start_Time": _time(row["Call Start Time"]),
        "Call_Result": row["Call Result"] or None, "Created_Time": _time(row["Created Time"]),
    }  # fmt: skip


def _event(row: Row) -> Record:
    return {
        "id": _bare(row["Record Id"]), **_owner(row["Host.id"]), **_about(row), "Event_Title": "Meeting",
        "Start_DateTime": _time(row["From"]), "Check_In_Time": _time(row["Check-In Time"]),
        "Created_Time": _time(row["Created Time"]),
    }  # fmt: skip


def _message(row: Row) -> Record:
    return {
        "id": _bare(row["Record Id"]), **_owner(row["Owner.id"]), **_about(row), "Type": row["Type"] or None,
        "Direction": row["Direction"] or None, "Sent_Time": _time(row["Sent Time"]),
        "In_Reply_To": _to(row["In Reply To.id"]), "Created_Time": _time(row["Created Time"]),
    }  # fmt: skip


def _case(row: Row) -> Record:
    return {
        "id": _bare(row["Record Id"]), "Case_Number": _bare(row["Record Id"]),
        "Account_Name": _to(row["Account Name.id"]), "Type": row["Type"] or None,
        "Priority": row["Priority"] or None, "Created_Time": _time(row["Created Time"]),
        "Response_Due": _time(row["Response Due"]), "First_Response_Time": _time(row["First Response Time"]),
        "Closed_Time": _time(row["Closed Time"]), "Reopened": int(row["Reopened"] or 0),
    }  # fmt: skip


def _campaign(row: Row, store: Store) -> Record:
    first, last = _day(row["Start Date"]), _day(row["End Date"])
    return {
        "id": store.new_id(), "Campaign_Name": row["Campaign Id"], "Campaign_Code": row["Campaign Id"],
        "Sales_Channel": row["Sales Channel"] or None, "Start_Date": first, "End_Date": last,
        "Actual_Cost": _number(row["Actual Cost"]), "Currency": row["Currency"] or None,
        "Created_Time": _time(f"{first} 00:00:00"),
    }  # fmt: skip


def _histories(store: Store, changes: list[Row]) -> None:
    """DealHistory: a row for each stage that a deal entered, the first one at its creation."""
    deals = store.modules["Deals"].records
    moves: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in changes:
        at = _time(row["Modified Time"])
        if row["Field"] == "Stage" and at:
            moves[_bare(row["Deal Name.id"])].append((at, row["From"], row["To"]))
    made: list[Record] = []
    for key, deal in deals.items():
        path = sorted(moves.get(key, []), key=lambda move: datetime.fromisoformat(move[0]))
        entered = [
            (deal["Created_Time"], path[0][1] if path else deal["Stage"]),
            *((at, to) for at, _, to in path),
        ]
        for number, (at, stage) in enumerate(entered):
            following = entered[number + 1][1] if number + 1 < len(entered) else None
            made.append(
                {"id": store.new_id(), "Potential_Name": {"id": key, "name": deal["Deal_Name"]}, "Stage": stage,
                 "Moved_To__s": following, "Modified_Time": at, "Created_Time": at, "Modified_By": deal.get("Owner")}
            )  # fmt: skip
    store.put("DealHistory", *made)


def _user(owner: Record) -> Record:
    return {
        "id": owner["id"], "full_name": owner["name"], "email": owner["email"], "status": "active", "confirm": True,
        "role": {"id": "1", "name": "Sales"}, "profile": {"id": "2", "name": "Standard"},
        "created_time": "2021-01-01T09:00:00-05:00", "Modified_Time": "2021-01-01T09:00:00-05:00",
    }  # fmt: skip
