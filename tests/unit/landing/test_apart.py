"""A parser that dies takes the landing child with it; the run says which file, and what was landed stays."""

import os
import shutil
import sys

import pytest

from pipelines.errors import UsageError, WeirError
from pipelines.landing.apart import Apart, apart
from pipelines.landing.land import land, land_source
from pipelines.settings import load
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source
from tests.unit.landing.ground import START, Ground, payments

ROW = "P1,O1,2026-10-01,1,CNY"
DEADLY = """
import os, sys
import pipelines.landing.decode as decode
whole = decode.decoded
def deadly(content, encoding):
    if b"deadly" in content:
        os.abort()
    return whole(content, encoding)
decode.decoded = deadly
"""


@pytest.fixture
def landing(ground):
    """A run's landing of the one source."""

    def run():
        source = load_source(ground.folder)
        receipts = collect(source, ground.home, START)
        return land(ground.home, load(ground.home), [source], receipts)

    return run


def test_a_run_lands_in_a_child_and_has_none_where_nothing_is_new(ground, landing, monkeypatch):
    ground.file("a.csv", payments(ROW))
    assert landing()["accepted"]["rows"] == 1
    monkeypatch.setattr(Apart, "land", lambda *_: pytest.fail("nothing was new"))
    assert landing()["accepted"]["rows"] == 1


def test_a_parser_that_aborts_is_told_with_its_file_and_leaves_what_was_landed(
    ground, landing, tmp_path, monkeypatch
):
    ground.file("a.csv", payments(ROW))
    landing()
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(DEADLY)
    paths = [str(tmp_path / "hook"), os.environ.get("PYTHONPATH", ""), *sys.path]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    ground.file("b.csv", payments("P2,deadly,2026-10-01,1,CNY"))
    with pytest.raises(
        WeirError, match=r"the landing process died of SIGABRT while it read b\.csv of shop"
    ) as died:
        landing()
    assert died.value.exit_code == 5
    assert died.value.where == str(ground.home.root / "logs" / "landing.1.log")
    assert "nothing of them was landed" in died.value.todo
    assert [row["payment_id"] for row in ground.rows()] == ["P1"]
    monkeypatch.undo()
    assert landing()["accepted"]["rows"] == 2


def test_a_source_that_cannot_work_is_told_as_it_is_in_process(ground):
    ground.contract(columns={"payment_id": "id"})
    ground.file("a.csv", payments(ROW))
    source = load_source(ground.folder)
    collect(source, ground.home, START)
    with pytest.raises(UsageError) as here:
        land_source(ground.home, source)
    with apart(ground.home) as child:
        with pytest.raises(UsageError) as there:
            child.land(source)
        assert there.value.lines() == here.value.lines()
        ground.contract()
        assert child.land(load_source(ground.folder)) == ["a.csv"]  # one child for all of them


def another(ground, name):
    """A copy of the ground's source under another name, with the same home."""
    folder = ground.folder.with_name(name)
    shutil.copytree(ground.folder, folder)
    made = Ground(folder, ground.home)
    made.source(name=name)
    return made


def test_of_two_sources_at_once_each_child_says_what_became_of_its_own(ground, tmp_path, monkeypatch):
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(DEADLY)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "hook"), *sys.path]))
    ground.file("a.csv", payments(ROW))
    grounds = [ground, *(another(ground, name) for name in ("web", "zoo"))]
    grounds[1].file("b.csv", payments("P2,deadly,2026-10-01,1,CNY"))  # two files, the largest source: first
    sources = [load_source(one.folder) for one in grounds]
    for source in sources:
        collect(source, ground.home, START)
    with pytest.raises(WeirError, match=r"SIGABRT while it read a\.csv, b\.csv of web"):
        land(ground.home, load(ground.home), sources, [])
    assert land(ground.home, load(ground.home), [sources[0], sources[2]], [])["accepted"]["rows"] == 2
