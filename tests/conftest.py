"""Fixtures that every test may use."""

from pathlib import Path

import pytest

from pipelines.demo import REPORTING_CURRENCY, DemoPaths, generate
from pipelines.home import Home
from pipelines.run import run
from pipelines.settings import load

ROOT = Path(__file__).parent.parent
DEMO_SCALE, DEMO_SEED = 0.1, 7
COSTLY = ("online_retail", "adventureworks", "demo_home")  # session fixtures that are a whole release


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps a file's tests, and all files that ask for the same release, in one of the testing processes.

    So each release is made once however many processes there are, and these groups begin first.
    """
    asked: dict[Path, str] = {}
    for name in COSTLY:
        for item in items:
            if name in getattr(item, "fixturenames", ()):
                asked.setdefault(item.path, name)
    for item in items:
        group = asked.get(item.path) or item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path not in asked)


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
