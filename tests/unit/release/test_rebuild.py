"""What a rebuild takes from the archive, and how it compares. The job itself is stood in for; a real rebuild of a
real source is among the pipeline tests."""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import PublishError, UsageError
from pipelines.files import pretty_json, read_json, sha256_of
from pipelines.home import Home
from pipelines.inputs import code_hash, folder_hash, keep_definitions
from pipelines.release.publish import publish
from pipelines.release.rebuild import rebuild
from pipelines.settings import Settings
from tests.fixtures.candidate import TABLES, ground

EXTRACT = "months/2024-01.csv"


@dataclass
class Ended:
    release_id: str | None
    error: Exception | None = None


@dataclass
class World:
    """A released home with one archived extract, and the folder that defines its source."""

    home: Home
    source: Path
    tables: dict[str, str]
    seen: dict[str, Any]

    def job(self, settings: Settings, folders: list[Path], as_of: date) -> Any:
        """Stands in for the main job: notes what it was given and releases `tables`."""
        self.seen = {"settings": settings, "folders": folders, "as_of": as_of}
        built = ground(settings.home.root / "work")
        built.home = replace(settings.home)
        built.home.warehouse.write_bytes(
            (settings.home.root / "work/home/warehouse/weir.duckdb").read_bytes()
        )
        for name, sql in self.tables.items():
            built.rebuild(name, sql)
        candidate = built.stage("again")
        request = built.request() | {"landing_root": str(settings.home.root / "work/home/landing")}
        from quality.gate import evaluate

        return Ended(publish(built.home, candidate, evaluate(request), {}))


@pytest.fixture
def world(tmp_path: Path) -> World:
    built = ground(tmp_path)
    source = tmp_path / "acme"
    source.mkdir()
    (source / "source.yaml").write_text("name: acme\nkind: files\npath: ../far/away\n")
    (source / "orders.odcs.yaml").write_text("kind: DataContract\n")
    data = built.home.blobs / "x"
    for content in (b"a,b\n1,2\n", b"rows=1\n"):
        data.write_bytes(content)
        data.rename(built.home.blobs / sha256_of(data))
    one, control = sorted(built.home.blobs.iterdir(), key=lambda path: path.stat().st_size, reverse=True)
    receipt = {
        "source": "acme",
        "extract_id": EXTRACT,
        "sha256": one.name,
        "received_at": "2024-01-31T08:00:00Z",
    }
    receipt["control"] = {"file": "2024-01.ctl", "sha256": control.name}  # type: ignore[assignment]
    (built.home.receipts / "acme--months_2024-01.csv-1.json").write_bytes(pretty_json(receipt))
    other = {**receipt, "extract_id": "later.csv"}
    (built.home.receipts / "acme--later.csv.json").write_bytes(pretty_json(other))
    inputs = {
        "extracts": [{name: receipt[name] for name in ("source", "extract_id", "sha256")}],
        "sources": {"acme": folder_hash(source)},
        "code": code_hash(),
    }
    settings = {
        "reporting_currency": "CNY",
        "fiscal_year_start_month": 4,
        "definitions": {"a": 1, "b": {"c d": [0.5, 1]}},
    }
    candidate = built.stage("run-1")
    publish(built.home, candidate, built.judge(), {"inputs": inputs, "settings": settings})
    (built.home.runs / "run-1").mkdir()
    keep_definitions(built.home, [source])
    return World(built.home, source, {}, {})


def test_the_sources_are_laid_out_anew_from_the_archive(world: World, tmp_path: Path) -> None:
    found = rebuild(world.home, None, tmp_path / "second", world.job)
    (folder,) = world.seen["folders"]
    assert folder == tmp_path / "second" / "sources" / "acme"
    assert yaml.safe_load((folder / "source.yaml").read_text())["path"] == "data"
    assert (folder / "data" / EXTRACT).read_bytes() == b"a,b\n1,2\n"
    assert (folder / "data" / "months" / "2024-01.ctl").read_bytes() == b"rows=1\n"
    # the receipt with its time of arrival, and not the one of an extract that came later
    (receipt,) = (tmp_path / "second" / "archive" / "receipts").iterdir()
    assert read_json(receipt)["received_at"] == "2024-01-31T08:00:00Z"
    assert world.seen["as_of"] == date(2024, 1, 31)
    settings = world.seen["settings"]
    assert (settings.fiscal_year_start_month, settings.definitions) == (
        4,
        {"a": 1, "b": {"c d": [0.5, 1]}},
    )
    assert (found.is_same, found.tables, found.is_same_code, found.are_same_definitions) == (
        True,
        2,
        True,
        True,
    )


def test_a_table_with_another_content_is_named(world: World, tmp_path: Path) -> None:
    world.tables = {"fct_payment": TABLES["fct_payment"].replace("i * 10", "i * 11")}
    found = rebuild(world.home, None, tmp_path / "second", world.job)
    assert not found.is_same
    assert list(found.differing) == ["fct_payment"]


def test_a_changed_definition_is_told(world: World, tmp_path: Path) -> None:
    (world.source / "orders.odcs.yaml").write_text("kind: DataContract\nid: x\n")
    found = rebuild(world.home, None, tmp_path / "second", world.job, [world.source])
    assert not found.are_same_definitions
    # as the archive kept it, it is the one of the release, whatever became of the folder
    assert rebuild(world.home, None, tmp_path / "third", world.job).are_same_definitions


def test_damaged_and_lost_bytes_are_told(world: World, tmp_path: Path) -> None:
    blob = max(world.home.blobs.iterdir(), key=lambda path: path.stat().st_size)
    blob.write_bytes(b"a,b\n1,3\n")
    with pytest.raises(PublishError, match=r"archived bytes of 2024-01\.csv are damaged"):
        rebuild(world.home, None, tmp_path / "second", world.job)
    blob.unlink()
    with pytest.raises(PublishError, match=r"archived bytes of 2024-01\.csv are gone"):
        rebuild(world.home, None, tmp_path / "third", world.job)


def test_a_second_home_that_is_not_empty_is_wrong_usage(world: World) -> None:
    with pytest.raises(UsageError, match="the second home is not empty"):
        rebuild(world.home, None, world.home.root, world.job)


def test_a_damaged_and_a_lost_definition_are_told(world: World, tmp_path: Path) -> None:
    (contract,) = world.home.definitions.glob("*/acme/orders.odcs.yaml")
    contract.write_text("kind: DataContract\nid: y\n")
    with pytest.raises(PublishError, match="archived definition of acme is damaged"):
        rebuild(world.home, None, tmp_path / "second", world.job)
    shutil.rmtree(contract.parent)
    with pytest.raises(PublishError, match="archived definition of acme is gone"):
        rebuild(world.home, None, tmp_path / "third", world.job)
