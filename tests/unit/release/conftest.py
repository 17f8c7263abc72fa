"""A home with two releases, made once; each test gets a copy of its own."""

import shutil
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.release.publish import publish
from tests.fixtures.candidate import TABLES, ground


@pytest.fixture(scope="session")
def released_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = ground(tmp_path_factory.mktemp("released"))
    candidate = built.stage("run-1")
    verdict = built.judge()
    (candidate.folder / "report.html").write_text("<p>the report</p>")
    publish(built.home, candidate, verdict, {"settings": {"fiscal_year_start_month": 1}})
    built.rebuild("fct_payment", TABLES["fct_payment"].replace("range(1, 4)", "range(1, 5)"))
    publish(built.home, built.stage("run-2"), built.judge(), {"settings": {}})
    return built.home.root


@pytest.fixture
def home(released_home: Path, tmp_path: Path) -> Home:
    shutil.copytree(released_home, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")
