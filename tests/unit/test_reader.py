import duckdb
import pytest

from pipelines.errors import PublishError, UsageError
from pipelines.home import Home
from pipelines.reader import ask, ask_user, connect, open_release
from tests.fixtures import release as fixture


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(fixture.home_with_releases(tmp_path_factory.mktemp("home")))


def test_current_is_resolved_once_and_stays_pinned(home):
    pinned = open_release(home)
    home.current.unlink()
    home.current.symlink_to(f"releases/{fixture.PARENT_ID}")
    with connect(pinned) as connection:
        newest = connection.execute("select max(fiscal_month) from mart_channel_performance").fetchone()[0]
    home.current.unlink()
    home.current.symlink_to(f"releases/{fixture.RELEASE_ID}")
    assert (pinned.release_id, newest) == (fixture.RELEASE_ID, "2024-02")


def test_a_release_is_opened_by_name(home):
    assert open_release(home, fixture.PARENT_ID).manifest["release_id"] == fixture.PARENT_ID


@pytest.mark.parametrize("name", ["nothing", "../releases", ".", "/etc"])
def test_no_other_folder_is_taken_for_a_release(home, name):
    with pytest.raises(UsageError, match="there is no release"):
        open_release(home, name)


def test_an_empty_home_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="nothing has been released") as caught:
        open_release(Home(tmp_path))
    assert "weir run" in caught.value.todo


def test_a_dangling_current_is_a_damaged_home(tmp_path):
    (tmp_path / "CURRENT").symlink_to("releases/gone")
    with pytest.raises(PublishError, match="points to nothing"):
        open_release(Home(tmp_path))


def test_meta_tables_of_the_mart_file_are_there(home):
    with connect(open_release(home)) as connection:
        answer = ask(connection, "select release_id from meta_release")
    assert answer.records() == [{"release_id": fixture.RELEASE_ID}]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from read_parquet('../../../x.parquet')",
        "from '/etc/passwd'",
    ],
)
def test_nothing_outside_the_release_can_be_read(home, sql):
    with connect(open_release(home)) as connection, pytest.raises(UsageError):
        ask_user(connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from fct_order",
        "create table x as select 1",
        "copy (select 1) to 'x.csv'",
        "attach 'x.duckdb'",
        "set threads = 1",
        "install httpfs",
        "load httpfs",
        "explain analyze copy (select 1) to 'x.csv'",
        "select 1; drop view fct_order",
        "call pragma_version()",
        "",
        "selec 1",
    ],
)
def test_what_would_write_or_configure_is_refused(home, sql):
    with connect(open_release(home)) as connection, pytest.raises(UsageError):
        ask_user(connection, sql)


def test_the_configuration_is_locked(home):
    with connect(open_release(home)) as connection, pytest.raises(duckdb.Error, match="locked"):
        connection.execute("set enable_external_access = true")


def test_money_comes_back_as_decimal(home):
    with connect(open_release(home)) as connection:
        answer = ask_user(connection, "select sum(net_revenue) as net from mart_channel_performance")
    assert answer.types == ["DECIMAL(38,4)"]
    assert str(answer.rows[0][0]) == "191360.0000"  # worked in tests/unit/audit/test_report.py


def test_a_misspelt_column_is_answered_with_those_that_may_be_meant(home):
    with connect(open_release(home)) as connection, pytest.raises(UsageError) as caught:
        ask_user(connection, "select net_revenu from mart_channel_performance")
    assert "net_revenu" in caught.value.what
    assert caught.value.where.startswith("nearest in mart_channel_performance: net_revenue, ")


@pytest.mark.parametrize(
    ("sql", "what", "where", "todo"),
    [
        (
            "select * from mart_channel",
            "there is no table mart_channel",
            "mart_channel_performance",
            "show tables",
        ),
        ("select * from MART", "there is no table MART", "", "weir marts lists the marts"),
        (
            "select gros_revenue from mart_channel_performance",
            "gros_revenue",
            "nearest in mart_channel_performance: gross_revenue",
            "weir marts mart_channel_performance shows the columns",
        ),
        (
            "select net_revenue from fct_order",
            "net_revenue",
            "net_revenue is a column of mart_channel_performance",
            "weir marts fct_order shows the columns",
        ),
        (
            'select 1 as n from mart_channel_performance where channel_type = "direct"',
            "direct",
            "asked: mart_channel_performance",
            "write it in single quotes: 'direct'",
        ),
        ("select o.x from fct_order", 'table "o" not found', "", "name o after `from`"),
        ("select currency, max(net_amount) from fct_order", "GROUP BY", "", "group by all"),
        (
            "select 1 as n from mart_channel_performance where fiscal_month = 2024-09",
            "Could not convert string",
            "",
            "single quotes, a month too ('2024-09')",
        ),
        ("select * from 'x.parquet'", "Cannot access file", "", "no file is opened"),
        ("select nothing_such(1)", "nothing_such", "", 'weir sql "describe TABLE"'),
    ],
)
def test_an_error_of_a_question_says_what_was_meant_and_where_to_look(home, sql, what, where, todo):
    with connect(open_release(home)) as connection, pytest.raises(UsageError) as caught:
        ask_user(connection, sql)
    error = caught.value
    assert what in error.what
    assert not error.what.startswith(("Catalog", "Binder", "Conversion", "Permission"))
    assert (where in error.where) if where else not error.where
    assert todo in error.todo
    assert "MART" not in error.todo


def test_a_damaged_file_of_a_release_is_named_with_the_way_out(tmp_path):
    damaged = Home(fixture.home_with_releases(tmp_path))
    release = open_release(damaged)
    (release.path / "fct_order.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(PublishError, match=r"fct_order\.parquet of release") as caught, connect(release):
        pass
    assert "weir verify" in caught.value.todo
