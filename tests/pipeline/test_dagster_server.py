"""The server is the same job with a face: launched over its API, queued behind itself, stopped without a trace."""

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from pipelines.files import read_json
from pipelines.home import Home, run_lock
from pipelines.release import ledger
from tests.fixtures.corrected_shop import first_delivery, source
from tests.fixtures.dagster_server import FINISHED, Server, processes_of, serving, until
from tests.fixtures.webhook import webhook

pytestmark = pytest.mark.timeout(900)
NEWEST, BACKFILLED = "2026-01-21", ["2026-01-19", "2026-01-20"]


class Launched(NamedTuple):
    """The run of the daily job, and the backfill."""

    daily: str
    backfill: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose weir.toml names a shop with 21 days of orders."""
    home = Home(tmp_path_factory.mktemp("server") / "home")
    home.prepare()
    first_delivery(source(home.root / "shop"))
    (home.root / "weir.toml").write_text('sources = ["shop"]\n')
    return home


@pytest.fixture(scope="module")
def server(home: Home) -> Iterator[Server]:
    with serving(home.root) as started:
        yield started
    assert processes_of(home.root) == []


@pytest.fixture(scope="module")
def launched(server: Server) -> Launched:
    """Everything that is to run, asked for at once: the queue must keep it apart."""
    return Launched(server.launch("daily"), server.backfill("days", BACKFILLED))


def released(home: Home) -> list[str]:
    """Business dates of the releases, by the ledger."""
    return [str(entry["as_of"]) for entry in ledger.read(home).released().values()]


def test_the_daily_job_launched_over_the_api_releases_the_newest_business_date(
    server: Server, home: Home, launched: Launched
) -> None:
    run = server.finished(launched.daily, seconds=500)
    assert run["status"] == "SUCCESS", (home.runs / launched.daily / "error.json").read_text()
    (first,) = home.releases.glob(f"{NEWEST}.0001.*")
    assert read_json(first / "manifest.json")["run_id"] == launched.daily
    assert released(home)[0] == NEWEST


def test_a_backfill_of_two_days_releases_one_after_the_other(
    server: Server, home: Home, launched: Launched
) -> None:
    def both_ended() -> list[dict[str, Any]] | None:
        runs = server.runs("dagster/backfill", launched.backfill)
        return runs if len(runs) == 2 and all(run["status"] in FINISHED for run in runs) else None

    one, other = until(both_ended, 600, "the end of the backfill")
    daily = server.finished(launched.daily, seconds=1)
    assert [one["status"], other["status"]] == ["SUCCESS", "SUCCESS"]
    assert daily["endTime"] <= one["startTime"]  # they waited in the queue for the pool
    assert one["endTime"] <= other["startTime"]
    assert sorted(released(home)) == [*BACKFILLED, NEWEST]
    assert len(list(home.releases.iterdir())) == 3
    assert home.current.resolve().name.startswith(f"{NEWEST}.0001.")  # readers are not taken back


def test_the_page_shows_every_asset_and_what_came_of_every_dbt_test(
    server: Server, home: Home, launched: Launched
) -> None:
    query = """{ assetNodes { assetKey { path } assetMaterializations(limit: 1) { runId } assetChecksOrError {
        ... on AssetChecks { checks { name executionForLatestMaterialization { status } } } } } }"""
    nodes = server.ask(query)["assetNodes"]
    never = {node["assetKey"]["path"][-1] for node in nodes if not node["assetMaterializations"]}
    assert never == set()
    checks: list[dict[str, Any]] = [
        check for node in nodes for check in node["assetChecksOrError"].get("checks", [])
    ]
    manifest = read_json(home.runs / launched.daily / "dbt" / "manifest.json")
    tests = [one for one in manifest["nodes"].values() if one["resource_type"] == "test"]
    assert len(checks) == len(tests) + 4  # and the four of the gate
    assert {check["executionForLatestMaterialization"]["status"] for check in checks} <= {
        "SUCCEEDED",
        "FAILED",
    }


def test_the_calendar_shows_every_business_date_that_has_a_release(
    server: Server, launched: Launched
) -> None:
    """Those of the backfill, and that of the daily job, which has no partition."""
    query = """{ assetNodeOrError(assetKey: {path: ["released_day"]}) { ... on AssetNode {
        assetMaterializations(limit: 9) { partition } } } }"""
    found = server.ask(query)["assetNodeOrError"]["assetMaterializations"]
    assert sorted(one["partition"] for one in found) == [*BACKFILLED, NEWEST]


def test_a_run_that_finds_the_home_taken_fails_and_its_alert_says_who_holds_it(
    server: Server, home: Home, launched: Launched
) -> None:
    before = released(home)
    with webhook(200) as (address, posted):
        settings = home.root / "weir.toml"
        settings.write_text(f'{settings.read_text()}alert_webhook = "{address}"\n')
        with run_lock(home):
            run_id = server.launch("daily")
            run = server.finished(run_id, seconds=200)
        text = until(lambda: posted[0]["text"] if posted else None, 150, "the alert")
    assert run["status"] == "FAILURE"
    assert {one["stepKey"] for one in run["stepStats"] if one["status"] == "FAILURE"} == {"landing"}
    assert text.startswith(f"Weir run {run_id} failed: another run holds this home: process {os.getpid()}")
    assert released(home) == before
