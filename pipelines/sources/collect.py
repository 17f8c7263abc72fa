"""One collection of one source, whatever its kind: its files archived, or what is new fetched into the archive."""

from __future__ import annotations

from pipelines.home import Home
from pipelines.settings import now
from pipelines.sources.archive import collect
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt, receipts_of


def collect_source(
    source: Source, home: Home, *, is_fetched: bool = False, most_pages: int | None = None
) -> list[Receipt]:
    """Archive what is new in a source and return all its receipts, in order of arrival.

    `is_fetched`: this run has asked the live source already; asking again would bring a later state. `most_pages`:
    of each of its objects only so many, for a trial.
    """
    if source.live is None:
        return collect(source, home, now())
    if not is_fetched:
        from pipelines.sources.live.fetch import fetch  # httpx costs a tenth of a second

        fetch(source, home, now, most_pages)
    return receipts_of(home, source.name)
