"""The one place where assets, checks, jobs, the schedule, sensors and the resource meet. No logic about data."""

import dagster as dg

from pipelines.assets.gate import gate
from pipelines.assets.landing import landing
from pipelines.assets.release import release, released_day
from pipelines.assets.resource import WeirRun
from pipelines.assets.triggers import alert_on_failure, files_arrived, nightly
from pipelines.assets.warehouse import warehouse

ASSETS = [landing, warehouse, gate, release]

daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.assets(*ASSETS),
    executor_def=dg.in_process_executor,
    description="Collect, land, build, judge and release. as_of: the newest business date unless given.",
)

days = dg.define_asset_job(
    "days",
    selection=dg.AssetSelection.assets(*ASSETS, released_day),
    executor_def=dg.in_process_executor,
    description="The same work as of one business date, its partition: for the schedule and for backfills.",
)

defs = dg.Definitions(
    assets=[*ASSETS, released_day],
    jobs=[daily, days],
    schedules=[nightly],
    sensors=[files_arrived, alert_on_failure],
    resources={"weir": WeirRun()},
    executor=dg.in_process_executor,
)
