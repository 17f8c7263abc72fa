"""The Kaplan-Meier median, worked by hand: deaths and cases at risk at each distinct duration."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from tests.fixtures.warehouse import PROJECT

TEMPLATE = "{% import 'survival.sql' as survival with context %}{{ survival.km_medians('cases', ['team']) }}"


def km(cases: Sequence[tuple[int | None, bool]]) -> tuple[Any, ...] | None:
    """(km_median, longest_observed, member_count, event_count) of one group; None where it has no row."""
    sql = Environment(loader=FileSystemLoader(PROJECT / "macros")).from_string(TEMPLATE).render()
    with duckdb.connect() as connection:
        connection.execute("create table cases (team varchar, duration bigint, is_event boolean)")
        connection.executemany("insert into cases values ('T', ?, ?)", cases)
        found = connection.execute(sql).fetchall()
    return found[0][1:] if found else None


# 8 cases, at risk before each duration: 8 at 1, 7 at 3, 6 at 4, 4 at 5, 3 at 8, 2 at 9, 1 at 12.
# S(1) = 7/8; 3 is censored; S(4) = 7/8 x 4/6 = 7/12 = 0.5833; S(5) = 7/12 x 3/4 = 7/16 = 0.4375 <= 0.5: median 5.
# The plain median of the six that ended (1, 4, 4, 5, 9, 12) is 4.5: too short.
EIGHT = [(1, True), (3, False), (4, True), (4, True), (5, True), (8, False), (9, True), (12, True)]


def test_a_median_of_eight_cases_of_which_two_have_not_ended() -> None:
    assert km(EIGHT) == (5, 12, 8, 6)


def test_a_half_reached_exactly_is_the_median() -> None:
    # S(2) = 5/6, S(3) = 5/6 x 4/5 = 4/6, 4 is censored, S(7) = 4/6 x 2/3 = 4/9; without the censored case
    # S = 5/6, 4/6, 3/6: a half, at the third duration.
    assert km([(2, True), (3, True), (4, False), (7, True), (9, False), (9, False)]) == (7, 9, 6, 3)
    assert km([(2, True), (3, True), (4, True), (7, True), (9, False), (9, False)]) == (4, 9, 6, 4)
    # By way of a censored case: S(1) = 3/4, then S(3) = 3/4 x 2/3 with 3 at risk = 1/2.
    assert km([(1, True), (3, True), (5, False), (6, False)]) == (3, 6, 4, 2)
    # S(1) = 5/6; 2 censored; S(3) = 5/6 x 3/4 = 5/8; S(4) = 5/8 x 2/3 = 5/12.
    assert km([(1, True), (2, False), (3, True), (4, True), (5, False), (6, False)]) == (4, 6, 6, 3)
    # S(1) = 9/10; 2 censored; S(3) = 9/10 x 7/8; 4 censored; 5, 5: x 4/6 = 0.525; 6: x 3/4 = 0.39375.
    ten = [(1, True), (2, False), (3, True), (4, False), (5, True), (5, True), (6, True), (7, False)]
    assert km([*ten, (8, False), (9, False)]) == (6, 9, 10, 5)


def test_a_case_censored_at_the_duration_of_an_end_is_still_at_risk_then() -> None:
    # At 4: 4 at risk, 2 end: S = 1/2. Were the censored one out before, S would be 1/3.
    assert km([(4, True), (4, True), (4, False), (6, False)]) == (4, 6, 4, 2)


def test_no_median_where_the_half_is_never_reached_or_nothing_ended() -> None:
    # S(2) = 3/4 and it stays there: more than 9, the longest observed.
    assert km([(2, True), (5, False), (7, False), (9, False)]) == (None, 9, 4, 1)
    assert km([(5, False), (7, False)]) == (None, 7, 2, 0)


def test_all_ended_at_once_leaves_no_survivor() -> None:
    assert km([(0, True)]) == (0, 0, 1, 1)
    assert km([(3, True), (3, True), (None, True)]) == (3, 3, 2, 2)
    assert km([(None, False)]) is None


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert {km(list(order)) for order in list(permutations(EIGHT))[::4001]} == {(5, 12, 8, 6)}


@pytest.mark.parametrize("cases", [2, 10, 1000, 20_000])
def test_the_half_of_many_cases_is_exact(cases: int) -> None:
    """Durations 1..n, all ended: S(n/2) is a half exactly."""
    sql = Environment(loader=FileSystemLoader(PROJECT / "macros")).from_string(TEMPLATE).render()
    with duckdb.connect() as connection:
        connection.execute(
            f"create table cases as select 'T' as team, range as duration, true as is_event from range(1, {cases + 1})"
        )
        assert connection.execute(sql).fetchall() == [("T", cases // 2, cases, cases, cases)]
