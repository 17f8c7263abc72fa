"""Columns of simulated events, and their text as old systems print it: all at once, never row by row.

Money is an integer of ten-thousandths throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]

UNIT = 10_000


def codes(prefix: str, numbers: Ints | Sequence[int] | pl.Series, width: int) -> pl.Series:
    """`prefix` and the zero-padded number."""
    text = pl.Series(numbers).cast(pl.String).str.zfill(width)
    return (pl.lit(prefix) + pl.Series(text)).pipe(_evaluate)


def _evaluate(expression: pl.Expr) -> pl.Series:
    return pl.select(expression).to_series()


def texts(values: Sequence[str], positions: Ints) -> pl.Series:
    """The values at those positions."""
    return pl.Series(list(values), dtype=pl.String).gather(pl.Series(positions))


def nulls(column: pl.Series | Ints, where: npt.NDArray[np.bool_]) -> pl.Series:
    """The column with NULL where told."""
    return pl.select(pl.when(~pl.Series(where)).then(pl.Series(column))).to_series()


def money_text(units: pl.Series, places: int = 2) -> pl.Series:
    """Integer ten-thousandths as text with so many decimal places (the rest must be zero)."""
    step = 10 ** (4 - places)
    amount = units.abs() // step
    sign = pl.when(units < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole = (amount // 10**places).cast(pl.String)
    if places == 0:
        return _evaluate(pl.when(units.is_not_null()).then(sign + whole))
    part = (amount % 10**places).cast(pl.String).str.zfill(places)
    return _evaluate(pl.when(units.is_not_null()).then(sign + pl.Series(whole) + "." + pl.Series(part)))


def date_text(days: pl.Series, pattern: str = "%Y-%m-%d") -> pl.Series:
    """Day numbers as text."""
    return days.cast(pl.Int32).cast(pl.Date).dt.strftime(pattern)


def time_text(seconds: pl.Series, pattern: str = "%Y-%m-%d %H:%M:%S") -> pl.Series:
    """Seconds since 1970 (of whatever zone the writer keeps) as text."""
    return (seconds * 1_000_000).cast(pl.Datetime("us")).dt.strftime(pattern)


def own_generator(seed: int, name: str) -> np.random.Generator:
    """The generator of one kind of event: what it draws moves nothing that is drawn elsewhere."""
    return np.random.default_rng([seed, crc32(name.encode())])


def pick(rng: np.random.Generator, count: int, weights: Sequence[float]) -> Ints:
    """`count` positions drawn with those weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], rng.random(count), side="right").astype(np.int64)


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of a small frame."""
    return list(frame.iter_rows(named=True))
