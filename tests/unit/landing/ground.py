"""A source folder and a home to land it in, both real and small."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import yaml

from pipelines.home import Home
from pipelines.landing.checks import check_results
from pipelines.landing.land import land_source
from pipelines.landing.records import records
from pipelines.landing.summary import summarise
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source

START = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
PAYMENT = {
    "payment_id": "id",
    "order_id": "order",
    "paid_at": "paid",
    "amount": "amount",
    "currency": "currency",
}
HEADER = "id,order,paid,amount,currency\n"


@dataclass
class Ground:
    """`land` collects what lies in `files` and lands it; each collection is an hour after the one before."""

    folder: Path
    home: Home
    collections: int = 0
    new: list = field(default_factory=list)

    @property
    def files(self):
        return self.folder / "files"

    def source(self, **keys):
        base = {"name": "shop", "kind": "files", "time_zone": "Asia/Shanghai", "path": "files"}
        self.folder.joinpath("source.yaml").write_text(yaml.safe_dump({**base, **keys}), encoding="utf-8")

    def contract(self, feed="orders.payments", files="*.csv", columns=None, sql=None, **options):
        properties = [
            {"name": name, "physicalName": where} if isinstance(where, str) else {"name": name, **where}
            for name, where in (columns or PAYMENT).items()
        ]
        schema = {
            "name": feed.partition(".")[2],
            "customProperties": [{"property": key, "value": value} for key, value in options.items()],
            "properties": properties,
        }
        if files:
            schema["physicalName"] = files
        document = {"apiVersion": "v3.1.0", "kind": "DataContract", "name": feed, "schema": [schema]}
        stem = feed.partition(".")[2]
        text = yaml.safe_dump(document, allow_unicode=True)
        (self.folder / f"{stem}.odcs.yaml").write_text(text, encoding="utf-8")
        if sql:
            (self.folder / f"{stem}.sql").write_text(sql, encoding="utf-8")

    def file(self, name, content, encoding="utf-8"):
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def collect(self):
        source = load_source(self.folder)
        collect(source, self.home, START + timedelta(hours=self.collections))
        self.collections += 1
        return source

    def land(self):
        source = self.collect()
        self.new = land_source(self.home, source)
        return summarise(list(records(self.home)), {source.name: self.new})

    as_of = date(2026, 11, 1)

    def check(self, rule, feed="orders__payments"):
        results = check_results(self.home, [load_source(self.folder)], list(records(self.home)), self.as_of)
        return next(one for one in results if one["check_id"] == f"{rule}.{feed}.shop")

    def rejection(self):
        return [
            section["rejection"] for record in records(self.home) for section in record["components"].values()
        ]

    def rows(self, feed="orders__payments"):
        files = sorted((self.home.landing / feed / "shop").glob("*.parquet"))
        return pl.concat([pl.read_parquet(one) for one in files]).to_dicts() if files else []

    def held(self):
        files = sorted((self.home.quarantine / "shop").glob("*.parquet"))
        return pl.concat([pl.read_parquet(one) for one in files]).to_dicts() if files else []


def payments(*lines):
    """A payments file with these lines under its header."""
    return HEADER + "".join(f"{line}\n" for line in lines)
