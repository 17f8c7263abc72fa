"""The truth's arithmetic, by hand."""

import pytest

from pipelines.demo.truth import numbers as n


@pytest.mark.parametrize(
    ("top", "bottom", "expected"),
    [(5, 2, 3), (-5, 2, -3), (4, 2, 2), (1, 3, 0), (2, 3, 1), (-1, 3, 0), (-2, 3, -1), (0, 7, 0)],
)
def test_halves_round_away_from_zero(top: int, bottom: int, expected: int) -> None:
    assert n.half_away(top, bottom) == expected


def test_money_at_a_rate() -> None:
    # 123.4500 USD at 7.10005 = 876.5011725 -> 876.5012
    assert n.converted(1_234_500, 710_005_000) == 8_765_012
    assert n.converted(-1_234_500, 710_005_000) == -8_765_012


def test_ratio_has_eight_decimals_and_none_over_zero() -> None:
    assert n.ratio(n.quotient(1, 3)) == "0.33333333"
    assert n.ratio(n.quotient(-2, 3)) == "-0.66666667"
    assert n.quotient(5, 0) is None


def test_text_of_money_keeps_its_zeros() -> None:
    assert [n.money(value) for value in (0, 5, -5, 12_345)] == ["0.0000", "0.0005", "-0.0005", "1.2345"]


def test_largest_remainder_gives_the_rest_to_the_largest_fraction_then_to_the_lower_name() -> None:
    # 100 over 0.3333, 0.3333, 0.3334: floors 33, 33, 33; fractions .33, .33, .34: the third gets the last unit.
    assert n.allocated(100, [("a", 3_333), ("b", 3_333), ("c", 3_334)]) == [33, 33, 34]
    # 1 over two halves: equal fractions, the lower name gets it; negative amounts mirror.
    assert n.allocated(1, [("b", 5_000), ("a", 5_000)]) == [0, 1]
    assert n.allocated(-1, [("b", 5_000), ("a", 5_000)]) == [0, -1]


def test_spread_by_weight() -> None:
    # 10 over 1 : 1 : 1 = 3.33 each: one unit is left, for the lowest name.
    assert n.spread(10, [("x", 1), ("y", 1), ("z", 1)]) == [4, 3, 3]


def test_median_lies_halfway_between_the_two_in_the_middle() -> None:
    assert n.middle([7, 1, 4]) == 40_000
    assert n.middle([1, 2, 9, 4]) == 30_000
    assert n.middle([]) is None


def test_average_is_rounded_at_eight_places_and_then_at_four() -> None:
    # 2 / 3 = 0.66666667 -> 0.6667
    assert n.money(n.average(2, 3)) == "0.6667"
