"""The gate lives in publish, not in Dagster: no selection of assets or checks gets past it."""

from pathlib import Path

import dagster as dg
import pytest

from pipelines import steps
from pipelines.assets.gate import gate
from pipelines.assets.release import release
from pipelines.assets.resource import WeirRun
from pipelines.definitions import defs
from pipelines.files import pretty_json
from pipelines.home import Home
from pipelines.run import outcome
from pipelines.settings import Settings
from tests.fixtures.candidate import AS_OF, Ground, ground, landing_check

RUN_ID = "00000000-0000-4000-8000-000000000001"


def execute(
    home: Home, job: dg.JobDefinition, run_id: str = RUN_ID, **options: object
) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(
            run_config={
                "resources": {"weir": {"config": {"home": str(home.root)}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            **options,  # type: ignore[arg-type]
        )


def gate_and_release(*, checks: bool) -> dg.JobDefinition:
    """The two steps that decide, as a job of their own, with the gate's checks or without them."""
    selection: dg.AssetSelection = dg.AssetSelection.assets(gate, release)
    job = dg.define_asset_job(
        "decide",
        selection=selection if checks else selection.without_checks(),
        executor_def=dg.in_process_executor,
    )
    found = dg.Definitions(assets=[gate, release], jobs=[job], resources={"weir": WeirRun()})
    return found.resolve_job_def("decide")


@pytest.fixture
def built(tmp_path: Path) -> Ground:
    """A home as it is when landing and dbt of one run are done."""
    made = ground(tmp_path)
    folder = made.home.runs / RUN_ID
    (folder / "dbt").mkdir(parents=True)
    (folder / "dbt" / "manifest.json").write_bytes(made.manifest.read_bytes())
    (folder / "dbt" / "run_results.json").write_bytes(made.run_results.read_bytes())
    plan = {
        "as_of": AS_OF,
        "reporting_currency": "CNY",
        "inputs": {"waivers": []},
        "source_folders": [],
        "carried_from": None,
    }
    (folder / "plan.json").write_bytes(pretty_json(plan))
    return made


def landed(built: Ground, status: str) -> None:
    checks = [landing_check(status, observed="read 3, accounted for 2")]
    nothing = {
        name: {"rows": 0, "money": {}}
        for name in ("read", "accepted", "quarantined", "duplicates", "rejected")
    }
    summary = {**nothing, "feeds": [], "checks": checks, "expected": [checks[0]["check_id"]]}
    (built.home.runs / RUN_ID / "landing.json").write_bytes(pretty_json(summary))


def assert_nothing_published(home: Home) -> None:
    assert not list(home.releases.iterdir())
    assert not home.current.exists()
    assert not home.ledger.exists()


def test_a_passing_gate_lets_the_release_through(built: Ground) -> None:
    landed(built, "passed")
    assert execute(built.home, gate_and_release(checks=True)).success
    assert built.home.current.resolve().name.startswith(f"{AS_OF}.0001.")
    assert len(built.home.ledger.read_text().splitlines()) == 1


def test_a_failing_gate_stops_the_release_and_the_run_says_why(built: Ground) -> None:
    landed(built, "failed")
    result = execute(built.home, gate_and_release(checks=True))
    assert not result.success
    failed = {check.check_name for check in result.get_asset_check_evaluations() if not check.passed}
    assert failed == {"gate_landing", "gate_verdict"}
    assert [event.step_key for event in result.all_events if event.is_step_failure] == ["gate"]
    assert_nothing_published(built.home)
    ended = outcome(Settings(home=built.home), RUN_ID)
    assert ended.exit_code == 2
    assert ended.error is not None
    assert "R01.orders__order_lines.test failed: read 3, accounted for 2" in ended.error.what


def test_the_gate_cannot_be_selected_without_its_checks(built: Ground) -> None:
    landed(built, "failed")
    with pytest.raises(dg.DagsterInvalidDefinitionError) as caught:
        gate_and_release(checks=False)
    assert "'gate'" in str(caught.value.__cause__)
    assert "does not support subsetting" in str(caught.value.__cause__)


def test_a_gate_whose_checks_were_taken_away_publishes_nothing(built: Ground) -> None:
    """Somebody rewrites the gate's asset without any check: the verdict still stands in the way."""

    @dg.asset(name="gate")
    def unchecked(weir: WeirRun) -> None:
        with weir.reported():
            steps.judge(weir.settings, weir.folder, weir.gate)

    landed(built, "failed")
    job = dg.define_asset_job("decide", dg.AssetSelection.assets(unchecked, release).without_checks())
    bare = dg.Definitions(
        assets=[unchecked, release],
        jobs=[job],
        resources={"weir": WeirRun()},
        executor=dg.in_process_executor,
    )
    result = execute(built.home, bare.resolve_job_def("decide"))
    assert not result.get_asset_check_evaluations()
    assert [event.step_key for event in result.all_events if event.is_step_failure] == ["release"]
    assert_nothing_published(built.home)
    error = outcome(Settings(home=built.home), RUN_ID).error
    assert error is not None
    assert error.what.startswith("the gate refused: R01.orders__order_lines.test failed")


@pytest.mark.parametrize("asset", ["release", "released_day"])
def test_the_release_alone_publishes_nothing_and_says_to_launch_the_whole_job(
    built: Ground, asset: str
) -> None:
    landed(built, "passed")
    partition = {"partition_key": AS_OF} if asset == "released_day" else {}
    job = defs.resolve_job_def("days")
    result = execute(built.home, job, asset_selection=[dg.AssetKey(asset)], **partition)
    assert not result.success
    assert_nothing_published(built.home)
    error = outcome(Settings(home=built.home), RUN_ID).error
    assert error is not None
    missing = "candidate" if asset == "release" else "published"
    assert error.what == f"this run has no {missing}: the step that makes it did not run"
    assert error.todo == "launch the whole job, not one asset of it"
    assert error.exit_code == 2


def test_the_release_alone_does_not_take_the_verdict_of_an_earlier_run(built: Ground) -> None:
    landed(built, "passed")
    assert execute(built.home, gate_and_release(checks=True)).success
    held = built.home.current.readlink()
    later = RUN_ID[:-1] + "2"
    result = execute(
        built.home, defs.resolve_job_def("daily"), later, asset_selection=[dg.AssetKey("release")]
    )
    assert not result.success
    assert built.home.current.readlink() == held
    assert len(built.home.ledger.read_text().splitlines()) == 1
