"""The release: the one asset that moves CURRENT, and only on this run's passing verdict."""

from typing import Any

import dagster as dg

from pipelines import steps
from pipelines.assets.calendar import BUSINESS_DAYS
from pipelines.assets.resource import POOL, WeirRun


@dg.asset(group_name="release", deps=["gate"], pool=POOL)
def release(context: dg.AssetExecutionContext, weir: WeirRun) -> dg.MaterializeResult[None]:
    """Publish the judged candidate. Launched alone, it finds no verdict of its run and refuses."""
    with weir.reported():
        published = steps.publish(weir.settings, weir.folder)
    if not context.has_partition_key:
        as_of = weir.folder.read("plan")["as_of"]
        context.log_event(
            dg.AssetMaterialization("released_day", partition=as_of, metadata=_shown(published))
        )
    return dg.MaterializeResult(metadata=_shown(published))


@dg.asset(
    group_name="release",
    deps=["release"],
    partitions_def=BUSINESS_DAYS,
    pool=POOL,
)
def released_day(context: dg.AssetExecutionContext, weir: WeirRun) -> dg.MaterializeResult[None]:
    """Which business dates have a release: the calendar that the job `days` is launched and backfilled by.

    The only asset with partitions: everything before it is one present state, rebuilt for one business date.
    """
    with weir.reported():
        published = weir.folder.read("published")
    return dg.MaterializeResult(metadata=_shown(published))


def _shown(published: dict[str, Any]) -> dict[str, Any]:
    return {
        "release_id": published["release_id"],
        "parent_id": published["parent_id"] or "none",
        "report": dg.MetadataValue.path(published["report"]),
    }
