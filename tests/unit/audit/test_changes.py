import duckdb
import pytest

from pipelines.audit.changes import changes
from pipelines.reader import Release, connect
from tests.fixtures import release as fixture


def compared(current, parent):
    now, before = Release(current.name, current), Release(parent.name, parent)
    with connect(now, before) as connection:
        return changes(connection, now, before)


def test_a_month_more_adds_rows_and_changes_none(folders):
    found = compared(*folders)
    marts = {one["mart"]: one for one in found["marts"]}
    channel = marts["mart_channel_performance"]
    # The parent ends with 2024-01; 2024-02 adds one row for each of 4 channels to the 25 x 4 that were there.
    assert (channel["rows_added"], channel["rows_changed"], channel["rows_removed"]) == (4, 0, 0)
    assert channel["rows_same"] == 100
    assert found["restated"]["figure_count"] == 0


def test_headline_figures_compare_the_parents_month_then_and_now(folders):
    kpi = next(one for one in compared(*folders)["kpis"] if one["kpi_code"] == "K01")
    assert (kpi["fiscal_month"], kpi["parent_month"]) == ("2024-02", "2024-01")
    assert kpi["delta"] == 0
    assert kpi["parent_value"] == kpi["restated_value"]


@pytest.fixture
def restated(tmp_path, folders):
    """The current release with one closed month of one KPI 7.5 higher, one row gone and one column more."""
    folder = fixture.build(tmp_path / "restated")
    with duckdb.connect() as connection:
        overview = folder / "mart_executive_overview.parquet"
        connection.execute(f"create table overview as from '{overview}'")
        connection.execute(
            "update overview set kpi_value = kpi_value + 7.5 where kpi_code = 'K02' and fiscal_month = '2023-05'"
        )
        connection.execute(f"copy overview to '{overview}'")
        channel = folder / "mart_channel_performance.parquet"
        connection.execute(f"create table channel as select *, 1 as extra from '{channel}'")
        connection.execute(
            "delete from channel where channel_code = 'direct_cn' and fiscal_month = '2022-03'"
        )
        connection.execute(f"copy channel to '{channel}'")
    return folder


def test_a_late_change_of_a_closed_month_is_a_restatement(restated, folders):
    found = compared(restated, folders[1])
    assert found["restated"]["figure_count"] == 1
    assert found["restated"]["closed_months"][0]["fiscal_month"] == "2023-05"
    assert found["restated"]["closed_months"][0]["kpis"] == ["K02"]


def test_removed_rows_and_new_columns_are_told(restated, folders):
    marts = {one["mart"]: one for one in compared(restated, folders[1])["marts"]}
    channel = marts["mart_channel_performance"]
    assert channel["rows_removed"] == 1
    assert channel["columns_added"] == ["extra"]
    assert marts["mart_executive_overview"]["rows_changed"] == 1
