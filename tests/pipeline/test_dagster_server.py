"""The server is the same job with a face: launched over its API, queued behind itself, stopped without a trace."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.demo import AS_OF_DATE, REPORTING_CURRENCY, generate
from pipelines.files import read_json
from pipelines.home import Home, run_lock
from pipelines.release import ledger
from pipelines.warehouse import parsed
from tests.fixtures.dagster_server import FINISHED, Server, processes_of, serving, until

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose weir.toml names the sources of a small simulated company."""
    home = Home(tmp_path_factory.mktemp("server") / "home")
    home.prepare()
    folders = generate(home.root / "demo", scale=0.05, with_truth=False).source_folders
    named = ", ".join(f'"{one.relative_to(home.root)}"' for one in folders)
    (home.root / "weir.toml").write_text(
        f'reporting_currency = "{REPORTING_CURRENCY}"\nsources = [{named}]\n'
    )
    return home


@pytest.fixture(scope="module")
def server(home: Home) -> Iterator[Server]:
    with serving(home.root) as started:
        yield started
    assert processes_of(home.root) == []


def released(home: Home) -> list[str]:
    """Business dates of the releases, by the ledger."""
    return [str(entry["as_of"]) for entry in ledger.read(home).entries if entry["kind"] == "release"]


def test_the_daily_job_launched_over_the_api_releases_the_newest_business_date(
    server: Server, home: Home
) -> None:
    run_id = server.launch("daily")
    run = server.finished(run_id, seconds=180)
    assert run["status"] == "SUCCESS", (home.runs / run_id / "error.json").read_text()
    assert home.current.resolve().name.startswith(f"{AS_OF_DATE}.0001.")
    assert released(home) == [AS_OF_DATE.isoformat()]
    assert read_json(home.current.resolve() / "manifest.json")["run_id"] == run_id


def test_the_page_shows_every_asset_of_the_run_and_what_came_of_every_dbt_test(server: Server) -> None:
    query = """{ assetNodes { assetKey { path } assetMaterializations(limit: 1) { runId } assetChecksOrError {
        ... on AssetChecks { checks { name executionForLatestMaterialization { status } } } } } }"""
    nodes = server.ask(query)["assetNodes"]
    never = {node["assetKey"]["path"][-1] for node in nodes if not node["assetMaterializations"]}
    assert never == set()  # the calendar too: the release of a job without a partition marks its date there
    checks: list[dict[str, Any]] = [
        check for node in nodes for check in node["assetChecksOrError"].get("checks", [])
    ]
    manifest = read_json(parsed() / "manifest.json")
    tests = [one for one in manifest["nodes"].values() if one["resource_type"] == "test"]
    assert len(checks) == len(tests) + 4  # and the four of the gate
    assert {check["executionForLatestMaterialization"]["status"] for check in checks} <= {
        "SUCCEEDED",
        "FAILED",
    }


def test_a_backfill_of_two_days_releases_one_after_the_other(server: Server, home: Home) -> None:
    before = released(home)
    days = ["2024-10-29", "2024-10-30"]
    backfill = server.backfill("days", days)

    def both_ended() -> list[dict[str, Any]] | None:
        runs = server.runs("dagster/backfill", backfill)
        return runs if len(runs) == 2 and all(run["status"] in FINISHED for run in runs) else None

    first, second = until(both_ended, 240, "the end of the backfill")
    assert [first["status"], second["status"]] == ["SUCCESS", "SUCCESS"]
    assert first["endTime"] <= second["startTime"]  # the second waited in the queue for the pool
    assert sorted(released(home)[len(before) :]) == days


def test_a_run_that_finds_the_home_taken_fails_with_who_holds_it(server: Server, home: Home) -> None:
    before = released(home)
    with run_lock(home):
        run = server.finished(server.launch("daily"), seconds=60)
    assert run["status"] == "FAILURE"
    assert {one["stepKey"] for one in run["stepStats"] if one["status"] == "FAILURE"} == {"landing"}
    assert released(home) == before
