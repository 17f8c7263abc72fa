"""Opportunities and their stages, as both CRM systems know them. Seconds are UTC; money in ten-thousandths."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo import company, customers
from pipelines.demo.calendar import AS_OF, START, day, new_york_offsets, unambiguous
from pipelines.demo.columns import UNIT, Ints, codes, nulls, pick, texts
from pipelines.demo.orders import YEN_GAP

STAGES = ("prospecting", "qualified", "proposal", "negotiation")
QUIET_REP, LUCKY_REP, STAND_IN = (
    "R059",
    "R060",
    "R058",
)  # no deals at all; three won and none lost; takes theirs


def instants(
    rng: np.random.Generator, days: Ints, overseas: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Ints:
    """UTC seconds of a moment in office hours of each day, in China or in New York."""
    zone = np.where(overseas, new_york_offsets(days), 8 * 3600)
    return np.asarray(days * 86_400 + rng.integers(9 * 3600, 18 * 3600, len(days)) - zone, dtype=np.int64)


def draw_opportunities(
    rng: np.random.Generator, buyers: pl.DataFrame, versions: pl.DataFrame, count: int
) -> pl.DataFrame:
    """One row per deal in order of creation; what would close after the window is open."""
    who, created, closes = _spans(rng, buyers, count)
    open_ = closes >= AS_OF - 1
    outcome = pick(rng, count, (42, 44, 10, 4))
    status = np.where(open_, 4, outcome)
    overseas = (buyers["system"] == "zoho").to_numpy()[who]
    frame = pl.DataFrame(
        {
            "deal": np.arange(count),
            "customer": who,
            "account": buyers["id"].gather(pl.Series(who)),
            "system": buyers["system"].gather(pl.Series(who)),
            "region": buyers["region"].gather(pl.Series(who)),
            "channel": buyers["channel"].gather(pl.Series(who)),
            "created_day": created,
            "created": instants(rng, created, overseas),
            "closed": nulls(instants(rng, closes, overseas), open_ | (status == 3)),
            "status": texts(("won", "lost", "abandoned", "merged", "open"), status),
            "stage_no": np.where(open_, pick(rng, count, (3, 3, 2, 2)), 4),
            "amount": _amounts(rng, buyers, who, count),
            "expected": np.where(
                open_, AS_OF + rng.integers(-20, 150, count), closes + rng.integers(-20, 21, count)
            ),
        }
    )
    frame = frame.with_columns(
        currency=frame["region"].replace_strict(company.CURRENCY_OF),
        owner=_owners(rng, versions, frame),
        id=_ids(frame),
    )
    return pl.concat([frame, _lucky(frame)]).with_columns(
        expected=_near(pl.col("expected"), pl.col("created_day"))
    )


def _spans(rng: np.random.Generator, buyers: pl.DataFrame, count: int) -> tuple[Ints, Ints, Ints]:
    """Customer, first and last day of each deal; none in yen ends around the days without a yen rate."""
    who = pick(rng, count, (buyers["heavy"].to_numpy() + 0.5).tolist())
    lowest = np.maximum(buyers["born"].to_numpy()[who] + 1, START)
    created = lowest + (rng.random(count) ** 0.8 * np.maximum(AS_OF - 3 - lowest, 1)).astype(np.int64)
    turn = np.argsort(created, kind="stable")
    who, created = who[turn], created[turn]
    closes = created + np.clip(rng.lognormal(3.7, 0.7, count).astype(np.int64), 2, 400)
    near = (closes >= YEN_GAP[0] - 2) & (closes <= YEN_GAP[-1] + 1)
    yen = buyers["region"].to_numpy()[who] == "JP"
    return who, created, np.where(near & yen, closes + 9, closes)


def _near(expected: pl.Expr, created: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(expected, created)


def _amounts(rng: np.random.Generator, buyers: pl.DataFrame, who: Ints, count: int) -> pl.Series:
    """Whole hundreds of the currency; three in a hundred deals have none."""
    amount = np.exp(rng.normal(11.5, 0.9, count))
    rate = np.ones(count)
    region = buyers["region"].to_numpy()[who]
    for name, currency in company.CURRENCY_OF.items():
        if currency != "CNY":
            rate[region == name] = company.PLAN_RATES[2023][currency] / 1e8
    units = np.maximum((amount / rate / 100).astype(np.int64), 1) * 100 * UNIT
    return nulls(units, rng.random(count) < 0.03)


def _owners(rng: np.random.Generator, versions: pl.DataFrame, deals: pl.DataFrame) -> pl.Series:
    wanted = deals.select("customer", day="created_day")
    steady = company.steady_reps()
    spare = texts(steady, rng.integers(0, len(steady), len(deals)))
    owner = customers.owner_on(versions, wanted)
    chosen = pl.select(pl.coalesce(owner, spare)).to_series()
    return chosen.replace({QUIET_REP: STAND_IN, LUCKY_REP: STAND_IN})


def _ids(deals: pl.DataFrame) -> pl.Series:
    number = deals["deal"] + 200_001
    return pl.select(
        pl.when(deals["system"] == "zoho")
        .then(codes("57257670000", number, 8))
        .otherwise(codes("FXO", number, 8))
    ).to_series()


def _lucky(deals: pl.DataFrame) -> pl.DataFrame:
    """Three deals won in one month by a rep who never lost one."""
    base = deals.filter(pl.col("system") == "fxiaoke").head(3)
    start = day("2023-11-06")
    created = pl.Series([start, start + 1, start + 2])
    return base.with_columns(
        deal=pl.Series([len(deals), len(deals) + 1, len(deals) + 2]),
        id=pl.Series([f"FXO9900000{n}" for n in (1, 2, 3)]),
        owner=pl.lit(LUCKY_REP),
        created_day=created,
        created=created * 86_400 + 2 * 3_600,
        closed=(created + 14) * 86_400 + 5 * 3_600,
        status=pl.lit("won"),
        stage_no=pl.lit(4, dtype=pl.Int64),
        amount=pl.Series([80_000 * UNIT, 120_000 * UNIT, 40_001 * UNIT]),
        expected=created + 20,
    ).select(deals.columns)


def draw_stages(rng: np.random.Generator, deals: pl.DataFrame) -> pl.DataFrame:
    """Every step of every deal, one after the other, between its creation and its end (or the last day)."""
    last = deals["stage_no"].to_numpy()
    status = deals["status"].to_numpy()
    steps = np.where(status == "merged", 1, last)
    deal = np.repeat(np.arange(len(deals)), steps)
    number = np.arange(len(deal)) - np.repeat(np.cumsum(steps) - steps, steps)
    created = deals["created"].to_numpy()[deal]
    end = deals["closed"].fill_null((AS_OF + 1) * 86_400 - 9 * 3_600).to_numpy()[deal]
    closing = (number == 3) & (status[deal] != "open")
    at = created + (end - created) * (number + 1) // 5 + rng.integers(0, 60, len(deal))
    names = (*STAGES, "closed")
    return pl.DataFrame(
        {
            "deal": deal,
            "id": deals["id"].gather(pl.Series(deal)),
            "system": deals["system"].gather(pl.Series(deal)),
            "at": unambiguous(np.where(closing, end, at)),
            "old": texts(names, number),
            "new": texts(names, number + 1),
            "status": deals["status"].gather(pl.Series(deal)),
        }
    ).filter(pl.col("status") != "merged")
