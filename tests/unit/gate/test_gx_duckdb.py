"""The dialect: rows outlive the connection, nothing can be written."""

from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table t as select i from range(5) as r (i)")
    return path


def test_rows_outlive_the_connection(database: Path) -> None:
    import sqlalchemy as sa

    from quality.gx_duckdb import register

    engine = sa.create_engine(f"{register()}:///{database}")
    with engine.connect() as connection:
        result = connection.execute(sa.text("select i from t order by i"))
        cursor = result.cursor
        assert cursor is not None
    engine.dispose()
    assert cursor.fetchone() == (0,)
    assert cursor.fetchmany(2) == [(1,), (2,)]
    assert cursor.fetchall() == [(3,), (4,)]
    assert cursor.fetchone() is None


def test_it_reads_only(database: Path) -> None:
    import sqlalchemy as sa

    from quality.gx_duckdb import register

    engine = sa.create_engine(f"{register()}:///{database}")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("insert into t values (9)"))
    engine.dispose()
