import pytest

from pipelines.home import Home
from tests.unit.landing.ground import Ground


@pytest.fixture
def ground(tmp_path):
    """A source `shop` with a payments contract over *.csv, and an empty home."""
    folder = tmp_path / "shop"
    folder.joinpath("files").mkdir(parents=True)
    home = Home(tmp_path / "home")
    home.prepare()
    made = Ground(folder, home)
    made.source()
    made.contract()
    return made
