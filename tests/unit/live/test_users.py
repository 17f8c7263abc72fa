"""Users of a CRM as reps, by `weir source new KIND DIR --users`: the owners of its deals and calls are theirs."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import UsageError
from pipelines.sources.definition import load_source
from pipelines.sources.template import new_source
from tests.unit.live.ground import Ground, land, landed, record
from tests.unit.live.test_fxiaoke_template import MARCH_1, MARCH_2_0930, PERSON, RECORDS, tenant

HEAD, SALES = {"id": "501", "name": "Head of Sales"}, {"id": "502", "name": "Sales East"}
REPS = ("rep_code", "role_code", "team_code", "manager_code", "hire_date", "exit_date")


def user(number: int, role: dict[str, str] | None, status: str = "active", **values: Any) -> dict[str, Any]:
    return {
        "id": str(number), "full_name": f"Person {number}", "email": f"p{number}@example.com", "status": status,
        "confirm": True, "role": role, "profile": {"id": "9", "name": "Standard"}, "Reporting_To": None,
        "created_time": "2024-12-31T23:30:00-05:00", "Modified_Time": "2026-01-01T09:00:00-05:00", **values,
    }  # fmt: skip


@pytest.fixture
def org(ground: Ground) -> Ground:
    """7 owns deal 11 and leads 8, who was deactivated and owns 12; 9 was deleted and called; 10 has no role."""
    ground.standard("--users")
    store = ground.zoho.store
    store.roles = [
        {**HEAD, "display_label": "Head", "reporting_to": None, "admin_user": True},
        {
            **SALES,
            "display_label": "East",
            "reporting_to": {"id": "501", "name": "Head"},
            "admin_user": False,
        },
    ]
    led = {"Reporting_To": {"id": "7", "name": "Person 7"}}
    store.users = [
        user(7, HEAD),
        user(8, SALES, "disabled", **led),
        user(9, SALES, "deleted", created_time="2025-06-01T00:10:00+02:00", **led),
        user(10, None),
    ]
    store.put("Accounts", record(1, Account_Name="A"))
    about = {"Account_Name": {"id": "1", "name": "A"}, "Stage": "Qualification", "Probability": 10}
    store.put("Deals", record(11, **about), record(12, **about, Owner={"id": "8", "name": "Person 8"}))
    called = {
        "Call_Type": "Outbound",
        "Call_Start_Time": "2026-03-02T08:00:00-05:00",
        "What_Id": {"id": "11"},
    }
    store.put("Calls", record(41, **called, Owner={"id": "9", "name": "Person 9"}))
    return ground


def test_zoho_users_are_reps_since_their_account_was_made_by_the_clock_of_the_org(org: Ground) -> None:
    reasons = land(org)
    assert {feed: why for feed, why in reasons.items() if why} == {
        "people__reps": {"S09|role_code is empty": 1}
    }
    assert landed(org, "people__reps", *REPS) == [
        ("7", "Head of Sales", "501", None, date(2024, 12, 31), None),
        ("8", "Sales East", "502", "7", date(2024, 12, 31), None),  # who left has no exit: no day is told
        ("9", "Sales East", "502", "7", date(2025, 6, 1), None),
    ]
    assert landed(org, "people__teams", "team_code", "name", "parent_code") == [
        ("501", "Head of Sales", None), ("502", "Sales East", "501"),
    ]  # fmt: skip


def test_owners_in_zoho_are_such_reps_in_teams_that_are_there(org: Ground) -> None:
    land(org)
    reps = {row[0] for row in landed(org, "people__reps", "rep_code")}
    owners = landed(org, "crm__opportunities", "opportunity_id", "owner_rep_code")
    callers = landed(org, "crm__activities", "activity_id", "rep_code")
    assert (owners, callers) == ([("11", "7"), ("12", "8")], [("41", "9")])
    assert {row[1] for row in owners + callers} <= reps
    teams = {row[0] for row in landed(org, "people__teams", "team_code")}
    assert {row[0] for row in landed(org, "people__reps", "team_code")} <= teams


def test_a_user_who_changes_the_role_is_another_version(org: Ground) -> None:
    land(org)
    org.zoho.store.users[0] |= {"role": SALES}
    land(org)
    assert [row for row in landed(org, "people__reps", "rep_code", "team_code") if row[0] == "7"] == [
        ("7", "501"), ("7", "502"),
    ]  # fmt: skip


def test_fxiaoke_employees_are_reps_since_they_were_hired_or_their_account_was_made(tmp_path: Path) -> None:
    with tenant(tmp_path) as ground:
        made = {"createTime": MARCH_1, "hireDate": None}  # midnight of the first of March in Beijing
        ground.fxiaoke.store.people = [
            PERSON,
            {**PERSON, **made, "openUserId": "FSUID_8", "isStop": True, "leaderId": "FSUID_7"},
            {**PERSON, **made, "openUserId": "FSUID_9", "hireDate": str(MARCH_2_0930)},
        ]
        for name in ("AccountObj", "NewOpportunityObj", "ActiveRecordObj"):
            ground.fxiaoke.store.put(name, *({**row} for row in RECORDS[name]))
        ground.fxiaoke.store.change("ActiveRecordObj", "V1", owner=["FSUID_8"])
        ground.fxiaoke.clock.advance(3_600)
        ground.land()
        assert ground.only("people__reps", *REPS) == [
            ("FSUID_7", "销售", "1001", "FSUID_1", date(2021, 1, 4), None),
            ("FSUID_8", "销售", "1001", "FSUID_7", date(2026, 3, 1), None),
            ("FSUID_9", "销售", "1001", "FSUID_1", date(2026, 3, 2), None),
        ]
        assert ground.only("crm__opportunities", "opportunity_id", "owner_rep_code") == [("O1", "FSUID_7")]
        assert ground.only("crm__activities", "activity_id", "rep_code") == [
            ("V1", "FSUID_8"), ("V2", "FSUID_7"),
        ]  # fmt: skip
        assert ground.only("people__teams", "team_code") == [("1001",)]


@pytest.mark.parametrize(
    ("kind", "modules"), [("zoho", ["users", "roles"]), ("fxiaoke", ["users", "departments"])]
)
def test_without_the_switch_nobody_is_asked_for(tmp_path: Path, kind: str, modules: list[str]) -> None:
    with_users = new_source(kind, tmp_path / "a", options=("users",))
    without = new_source(kind, tmp_path / "b")
    assert [name.split(".")[0] for name in with_users if name not in without] == ["reps", "reps", "teams"]
    asked = [yaml.safe_load((tmp_path / one / "source.yaml").read_text())["live"]["modules"] for one in "ab"]
    assert [one for one in asked[0] if one not in asked[1]] == modules
    assert not {feed.feed for feed in load_source(tmp_path / "b").feeds} & {"people__reps", "people__teams"}


def test_a_source_of_files_has_no_users(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--users is for a CRM"):
        new_source("files", tmp_path / "c", options=("users",))
