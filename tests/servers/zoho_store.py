"""What one Zoho org holds: modules with their fields and records in the API's own shape, users, what was deleted."""

import threading
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.machine import Clock

Record = dict[str, Any]
SYSTEM = {
    "Owner": "ownerlookup", "Created_By": "ownerlookup", "Modified_By": "ownerlookup", "Created_Time": "datetime",
    "Modified_Time": "datetime", "Last_Activity_Time": "datetime", "Tag": "text", "Record_Status__s": "picklist",
    "Locked__s": "boolean", "Layout": "lookup", "Currency": "picklist", "Exchange_Rate": "double",
}  # fmt: skip
STANDARD = {
    "Accounts": "Account_Name Account_Number Account_Type Account_Site Industry Ownership Rating Employees "
    "Annual_Revenue Parent_Account Phone Fax Website SIC_Code Ticker_Symbol Billing_Street Billing_City "
    "Billing_State Billing_Code Billing_Country Shipping_Street Shipping_City Shipping_State Shipping_Code "
    "Shipping_Country Territories Description",
    "Contacts": "First_Name Last_Name Full_Name Salutation Email Secondary_Email Phone Mobile Title Department "
    "Account_Name Vendor_Name Reporting_To Lead_Source Date_of_Birth Email_Opt_Out Mailing_Street Mailing_City "
    "Mailing_State Mailing_Zip Mailing_Country Territories",
    "Leads": "First_Name Last_Name Full_Name Company Designation Email Phone Mobile Lead_Source Lead_Status Industry "
    "Rating Annual_Revenue No_of_Employees Street City State Zip_Code Country Converted__s Converted_Date_Time "
    "Converted_Account Converted_Contact Converted_Deal Lead_Conversion_Time Territories",
    "Deals": "Deal_Name Account_Name Contact_Name Stage Amount Expected_Revenue Probability Closing_Date Type "
    "Next_Step Lead_Source Campaign_Source Pipeline Reason_For_Loss__s Sales_Cycle_Duration Overall_Sales_Duration "
    "Lead_Conversion_Time Territory",
    "Products": "Product_Name Product_Code Product_Category Product_Active Manufacturer Vendor_Name Unit_Price "
    "Usage_Unit Qty_in_Stock Qty_Ordered Qty_in_Demand Reorder_Level Commission_Rate Tax Taxable Sales_Start_Date "
    "Sales_End_Date",
    "Quotes": "Quote_Number Subject Quote_Stage Account_Name Contact_Name Deal_Name Valid_Till Sub_Total Discount "
    "Tax Adjustment Grand_Total Quoted_Items Team Carrier",
    "Sales_Orders": "SO_Number Subject Status Account_Name Contact_Name Deal_Name Quote_Name Customer_No "
    "Purchase_Order Due_Date Sub_Total Discount Tax Adjustment Grand_Total Sales_Commission Excise_Duty Pending "
    "Ordered_Items",
    "Invoices": "Invoice_Number Subject Status Invoice_Date Due_Date Account_Name Contact_Name Sales_Order "
    "Purchase_Order Sub_Total Discount Tax Adjustment Grand_Total Invoiced_Items",
    "Campaigns": "Campaign_Name Type Status Start_Date End_Date Budgeted_Cost Actual_Cost Expected_Revenue "
    "Expected_Response Num_sent Parent_Campaign",
    "Calls": "Subject Call_Type Call_Purpose Call_Result Call_Start_Time Call_Duration Call_Duration_in_seconds "
    "Outgoing_Call_Status Who_Id What_Id Dialled_Number Caller_ID Call_Agenda Description",
    "Events": "Event_Title Start_DateTime End_DateTime All_day Venue Participants Who_Id What_Id Check_In_Time "
    "Check_In_By Check_In_Address Check_In_City Check_In_State Check_In_Country Check_In_Status Check_In_Comment "
    "Latitude Longitude Recurring_Activity Remind_At",
    "Tasks": "Subject Status Priority Due_Date Closed_Time Who_Id What_Id Recurring_Activity "
    "Send_Notification_Email",
    "Cases": "Case_Number Subject Status Priority Type Case_Reason Case_Origin Account_Name Related_To Deal_Name "
    "Product_Name Reported_By Email Phone Solution Internal_Comments No_of_comments",
    "Vendors": "Vendor_Name Category Email Phone Website GL_Account Street City State Zip_Code Country",
    "DealHistory": "Potential_Name Stage Moved_To__s Amount Probability Expected_Revenue Closing_Date "
    "Stage_Duration_Calendar_Days",
    "Notes": "Note_Title Note_Content Parent_Id",
}  # fmt: skip
SUBFORMS = {"Quoted_Items": "Quotes", "Ordered_Items": "Sales_Orders", "Invoiced_Items": "Invoices"}
LINE = (
    "Parent_Id Product_Name Quantity List_Price Discount Tax Total Total_After_Discount Net_Total Description"
)
TYPES = {
    "Account_Name": "lookup", "Contact_Name": "lookup", "Deal_Name": "lookup", "Potential_Name": "lookup",
    "Parent_Account": "lookup", "Campaign_Source": "lookup", "Quote_Name": "lookup", "Sales_Order": "lookup",
    "What_Id": "lookup", "Who_Id": "lookup", "Product_Name": "lookup", "Vendor_Name": "lookup",
    "Converted_Account": "lookup", "Converted_Contact": "lookup", "Converted_Deal": "lookup", "Territory": "lookup",
    "Related_To": "lookup", "Reporting_To": "lookup", "Parent_Id": "lookup", "Amount": "currency",
    "Expected_Revenue": "currency", "Annual_Revenue": "currency", "Grand_Total": "currency",
    "Sub_Total": "currency", "Discount": "currency", "Adjustment": "currency",
    "List_Price": "currency", "Total": "currency", "Total_After_Discount": "currency", "Net_Total": "currency",
    "Quantity": "double", "Unit_Price": "currency", "Actual_Cost": "currency", "Budgeted_Cost": "currency",
    "Probability": "integer", "Employees": "integer", "Closing_Date": "date", "Start_Date": "date",
    "End_Date": "date", "Due_Date": "date", "Invoice_Date": "date", "Valid_Till": "date",
    "Call_Start_Time": "datetime", "Start_DateTime": "datetime", "End_DateTime": "datetime",
    "Check_In_Time": "datetime", "Closed_Time": "datetime", "Converted_Date_Time": "datetime",
    "Stage": "picklist", "Lead_Status": "picklist", "Lead_Source": "picklist", "Industry": "picklist",
    "Type": "picklist", "Status": "picklist", "Converted__s": "boolean", "Product_Active": "boolean",
    "Quoted_Items": "subform", "Ordered_Items": "subform", "Invoiced_Items": "subform",
}  # fmt: skip
OWN_NAMES = {
    "Accounts": "Account_Name",
    "Products": "Product_Name",
    "Deals": "Deal_Name",
    "Vendors": "Vendor_Name",
}


