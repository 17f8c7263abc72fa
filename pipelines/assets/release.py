"""The release: the one asset that moves CURRENT, and only on this run's passing verdict."""

import dagster as dg

from pipelines import steps
from pipelines.assets.resource import WeirRun


@dg.asset(group_name="release", deps=["gate"], pool="weir_home")
def release(context: dg.AssetExecutionContext, weir: WeirRun) -> dg.MaterializeResult[None]:
    """Publish the judged candidate. Launched alone, it finds no verdict of its run and refuses."""
    with weir.refusals():
        published = steps.publish(weir.settings, weir.folder)
    return dg.MaterializeResult(
        metadata={
            "release_id": published["release_id"],
            "parent_id": published["parent_id"] or "none",
            "report": dg.MetadataValue.path(published["report"]),
        }
    )
