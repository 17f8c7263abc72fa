"""A home and a live source that asks a Zoho test server, with what its archive holds at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
import yaml

from pipelines.cli import main
from pipelines.home import Home
from pipelines.landing.land import land_source, write_empty
from pipelines.landing.records import records
from pipelines.settings import now
from pipelines.sources.definition import load_source
from pipelines.sources.live.fetch import Fetched, fetch
from pipelines.sources.live.place import Place, read_place
from pipelines.sources.receipt import receipts_of
from tests.fixtures.zoho_source import write_zoho_source
from tests.servers.zoho import Zoho

OWNER = {"id": "7", "name": "Rep", "email": "rep@example.com"}
MORNING = "2026-03-02T09:00:00-05:00"


class Ground:
    """`zoho` is the server's control, `url` its address."""

    def __init__(self, root: Path, url: str, zoho: Zoho) -> None:
        self.root, self.url, self.zoho = root, url, zoho
        self.home = Home(root / "home")
        self.home.prepare()
        self.folder = write_zoho_source(root / "crm", url)

    def live(self, **keys: Any) -> None:
        """Other settings in the block `live`."""
        write_zoho_source(self.folder, self.url, **keys)

    def standard(self, *options: str) -> None:
        """The packaged folder as `weir source new` writes it, asked of the test server without waiting."""
        self.folder = self.root / "standard"
        with pytest.raises(SystemExit) as ended:
            main(["source", "new", "zoho", str(self.folder), *options])
        assert not ended.value.code
        head = yaml.safe_load((self.folder / "source.yaml").read_text())
        head["name"] = "crm"
        head["live"] |= {
            "accounts_url": self.url, "api_url": self.url, "first_wait_ms": 1, "calls_per_second": 999,
        }  # fmt: skip
        (self.folder / "source.yaml").write_text(yaml.safe_dump(head))

    def fetch(self) -> Fetched:
        return fetch(load_source(self.folder), self.home, now)

    def extracts(self, name: str = "Deals") -> list[list[dict[str, Any]]]:
        """Records of each extract of an object, in order."""
        ids = [one for one in receipts_of(self.home, "crm") if one.extract_id.rpartition("/")[0] == name]
        return [self.lines(one.sha256) for one in sorted(ids, key=lambda one: one.extract_id)]

    def lines(self, sha256: str) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in (self.home.blobs / sha256).read_bytes().splitlines()]

    def ids(self, name: str = "Deals") -> Counter[str]:
        """How often each id is archived."""
        return Counter(record["id"] for extract in self.extracts(name) for record in extract)

    def latest(self, name: str = "Deals") -> dict[str, dict[str, Any]]:
        """The newest archived state of each record."""
        return {record["id"]: record for extract in self.extracts(name) for record in extract}

    def place(self, name: str = "Deals") -> Place:
        return read_place(self.home, "crm", name)


def record(number: int, **values: Any) -> dict[str, Any]:
    """A record with what every one has."""
    return {"id": str(number), "Owner": OWNER, "Created_Time": MORNING, "Modified_Time": MORNING, **values}


def land(ground: Ground) -> dict[str, dict[str, Any]]:
    """Fetch and land; what each feed counts over all extracts, and why rows were set aside."""
    ground.fetch()
    write_empty(ground.home)
    land_source(ground.home, load_source(ground.folder))
    counts: dict[str, dict[str, Any]] = {}
    for one in records(ground.home):
        for section in one["components"].values():
            assert section["rejection"] is None, (one["extract_id"], section["rejection"])
            for feed, found in section["feeds"].items():
                counts.setdefault(feed, {}).update(found["reasons"])
    return counts


def landed(ground: Ground, feed: str, *names: str) -> list[tuple[Any, ...]]:
    """Columns of a landed feed, without the rows that were withdrawn, as the warehouse reads it."""
    files = str(ground.home.landing / feed / "crm" / "*.parquet")
    aside = str(ground.home.landing / "ops__quarantine_row" / "*" / "*.parquet")
    query = (
        f"select {', '.join(names)} from read_parquet(?, union_by_name=true) where row_id not in "
        "(select row_id from read_parquet(?, union_by_name=true) where kind = 'withdrawn') order by all"
    )
    return duckdb.execute(query, [files, aside]).fetchall()
