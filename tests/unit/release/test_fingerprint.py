"""The logical hash sees content, not order, layout or file."""

import hashlib

import duckdb
import pytest

from pipelines.release.fingerprint import fingerprint


def hash_of(sql: str) -> str:
    with duckdb.connect() as connection:
        return fingerprint(connection, f"({sql})").logical_hash


def test_a_row_hash_worked_by_hand() -> None:
    # row (1, 'ab', NULL): text as <length>:<text>, NULL as '-', bars between. The MD5 is Python's own.
    bits = int(hashlib.md5(b"1|2:ab|-", usedforsecurity=False).hexdigest()[:15], 16)
    sealed = hashlib.sha256(f"a,b,c|1|{bits}".encode()).hexdigest()[:32]
    assert hash_of("select 1 as a, 'ab' as b, null::varchar as c") == sealed


def test_order_of_rows_does_not_matter() -> None:
    assert hash_of("select i from range(9) t (i)") == hash_of("select i from range(9) t (i) order by i desc")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 'a' as x, 'bc' as y", "select 'ab' as x, 'c' as y"),
        ("select 'a|1:b' as x, 'c' as y", "select 'a' as x, 'b|1:c' as y"),
        ("select null::int as x, 1 as y", "select 1 as x, null::int as y"),
        ("select null::varchar as x", "select '' as x"),
        ("select '-' as x", "select null::varchar as x"),
        ("select 1 as x union all select 1", "select 1 as x"),
        ("select 1 as x", "select 1 as y"),
        ("select 1.50::decimal(9,2) as x", "select 1.51::decimal(9,2) as x"),
        ("select 1 as x, 2 as y", "select 2 as x, 1 as y"),
    ],
)
def test_different_content_has_another_hash(one: str, other: str) -> None:
    assert hash_of(one) != hash_of(other)


def test_totals_are_exact_decimals() -> None:
    # 0.1 + 0.2 + 0.0001 = 0.3001, which no binary float says
    with duckdb.connect() as connection:
        found = fingerprint(
            connection, "(select unnest([0.1, 0.2, 0.0001])::decimal(18, 4) as amount, 'x' as name)"
        )
    assert found.control_totals == {"amount": "0.3001"}
    assert found.rows == 3
    assert found.columns == (("amount", "decimal(18,4)"), ("name", "varchar"))


def test_an_empty_table_has_a_hash_and_zero_totals() -> None:
    with duckdb.connect() as connection:
        found = fingerprint(connection, "(select 1::decimal(18, 4) as amount where false)")
    assert (found.rows, found.control_totals) == (0, {"amount": "0.0000"})