def epoch(text: str) -> float:
    """Seconds since 1970 of a time as the API writes it; a time without an offset is refused.

    Raises:
        ValueError: it is no ISO 8601 time with an offset.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.timestamp()


def key_of(record: Record, name: str) -> tuple[float, int]:
    """Where a record lies in the order of a field: equal times by id."""
    number = int(record["id"])
    if name == "id":
        return (0.0, number)
    return (epoch(record[name]) if record.get(name) else 0.0, number)


@dataclass
class Module:
    """One module. `fields` maps API names to metadata; `timed` is False where there is no Modified_Time."""

    api_name: str
    kind: str = "default"
    timed: bool = True
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    deleted: list[Record] = field(default_factory=list)
    version: int = 0
    _orders: dict[str, tuple[int, list[tuple[float, int]]]] = field(default_factory=dict)

    def order(self, name: str) -> list[tuple[float, int]]:
        """The keys of all records, ascending by a field, equal times by id."""
        made = self._orders.get(name)
        if made is None or made[0] != self.version:
            made = (self.version, sorted(key_of(record, name) for record in self.records.values()))
            self._orders[name] = made
        return made[1]

    def describe(self, name: str, data_type: str | None = None, **more: Any) -> None:
        """Add a field's metadata, or more keys to it; a key given as None is taken away."""
        known = self.fields.setdefault(name, _metadata(self.api_name, name, data_type))
        known.update({key: value for key, value in more.items() if value is not None})
        for gone in [key for key, value in more.items() if value is None]:
            known.pop(gone, None)


