"""The machine fails: one clear line what, where and what to do, exit code 5; and the next collection goes on."""

import errno
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.errors import machine_fault
from pipelines.files import sha256_of
from pipelines.home import Home
from pipelines.landing.land import land_source
from pipelines.sources import archive
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source
from pipelines.sources.state import read_state

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)


def run(folder, home, capsys):
    """`weir run` on a source; its exit code and what it said on the error stream."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", "--source", str(folder.path), "--home", str(home.root)])
    return ended.value.code, capsys.readouterr().err.splitlines()


def command(*words):
    return subprocess.run([str(one) for one in words], check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    if not command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place):
        pytest.skip("no right to mount a small disk here; the injected failures below hold")
    yield place
    command("umount", "-l", place)


def test_a_full_disk(folder, small_disk, capsys):
    home = Home(small_disk / "home")
    path = folder.file("big.csv", b"id,paid,amount,currency\n" + b"P1,2026-10-01,1,CNY\n" * 100_000)
    code, said = run(folder, home, capsys)
    assert code == 5
    assert said[0] == "error: the disk is full"
    assert said[1].startswith(f"where: {home.blobs}/.big.csv.")
    assert said[2].startswith("to do: free space and run again")
    assert len(said) == 3
    assert not list(home.receipts.iterdir())
    assert not list(home.blobs.iterdir())  # half a file would keep the disk full
    path.unlink()
    folder.file("small.csv")
    assert [one.extract_id for one in collect(load_source(folder.path), home, NOW)] == ["small.csv"]


def test_a_place_that_cannot_be_written(folder, home, capsys):
    folder.file("a.csv")
    if not command("chattr", "+i", home.blobs):
        pytest.skip("no immutable bit on this file system; the injected failures below hold")
    try:
        code, said = run(folder, home, capsys)
    finally:
        command("chattr", "-i", home.blobs)
    assert code == 5
    assert said[0] == "error: access was refused: Operation not permitted"
    assert said[1].startswith(f"where: {home.blobs}")
    assert len(said) == 3
    assert len(collect(load_source(folder.path), home, NOW)) == 1


def test_a_file_that_cannot_be_read(folder, home, capsys, monkeypatch):
    folder.file("a.csv")
    folder.file("b.csv", b"id,paid,amount,currency\nP2,2026-10-01,1,CNY\n")
    kept = archive.keep_blob

    def refuse(where, path):
        if path.name == "b.csv":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return kept(where, path)

    monkeypatch.setattr(archive, "keep_blob", refuse)
    code, said = run(folder, home, capsys)
    assert (code, said[0]) == (5, "error: access was refused: Permission denied")
    assert said[1] == f"where: {folder.path / 'files' / 'b.csv'}"
    monkeypatch.undo()
    assert len(collect(load_source(folder.path), home, NOW)) == 2


def test_a_file_that_vanishes_is_left_for_the_next_look(folder, home, monkeypatch):
    for name in ("a", "b", "c"):
        folder.file(f"{name}.csv", f"id,paid,amount,currency\n{name},2026-10-01,1,CNY\n".encode())
    kept = archive.keep_blob

    def vanish(where, path):
        if path.name == "b.csv":
            path.unlink()
        return kept(where, path)

    monkeypatch.setattr(archive, "keep_blob", vanish)
    found = collect(load_source(folder.path), home, NOW)
    assert [one.extract_id for one in found] == ["a.csv", "c.csv"]
    assert read_state(home, "shop").waiting == {"b.csv": "it was gone when it was to be read"}
    monkeypatch.undo()
    folder.file("b.csv")
    assert len(collect(load_source(folder.path), home, NOW)) == 3
    assert read_state(home, "shop").waiting == {}


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=3650)])
@pytest.mark.parametrize("is_state_lost", [False, True])
def test_a_clock_that_goes_back_changes_no_order(folder, home, back, is_state_lost):
    folder.file("z.csv")
    collect(load_source(folder.path), home, NOW)
    if is_state_lost:
        archive.state_path(home, "shop").unlink()
    folder.file("a.csv", b"id,paid,amount,currency\nP1,2026-10-01,2,CNY\n")
    found = collect(load_source(folder.path), home, NOW - back)
    assert [one.extract_id for one in found] == ["z.csv", "a.csv"]
    assert found[1].received_at == "2026-11-30T06:00:00.000001Z"
    folder.file("m.csv", b"id,paid,amount,currency\nP1,2026-10-01,3,CNY\n")
    later = collect(load_source(folder.path), home, NOW + timedelta(days=1))
    assert [one.extract_id for one in later] == ["z.csv", "a.csv", "m.csv"]


def _content(root: Path) -> dict[str, str]:
    """Hashes of all files but the notes of the last look, of which a lost one costs only another look."""
    files = (path for path in root.rglob("*") if path.is_file() and path.parent.name != "state")
    return {str(path.relative_to(root)): sha256_of(path) for path in files}


def test_whichever_write_fails_the_next_run_goes_on(folder, tmp_path, monkeypatch):
    for name in ("a", "b"):
        folder.file(f"{name}.csv", f"id,paid,amount,currency\n{name},2026-10-01,1,CNY\n".encode())
    source = load_source(folder.path)
    whole = Home(tmp_path / "whole")
    whole.prepare()
    collect(source, whole, NOW)
    land_source(whole, source)
    force, failed = os.fsync, 0
    for nth in range(1, 100):
        home = Home(tmp_path / f"home{nth}")
        home.prepare()
        left = [nth]

        def full(handle, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            force(handle)

        monkeypatch.setattr(os, "fsync", full)
        try:
            collect(source, home, NOW)
            land_source(home, source)
        except OSError as error:
            failed += 1
            fault = machine_fault(error)
            assert fault is not None
            assert (fault.what, fault.exit_code) == ("the disk is full", 5)
        monkeypatch.setattr(os, "fsync", force)
        collect(source, home, NOW)
        land_source(home, source)
        assert _content(home.root) == _content(whole.root), nth
        assert read_state(home, "shop").seen == read_state(whole, "shop").seen
        if left[0] > 0:
            break
    assert failed == nth - 1 > 8  # each write of it has failed once


def test_other_errors_are_no_faults_of_the_machine():
    assert machine_fault(ValueError("x")) is None
    assert machine_fault(KeyError("x")) is None
