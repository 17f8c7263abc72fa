"""Payments by number, lists of their keys, and which of them are withdrawn."""

import polars as pl


def keys(*names):
    return "id\n" + "".join(f"{name}\n" for name in names)


def payment(number, amount="10.00"):
    return f"P{number},O{number},2026-10-01,{amount},CNY"


def many(first, last):
    return [payment(number) for number in range(first, last + 1)]


def names(first, last, *without):
    return [f"P{number}" for number in range(first, last + 1) if number not in without]


def withdrawn(ground):
    path = ground.home.landing / "ops__quarantine_row" / "shop" / "@withdrawn.parquet"
    return pl.read_parquet(path).to_dicts() if path.exists() else []


def gone(ground):
    return [row["natural_key"] for row in withdrawn(ground)]