def _metadata(module: str, name: str, data_type: str | None) -> dict[str, Any]:
    own = name in STANDARD.get(module, "").split() or name in SYSTEM or name == "id"
    kind = (
        data_type
        or SYSTEM.get(name)
        or ("text" if OWN_NAMES.get(module) == name else TYPES.get(name, "text"))
    )
    json_type = {"boolean": "boolean", "integer": "integer", "currency": "double", "double": "double"}
    shapes = {"lookup": "jsonobject", "ownerlookup": "jsonobject", "subform": "jsonarray"}
    label = name.removesuffix("__s").removesuffix("__c").replace("_", " ")
    return {
        "api_name": "id" if name == "id" else name,
        "field_label": label,
        "display_label": label,
        "data_type": "bigint" if name == "id" else kind,
        "json_type": {**json_type, **shapes}.get(kind, "string"),
        "custom_field": not own,
        "length": 120,
        "read_only": name in SYSTEM,
        "system_mandatory": False,
        "visible": True,
        "view_type": {"view": True, "edit": True, "create": True, "quick_create": False},
        "pick_list_values": [],
    }


@dataclass
class Store:
    """All that the server can tell. Records are JSON dicts in the API's own shape, whatever a test puts in."""

    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock)
    modules: dict[str, Module] = field(default_factory=dict)
    users: list[Record] = field(default_factory=list)
    org: Record = field(
        default_factory=lambda: {
            "id": "5725767000000000001", "company_name": "Demo", "currency": "US Dollar", "iso_code": "USD",
            "currency_symbol": "$", "time_zone": "America/New_York", "country_code": "US",
        }
    )  # fmt: skip
    currencies: list[Record] = field(default_factory=list)
    roles: list[Record] = field(default_factory=list)
    territories: list[Record] | None = None
    pipelines: dict[str, list[Record]] = field(default_factory=dict)
    _next: int = 5_725_767_000_000_100_000

    def __post_init__(self) -> None:
        for name in STANDARD:
            self.add_module(name, "linking" if name == "DealHistory" else "default")
        for name in SUBFORMS:
            self.add_module(name, "subform", names=LINE.split())

    def add_module(
        self, name: str, kind: str = "custom", *, timed: bool = True, names: Iterable[str] = ()
    ) -> Module:
        """A module more, such as a custom one without Modified_Time."""
        module = self.modules[name] = Module(name, kind, timed)
        system = [one for one in SYSTEM if timed or one != "Modified_Time"]
        for one in ("id", *system, *STANDARD.get(name, "").split(), *names):
            module.describe(one)
        return module

    def new_id(self) -> str:
        self._next += 1
        return str(self._next)

    def now(self) -> str:
        """The server's time as the API writes it: whole seconds, with an offset."""
        return datetime.fromtimestamp(int(self.clock.now()), UTC).isoformat()

    def put(self, name: str, *records: Record) -> list[str]:
        """Insert or replace records; what lacks an id or a time gets one. Unknown fields become known."""
        with self.lock:
            module = self.modules[name]
            for record in records:
                record.setdefault("id", self.new_id())
                for stamp in ("Created_Time", *(["Modified_Time"] if module.timed else [])):
                    record.setdefault(stamp, self.now())
                for strange in record.keys() - module.fields.keys():
                    if not strange.startswith("$"):
                        module.describe(strange, _type_of(record[strange]))
                module.records[record["id"]] = record
            module.version += 1
            return [record["id"] for record in records]

    def change(self, name: str, key: str, **values: Any) -> None:
        """Edit a record: its Modified_Time becomes the server's now, unless it is given."""
        old = self.modules[name].records[key]
        stamp = {"Modified_Time": self.now()} if self.modules[name].timed else {}
        self.put(name, {**old, **stamp, **values})

    def delete(self, name: str, key: str, kind: str = "recycle") -> None:
        """Take a record away; it appears among the deleted ones, without its name when it is gone for good."""
        with self.lock:
            module = self.modules[name]
            gone = module.records.pop(key, {})
            module.version += 1
            by = {"name": "Admin", "id": "5725767000000200001"}
            shown = gone.get("Deal_Name") or gone.get("Account_Name") or gone.get("Full_Name") or key
            module.deleted.append(
                {"id": key, "display_name": shown if kind == "recycle" else None, "type": kind,
                 "deleted_time": self.now(), "deleted_by": by, "created_by": by}
            )  # fmt: skip

    def restore(self, name: str, record: Record) -> None:
        """Bring a deleted record back, with a new Modified_Time."""
        with self.lock:
            self.modules[name].deleted = [
                one for one in self.modules[name].deleted if one["id"] != record["id"]
            ]
            self.put(name, {**record, "Modified_Time": self.now()})


def first_at_or_after(order: list[tuple[float, int]], at: float) -> int:
    """The position of the first key whose time is not before `at`."""
    return bisect_left(order, (at, -1))


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, dict):
        return "lookup"
    if isinstance(value, list):
        return "multiselectpicklist"
    return {int: "integer", float: "double"}.get(type(value), "text")
