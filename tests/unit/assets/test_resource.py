"""A run's resource: it holds the home, says why it cannot, and knows which errors are worth another try."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.resource import WeirRun, business_date
from pipelines.errors import ContractError, UsageError
from pipelines.files import read_json
from pipelines.home import Home
from tests.fixtures.lock import another_process_holds

LANDING_RETRIES = dg.RetryPolicy(max_retries=2, delay=0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


def run_step(home: Home, body: Callable[[WeirRun], None], **config: str) -> tuple[str, list[str]]:
    """Execute one step with the real resource: run id, and the message of the failed step (none if it did well)."""

    @dg.asset(retry_policy=LANDING_RETRIES)
    def step(weir: WeirRun) -> None:
        with weir.reported():
            body(weir)

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [step],
            instance=instance,
            resources={"weir": WeirRun(home=str(home.root), **config)},
            raise_on_error=False,
        )
        failed = [
            event.step_failure_data.user_failure_data.description
            for event in result.all_events
            if event.is_step_failure and event.step_failure_data.user_failure_data
        ]
    return result.run_id, failed


def test_a_taken_home_fails_the_first_step_with_who_holds_it_and_what_to_do(home: Home) -> None:
    ran: list[bool] = []
    with another_process_holds(home) as pid:
        _, failed = run_step(home, lambda _: ran.append(True))
    assert failed == [
        f"another run holds this home: process {pid}\n"
        f"where: {home.root / 'lock'}\n"
        "to do: wait for it to end, or use another home with --home DIR"
    ]
    assert not ran
    assert not list(home.runs.iterdir())


def test_the_home_is_free_again_when_the_run_has_ended_well_or_not(home: Home) -> None:
    def fail(_: WeirRun) -> None:
        raise ValueError("broken")

    assert len(run_step(home, fail)[1]) == 1
    assert run_step(home, lambda _: None)[1] == []


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (ContractError("no column amount", where="orders.csv", todo="mend the file"), 1),
        (ValueError("a fault of the code"), 1),
        (TimeoutError("the share does not answer"), 3),  # the first try and the two that the policy allows
    ],
)
def test_only_what_the_machine_may_mend_by_itself_is_tried_again(
    home: Home, error: Exception, tries: int
) -> None:
    seen: list[int] = []

    def fail(_: WeirRun) -> None:
        seen.append(1)
        raise error

    run_step(home, fail)
    assert len(seen) == tries


def test_an_error_that_a_user_can_mend_stays_in_the_runs_folder(home: Home) -> None:
    def fail(_: WeirRun) -> None:
        raise ContractError("no column amount", where="orders.csv", todo="mend the file")

    run_id, failed = run_step(home, fail)
    assert failed == ["no column amount\nwhere: orders.csv\nto do: mend the file"]
    assert read_json(home.runs / run_id / "error.json") == {
        "what": "no column amount",
        "where": "orders.csv",
        "todo": "mend the file",
        "exit_code": 4,
    }


def test_a_fault_keeps_its_trace_in_a_file_and_ends_with_code_5(home: Home) -> None:
    def fail(_: WeirRun) -> None:
        raise ValueError("a fault of the code")

    run_id, _ = run_step(home, fail)
    kept = read_json(home.runs / run_id / "error.json")
    assert (kept["what"], kept["exit_code"]) == ("ValueError: a fault of the code", 5)
    assert 'raise ValueError("a fault of the code")' in Path(kept["where"]).read_text()


def test_a_run_without_a_source_says_how_to_name_one(home: Home) -> None:
    _, failed = run_step(home, lambda weir: weir.source_folders() and None)
    assert failed[0].startswith("no source to run\n")


def test_a_date_that_is_none_is_refused_before_anything_runs(home: Home) -> None:
    ran: list[bool] = []
    _, failed = run_step(home, lambda _: ran.append(True), as_of="yesterday")
    assert failed == ["'yesterday' is not a date\nto do: write it as YYYY-MM-DD"]
    assert not ran


def test_the_business_date_is_that_of_the_config_or_of_the_partition() -> None:
    partition = {"dagster/partition": "2026-03-10"}
    assert business_date("", {}) is None
    assert business_date("2026-03-10", {}) == date(2026, 3, 10)
    assert business_date("", partition) == date(2026, 3, 10)
    assert business_date("2026-03-10", partition) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("configured", "tags"),
    [
        ("2026-03-09", {"dagster/partition": "2026-03-10"}),
        ("", {"dagster/asset_partition_range_start": "2026-03-01"}),
    ],
)
def test_two_business_dates_in_one_run_are_refused(configured: str, tags: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="a run has one business date") as caught:
        business_date(configured, tags)
    assert "backfill" in caught.value.todo
