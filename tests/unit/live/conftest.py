from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.zoho_source import credentials
from tests.servers.zoho import serve
from tests.unit.live.ground import Ground


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """An empty org and an empty home."""
    with serve() as (url, zoho):
        for name, value in credentials(zoho.auth).items():
            monkeypatch.setenv(name, value)
        yield Ground(tmp_path, url, zoho)
