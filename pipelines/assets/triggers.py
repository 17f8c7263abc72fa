"""What starts a run beside a person, and what follows when one fails."""

import hashlib
from datetime import datetime
from pathlib import Path

import dagster as dg

from pipelines.alerts import alert
from pipelines.settings import home_from, load

FIRST_DAY = "2000-01-01"


@dg.daily_partitioned_config(start_date=FIRST_DAY)
def by_day(start: datetime, _end: datetime) -> dict[str, object]:
    """Run config of one business date."""
    return {"resources": {"weir": {"config": {"as_of": start.date().isoformat()}}}}


def arrivals(folders: list[Path]) -> str:
    """A digest of the names, sizes and times of all files under the sources' folders."""
    from pipelines.sources.definition import load_source

    seen = hashlib.sha256()
    for folder in folders:
        for path in sorted(load_source(folder).root.rglob("*")):
            if path.is_file():
                stat = path.stat()
                seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def files_arrived(job: dg.UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """A sensor that asks for one run per new state of the sources' folders."""

    @dg.sensor(job=job, name="files_arrived", minimum_interval_seconds=60)
    def sensor(_context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        settings = load(home_from(None))
        if not settings.sources:
            return dg.SkipReason("weir.toml names no sources")
        state = arrivals(list(settings.sources))
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=state)])

    return sensor


@dg.run_failure_sensor(name="alert_on_failure", default_status=dg.DefaultSensorStatus.RUNNING)
def alert_on_failure(context: dg.RunFailureSensorContext) -> None:
    """Log the failure and tell the webhook of the settings."""
    alert(load(home_from(None)), context.dagster_run.run_id, context.failure_event.message or "no message")
