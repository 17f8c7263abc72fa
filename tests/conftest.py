"""Fixtures that every test may use."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo import REPORTING_CURRENCY, DemoPaths, generate
from pipelines.home import Home
from pipelines.run import run
from pipelines.settings import load

ROOT = Path(__file__).parent.parent
DEMO_SCALE, DEMO_SEED = 0.1, 7
# Session fixtures that are a whole release, and the group of the files that ask for them.
RELEASES = {
    "online_retail": "real data",
    "adventureworks": "real data",
    "demo_home": "demo",
    "demo_release": "demo",
    "corrected_home": "corrections",
    "live_world": "live",
}


@cache
def group_of(file: str) -> str:
    """The file itself, or the group of all files that ask for the same releases: each is made in one process."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return next((group for name, group in RELEASES.items() if name in text), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests of one group go to one process. (xdist's own groups are no help: it cannot rename tests of pytest 9.2.)"""
    from xdist.scheduler import LoadFileScheduling

    class ByRelease(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid.split("::", 1)[0])

    return ByRelease(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The groups begin first, so that the longest work is not left for the end."""
    items.sort(key=lambda item: group_of(item.nodeid.split("::", 1)[0]) not in RELEASES.values())


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets are not beside this checkout (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPaths:
    """The simulated company's extracts and truth, small."""
    return generate(tmp_path_factory.mktemp("company"), scale=DEMO_SCALE, seed=DEMO_SEED)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, demo: DemoPaths) -> Home:
    """A home whose first release is the simulated company. Tests may release more; they leave this one alone."""
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    home.prepare()
    (home.root / "weir.toml").write_text(f'reporting_currency = "{REPORTING_CURRENCY}"\n')
    outcome = run(load(home), demo.source_folders)
    assert outcome.exit_code == 0, outcome.error and outcome.error.lines()
    return home


@pytest.fixture(scope="session")
def demo_release(demo_home: Home) -> Path:
    """The folder of that first release."""
    return min(demo_home.releases.iterdir(), key=lambda folder: folder.name.split(".")[1])
