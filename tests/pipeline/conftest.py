"""Releases that several files of tests look at."""

import pytest

from pipelines.settings import Settings
from tests.fixtures.corrected_shop import told_and_corrected


@pytest.fixture(scope="session")
def corrected_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    """A home with two releases, the second of which carries the first on and corrects it; their ids."""
    return told_and_corrected(tmp_path_factory.mktemp("corrected"))
