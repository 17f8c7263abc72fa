"""Leads, activities and surveys of both CRM systems. Seconds are UTC."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo import company, customers
from pipelines.demo.calendar import AS_OF, DAY, DAYS, END, START, day, unambiguous
from pipelines.demo.columns import Ints, codes, nulls, pick, texts
from pipelines.demo.crm import instants


def _overseas(system: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (system == "zoho").to_numpy()


def _known_ids(system: pl.Series, letter: str, first: int) -> pl.Series:
    number = np.arange(len(system)) + first
    return pl.select(
        pl.when(system == "zoho").then(codes("57257670000", number, 8)).otherwise(codes(letter, number, 8))
    ).to_series()


def draw_leads(rng: np.random.Generator, buyers: pl.DataFrame, count: int) -> pl.DataFrame:
    """One row per lead; a third is qualified, a fifth converted into a customer of its system."""
    steady = company.steady_reps()
    china = rng.random(count) < 0.6
    created = START + np.sort((rng.random(count) * (DAYS - 2)).astype(np.int64))
    system = texts(("zoho", "fxiaoke"), china.astype(np.int64))
    at = instants(rng, created, ~china)
    touched = unambiguous(at + rng.integers(60, 3 * DAY, count))
    qualified = unambiguous(touched + rng.integers(DAY, 20 * DAY, count))
    converted = unambiguous(qualified + rng.integers(DAY, 130 * DAY, count))
    draw = rng.random(count)
    is_converted = (draw < 0.2) & (converted < END)
    is_qualified = (draw < 0.33) & (qualified < END)
    is_touched = (draw < 0.85) & (touched < END)
    status = np.select(
        [is_converted, is_qualified, draw > 0.7, is_touched],
        ["converted", "qualified", "lost", "contacted"],
        "new",
    )
    account = _accounts_of(rng, buyers, system)
    return pl.DataFrame(
        {
            "id": _known_ids(system, "FXL", 400_001),
            "system": system,
            "created": at,
            "source": texts(
                ("website", "exhibition", "referral", "cold_call"), pick(rng, count, (4, 2, 2, 1))
            ),
            "owner": texts(steady, rng.integers(0, len(steady), count)),
            "status": pl.Series(status.tolist()),
            "touched": nulls(touched, ~is_touched),
            "qualified": nulls(qualified, ~is_qualified),
            "converted": nulls(converted, ~is_converted),
            "account": nulls(account, ~is_converted),
        }
    )


def _accounts_of(rng: np.random.Generator, buyers: pl.DataFrame, system: pl.Series) -> pl.Series:
    """A customer of the same system for each row."""
    found = np.empty(len(system), dtype=object)
    for name in ("zoho", "fxiaoke"):
        own = buyers.filter(pl.col("system") == name)["id"].to_numpy()
        where = (system == name).to_numpy()
        found[where] = own[rng.integers(0, len(own), int(where.sum()))]
    return pl.Series(found.tolist(), dtype=pl.String)


def draw_activities(
    rng: np.random.Generator, buyers: pl.DataFrame, versions: pl.DataFrame, count: int
) -> pl.DataFrame:
    """One row per touch in order of time; logged some minutes to two days later."""
    who = pick(rng, count, (buyers["heavy"].to_numpy() + 0.5).tolist())
    lowest = np.maximum(buyers["born"].to_numpy()[who] + 1, START)
    when = lowest + (rng.random(count) * np.maximum(AS_OF - 3 - lowest, 1)).astype(np.int64)
    turn = np.argsort(when, kind="stable")
    who, when = who[turn], when[turn]
    system = buyers["system"].gather(pl.Series(who))
    owner = customers.owner_on(versions, pl.DataFrame({"customer": who, "day": when}))
    kind = np.where(_overseas(system), pick(rng, count, (5, 3, 1, 0, 0)), pick(rng, count, (4, 2, 3, 3, 2)))
    at = instants(rng, when, _overseas(system))
    call = kind == 0
    connected = rng.random(count) < 0.6
    return pl.DataFrame(
        {
            "id": _known_ids(system, "FXA", 600_001),
            "system": system,
            "at": at,
            "logged": unambiguous(at + rng.integers(120, 2 * DAY, count)),
            "kind": texts(("call", "meeting", "visit", "email", "message"), kind),
            "direction": texts(("outbound", "inbound"), pick(rng, count, (3, 1))),
            "maker": texts(("person", "rule"), pick(rng, count, (12, 1))),
            "rep": owner.fill_null("R001"),
            "account": buyers["id"].gather(pl.Series(who)),
            "device": texts(("mobile", "desktop"), pick(rng, count, (2, 3))),
            "connected": nulls(pl.Series(connected), ~call),
        }
    )


def _answers(
    rng: np.random.Generator, sent: Ints, loyal: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Ints, Ints]:
    """When each invitation would be answered, and how.

    Every answer has a second of the day of its own, so that "the later one" is never a matter of taste.
    """
    count = len(sent)
    of_ten, of_five = pick(rng, count, (1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 8)), pick(rng, count, (1, 1, 3, 8, 7))
    day_after = (sent // DAY + 1 + rng.integers(0, 20, count)) * DAY
    return unambiguous(day_after + np.arange(count) % DAY), np.where(loyal, of_ten, 1 + of_five)


def draw_surveys(
    rng: np.random.Generator, buyers: pl.DataFrame, versions: pl.DataFrame, count: int
) -> pl.DataFrame:
    """One row per invitation and question: satisfaction of 1 to 5 without end, loyalty of 0 to 10 in half-years.

    A respondent may answer the first one twice in a quarter; the later answer is the one that counts.
    """
    customers_only = rng.random(count) < 0.9
    who = pick(rng, count, (buyers["heavy"].to_numpy() + 0.2).tolist())
    lowest = np.maximum(buyers["born"].to_numpy()[who] + 1, START)
    sent = lowest + (rng.random(count) * np.maximum(AS_OF - 30 - lowest, 1)).astype(np.int64)
    system = buyers["system"].gather(pl.Series(who))
    loyal = rng.random(count) < 0.4
    at = instants(rng, sent, _overseas(system))
    answered, score = _answers(rng, at, loyal)
    delivered = rng.random(count) < 0.97
    silent = ~delivered | (rng.random(count) < 0.6)
    owner = customers.owner_on(versions, pl.DataFrame({"customer": who, "day": sent}))
    partner = texts([p.code for p in company.partners()], rng.integers(0, 40, count))
    account = buyers["id"].gather(pl.Series(who))
    half = ((sent - day("2021-07-01")) // 183).astype(np.int64)
    respondent = pl.select(pl.when(pl.Series(customers_only)).then(account).otherwise(partner)).to_series()
    return pl.DataFrame(
        {
            "survey": pl.select(
                pl.when(pl.Series(loyal)).then(codes("NPS-", half, 2)).otherwise(pl.lit("AFTER-ORDER"))
            ).to_series(),
            "id": _known_ids(system, "FXV", 800_001),
            "system": system,
            "type": texts(("partner", "customer"), customers_only.astype(np.int64)),
            "respondent": respondent,
            "loyal": loyal,
            "sent": at,
            "delivered": delivered,
            "answered": nulls(answered, silent),
            "score": nulls(score, silent),
            "rep": nulls(owner, ~customers_only),
            "channel": buyers["channel"].gather(pl.Series(who)),
        }
    )
