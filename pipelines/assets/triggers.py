"""What starts a run beside a person, and what follows when one fails."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg

from pipelines.alerts import alert
from pipelines.assets.calendar import BUSINESS_DAYS
from pipelines.files import read_json
from pipelines.home import Home
from pipelines.settings import home_from, load


@dg.schedule(
    job_name="days",
    name="nightly",
    cron_schedule="0 5 * * *",
    execution_timezone=BUSINESS_DAYS.timezone,
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The business date that has ended, once."""
    here = context.scheduled_execution_time.astimezone(ZoneInfo(BUSINESS_DAYS.timezone))
    day = (here.date() - timedelta(days=1)).isoformat()
    return dg.RunRequest(run_key=day, partition_key=day)


def arrivals(folders: list[Path]) -> str:
    """A digest of the names, sizes and times of the files that the sources would collect; empty if there are none."""
    from pipelines.sources.archive import discover
    from pipelines.sources.definition import load_source

    seen = []
    for folder in folders:
        source = load_source(folder)
        for extract_id in discover(source):
            stat = (source.root / extract_id).stat()
            seen.append(f"{source.name} {extract_id} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(seen)).encode()).hexdigest() if seen else ""


@dg.sensor(job_name="daily", name="files_arrived", minimum_interval_seconds=60)
def files_arrived(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """One run per new state of the sources' files, once two ticks in a row saw the same state.

    A file that still grows, or a delivery of which only the first files are there, looks different at the
    next tick and waits.
    """
    folders = list(load(home_from(None)).sources)
    state = arrivals(folders)
    if not state:
        return dg.SkipReason(
            "the sources of weir.toml have no files" if folders else "weir.toml names no sources"
        )
    known = json.loads(context.cursor or "{}")
    if state == known.get("run_for"):
        return dg.SkipReason("no file has changed since the last run was asked for")
    if state != known.get("seen"):
        context.update_cursor(json.dumps({**known, "seen": state}))
        return dg.SkipReason("files have changed; a run follows when the next tick finds them the same")
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=state)], cursor=json.dumps({"seen": state, "run_for": state})
    )


@dg.run_failure_sensor(
    name="alert_on_failure", minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING
)
def alert_on_failure(context: dg.RunFailureSensorContext) -> None:
    """Log the failure and tell the webhook of the settings, in the words of the run where it left any."""
    home = home_from(None)
    run_id = context.dagster_run.run_id
    reason = _kept(home, run_id) or _told(context) or context.failure_event.message or "no message"
    alert(load(home), run_id, reason)


def _kept(home: Home, run_id: str) -> str:
    """The error in the run's folder, in one line; empty if there is none."""
    path = home.runs / run_id / "error.json"
    if not path.exists():
        return ""
    error = read_json(path)
    return "; ".join(text for text in (error["what"], error["where"], error["todo"]) if text)


def _told(context: dg.RunFailureSensorContext) -> str:
    """What the failed steps said: a run that found the home taken has no folder there."""
    failures = [event.step_failure_data.user_failure_data for event in context.get_step_failure_events()]
    told = [one.description for one in failures if one and one.description]
    return "; ".join("; ".join(told).splitlines())
