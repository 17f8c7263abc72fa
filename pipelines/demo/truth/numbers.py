"""Exact arithmetic of the truth: integers of ten-thousandths, one rounding rule (half away from zero)."""

from __future__ import annotations

from collections.abc import Sequence

UNIT = 10_000
RATE = 100_000_000


def half_away(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, halves away from zero; denominator > 0."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def converted(units: int, rate: int) -> int:
    """Money at a rate given in hundred-millionths."""
    return half_away(units * rate, RATE)


def quotient(numerator: int, denominator: int) -> int | None:
    """A ratio of two like quantities in hundred-millionths; none where the denominator is zero."""
    if denominator == 0:
        return None
    sign = -1 if denominator < 0 else 1
    return half_away(sign * numerator * RATE, abs(denominator))


def money(units: int | None) -> str | None:
    """Ten-thousandths as text with four decimals."""
    return _text(units, 4)


def ratio(value: int | None) -> str | None:
    """Hundred-millionths as text with eight decimals."""
    return _text(value, 8)


def _text(value: int | None, places: int) -> str | None:
    if value is None:
        return None
    digits = str(abs(value)).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def average(numerator: int, denominator: int) -> int | None:
    """A mean in ten-thousandths of like quantities: first to eight decimals, then to four."""
    whole = quotient(numerator, denominator)
    return None if whole is None else half_away(whole, UNIT)


def allocated(amount: int, shares: Sequence[tuple[str, int]]) -> list[int]:
    """The amount over shares of ten-thousandths that sum to one: largest remainder, ties to the lower name.

    A negative amount is shared as its positive twin and negated.
    """
    if amount < 0:
        return [-part for part in allocated(-amount, shares)]
    parts = [amount * share // UNIT for _, share in shares]
    return _with_rest(parts, amount, [(-(amount * share % UNIT), name) for name, share in shares])


def spread(amount: int, weights: Sequence[tuple[str, int]]) -> list[int]:
    """The amount in proportion to positive weights: largest remainder, ties to the lower name."""
    whole = sum(weight for _, weight in weights)
    parts = [amount * weight // whole for _, weight in weights]
    return _with_rest(parts, amount, [(-(amount * weight % whole), name) for name, weight in weights])


def _with_rest(parts: list[int], amount: int, turn: list[tuple[int, str]]) -> list[int]:
    missing = amount - sum(parts)
    for position in sorted(range(len(parts)), key=lambda n: turn[n])[:missing]:
        parts[position] += 1
    return parts


def middle(values: list[int]) -> int | None:
    """The median of whole numbers in ten-thousandths, halfway between the two in the middle."""
    if not values:
        return None
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (low + high) * UNIT // 2
