"""Leads, activities and stages from landed rows: who answered when, what follows what, which path holds."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import CORE, dbt

# Shanghai is eight hours ahead: 09:00 to 18:00 there is 01:00 to 10:00 UTC. In 2026 Thursday 01-01 is off and
# Sunday 01-04 is worked instead (调休).
HOLIDAYS = [
    {"region": "CN", "holiday_date": "2026-01-01", "is_workday": False, "name": "New year"},
    {"region": "CN", "holiday_date": "2026-01-04", "is_workday": True, "name": "Adjusted"},
]
LEADS = [
    {"lead_id": "friday", "created_at": "2026-01-02T09:30", "status": "new", "campaign_id": "M1"},
    {"lead_id": "early", "created_at": "2026-01-05T02:00", "status": "new", "campaign_id": "M9"}
    | {"first_touch_at": "2026-01-05T01:50"},
    {"lead_id": "robot", "created_at": "2026-01-05T02:00", "status": "lost", "lost_reason": "price"}
    | {"first_touch_at": "2026-01-05T02:01"},
    {"lead_id": "saturday", "created_at": "2026-01-03T04:00", "status": "converted", "account_id": "C1"}
    | {"converted_at": "2026-01-09T03:00"},
    {"lead_id": "record", "created_at": "2026-01-05T09:59", "status": "new"}
    | {"first_touch_at": "2026-01-06T01:00:30"},
]


def touch(name: str, at: str, **more: Any) -> dict[str, Any]:
    """One activity, an e-mail from us by a person unless said otherwise."""
    given = {"activity_id": name, "occurred_at": at, "activity_type": "email", "direction": "outbound"}
    return given | {"created_by_type": "person", "rep_code": "R1"} | more


C1 = {"party_type": "customer", "party_id": "C1"}
ACTIVITIES = [
    touch("auto", "2026-01-02T09:31", lead_id="friday", created_by_type="rule"),
    touch("human", "2026-01-04T01:20", lead_id="friday"),
    touch("robot", "2026-01-05T02:01", party_type="lead", party_id="robot", created_by_type="rule"),
    touch("weekend", "2026-01-03T05:30", party_type="lead", party_id="saturday"),
    touch("asked", "2026-01-05T02:00", direction="inbound", **C1),
    touch("again", "2026-01-05T02:30", direction="inbound", **C1),
    touch("receipt", "2026-01-05T02:31", created_by_type="rule", **C1),
    touch("reply", "2026-01-05T03:00", logged_at="2026-01-05T04:30", device="mobile", **C1),
    touch("more", "2026-01-05T04:00", logged_at="2026-01-05T16:00", **C1),
    touch("thanks", "2026-01-06T02:00", direction="inbound", party_type="customer", party_id="C2"),
    touch("last", "2026-01-07T02:20", **C1),
    touch("person asks", "2026-01-20T02:00", direction="inbound", party_type="contact", party_id="P1"),
    touch("house replies", "2026-01-20T03:00", party_type="customer", party_id="C0"),
    touch("moved", "2026-01-20T16:00", activity_type="call", party_type="contact", party_id="P1")
    | {"is_connected": True},
    touch("supplier", "2026-01-21T03:00", party_type="contact", party_id="P2"),
    touch("nobody's", "2026-01-21T04:00", party_type="contact", party_id="P3"),
    touch("stranger", "2026-01-21T05:00", party_type="contact", party_id="P9"),
    touch("new", "2026-01-21T06:00", party_type="contact", party_id="P4"),
]
# P1 was with C0 until she went over to C2, which is C1 by now. Another system's P9 is somebody else.
CONTACTS = [
    {"contact_id": "P1", "account_id": "C0", "extract_id": "e0", "received_at": "2026-01-10"},
    {"contact_id": "P1", "account_id": "C2", "valid_from": "2026-01-21"},
    {"contact_id": "P2", "party_type": "supplier", "account_id": "S1"},
    {"contact_id": "P3"},
    {"contact_id": "P4", "party_type": "customer", "account_id": "C9"},
    {"contact_id": "P9", "account_id": "C0", "source_system": "other"},
]


def moved(deal: str, at: str, old: str, new: str) -> dict[str, Any]:
    return {"opportunity_id": deal, "changed_at": at, "field": "stage", "old_value": old, "new_value": new}


STAGES = [
    moved("back", "2026-01-05T03:00", "prospecting", "proposal"),
    moved("back", "2026-01-08T03:00", "proposal", "qualified"),
    moved("back", "2026-01-10T03:00", "qualified", "closed"),
    moved("back", "2026-01-12T03:00", "closed", "negotiation"),
    moved("sealed", "2026-01-10T03:00", "prospecting", "closed"),
    moved("sealed", "2026-01-12T03:00", "closed", "proposal"),
    moved("stray", "2026-01-05T03:00", "prospecting", "qualified"),
    moved("stray", "2026-01-06T03:00", "negotiation", "proposal"),
    moved("stray", "2026-01-07T03:00", "qualified", "proposal"),
    moved("won", "2026-01-06T03:00", "qualified", "closed"),
    moved("won", "2026-01-07T03:00", "closed", "prospecting"),
    moved("won", "2026-01-09T03:00", "prospecting", "closed"),
    moved("won", "2026-01-09T04:00", "closed", "closed"),
]


def deal(name: str, status: str, **more: Any) -> dict[str, Any]:
    given = {"opportunity_id": name, "account_id": "C1", "owner_rep_code": "R1", "pipeline": "standard"}
    return given | {"created_at": "2026-01-02T03:00", "status": status, "stage": "closed"} | more


DEALS = [
    deal("back", "open", stage="negotiation"),
    deal("sealed", "lost", closed_at="2026-01-10T03:00"),
    deal("stray", "open", stage="proposal"),
    deal("won", "won", closed_at="2026-01-09T03:00"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("funnel")
    feeds: dict[str, list[dict[str, Any]]] = {
        "market__holidays": HOLIDAYS,
        "crm__accounts": [
            {"account_id": "C0"},
            {"account_id": "C1"},
            {"account_id": "C2", "merged_into_id": "C1"},
        ],
        "crm__campaigns": [
            {"campaign_id": "M1", "name": "Fair", "valid_from": "2026-01-01", "valid_to": "2026-01-20"},
            {"campaign_id": "M2", "name": "Next", "valid_from": "2026-03-01"},
        ],
        "crm__leads": LEADS,
        "crm__activities": ACTIVITIES,
        "crm__contacts": CONTACTS,
        "crm__opportunities": DEALS,
        "crm__opportunity_stages": STAGES,
    }
    landing = write_landing(folder / "landing", feeds)
    variables = {"as_of_date": "2026-01-31", "reporting_currency": "CNY", "calendar_region": "CN"}
    dbt("run", folder / "weir.duckdb", landing, *CORE, **variables)
    with duckdb.connect(str(folder / "weir.duckdb"), read_only=True) as connection:
        yield connection


def test_response_in_calendar_and_business_minutes(warehouse: duckdb.DuckDBPyConnection) -> None:
    """friday: 17:30 to Sunday 09:20 is 39 h 50 min = 2390; worked: 30 of Friday and 20 of the adjusted Sunday.
    saturday: 12:00 to 13:30 of a day off: 90 and 0. record: Monday 17:59 to Tuesday 09:00:30 is 901.5; worked
    1 and 0.5. early: touched ten minutes before it was there: 0. robot: the only touch is automated."""
    found = warehouse.execute(
        "select lead_id, response_minutes, response_business_minutes, is_answered, is_touched_before_creation "
        "from fct_lead order by 1"
    ).fetchall()
    assert found == [
        ("early", Decimal(0), Decimal(0), True, True),
        ("friday", Decimal(2390), Decimal(50), True, False),
        ("record", Decimal("901.5"), Decimal("1.5"), True, False),
        ("robot", None, None, False, False),
        ("saturday", Decimal(90), Decimal(0), True, False),
    ]


def test_a_lead_has_its_campaign_its_conversion_and_why_it_was_lost(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Converted 01-09 after 01-03: six days. M9 is nobody's campaign: -1."""
    assert warehouse.execute(
        "select lead_id, campaign_id, campaign_key in ('0', '-1'), converted_days, lost_reason, master_customer_code "
        "from fct_lead where lead_id <> 'record' order by 1"
    ).fetchall() == [
        ("early", "M9", True, None, None, "(none)"),
        ("friday", "M1", False, None, None, "(none)"),
        ("robot", "(none)", True, None, "price", "(none)"),
        ("saturday", "(none)", True, 6, None, "C1"),
    ]


