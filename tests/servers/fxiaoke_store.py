"""What one Fxiaoke tenant holds: objects with their describes, records in the API's own shape, people, departments."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.machine import Clock

Record = dict[str, Any]
SYSTEM = {
    "_id": "text", "name": "text", "owner": "employee", "owner_department": "text", "data_own_department": "department",
    "created_by": "employee", "create_time": "date_time", "last_modified_by": "employee",
    "last_modified_time": "date_time", "life_status": "select_one", "life_status_before_invalid": "select_one",
    "is_deleted": "true_or_false", "lock_status": "select_one", "record_type": "record_type", "version": "number",
    "out_tenant_id": "text", "out_owner": "employee", "partner_id": "object_reference", "tenant_id": "text",
    "object_describe_api_name": "text", "relevant_team": "embedded_object_list",
}  # fmt: skip
PRESET = {
    "AccountObj": ("客户", "account_no account_type:select_one account_level:select_one account_source:select_one "
        "industry_level1:select_one industry_level2:select_one tel:phone_number email:email url:url address:text "
        "deal_status:select_one last_followed_time:date_time remark:long_text"),
    "ContactObj": ("联系人", "account_id:object_reference mobile1:phone_number tel1:phone_number email:email company "
        "job_title remark"),
    "LeadsObj": ("销售线索", "company email:email job_title remark biz_status:select_one "
        "leads_pool_id:object_reference "
        "mobile:phone_number tel:phone_number source:select_one leads_status:select_one transform_time:date_time "
        "account_id:object_reference contact_id:object_reference new_opportunity_id:object_reference "
        "marketing_event_id:object_reference"),
    "NewOpportunityObj": ("商机", "account_id:object_reference sales_process_id:select_one sales_stage:select_one "
        "sales_status:select_one stg_changed_time:date_time probability:percentile probability_amount:currency "
        "amount:currency close_date:date cost_time:number last_followed_time:date_time mc_currency:select_one"),
    "ProductObj": ("产品", "product_code product_spec unit:select_one category:select_one price:currency "
        "product_status:select_one"),
    "QuoteObj": ("报价单", "account_id:object_reference opportunity_id:object_reference quote_time:date "
        "quote_amount:currency quote_discount:percentile quote_product_sum:currency"),
    "QuoteLinesObj": ("报价单明细", "quote_id:master_detail product_id:object_reference price:currency "
        "sales_price:currency quantity:number total_amount:currency discount:percentile"),
    "SalesOrderObj": ("销售订单", "account_id:object_reference order_time:date order_amount:currency "
        "order_status:select_one discount:percentile price_book_id:object_reference quote_id:object_reference "
        "delivery_date:date payment_amount:currency receivable_amount:currency "
        "new_opportunity_id:object_reference remark"),
    "SalesOrderProductObj": ("订单产品", "order_id:master_detail product_id:object_reference product_price:currency "
        "sales_price:currency quantity:number discount:percentile subtotal:currency unit:select_one remark"),
    "PaymentObj": ("回款", "account_id:object_reference payment_time:date amount:currency "
        "payment_term:select_one remark"),
    "OrderPaymentObj": ("回款明细", "payment_id:master_detail order_id:object_reference "
        "payment_amount:currency remark"),
    "ActiveRecordObj": ("销售记录", "active_record_content:long_text active_record_type:select_one "
        "interactive_types:select_one related_object_data:embedded_object_list"),
    "MarketingEventObj": ("市场活动", "event_type:select_one biz_status:select_one begin_time:date end_time:date "
        "expected_cost:currency actual_cost:currency expected_income:currency"),
    "CasesObj": ("工单", "title case_status:select_one priority:select_one type:select_one account_id:object_reference "
        "contact_id:object_reference"),
    "PartnerObj": ("合作伙伴", "partner_type:select_one level:select_one tel:phone_number"),
    "DepartmentObj": ("部门", "parent_id:department status:select_one"),
    "PersonnelObj": ("人员", "user_id full_name phone:phone_number employee_number status:select_one"),
}  # fmt: skip
NUMBERS = {"number", "currency", "percentile", "date", "date_time", "time"}


@dataclass
class Thing:
    """One object of the tenant. `active` False is an object that the tenant does not use."""

    api_name: str
    label: str
    package: bool = True
    active: bool = True
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    version: int = 0
    _ids: tuple[int, list[str]] | None = None

    def describe(self, name: str, kind: str = "text", label: str | None = None, **more: Any) -> None:
        """Add a field, or more keys to it."""
        own = "package" if self.package and not name.endswith("__c") else "custom"
        known = self.fields.setdefault(
            name,
            {"api_name": name, "label": label or name, "type": kind, "is_required": False, "define_type": own,
             "is_active": True, "options": []},
        )  # fmt: skip
        if kind in ("date", "date_time"):
            known.setdefault("time_zone", "GMT+8")
        known.update(more)

    def ids(self) -> list[str]:
        """All ids in the order of strings."""
        if self._ids is None or self._ids[0] != self.version:
            self._ids = (self.version, sorted(self.records))
        return self._ids[1]

    def is_number(self, name: str) -> bool:
        return self.fields[name]["type"] in NUMBERS


@dataclass
class Store:
    """All that the server can tell. Times are milliseconds, numbers and money are texts, owners are lists."""

    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock)
    things: dict[str, Thing] = field(default_factory=dict)
    people: list[Record] = field(default_factory=list)
    departments: list[Record] = field(default_factory=list)
    _next: int = 0

    def __post_init__(self) -> None:
        for name, (label, fields) in PRESET.items():
            self.add_thing(name, label, fields.split())

    def add_thing(self, name: str, label: str, fields: Iterable[str] = (), *, active: bool = True) -> Thing:
        """An object more; `field` or `field:type`. A name that ends in `__c` is a custom one."""
        thing = self.things[name] = Thing(name, label, package=not name.endswith("__c"), active=active)
        for own, kind in SYSTEM.items():
            thing.describe(own, kind)
        for given in fields:
            own, _, kind = given.partition(":")
            thing.describe(own, kind or "text")
        return thing

    def now(self) -> int:
        return int(self.clock.now() * 1_000)

    def new_id(self) -> str:
        self._next += 1
        return f"{0x65A0_0000_0000_0000_0000_0000 + self._next:024x}"

    def put(self, name: str, *records: Record) -> list[str]:
        """Insert or replace records; what lacks an id or a time gets one. Unknown fields become known."""
        with self.lock:
            thing = self.things[name]
            for record in records:
                record.setdefault("_id", self.new_id())
                for stamp in ("create_time", "last_modified_time"):
                    record.setdefault(stamp, self.now())
                record.setdefault("life_status", "normal")
                record.setdefault("object_describe_api_name", name)
                for strange in record.keys() - thing.fields.keys():
                    if "__" not in strange.removesuffix("__c"):
                        thing.describe(strange)
                thing.records[record["_id"]] = record
            thing.version += 1
            return [record["_id"] for record in records]

    def change(self, name: str, key: str, **values: Any) -> None:
        """Edit a record; a new stage moves the time of its stage too, where the object has one."""
        old = self.things[name].records[key]
        stamps: Record = {"last_modified_time": self.now()}
        if "sales_stage" in values:
            stamps["stg_changed_time"] = self.now()
        self.put(name, {**old, **stamps, **values})

    def invalidate(self, name: str, key: str) -> None:
        """作废: the first step of deleting, which can be taken back."""
        old = self.things[name].records[key]["life_status"]
        self.change(name, key, life_status="invalid", life_status_before_invalid=old)

    def delete(self, name: str, key: str) -> None:
        """Gone for good, without a trace."""
        with self.lock:
            self.things[name].records.pop(key, None)
            self.things[name].version += 1
