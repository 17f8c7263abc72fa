"""The arrival sensor, the failure alert, and Dagster's configuration of a new home."""

import logging
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.alerts import alert
from pipelines.assets.triggers import alert_on_failure, files_arrived
from pipelines.files import pretty_json
from pipelines.home import Home
from pipelines.settings import Settings
from tests.fixtures.source_folder import write_source
from tests.fixtures.webhook import webhook


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The server's home, with one source in its weir.toml; the source has no file yet."""
    home = Home(tmp_path / "home")
    home.prepare()
    source = write_source(tmp_path / "shop")
    (home.root / "weir.toml").write_text(f'sources = ["{source}"]\n')
    monkeypatch.setenv("WEIR_HOME", str(home.root))
    return home


def deliver(home: Home, name: str, text: str) -> None:
    (home.root.parent / "shop" / name).write_text(text)


class Ticks:
    """The sensor, tick by tick: its cursor goes from one to the next as the daemon carries it."""

    def __init__(self) -> None:
        self.cursor: str | None = None

    def tick(self) -> tuple[int, str]:
        """How many runs were asked for, and why none."""
        context = dg.build_sensor_context(cursor=self.cursor)
        execution = files_arrived.evaluate_tick(context)
        self.cursor = execution.cursor
        return len(execution.run_requests or []), execution.skip_message or ""


def test_a_file_that_stays_as_it_is_for_two_ticks_starts_one_run(home: Home) -> None:
    sensor = Ticks()
    assert sensor.tick() == (0, "the sources of weir.toml have no files")
    deliver(home, "orders_1.csv", "order_id\n1\n")
    assert sensor.tick() == (0, "files have changed; a run follows when the next tick finds them the same")
    assert sensor.tick() == (1, "")
    assert sensor.tick() == (0, "no file has changed since the last run was asked for")


def test_a_growing_file_waits_until_it_has_stopped(home: Home) -> None:
    sensor = Ticks()
    for lines in (1, 2, 3):
        deliver(home, "orders_1.csv", "order_id\n" + "1\n" * lines)
        assert sensor.tick()[0] == 0
    assert sensor.tick()[0] == 1


def test_a_delivery_in_parts_starts_one_run_when_its_last_file_is_there(home: Home) -> None:
    sensor = Ticks()
    deliver(home, "orders_1.csv", "order_id\n1\n")
    assert sensor.tick()[0] == 0
    deliver(home, "orders_2.csv", "order_id\n2\n")
    assert [sensor.tick()[0] for _ in range(3)] == [0, 1, 0]


def test_a_file_that_no_table_reads_starts_nothing(home: Home) -> None:
    sensor = Ticks()
    deliver(home, "orders_1.csv", "order_id\n1\n")
    assert [sensor.tick()[0] for _ in range(2)] == [0, 1]
    deliver(home, "notes.txt", "not an extract")
    assert [sensor.tick()[0] for _ in range(2)] == [0, 0]


def test_the_sensor_says_when_no_source_is_named(home: Home) -> None:
    (home.root / "weir.toml").write_text("")
    assert Ticks().tick() == (0, "weir.toml names no sources")


def fail_a_run(home: Home, left: dict[str, Any] | None) -> str:
    """What the daemon does when a run has failed: hands the failure to the sensor. Returns the run's id."""

    @dg.op
    def broken() -> None:
        raise dg.Failure("no such table")

    @dg.job
    def daily() -> None:
        broken()

    with dg.DagsterInstance.ephemeral() as instance:
        result = daily.execute_in_process(instance=instance, raise_on_error=False)
        if left:
            run_folder = home.runs / result.run_id
            run_folder.mkdir(parents=True)
            (run_folder / "error.json").write_bytes(pretty_json(left))
        context = dg.build_run_status_sensor_context(
            sensor_name="alert_on_failure",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )
        alert_on_failure(context.for_run_failure())
    return result.run_id


def test_a_failed_run_is_told_to_the_webhook_in_the_words_of_the_run(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    left = {
        "what": "the gate refused: M01",
        "where": "report.html",
        "todo": "read the report",
        "exit_code": 2,
    }
    with webhook(204) as (address, posted):
        monkeypatch.setenv("WEIR_ALERT_WEBHOOK", address)
        run_id = fail_a_run(home, left)
    text = f"Weir run {run_id} failed: the gate refused: M01; report.html; read the report"
    assert posted == [{"path": "/hook", "type": "application/json", "text": text}]
    assert text in caplog.messages


def test_a_run_that_left_no_file_is_told_in_the_words_of_its_failed_step(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with webhook(200) as (address, posted):
        monkeypatch.setenv("WEIR_ALERT_WEBHOOK", address)
        run_id = fail_a_run(home, None)
    assert posted[0]["text"] == f"Weir run {run_id} failed: no such table"


def test_a_webhook_that_refuses_or_is_not_there_is_logged_and_hides_nothing(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    with webhook(500) as (address, posted):
        assert not alert(Settings(home=home, alert_webhook=address), "r1", "no space left")
    assert len(posted) == 1
    assert not alert(Settings(home=home, alert_webhook=address), "r2", "no space left")  # nobody listens now
    assert not alert(Settings(home=home), "r3", "no space left")
    failures = [line for line in caplog.messages if line.endswith("failed: no space left")]
    assert failures == [f"Weir run {run} failed: no space left" for run in ("r1", "r2", "r3")]
    assert len([line for line in caplog.messages if "webhook did not take" in line]) == 2


def test_an_address_that_is_no_web_address_is_never_opened(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    (home.root / "told").write_text("a file")
    address = (home.root / "told").as_uri()
    assert not alert(Settings(home=home, alert_webhook=address), "r1", "no space left")
    assert any("http" in line for line in caplog.messages)


def test_a_new_home_configures_dagster_so_that_runs_wait_for_each_other(home: Home) -> None:
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        pools = instance.get_concurrency_config().pool_config
        assert (pools.default_pool_limit, pools.pool_granularity.value) == (1, "run")  # type: ignore[union-attr]
        assert instance.run_monitoring_enabled
        assert instance.get_settings("run_monitoring")["free_slots_after_run_end_seconds"] == 60
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert not instance.run_retries_enabled


def test_a_configuration_changed_by_hand_is_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.dagster.mkdir(parents=True)
    (home.dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    home.prepare()
    assert (home.dagster / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"
