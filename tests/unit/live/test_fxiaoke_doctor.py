"""`weir source doctor` on a Fxiaoke tenant, with good and bad credentials and without rights."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.errors import DONE, REJECTED, USAGE
from tests.fixtures.fxiaoke_source import fxiaoke_credentials, write_fxiaoke_source
from tests.servers.fxiaoke import Fxiaoke, serve
from tests.servers.fxiaoke_data import fill

Ground = tuple[Fxiaoke, Path]


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    with serve(rate=None) as (url, fxiaoke):
        fill(fxiaoke.store, 30)
        for name, value in fxiaoke_credentials(fxiaoke.auth).items():
            monkeypatch.setenv(name, value)
        modules = ["NewOpportunityObj", "CasesObj", "users"]
        yield fxiaoke, write_fxiaoke_source(tmp_path / "fx", url, modules=modules)


def doctor(folder: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(SystemExit) as ended:
        main(["source", "doctor", str(folder), "--json"])
    return int(ended.value.code or 0), json.loads(capfd.readouterr().out)


def test_a_tenant_that_gives_everything(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    fxiaoke, folder = ground
    options = [{"label": "初步接触", "value": "1"}, {"label": "赢单", "value": "9"}]
    fxiaoke.store.things["NewOpportunityObj"].describe("sales_stage", options=options)
    fxiaoke.store.add_thing("OpportunityObj", "商机1.0", active=False)
    fxiaoke.store.people[2] |= {"hireDate": None, "isStop": True}
    code, found = doctor(folder, capfd)
    assert code == DONE
    seen = {one["name"]: one for one in found["objects"]}
    assert (seen["NewOpportunityObj"]["records"], seen["NewOpportunityObj"]["cursor"]) == (
        30,
        "last_modified_time",
    )
    assert (seen["CasesObj"]["records"], seen["users"]["answered"]) == (0, "ok")
    assert "AccountObj" in found["not_named"]
    told = {one["question"]: one["answer"] for one in found["probes"]}
    assert told["Which opportunities does the tenant use?"] == "NewOpportunityObj"
    assert "32000" in told["Is a page of more than 100 records given?"]
    assert told["Are invalid (作废) records found?"] == "none of them"
    assert told["Which codes has NewOpportunityObj?"] == "sales_stage: 1 初步接触, 9 赢单"
    assert told["Are there amounts in several currencies?"] == "NewOpportunityObj: mc_currency"
    assert told["Since when and until when are employees there?"] == (
        "hireDate of 8 of 9; 1 stopped (停用), on a day that Fxiaoke does not name"
    )


def test_what_a_tenant_answers_is_told_as_it_is(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    fxiaoke, folder = ground
    fxiaoke.limit_at_most, fxiaoke.shows_invalid = 1_000, True
    fxiaoke.store.invalidate(
        "NewOpportunityObj", next(iter(fxiaoke.store.things["NewOpportunityObj"].records))
    )
    told = {one["question"]: one["answer"] for one in doctor(folder, capfd)[1]["probes"]}
    assert told["Is a page of more than 100 records given?"] == "yes, 30 of NewOpportunityObj"
    assert told["Are invalid (作废) records found?"] == "yes"


def test_an_object_that_a_contract_reads_and_nobody_gives(
    ground: Ground, capfd: pytest.CaptureFixture[str]
) -> None:
    fxiaoke, folder = ground
    fxiaoke.hidden = {"NewOpportunityObj"}
    code, found = doctor(folder, capfd)
    assert code == REJECTED
    assert found["objects"][0]["answered"].startswith("NOT_ACTIVE")
    assert "take NewOpportunityObj out" in found["objects"][0]["todo"]


def test_credentials_that_are_wrong(
    ground: Ground, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FXIAOKE_APP_SECRET", "planted-secret-5791")
    code, found = doctor(ground[1], capfd)
    assert code == USAGE
    assert "10006" in found["failed"]["what"]
    assert "planted" not in json.dumps(found)
