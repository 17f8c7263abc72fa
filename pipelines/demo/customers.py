"""Customers and their versions: who they are, whose they were when, who was merged into whom."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, DAYS, START, new_york_offsets
from pipelines.demo.columns import Ints, codes, nulls, pick, texts

SILENT = 0.04  # share of customers who never order
_REGION_WEIGHTS = (18, 22, 20, 16, 14, 10)
_FIRST_BORN = START - 700


def draw_customers(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """One row per customer in order of number; `heavy` is its weight among orders (0 = never orders)."""
    region = pick(rng, count, _REGION_WEIGHTS)
    overseas = region >= 3
    born = np.where(rng.random(count) < 0.6, rng.integers(_FIRST_BORN, START, count), 0)
    born = np.where(born > 0, born, rng.integers(START, AS_OF - 40, count))
    heavy = 1_000.0 / (np.arange(count) + 20) ** 0.8
    heavy[int(count * (1 - SILENT)) :] = 0
    born[: max(8, count // 20)] = rng.integers(_FIRST_BORN, START, max(8, count // 20))
    second = rng.integers(9 * 3600, 18 * 3600, count)
    local = born * 86_400 + second
    zone = np.where(overseas, new_york_offsets(born), 8 * 3600)
    channel = _channels(rng, region)
    tier = pick(rng, count, (15, 35, 50))
    ids = pl.select(
        pl.when(pl.Series(overseas))
        .then(codes("57257670000", np.arange(count) + 100_001, 8))
        .otherwise(codes("FX", np.arange(count) + 100_001, 8))
    ).to_series()
    frame = pl.DataFrame(
        {
            "customer": np.arange(count),
            "id": ids,
            "system": texts(("fxiaoke", "zoho"), overseas.astype(np.int64)),
            "region": texts(company.REGIONS, region),
            "segment": texts(company.SEGMENTS, pick(rng, count, (4, 3, 2, 1))),
            "industry": texts(("OEM", "MRO", "EPC"), pick(rng, count, (3, 2, 1))),
            "born": born,
            "created_local": local,
            "created_utc": local - zone,
            "tier": texts(("A", "B", "C"), tier),
            "is_key": (tier == 0) & (rng.random(count) < 0.4),
            "channel": channel,
            "heavy": heavy,
        }
    )
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias("merged_into"))


def _channels(rng: np.random.Generator, region: Ints) -> pl.Series:
    """The channel through which each customer came."""
    found = np.empty(len(region), dtype=object)
    for number, name in enumerate(company.REGIONS):
        options = company.CHANNELS_OF["CN" if name.startswith("CN") else name]
        where = region == number
        drawn = pick(rng, int(where.sum()), [weight for _, weight in options])
        found[where] = np.array([code for code, _ in options], dtype=object)[drawn]
    return pl.Series(found.tolist(), dtype=pl.String)


def merge_some(customers: pl.DataFrame) -> pl.DataFrame:
    """Every 150th customer was merged into a twin of the same system, region and segment, if there is one."""
    ids, merged = customers["id"].to_list(), [None] * len(customers)
    keys = list(zip(customers["system"], customers["region"], customers["segment"], strict=True))
    newest: dict[tuple[str, ...], int] = {}
    for number, key in enumerate(keys[: len(keys) * 9 // 10]):
        if number % 150 == 75 and key in newest:
            merged[number] = ids[newest[key]]
        else:
            newest[key] = number
    return customers.with_columns(pl.Series("merged_into", merged, dtype=pl.String))


def account_versions(rng: np.random.Generator, customers: pl.DataFrame) -> pl.DataFrame:
    """Owner and tier of each customer by `valid_from`, in order of customer and day."""
    count = len(customers)
    team = _teams(rng, customers)
    first, second = np.empty(count, dtype=object), np.empty(count, dtype=object)
    change = np.full(count, -1, dtype=np.int64)
    born = customers["born"].to_numpy()
    wanted = np.maximum(born + 30, START + rng.integers(0, DAYS - 60, count))
    moves = (rng.random(count) < 0.1) & (wanted < AS_OF)
    for code in company.LEAF_TEAMS:
        where = np.flatnonzero(team == code)
        old = [
            r for r in company.reps() if r.team == code and r.hire <= _FIRST_BORN and r.valid_from == r.hire
        ]
        stay = [r.code for r in old if r.exit is None]
        chosen = rng.integers(0, len(old), len(where))
        first[where] = np.array([r.code for r in old], dtype=object)[chosen]
        leaves = np.array([r.exit or 0 for r in old])[chosen]
        second[where] = np.array(stay, dtype=object)[rng.integers(0, len(stay), len(where))]
        gone = (leaves > 0) & (born[where] <= leaves)
        change[where] = np.where(gone, leaves + 1, np.where(moves[where], wanted[where], -1))
        first[where] = np.where((leaves > 0) & ~gone, second[where], first[where])
    return _versions(rng, customers, first, second, change)


def _teams(rng: np.random.Generator, customers: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    home = {team.region: team.code for team in company.TEAMS if team.region}
    found = np.array([home[region] for region in customers["region"]], dtype=object)
    china = customers["region"].str.starts_with("CN").to_numpy()
    other = rng.random(len(customers))
    found[china & (other < 0.15)] = "T04"
    found[china & (other > 0.85)] = "T05"
    return found


def _versions(
    rng: np.random.Generator,
    customers: pl.DataFrame,
    first: np.ndarray[tuple[int], np.dtype[np.object_]],
    second: np.ndarray[tuple[int], np.dtype[np.object_]],
    change: Ints,
) -> pl.DataFrame:
    """Version one, and version two of those that change: another owner, and one tier up."""
    web = customers["channel"].str.starts_with("ec_").to_numpy() & (rng.random(len(customers)) < 0.5)
    one = customers.select("customer", "tier", valid_from=pl.col("born")).with_columns(
        owner=nulls(pl.Series(first.tolist(), dtype=pl.String), web)
    )
    raised = pl.col("tier").replace({"B": "A", "C": "B"})
    two = customers.select("customer", raised.alias("tier"), valid_from=pl.Series(change)).with_columns(
        owner=nulls(pl.Series(second.tolist(), dtype=pl.String), web)
    )
    two = two.filter(pl.col("valid_from") > pl.lit(START - 1_000))
    return pl.concat([one, two]).sort("customer", "valid_from")


def owner_on(versions: pl.DataFrame, wanted: pl.DataFrame) -> pl.Series:
    """The owner of each (customer, number of day) row of `wanted`, in its order."""
    left = wanted.with_row_index("_at").sort("day")
    right = versions.select("customer", "valid_from", "owner").sort("valid_from")
    joined = left.join_asof(
        right, left_on="day", right_on="valid_from", by="customer", check_sortedness=False
    )
    return joined.sort("_at")["owner"]
