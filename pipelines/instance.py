"""Dagster's own configuration, written into a new home: `DAGSTER_HOME` is `<home>/dagster`."""

from __future__ import annotations

from pathlib import Path

from pipelines.files import write_atomic

CONFIG = """\
# Written once, when this home was made; yours to change. Weir needs only that two runs never write at once.
telemetry:
  enabled: false
nux:
  enabled: false

# Every step is in the pool weir_home, so a run waits in the queue until the one before it has ended.
concurrency:
  pools:
    default_limit: 1
    granularity: run

# A run whose process was killed is found out, and gives its place in the queue back.
run_monitoring:
  enabled: true
  poll_interval_seconds: 30
  start_timeout_seconds: 300
  free_slots_after_run_end_seconds: 60

# A failed run is not launched again by itself: what a person has to mend is the same at the next try.
run_retries:
  enabled: false

# Days for which the page shows the ticks of the schedule and of the sensors.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 2
      started: 7
      success: 90
      failure: 90
"""


def write_config(folder: Path) -> None:
    """Write `dagster.yaml` unless the folder has one: it may have been changed by hand."""
    path = folder / "dagster.yaml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(path, CONFIG.encode())
