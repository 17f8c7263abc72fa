"""Which release a run carries on, by the ledger and the business date."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import PublishError
from pipelines.files import pretty_json, sha256_of
from pipelines.home import Home
from pipelines.release import ledger
from pipelines.release.carried import Carried, choose, folder_of, lay_out


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path / "home")
    found.prepare()
    return found


def put(home: Home, release_id: str, kind: str = "release") -> None:
    """A release of the business date that its id begins with, of one table."""
    folder = home.releases / release_id
    folder.mkdir()
    (folder / "fct_kpi_snapshot.parquet").write_bytes(release_id.encode())
    files = [
        {"name": path.name, "sha256": sha256_of(path)} for path in (folder / "fct_kpi_snapshot.parquet",)
    ]
    manifest = {"as_of": release_id[:10], "files": files, "logical_hash": {"all": f"hash of {release_id}"}}
    (folder / "manifest.json").write_bytes(pretty_json(manifest))
    ledger.append(home, kind, {"release_id": release_id})


def chosen(home: Home, as_of: str) -> str | None:
    carried = choose(home, as_of)
    return carried.release_id if carried else None


def test_it_is_the_newest_that_is_not_after_the_business_date(home: Home) -> None:
    assert chosen(home, "2024-02-29") is None
    for release_id in ("2024-01-31.0001", "2024-02-29.0002", "2024-02-29.0003"):
        put(home, release_id)
    found = {
        day: chosen(home, day)
        for day in ("2024-01-30", "2024-01-31", "2024-02-28", "2024-02-29", "2025-01-01")
    }
    assert list(found.values()) == [
        None, "2024-01-31.0001", "2024-01-31.0001", "2024-02-29.0003", "2024-02-29.0003",
    ]  # fmt: skip


def test_history_and_what_was_rolled_back_is_carried_on_by_nobody(home: Home) -> None:
    put(home, "2024-01-31.0001")
    put(home, "2024-02-29.0002")
    put(home, "2024-01-15.0003", "history")
    assert chosen(home, "2024-01-20") is None
    ledger.append(home, "rollback", {"release_id": "2024-01-31.0001"})
    assert chosen(home, "2024-03-31") == "2024-01-31.0001"
    put(home, "2024-03-31.0004")
    assert chosen(home, "2024-03-31") == "2024-03-31.0004"


def test_a_changed_table_is_not_carried_on(home: Home) -> None:
    put(home, "2024-01-31.0001")
    (home.releases / "2024-01-31.0001" / "fct_kpi_snapshot.parquet").write_bytes(b"other")
    with pytest.raises(PublishError, match="which is carried on, differs from its manifest"):
        choose(home, "2024-01-31")


def test_it_is_laid_out_for_a_second_home(home: Home, tmp_path: Path) -> None:
    put(home, "2024-01-31.0001")
    carried = choose(home, "2024-02-29")
    assert carried == Carried("2024-01-31.0001", "2024-01-31", "hash of 2024-01-31.0001")
    second = Home(tmp_path / "second")
    second.prepare()
    lay_out(home, second, carried.record())
    assert choose(second, "2024-02-29") == carried
    folder = folder_of(second, carried.record())
    assert folder is not None
    assert (folder / "fct_kpi_snapshot.parquet").read_bytes() == b"2024-01-31.0001"
    with pytest.raises(PublishError, match="is not the one carried on"):
        lay_out(home, Home(tmp_path / "third"), {**carried.record(), "logical_hash": "other"})
