"""Rows whose source no longer has them (rule S13): their keys lack in a full list, or stand in a list of deletions.

Landed files stay as they are. The withdrawn rows are listed once more, as rows of `ops__quarantine_row` of the kind
`withdrawn`, and the warehouse reads the feed without them.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from shutil import rmtree
from typing import Any

import pyarrow as pa

from pipelines.files import digest
from pipelines.home import Home
from pipelines.landing.approved import approvals
from pipelines.landing.component_run import WORK
from pipelines.landing.key_history import KeyHistory
from pipelines.landing.listings import forget_listings, state_of_listings, write_listings
from pipelines.landing.plan import code_digest
from pipelines.landing.records import records
from pipelines.landing.schemas import HELD
from pipelines.landing.write import write_parquet
from pipelines.sources.model import FeedMapping, Source
from pipelines.sources.superseded import kept

FILE = "@withdrawn.parquet"


def _kinds(source: Source, mapping: FeedMapping) -> dict[str, FeedMapping]:
    """How deletions of a feed are told: `keys`, `deleted`, `snapshot`, each with the contract that says so."""
    lists = {one.feed: one for one in source.feeds}
    found = {
        kind: lists[name] for kind in ("keys", "deleted") if (name := f"{mapping.feed}__{kind}") in lists
    }
    if mapping.options.get("delivery") == "snapshot":
        found["snapshot"] = mapping
    return found


def withdraw(home: Home, source: Source) -> None:
    """Work out which landed rows of a source are withdrawn by now, and write them down."""
    path = home.landing / "ops__quarantine_row" / source.name / FILE
    told = [(mapping, kinds) for mapping in source.feeds if (kinds := _kinds(source, mapping))]
    if not told:
        path.unlink(missing_ok=True)
        forget_listings(home, source.name)
        return
    places = kept(home, source.name).get("places", {})
    landed = [
        {**one, "received_at": places.get(one["extract_id"], one["received_at"])}
        for one in records(home)
        if one["source"] == source.name
    ]
    approved = {
        mapping.feed: {name: asdict(one) for name, one in approvals(home, source.name, mapping.feed).items()}
        for mapping, _ in told
    }
    state = digest([code_digest(), source.digest, approved, [_state_of(one) for one in landed]])
    if state_of_listings(home, source.name) == state:
        return
    found, rows = {}, [HELD.empty_table()]
    work = home.landing / WORK / f"{os.getpid()}.{source.name}.lists"
    for mapping, kinds in told:
        run = KeyHistory(home, source, mapping, landed, work)
        found[mapping.feed] = [
            one for kind, by in kinds.items() for one in run.judge(kind, by, kinds.get("keys"))
        ]
        rows.append(run.withdrawn().cast(HELD))
        rmtree(work)
    if any(table.num_rows for table in rows):
        write_parquet(pa.concat_tables(rows), HELD, path)
    else:
        path.unlink(missing_ok=True)
    write_listings(home, source.name, found, state)


def _state_of(record: dict[str, Any]) -> list[Any]:
    """What of an extract's landing the withdrawals depend on."""
    sections = [[name, one["digest"], one["status"]] for name, one in sorted(record["components"].items())]
    return [record["extract_id"], record["sha256"], record["received_at"], record.get("window"), sections]
