"""The source folder of the overseas CRM: source.yaml, contracts, and the SQL that unites calls and meetings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.demo import zoho_records as records
from pipelines.demo.extracts import write_contract, write_yaml
from pipelines.demo.write_zoho import (
    CATEGORIES,
    FIELDS,
    LEAD_VALUES,
    PIPELINES,
    REASONS,
    SIGNS,
    STAGE_VALUES,
    STATUS_VALUES,
)

BOUNDS = {"Account": "customer", "Partner": "partner"}
MAKERS = {"User": "person", "Workflow": "rule"}
DEVICES = {"Mobile App": "mobile", "Web": "desktop"}


def _key(heading: str) -> dict[str, str]:
    """The id without the prefix that only exports have."""
    return {"logic": f"replace(\"{heading}\", 'zcrm_', '')"}


def _back(labels: dict[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


def _plain(heading: str) -> str:
    """SQL: codes of stages and categories, dates as ISO writes them, codes of users; other values as they are."""
    codes = {**STAGE_VALUES, **_back(CATEGORIES)}
    cases = " ".join(f"when '{label}' then '{code}'" for label, code in codes.items())
    iso = f"strftime(try_strptime(\"{heading}\", '%m/%d/%Y'), '%Y-%m-%d')"
    return (
        f"case when \"Field\" = 'Closing Date' then {iso} "
        f"when \"Field\" = 'Deal Owner' then replace(\"{heading}\", 'zcrm_', '') "
        f'else case "{heading}" {cases} else "{heading}" end end'
    )


ACCOUNTS: dict[str, Any] = {
    "account_id": _key("Record Id"),
    "name": "Account Name",
    "registration_no": "Registration Number",
    "segment": "Market Segment",
    "industry": "Industry",
    "region": "Sales Region",
    "country": "Billing Country",
    "tier": "Rating",
    "is_key_account": "Key Account",
    "owner_rep_code": _key("Account Owner.id"),
    "acquisition_channel_code": "Account Source",
    "created_at": "Created Time",
    "merged_into_id": _key("Merged Into.id"),
    "valid_from": "Effective From",
}
DEALS: dict[str, Any] = {
    "opportunity_id": _key("Record Id"),
    "account_id": _key("Account Name.id"),
    "owner_rep_code": _key("Deal Owner.id"),
    "channel_code": "Sales Channel",
    "pipeline": {"heading": "Pipeline", "values": _back(PIPELINES)},
    "probability": "Probability",
    "forecast_category": {"heading": "Forecast Category", "values": _back(CATEGORIES)},
    "lost_reason": {"heading": "Reason For Loss", "values": _back(REASONS)},
    "order_id": "Sales Order",
    "stage": {"heading": "Stage", "values": STAGE_VALUES},
    "status": {"heading": "Stage", "values": STATUS_VALUES},
    "amount": {"heading": "Amount", "currency_signs": list(SIGNS.values())},
    "currency": "Currency",
    "expected_close_date": {"heading": "Closing Date", "date_formats": ["%m/%d/%Y"]},
    "created_at": "Created Time",
    "closed_at": "Closed Time",
}
CHANGES: dict[str, Any] = {
    "opportunity_id": _key("Deal Name.id"),
    "changed_at": "Modified Time",
    "field": {"heading": "Field", "values": _back(FIELDS)},
    "old_value": {"logic": _plain("From")},
    "new_value": {"logic": _plain("To")},
}
LEADS: dict[str, Any] = {
    "lead_id": _key("Record Id"),
    "created_at": "Created Time",
    "source": "Lead Source",
    "owner_rep_code": _key("Lead Owner.id"),
    "status": {"heading": "Lead Status", "values": LEAD_VALUES},
    "first_touch_at": "First Contacted Time",
    "qualified_at": "Qualified Time",
    "converted_at": "Converted Date Time",
    "account_id": _key("Converted Account.id"),
    "campaign_id": "Campaign Source",
    "lost_reason": "Lost Reason",
}
ACTIVITIES: dict[str, Any] = {
    "activity_id": "activity_id",
    "occurred_at": "occurred_at",
    "logged_at": "logged_at",
    "activity_type": "activity_type",
    "direction": "direction",
    "created_by_type": {"heading": "made_by", "values": MAKERS},
    "rep_code": "rep_code",
    "party_type": "party_type",
    "party_id": "party_id",
    "device": {"heading": "device", "values": DEVICES},
    "is_connected": "is_connected",
    "lead_id": "lead_id",
    "opportunity_id": "opportunity_id",
    "in_reply_to_id": "in_reply_to_id",
}
SURVEYS: dict[str, Any] = {
    "survey_id": "Survey Id",
    "invitation_id": _key("Invitation Id"),
    "respondent_type": {"heading": "Respondent Type", "values": BOUNDS},
    "respondent_id": _key("Respondent.id"),
    "question": "Question",
    "kind": {"logic": "case when \"Scale To\" = '10' then 'nps' else 'csat' end"},
    "scale_min": "Scale From",
    "scale_max": "Scale To",
    "sent_at": "Sent Time",
    "is_delivered": "Delivered",
    "answered_at": "Response Time",
    "score": "Score",
    "rep_code": _key("Account Owner.id"),
    "channel_code": "Sales Channel",
}
_PARTY = """\
    case when coalesce("Lead.id", '') <> '' then 'lead' else 'customer' end as party_type,
    replace(coalesce(nullif("Related To.id", ''), "Lead.id"), 'zcrm_', '') as party_id,
    nullif(replace("Lead.id", 'zcrm_', ''), '') as lead_id,
    nullif(replace("Deal.id", 'zcrm_', ''), '') as opportunity_id,
    "Device" as device,
