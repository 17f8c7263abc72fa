"""The packaged contracts of Fxiaoke: standard objects become canonical feeds, row by row."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.landing.counts import Count
from pipelines.landing.land import land_source, write_empty
from pipelines.landing.records import records
from pipelines.settings import now
from pipelines.sources.definition import load_source
from pipelines.sources.live.fetch import fetch
from pipelines.sources.template import new_source
from tests.fixtures.fxiaoke_source import fxiaoke_credentials
from tests.servers.fxiaoke import Fxiaoke, serve

# 2026-03-01 00:00 in Beijing is 2026-02-28 16:00 UTC; 2026-03-02 09:30 there is 01:30 UTC
MARCH_1, MARCH_2_0930 = 1_772_294_400_000, 1_772_415_000_000
OWNER = {"owner": ["FSUID_7"], "last_modified_time": MARCH_2_0930, "create_time": MARCH_2_0930}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "AccountObj": [{"_id": "A1", "name": "客户", "account_level": "A", "industry_level1": "auto", **OWNER}],
    "ContactObj": [{"_id": "K1", "name": "联系人", "account_id": "A1", "mobile1": "13800000000", **OWNER}],
    "LeadsObj": [{"_id": "L1", "biz_status": "un_assigned", "source": "展会", **OWNER, "owner": None}],
    "NewOpportunityObj": [
        {"_id": "O1", "account_id": "A1", "sales_stage__r": "谈判审核", "sales_status__r": "进行中",
         "amount": "100.05", "probability": "65.0", "close_date": MARCH_1, "stg_changed_time": MARCH_2_0930, **OWNER},
        {"_id": "O2", "account_id": "A1", "sales_stage__r": "自定义阶段", "sales_status__r": "赢单", **OWNER},
    ],
    "ActiveRecordObj": [
        {"_id": "V1", "interactive_types__r": "拜访", **OWNER, "related_object_data": [
            {"id": "O1", "describe_api_name": "NewOpportunityObj"}, {"id": "A1", "describe_api_name": "AccountObj"}]},
        {"_id": "V2", "interactive_types__r": "电话", **OWNER, "related_object_data": [
            {"id": "K1", "describe_api_name": "ContactObj"}]},
    ],
    "MarketingEventObj": [{"_id": "M1", "name": "展会", "begin_time": MARCH_1, "actual_cost": "80.00", **OWNER}],
    "CasesObj": [{"_id": "C1", "account_id": "A1", "type": "repair", **OWNER}],
    "ProductObj": [{"_id": "P1", "name": "产品", "price": "9.90", **OWNER}],
    "SalesOrderObj": [{"_id": "S1", "account_id": "A1", "order_time": MARCH_1, "order_status__r": "已确认",
                       "order_amount": "19.80", **OWNER}],
    "SalesOrderProductObj": [{"_id": "S1-1", "order_id": "S1", "product_id": "P1", "quantity": "2",
                              "sales_price": "9.90", "subtotal": "19.80", **OWNER}],
    "PaymentObj": [{"_id": "B1", "payment_time": MARCH_1, "amount": "19.80", **OWNER}],
    "OrderPaymentObj": [{"_id": "B1-1", "payment_id": "B1", "order_id": "S1", "payment_amount": "19.80", **OWNER}],
}  # fmt: skip
PERSON = {"openUserId": "FSUID_7", "name": "员工", "position": "销售", "mainDepartmentId": 1001, "leaderId": "FSUID_1",
          "hireDate": "2021-01-04", "isStop": False}  # fmt: skip


class Ground:
    def __init__(self, root: Path, url: str, fxiaoke: Fxiaoke) -> None:
        self.fxiaoke, self.folder, self.home = fxiaoke, root / "fx", Home(root / "home")
        self.home.prepare()
        write_empty(self.home)
        new_source("fxiaoke", self.folder, options=("orders", "users"))
        head = yaml.safe_load((self.folder / "source.yaml").read_text())
        head["live"].update(api_url=url, calls_per_second=10_000, calls_per_window=10_000, first_wait_ms=1)
        (self.folder / "source.yaml").write_text(yaml.safe_dump(head))

    def land(self, *, days: int = 0) -> dict[str, dict[str, Any]]:
        """Fetch and land so many days from now; the counts of all extracts by extract and feed."""
        source = load_source(self.folder)
        fetch(source, self.home, lambda: now() + timedelta(days=days))
        land_source(self.home, source)
        return {
            one["extract_id"]: {
                feed: counts
                for section in one["components"].values()
                for feed, counts in section["feeds"].items()
            }
            for one in records(self.home)
        }

    def rows(self, feed: str) -> list[dict[str, Any]]:
        found = sorted((self.home.landing / feed / "fxiaoke").glob("*.parquet"))
        return [row for path in found for row in pl.read_parquet(path).to_dicts()]

    def only(self, feed: str, *names: str) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in names) for row in self.rows(feed)]


@contextmanager
def tenant(root: Path) -> Iterator[Ground]:
    """A tenant with a person and a department."""
    with serve(rate=None) as (url, fxiaoke), pytest.MonkeyPatch.context() as patch:
        for name, value in fxiaoke_credentials(fxiaoke.auth).items():
            patch.setenv(name, value)
        fxiaoke.store.people = [PERSON]
        fxiaoke.store.departments = [
            {"id": 1001, "name": "销售部", "parentId": 0, "isStop": False, "order": 1}
        ]
        yield Ground(root, url, fxiaoke)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ground, dict[str, dict[str, Any]]]]:
    with tenant(tmp_path_factory.mktemp("fxiaoke")) as ground:
        for name, rows in RECORDS.items():
            ground.fxiaoke.store.put(name, *({**row} for row in rows))
        yield ground, ground.land()


def test_each_record_is_a_row_of_its_feed_or_set_aside(
    landed: tuple[Ground, dict[str, dict[str, Any]]],
) -> None:
    _, counts = landed
    told = {
        feed: (Count.of(found["accepted"]).rows, Count.of(found["quarantined"]).rows)
        for extract, feeds in counts.items()
        for feed, found in feeds.items()
        if "/deleted/" not in extract
    }
    assert told == dict.fromkeys(told, (1, 0)) | {"crm__opportunities": (1, 1), "crm__activities": (2, 0)}
    assert len(told) == 14


def test_customers_leads_and_opportunities(landed: tuple[Ground, dict[str, dict[str, Any]]]) -> None:
    ground, _ = landed
    assert ground.only("crm__accounts", "account_id", "industry", "tier", "owner_rep_code", "created_at") == [
        ("A1", "auto", "A", "FSUID_7", datetime(2026, 3, 2, 1, 30))
    ]
    assert ground.only("crm__leads", "lead_id", "status", "source", "owner_rep_code") == [
        ("L1", "new", "展会", None)
    ]
    names = ("opportunity_id", "stage", "status", "amount", "currency", "expected_close_date", "probability")
    assert ground.only("crm__opportunities", *names) == [
        ("O1", "negotiation", "open", Decimal("100.05"), "CNY", date(2026, 3, 1), Decimal("0.65"))
    ]


def test_activities_campaigns_and_cases(landed: tuple[Ground, dict[str, dict[str, Any]]]) -> None:
    ground, _ = landed
    names = (
        "activity_type",
        "party_type",
        "party_id",
        "opportunity_id",
        "lead_id",
        "rep_code",
        "occurred_at",
    )
    assert ground.only("crm__activities", *names) == [
        ("visit", "customer", "A1", "O1", None, "FSUID_7", datetime(2026, 3, 2, 1, 30)),
        ("call", "contact", "K1", None, None, "FSUID_7", datetime(2026, 3, 2, 1, 30)),
    ]
    assert ground.only("crm__contacts", "contact_id", "account_id") == [("K1", "A1")]
    assert ground.only("crm__campaigns", "valid_from", "valid_to", "cost_amount", "currency") == [
        (date(2026, 3, 1), None, Decimal("80"), "CNY")
    ]
    assert ground.only("crm__customer_cases", "case_id", "account_id", "case_type") == [
        ("C1", "A1", "repair")
    ]


def test_products_orders_and_payments(landed: tuple[Ground, dict[str, dict[str, Any]]]) -> None:
    ground, _ = landed
    assert ground.only("orders__products", "product_id", "catalogue_price") == [("P1", Decimal("9.9"))]
    assert ground.only("orders__orders", "order_id", "order_date", "status", "net_amount", "currency") == [
        ("S1", date(2026, 3, 1), "confirmed", Decimal("19.8"), "CNY")
    ]
    assert ground.only(
        "orders__order_lines", "line_id", "order_id", "quantity", "unit_price", "net_amount"
    ) == [("S1-1", "S1", Decimal("2"), Decimal("9.9"), Decimal("19.8"))]
    assert ground.only("orders__payments", "payment_id", "order_id", "paid_at", "amount") == [
        ("B1-1", "S1", datetime(2026, 2, 28, 16, 0), Decimal("19.8"))
    ]


def test_people_and_departments(landed: tuple[Ground, dict[str, dict[str, Any]]]) -> None:
    ground, _ = landed
    assert ground.only("people__reps", "rep_code", "role_code", "team_code", "manager_code", "hire_date") == [
        ("FSUID_7", "销售", "1001", "FSUID_1", date(2021, 1, 4))
    ]
    assert ground.only("people__teams", "team_code", "name", "parent_code") == [("1001", "销售部", None)]


def test_a_stage_that_moves_is_a_change_of_its_own(landed: tuple[Ground, dict[str, dict[str, Any]]]) -> None:
    ground, _ = landed
    first = ("O1", datetime(2026, 3, 2, 1, 30), "stage", "negotiation")
    names = ("opportunity_id", "changed_at", "field", "new_value")
    assert ground.only("crm__opportunity_stages", *names) == [first]
    later = MARCH_2_0930 + 3_600_000
    won = {
        "sales_stage__r": "赢单",
        "sales_status__r": "赢单",
        "stg_changed_time": later,
        "last_modified_time": later,
    }
    ground.fxiaoke.store.change("NewOpportunityObj", "O1", **won)
    ground.land()
    assert ground.only("crm__opportunity_stages", *names) == [
        first, ("O1", datetime(2026, 3, 2, 2, 30), "stage", "closed"),
    ]  # fmt: skip
    assert ground.only("crm__opportunities", "status", "closed_at")[-1] == (
        "won",
        datetime(2026, 3, 2, 2, 30),
    )


def test_what_vanished_or_was_made_invalid_leaves_its_feed(
    landed: tuple[Ground, dict[str, dict[str, Any]]],
) -> None:
    ground, _ = landed
    ground.fxiaoke.shows_invalid = True
    ground.fxiaoke.store.delete("LeadsObj", "L1")
    ground.fxiaoke.store.put(
        "LeadsObj", *({**RECORDS["LeadsObj"][0], "_id": f"L{number}"} for number in (2, 3))
    )
    ground.fxiaoke.store.invalidate("OrderPaymentObj", "B1-1")
    ground.fxiaoke.store.invalidate("LeadsObj", "L3")
    ground.fxiaoke.clock.advance(3 * 86_400)
    ground.land(days=3)
    assert ground.only("crm__leads", "lead_id") == [("L2",)]
    assert ground.rows("orders__payments") == []
    assert len(ground.rows("orders__orders")) == 1


def test_a_tenant_without_records_lands_nothing_and_is_no_error(tmp_path: Path) -> None:
    with tenant(tmp_path) as ground:
        ground.land()
        assert ground.rows("crm__opportunity_stages") + ground.rows("orders__payments") == []
        for name in ("partner_id", "probability", "sales_process_id"):  # a tenant may lack any field
            del ground.fxiaoke.store.things["NewOpportunityObj"].fields[name]
        rows = [
            {key: value for key, value in row.items() if key != "probability"}
            for row in RECORDS["NewOpportunityObj"]
        ]
        ground.fxiaoke.store.put("NewOpportunityObj", *rows)
        ground.land()
        assert ground.only("crm__opportunities", "opportunity_id", "probability") == [("O1", None)]
        assert [row["opportunity_id"] for row in ground.rows("crm__opportunity_stages")] == ["O1"]


def test_orders_are_left_to_the_erp_unless_they_are_asked_for(tmp_path: Path) -> None:
    with_orders, without = (
        new_source("fxiaoke", tmp_path / "a", options=("orders",)),
        new_source("fxiaoke", tmp_path / "b"),
    )
    assert sorted(set(with_orders) - set(without)) == [
        f"{feed}.{part}" for feed in ("order_lines", "orders", "payments") for part in ("odcs.yaml", "sql")
    ]
    objects = [
        yaml.safe_load((tmp_path / one / "source.yaml").read_text())["live"]["modules"] for one in "ab"
    ]
    assert [one for one in objects[0] if one not in objects[1]] == [
        "SalesOrderObj", "SalesOrderProductObj", "PaymentObj", "OrderPaymentObj",
    ]  # fmt: skip
    assert load_source(tmp_path / "b").feeds
    with pytest.raises(UsageError, match="--orders is for a CRM"):
        new_source("files", tmp_path / "c", options=("orders",))


def test_an_edited_order_line_has_one_state(tmp_path: Path) -> None:
    with tenant(tmp_path) as ground:
        for name in ("AccountObj", "SalesOrderObj", "SalesOrderProductObj"):
            ground.fxiaoke.store.put(name, *({**row} for row in RECORDS[name]))
        ground.land()
        edited = {"quantity": "3", "subtotal": "29.70", "last_modified_time": MARCH_2_0930 + 1}
        ground.fxiaoke.store.change("SalesOrderProductObj", "S1-1", **edited)
        ground.land()
        assert ground.only("orders__order_lines", "line_id", "quantity", "net_amount") == [
            ("S1-1", Decimal("3"), Decimal("29.7"))
        ]


def test_a_template_is_not_written_over_anything(tmp_path: Path) -> None:
    assert "source.yaml" in new_source("fxiaoke", tmp_path / "new")
    with pytest.raises(UsageError, match="there already"):
        new_source("fxiaoke", tmp_path / "new")
    with pytest.raises(UsageError, match="no template"):
        new_source("sap", tmp_path / "other")


def test_a_check_lands_a_page_of_each_object(
    landed: tuple[Ground, dict[str, dict[str, Any]]], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["source", "check", str(landed[0].folder), "--json"])
    found = json.loads(capfd.readouterr().out)
    told = {feed["feed"]: feed["accepted"]["rows"] for file in found["files"] for feed in file["feeds"]}
    assert (told["crm__accounts"], told["orders__orders"], told["people__reps"]) == (1, 1, 1)
