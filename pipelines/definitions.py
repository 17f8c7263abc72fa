"""The one place where assets, checks, jobs, the schedule, sensors and the resource meet. No logic about data."""

import dagster as dg

from pipelines.assets.gate import gate
from pipelines.assets.landing import landing
from pipelines.assets.release import release
from pipelines.assets.resource import WeirRun
from pipelines.assets.triggers import alert_on_failure, by_day, files_arrived
from pipelines.assets.warehouse import warehouse

ASSETS = [landing, warehouse, gate, release]
SELECTION = dg.AssetSelection.assets(*ASSETS)

daily = dg.define_asset_job(
    "daily",
    selection=SELECTION,
    executor_def=dg.in_process_executor,
    description="Collect, land, build, judge and release. as_of: the newest business date unless given.",
)

days = dg.define_asset_job(
    "days",
    selection=SELECTION,
    executor_def=dg.in_process_executor,
    config=by_day,
    description="The same work for one business date per partition: for the schedule and for backfills.",
)

nightly = dg.build_schedule_from_partitioned_job(
    days, name="nightly", hour_of_day=5, minute_of_hour=0, default_status=dg.DefaultScheduleStatus.STOPPED
)

defs = dg.Definitions(
    assets=ASSETS,
    jobs=[daily, days],
    schedules=[nightly],
    sensors=[files_arrived(daily), alert_on_failure],
    resources={"weir": WeirRun()},
    executor=dg.in_process_executor,
)