"""
ACTIVITIES_SQL = f"""\
-- Calls, meetings and messages are three exports; a meeting with a check-in was a visit.
select
    _row_id,
    replace("Record Id", 'zcrm_', '') as activity_id,
    "Call Start Time" as occurred_at,
    "Created Time" as logged_at,
    'call' as activity_type,
    lower("Call Type") as direction,
    "Created By" as made_by,
    replace("Call Owner.id", 'zcrm_', '') as rep_code,
{_PARTY}    case "Call Result" when 'Connected' then 'yes' when 'No Answer' then 'no' end as is_connected,
    null as in_reply_to_id
from calls
union all by name
select
    _row_id,
    replace("Record Id", 'zcrm_', '') as activity_id,
    "From" as occurred_at,
    "Created Time" as logged_at,
    case when coalesce("Check-In Time", '') <> '' then 'visit' else 'meeting' end as activity_type,
    'outbound' as direction,
    "Created By" as made_by,
    replace("Host.id", 'zcrm_', '') as rep_code,
{_PARTY}    null as is_connected,
    null as in_reply_to_id
from meetings
union all by name
select
    _row_id,
    replace("Record Id", 'zcrm_', '') as activity_id,
    "Sent Time" as occurred_at,
    "Created Time" as logged_at,
    lower("Type") as activity_type,
    lower("Direction") as direction,
    "Created By" as made_by,
    replace("Owner.id", 'zcrm_', '') as rep_code,
{_PARTY}    null as is_connected,
    nullif(replace("In Reply To.id", 'zcrm_', ''), '') as in_reply_to_id
from messages
"""


def write(folder: Path) -> None:
    """Write what defines the source."""
    tables = {"calls": {"files": "Calls_*.csv"}, "meetings": {"files": "Meetings_*.csv"}}
    tables["messages"] = {"files": "Messages_*.csv"}
    head = {
        "name": "zoho",
        "kind": "files",
        "time_zone": "America/New_York",
        "path": "export",
        "tables": tables,
    }
    write_yaml(folder / "source.yaml", head)
    contracts: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("crm.accounts", ACCOUNTS, "Accounts_*.csv"),
        ("crm.opportunities", DEALS, "Deals_*.csv"),
        ("crm.opportunity_stages", CHANGES, "Deal_History_*.csv"),
        ("crm.leads", LEADS, "Leads_*.csv"),
        ("crm.surveys", SURVEYS, "Survey_Responses_*.csv"),
        *records.CONTRACTS,
    )
    for feed, columns, files in contracts:
        write_contract(folder, "zoho", feed, columns, files=files)
    write_contract(folder, "zoho", "crm.activities", ACTIVITIES)
    (folder / "activities.sql").write_text(ACTIVITIES_SQL, encoding="utf-8")
