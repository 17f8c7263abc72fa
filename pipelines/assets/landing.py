"""One asset per canonical feed, landed together: a source's file may fill several feeds."""

from collections.abc import Iterator

import dagster as dg

from pipelines import steps
from pipelines.assets.resource import POOL, WeirRun
from quality.feeds import feeds

# What landing tells the warehouse of itself, beside the canonical feeds.
ACCOUNTS = {
    "ops__batch": "Rows and money of each extract by feed and currency: read, accepted and set aside.",
    "ops__quarantine_row": "Each row that was set aside, with its rule and reason; never its raw text.",
    "ops__source_feed": "What each source declares of each feed: its rhythm, its scale of money, expected shares.",
}


def _spec(name: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=f"landing_{name}", group_name="landing", description=description, kinds={"parquet"}
    )


@dg.multi_asset(
    specs=[
        *(_spec(feed.name, f"{feed.description_en} · {feed.description_zh}") for feed in feeds().values()),
        *(_spec(name, description) for name, description in ACCOUNTS.items()),
    ],
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
        summary = steps.land(weir.settings, weir.folder, weir.source_folders(), is_fetched=weir.is_fetched)
    for name in [*feeds(), *ACCOUNTS]:
        yield dg.MaterializeResult(asset_key=f"landing_{name}", metadata=steps.feed_metadata(summary, name))
