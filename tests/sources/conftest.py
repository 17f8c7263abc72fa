"""One release of each real data set, made once a session in a home of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from pipelines.reader import connect, open_release
from pipelines.run import Outcome, run
from pipelines.settings import load
from tests.sources.figures import AdventureWorks, OnlineRetail, by_key

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Released:
    """A released run: its home, how it ended, and a read-only connection to the release."""

    home: Home
    outcome: Outcome
    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a question."""
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        """The single row of a question, as a value where it has one column."""
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row

    def by(self, sql: str) -> dict[Any, Any]:
        """The last column of a question by the columns before it."""
        return by_key(self.connection.execute(sql).pl())


def _released(name: str, root: Path) -> Iterator[Released]:
    home = Home(root)
    outcome = run(load(home), [HERE / name])
    assert outcome.exit_code == 0, f"{outcome.error} {outcome.summary.get('reasons')}"
    with connect(open_release(home)) as connection:
        yield Released(home, outcome, connection)


@pytest.fixture(scope="session")
def adventureworks(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """AdventureWorks, released."""
    yield from _released("adventureworks", tmp_path_factory.mktemp("adventureworks"))


@pytest.fixture(scope="session")
def online_retail(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """Online Retail, released."""
    yield from _released("online_retail", tmp_path_factory.mktemp("online_retail"))


@pytest.fixture(scope="session")
def raw_adventureworks(shared_data: Path) -> AdventureWorks:
    """AdventureWorks, straight from the raw files."""
    return AdventureWorks(shared_data)


@pytest.fixture(scope="session")
def raw_online_retail(shared_data: Path) -> OnlineRetail:
    """Online Retail, straight from the raw file."""
    return OnlineRetail(shared_data)
