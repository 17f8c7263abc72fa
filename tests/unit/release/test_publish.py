"""What a release consists of, and how a home comes to rest after a crash."""

import json
import os
import stat
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.release import current, ledger, publish
from pipelines.release.current import current_id, recover
from pipelines.release.verify import verify
from tests.fixtures.candidate import TABLES, ground


def test_the_manifest_says_what_lies_there(home: Home) -> None:
    first, second = sorted(home.releases.iterdir())
    manifest = json.loads((first / "manifest.json").read_text())
    files = {entry["name"]: entry for entry in manifest["files"]}
    assert set(files) == {path.name for path in first.iterdir()} - {"manifest.json"}
    # payments of 10, 20 and 30
    assert files["fct_payment.parquet"]["rows"] == 3
    assert files["fct_payment.parquet"]["control_totals"] == {"amount": "60.0000"}
    assert manifest["verdict"]["checks"]["evaluated"] == manifest["verdict"]["checks"]["expected"] > 30
    assert (manifest["parent_id"], manifest["as_of"], manifest["run_id"]) == (None, "2024-01-31", "run-1")
    assert json.loads((second / "manifest.json").read_text())["parent_id"] == first.name
    assert first.name == f"2024-01-31.0001.{manifest['logical_hash']['all'][:8]}"


def test_nobody_may_write_into_a_release(home: Home) -> None:
    for folder in home.releases.iterdir():
        for path in (folder, *folder.iterdir()):
            assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), path


def test_mart_duckdb_explains_itself(home: Home) -> None:
    folder = home.current.resolve()
    assert not list(folder.glob("*.wal"))
    with duckdb.connect(str(folder / "mart.duckdb"), read_only=True) as connection:
        assert connection.execute("select sum(amount) from fct_payment").fetchone() == (100,)
        comments = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
        assert comments["fct_payment"] == (
            f"What fct_payment holds. | fct_payment 的说明 | release {folder.name}, run run-2, verdict pass"
        )
        column = connection.execute(
            "select comment from duckdb_columns() where table_name = 'fct_payment' and column_name = 'amount'"
        ).fetchone()
        assert column == ("The amount.",)
        release = connection.execute("select release_id, run_id, as_of_date from meta_release").fetchall()
        assert release == [(folder.name, "run-2", "2024-01-31")]
        metric = connection.execute("select en, zh, unit from meta_metric where id = 'K01'").fetchone()
        assert metric == ("Gross revenue", "销售总额", "money")
        columns = connection.execute(
            "select column_name from meta_mart_column where table_name = 'fct_payment' order by column_position"
        ).fetchall()
        assert [row[0] for row in columns] == ["payment_key", "row_id", "business_date", "amount", "currency"]
        assert [name for name, comment in comments.items() if not comment] == []
        silent = "select table_name, column_name from duckdb_columns() where not internal and comment is null"
        assert connection.execute(silent).fetchall() == []
        assert comments["meta_release"].startswith(
            "The release that this file is; one row. | 本文件所属的发布"
        )


def test_files_are_forced_to_disk_in_the_order_of_the_design(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = ground(tmp_path)
    candidate = built.stage()
    verdict = built.judge()
    seen: list[str] = []
    real = os.fsync

    def noted(handle: int) -> None:
        seen.append(str(Path(f"/proc/self/fd/{handle}").readlink()).removeprefix(str(built.home.root) + "/"))
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    release_id = publish.publish(built.home, candidate, verdict, {})
    stage = f"staging/{candidate.folder.name}"
    files = ["fct_payment.parquet", "mart.duckdb", "mart_channel_performance.parquet", "verdict.json"]
    assert seen == [
        *(f"{stage}/{name}" for name in files),
        f"{stage}/manifest.json",
        stage,
        "releases",
        "ledger.jsonl",
        str(built.home.root),
        str(built.home.root),
    ]
    assert current_id(built.home) == release_id


def test_a_folder_that_the_ledger_does_not_name_goes_away(home: Home) -> None:
    astray = home.releases / "2024-02-01.0009.00000000"
    astray.mkdir()
    (astray / "x.parquet").write_bytes(b"x")
    recover(home)
    assert not astray.exists()
    assert len(list(home.releases.iterdir())) == 2


def test_a_current_behind_the_ledger_is_moved_on(home: Home) -> None:
    first, second = sorted(path.name for path in home.releases.iterdir())
    current.point_current_at(home, first)
    recover(home)
    assert current_id(home) == second == ledger.read(home).current


def test_litter_of_dead_processes_is_swept_and_of_live_ones_kept(home: Home) -> None:
    dead, alive = home.staging / "run.4194305.tmp", home.staging / f"run.{os.getpid()}.tmp"
    dead.mkdir()
    alive.mkdir()
    recover(home)
    assert not dead.exists()
    assert alive.exists()


def test_an_earlier_business_date_enters_history_and_takes_no_reader_back(tmp_path: Path) -> None:
    built = ground(tmp_path)
    newest = publish.publish(built.home, built.stage("run-1"), built.judge(), {})
    built.as_of = "2024-01-30"
    mart = "mart_channel_performance"
    built.rebuild(mart, TABLES[mart].replace("2024-01-31", built.as_of))
    earlier = publish.publish(built.home, built.stage("run-2"), built.judge(), {})
    assert (built.home.releases / earlier / "manifest.json").exists()
    assert [entry["kind"] for entry in ledger.read(built.home).entries] == ["release", "history"]
    assert current_id(built.home) == ledger.read(built.home).current == newest
    recover(built.home)
    assert current_id(built.home) == newest
    assert all(proof.holds for proof in verify(built.home, earlier))


def test_the_same_business_date_again_replaces_what_readers_see(tmp_path: Path) -> None:
    built = ground(tmp_path)
    publish.publish(built.home, built.stage("run-1"), built.judge(), {})
    again = publish.publish(built.home, built.stage("run-2"), built.judge(), {})
    assert current_id(built.home) == again
