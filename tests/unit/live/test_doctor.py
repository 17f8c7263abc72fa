"""`weir source doctor`: what the credentials can see, what to change, and that it changes nothing."""

import json
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.errors import DONE, REJECTED, USAGE
from tests.servers.zoho_data import fill
from tests.unit.live.ground import Ground


def doctor(ground: Ground, capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(SystemExit) as ended:
        main(["source", "doctor", str(ground.folder), "--json"])
    return int(ended.value.code or 0), json.loads(capfd.readouterr().out)


def answers(found: dict[str, Any]) -> dict[str, str]:
    return {one["question"]: one["answer"] for one in found["probes"]}


def test_an_org_that_gives_everything(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    ground.live(modules=["Deals", "Ordered_Items", "users"])
    fill(ground.zoho.store, 300)
    stages = [
        {"actual_value": "Closed Won", "forecast_type": "Closed Won", "probability": 100},
        {"actual_value": "Qualification", "forecast_type": "Open", "probability": 10},
    ]
    ground.zoho.store.modules["Deals"].describe("Stage", pick_list_values=stages)
    code, found = doctor(ground, capfd)
    assert code == DONE
    deals, lines, users = found["objects"]
    assert (deals["answered"], deals["records"], deals["cursor"]) == ("ok", 300, "Modified_Time")
    assert deals["read_by"] == ["crm__opportunities"]
    assert (lines["answered"], lines["cursor"], users["answered"]) == ("ok", None, "ok")
    assert "Leads" in found["not_named"]
    told = answers(found)
    assert told["Is a record of the very second of If-Modified-Since returned?"] == "yes"
    assert told["How are won and lost stages marked?"] == "forecast_type: Closed Won, Open"
    assert told["May these credentials query (coql)?"] == "yes"
    assert told["May these credentials read settings.territories?"].startswith("403 FEATURE_NOT_ENABLED")
    assert told["Since when and until when are users there?"] == (
        "created_time of 9 of 9; 0 not active any more, on a day that Zoho does not name"
    )
    assert all(call.method == "GET" or call.path.endswith(("/token", "/coql")) for call in ground.zoho.calls)
    assert not (ground.home.root / "archive" / "live").exists()


def test_an_exclusive_if_modified_since_is_found_out(
    ground: Ground, capfd: pytest.CaptureFixture[str]
) -> None:
    fill(ground.zoho.store, 3)
    ground.zoho.pages.inclusive = False
    found = doctor(ground, capfd)[1]
    assert answers(found)["Is a record of the very second of If-Modified-Since returned?"] == "no"


def test_a_module_that_a_contract_reads_and_the_credentials_do_not_see(
    ground: Ground, capfd: pytest.CaptureFixture[str]
) -> None:
    ground.live(modules=["Deals", "Quotes"])
    ground.zoho.hidden = {"Deals", "Quotes"}
    code, found = doctor(ground, capfd)
    assert code == REJECTED
    deals, quotes = found["objects"]
    assert deals["answered"].startswith("NO_FIELDS")
    assert "let the user of the token see Deals" in deals["todo"]
    assert "or take it out of live.modules" in quotes["todo"]


def test_a_scope_that_covers_one_module(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    ground.live(modules=["Deals", "Leads"])
    fill(ground.zoho.store, 3)
    ground.zoho.auth.scopes = {"ZohoCRM.modules.deals.READ", "ZohoCRM.settings.ALL"}
    code, found = doctor(ground, capfd)
    assert code == DONE  # no contract reads Leads
    assert [one["answered"].split()[0] for one in found["objects"]] == ["ok", "OAUTH_SCOPE_MISMATCH"]
    assert answers(found)["May these credentials read users?"].startswith("401 OAUTH_SCOPE_MISMATCH")


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"refresh_token": "1000.x"}, "invalid_code"), ({"client_secret": "x"}, "invalid_client")],
)
def test_bad_credentials(
    ground: Ground, capfd: pytest.CaptureFixture[str], changed: dict[str, str], what: str
) -> None:
    for name, value in changed.items():
        setattr(ground.zoho.auth, name, value)
    code, found = doctor(ground, capfd)
    assert code == USAGE
    assert what in found["failed"]["what"]


def test_too_many_tokens_are_no_bad_credentials(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    ground.zoho.auth.mints = 1
    doctor(ground, capfd)
    code, found = doctor(ground, capfd)
    assert code == REJECTED
    assert "the credentials are not at fault" in found["failed"]["todo"]


def test_it_reads_well(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    fill(ground.zoho.store, 3)
    with pytest.raises(SystemExit):
        main(["source", "doctor", str(ground.folder)])
    out = capfd.readouterr().out
    assert "Deals                ok, 3 records" in out
    assert "not asked (a job costs hundreds of credits)" in out


def test_a_folder_of_files_has_nobody_to_ask(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["source", "doctor", "tests/fixtures/sources/acme_erp"])
    assert ended.value.code == USAGE
    assert "nobody to ask" in capfd.readouterr().err