def test_a_campaign_ends_after_its_last_day_and_waits_until_it_has_begun(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert warehouse.execute(
        "select campaign_id, cast(valid_to as varchar), is_current from dim_campaign order by 1"
    ).fetchall() == [
        ("(none)", "9999-12-31", True),
        ("(unknown)", "9999-12-31", True),
        ("M1", "2026-01-21", False),
    ]


def test_first_replies_and_follow_ups(warehouse: duckdb.DuckDBPyConnection) -> None:
    """reply: an hour after the earliest question; the automated receipt between them answers nothing, but is the
    first outbound touch, so that reply is a follow-up. more: nothing is unanswered. last: C2 was merged into C1;
    what it asked on 01-06 10:00 is answered on 01-07 10:20: 1460 minutes."""
    assert warehouse.execute(
        "select activity_id, is_first_reply, reply_minutes, is_follow_up from fct_activity "
        "where is_outbound and party_type = 'customer' and business_date < date '2026-01-20' order by occurred_at"
    ).fetchall() == [
        ("receipt", False, None, False),
        ("reply", True, Decimal(60), True),
        ("more", False, None, True),
        ("last", True, Decimal(1460), True),
    ]


def test_a_contact_counts_for_the_account_that_it_belonged_to_on_the_day(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """moved: 16:00 UTC is midnight in Shanghai, her first day at C2, and connected. C0 answers what P1 asked an hour
    before. C9 is delivered nowhere: inferred. Who belongs to nobody known stays a contact and is no unknown
    customer."""
    assert warehouse.execute(
        "select activity_id, party_type, master_customer_code, customer_key in ('0', '-1'), is_two_way_touch, "
        "reply_minutes from fct_activity where business_date >= date '2026-01-20' order by occurred_at"
    ).fetchall() == [
        ("person asks", "customer", "C0", False, False, None),
        ("house replies", "customer", "C0", False, False, Decimal(60)),
        ("moved", "customer", "C1", False, True, None),
        ("supplier", "supplier", "(none)", True, False, None),
        ("nobody's", "contact", "(none)", True, False, None),
        ("stranger", "contact", "(none)", True, False, None),
        ("new", "customer", "C9", False, False, None),
    ]
    parties = (
        "select activity_id, party_id from int_activities_judged where business_date >= date '2026-01-21'"
    )
    assert warehouse.execute(f"{parties} order by occurred_at").fetchall() == [
        ("moved", "C2"), ("supplier", "S1"), ("nobody's", "P3"), ("stranger", "P9"), ("new", "C9"),
    ]  # fmt: skip


def test_a_follow_up_on_a_lead_and_the_lag_of_logging(warehouse: duckdb.DuckDBPyConnection) -> None:
    """more: occurred 12:00, logged at midnight, which is the next day."""
    assert warehouse.execute(
        "select activity_id from fct_activity where is_follow_up and lead_id is not null"
    ).fetchall() == [("human",)]
    assert warehouse.execute(
        "select activity_id, logged_lag_hours, is_same_day_log, device, week from fct_activity "
        "where logged_lag_hours is not null order by occurred_at"
    ).fetchall() == [
        ("reply", Decimal("1.5"), True, "mobile", "2026-W02"),
        ("more", Decimal(12), False, None, "2026-W02"),
    ]


def test_a_path_with_a_skip_a_step_back_and_a_reopening(warehouse: duckdb.DuckDBPyConnection) -> None:
    """back: created 01-02; a skip over qualified, a step back, closed 01-10 (no win: nothing skipped), reopened."""
    assert warehouse.execute(
        "select new_value, skipped_stage_count, is_regression, is_reopen, days_since_change, next_changed_date "
        "from fct_opportunity_stage where opportunity_id = 'back' order by changed_at"
    ).fetchall() == [
        ("proposal", 1, False, False, 3, date(2026, 1, 8)),
        ("qualified", 0, True, False, 3, date(2026, 1, 10)),
        ("closed", 0, False, False, 2, date(2026, 1, 12)),
        ("negotiation", 0, False, True, 2, None),
    ]
    # A win from prospecting skips qualified, proposal and negotiation; the close that was undone skips nothing.
    assert warehouse.execute(
        "select skipped_stage_count from fct_opportunity_stage where opportunity_id = 'won' order by changed_at"
    ).fetchall() == [(0,), (0,), (3,)]


def test_what_does_not_fit_the_path_is_held_with_its_reason(warehouse: duckdb.DuckDBPyConnection) -> None:
    """stray: the row from negotiation alone is held, the next one fits what was before it."""
    assert warehouse.execute(
        "select natural_key, rule_id, reason from int_opportunity_stages_judged where verdict = 'held' order by 1"
    ).fetchall() == [
        ("sealed|2026-01-12 03:00:00|stage", "T06", "left closed without being reopened"),
        ("stray|2026-01-06 03:00:00|stage", "T06", "a change from negotiation while at qualified"),
        ("won|2026-01-09 04:00:00|stage", "T06", "a change from closed to itself"),
    ]
