"""One asset per canonical feed, landed together: a source's file may fill several feeds."""

from collections.abc import Iterator

import dagster as dg

from pipelines import steps
from pipelines.assets.resource import POOL, WeirRun
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
    )


@dg.multi_asset(
    specs=[_spec(feed) for feed in feeds().values()],
    name="landing",
    can_subset=False,
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
    pool=POOL,
)
def landing(context: dg.AssetExecutionContext, weir: WeirRun) -> Iterator[dg.MaterializeResult[None]]:
    """Collect the sources' files, archive them, and land what is new as canonical feeds.

    The one step with retries: it reads shares that may not answer. It may be tried again because the same
    bytes twice are one extract.
    """
    with weir.reported():
        summary = steps.land(weir.settings, weir.folder, weir.source_folders())
    for feed in feeds().values():
        yield dg.MaterializeResult(
            asset_key=asset_name(feed), metadata=steps.feed_metadata(summary, feed.name)
        )
