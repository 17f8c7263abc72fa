"""Rows that the warehouse holds are shown beside those that landing set aside."""

import duckdb
import pytest

from pipelines.commands import held
from pipelines.errors import UsageError
from pipelines.home import Home
from tests.fixtures import release as fixture

HELD = "erp|orders-2024-02|7"


@pytest.fixture
def home(tmp_path):
    folder = fixture.build(tmp_path / "releases" / fixture.RELEASE_ID)
    path = folder / "quarantine_row.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table held as from '{path}' limit 1")
        connection.execute(
            "update held set kind = 'held', rule_id = 'S17', reason = 'no rate for JPY on 2024-02-03', "
            f"row_id = '{HELD}', file_name = null, line_no = null, natural_key = '13812345678'"
        )
        connection.execute(f"copy held to '{path}'")
    (tmp_path / "CURRENT").symlink_to(f"releases/{fixture.RELEASE_ID}")
    return Home(tmp_path)


def test_held_rows_are_counted(home):
    (group,) = held.groups(home)
    assert (group["rule_id"], group["kind"], group["row_count"]) == ("S17", "held", 1)


def test_held_rows_are_listed_by_filter_and_masked(home):
    (row,) = held.rows(home, {"rule_id": "S17", "feed": "orders.order_lines"}, 10)
    assert row["row_id"] == HELD
    assert row["natural_key"] == "00000000000"
    assert held.rows(home, {"rule_id": "T03"}, 10) == []


def test_a_held_row_without_its_archive_is_shown_without_its_line(home):
    (row,) = held.row(home, HELD, is_raw=True)
    assert row["natural_key"] == "13812345678"
    assert row["file_name"] is None


def test_an_empty_home_holds_nothing(tmp_path):
    assert held.groups(Home(tmp_path)) == []
    with pytest.raises(UsageError, match="was held back"):
        held.row(Home(tmp_path), "x", is_raw=False)
