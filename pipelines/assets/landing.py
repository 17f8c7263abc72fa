"""One asset per canonical feed, landed together: a source's file may fill several feeds."""

from collections.abc import Iterator

import dagster as dg

from pipelines import steps
from pipelines.assets.resource import WeirRun
from quality.feeds import Feed, feeds


def asset_name(feed: Feed) -> str:
    """`landing_<area>__<feed>`."""
    return f"landing_{feed.name}"


def _spec(feed: Feed) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=asset_name(feed),
        group_name="landing",
        description=f"{feed.description_en} · {feed.description_zh}",
        kinds={"parquet"},
        skippable=True,
    )


@dg.multi_asset(
    specs=[_spec(feed) for feed in feeds().values()],
    name="landing",
    can_subset=False,
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
    pool="weir_home",
)
def landing(context: dg.AssetExecutionContext, weir: WeirRun) -> Iterator[dg.MaterializeResult[None]]:
    """Collect the sources' files, archive them, and land what is new as canonical feeds."""
    with weir.refusals():
        summary = steps.land(weir.settings, weir.folder, weir.source_folders())
    for feed in feeds().values():
        yield dg.MaterializeResult(
            asset_key=asset_name(feed), metadata=steps.feed_metadata(summary, feed.name)
        )
