"""A home and a live source that asks a Zoho test server, with what its archive holds at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from pipelines.home import Home
from pipelines.settings import now
from pipelines.sources.definition import load_source
from pipelines.sources.live.fetch import Fetched, fetch
from pipelines.sources.live.place import Place, read_place
from pipelines.sources.receipt import receipts_of
from tests.fixtures.zoho_source import write_zoho_source
from tests.servers.zoho import Zoho


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
