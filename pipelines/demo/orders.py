"""Orders and their lines, drawn in columns. Money in ten-thousandths of the order's currency."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.demo import company, customers
from pipelines.demo.calendar import AS_OF, DAYS, START, day, is_workday, month_bounds, month_index, months
from pipelines.demo.columns import Ints, codes, nulls, pick

CLOSE_DAYS = 5
CENT = 100  # ten-thousandths
YEN_GAP = tuple(day("2023-05-09") + n for n in range(3))  # days with no yen rate of the last three days
_RAISE = month_bounds(2023, 1)[0]  # the day on which product costs changed
LINES = (22, 30, 26, 22)  # weights of one to four lines


def day_weights() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Cumulative share of orders by day: growth of 15 % a year, workdays five times a free day."""
    growth = 1.15 ** (np.arange(DAYS) / 365.0)
    return np.cumsum(np.where(is_workday(), 5.0, 1.0) * growth)


def draw_orders(
    rng: np.random.Generator, buyers: pl.DataFrame, versions: pl.DataFrame, count: int
) -> pl.DataFrame:
    """Order headers sorted by order day; `business` is the confirmation day, else the order day."""
    who = pick(rng, count, buyers["heavy"].to_list())
    edges = day_weights()
    lowest = np.maximum(buyers["born"].to_numpy()[who] + 1 - START, 0)
    below = np.where(lowest > 0, edges[lowest - 1], 0.0)
    placed = START + np.searchsorted(edges, below + rng.random(count) * (edges[-1] - below), side="right")
    placed = _around_the_gap(np.minimum(placed, AS_OF), buyers["region"].to_numpy()[who] == "JP")
    turn = np.argsort(placed, kind="stable")
    who, placed = who[turn], placed[turn]
    confirmed = placed + np.where(rng.random(count) < 0.7, 0, rng.integers(1, 6, count))
    unconfirmed = (rng.random(count) < 0.05) | (confirmed > AS_OF)
    business = np.where(unconfirmed, placed, confirmed)
    channel = _channels(rng, buyers, who)
    owner = customers.owner_on(versions, pl.DataFrame({"customer": who, "day": placed}))
    later = customers.owner_on(versions, pl.DataFrame({"customer": who, "day": business}))
    same = owner.eq_missing(later).to_numpy()  # else "the account's owner on the order date" has two readings
    frame = pl.DataFrame(
        {
            "order": np.arange(count),
            "id": codes("SO", np.arange(1, count + 1), 8),
            "customer": who,
            "customer_id": buyers["id"].gather(pl.Series(who)),
            "channel": channel,
            "owner": nulls(
                owner, (same & (rng.random(count) < 0.1)) | (same & channel.str.starts_with("ec_").to_numpy())
            ),
            "currency": buyers["region"].gather(pl.Series(who)).replace_strict(company.CURRENCY_OF),
            "placed": placed,
            "confirmed": nulls(confirmed, unconfirmed),
            "business": business,
        }
    )
    frame = frame.with_columns(_partners(rng, frame), _entry(rng, count))
    return _later_days(rng, frame)


def _around_the_gap(placed: Ints, yen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """Nobody orders in yen around the days without a yen rate, but for the orders planted there."""
    near = yen & (placed >= YEN_GAP[0] - 6) & (placed <= YEN_GAP[-1])
    return np.where(near, placed + 12, placed)


def _channels(rng: np.random.Generator, buyers: pl.DataFrame, who: Ints) -> pl.Series:
    """Four in five orders come through the customer's own channel, the rest through the region's first."""
    own = buyers["channel"].gather(pl.Series(who))
    region = buyers["region"].gather(pl.Series(who))
    first = region.replace_strict(
        {name: company.CHANNELS_OF["CN" if name.startswith("CN") else name][0][0] for name in company.REGIONS}
    )
    other = pl.Series(rng.random(len(who)) < 0.2)
    return pl.select(pl.when(other).then(first).otherwise(own)).to_series()


def _partners(rng: np.random.Generator, orders: pl.DataFrame) -> pl.Series:
    """A partner of the channel, where the channel has partners."""
    lists: dict[str, list[str]] = {}
    for partner in company.partners():
        if partner.code not in lists.setdefault(partner.channel, []):
            lists[partner.channel].append(partner.code)
    found = np.full(len(orders), None, dtype=object)
    channel = orders["channel"].to_numpy()
    draws = rng.random(len(orders))
    for code, names in sorted(lists.items()):
        where = channel == code
        found[where] = np.array(names, dtype=object)[(draws[where] * len(names)).astype(np.int64)]
    return pl.Series("partner", found.tolist(), dtype=pl.String)


def _entry(rng: np.random.Generator, count: int) -> pl.Series:
    names = np.array(["manual", "edi", "web", "api"], dtype=object)
    return pl.Series("entry", names[pick(rng, count, (5, 2, 2, 1))].tolist(), dtype=pl.String)


def close_day(business: Ints) -> Ints:
    """The day on which the month of each day is closed."""
    ends = np.array([last for _, last in months()] + [AS_OF])
    return np.asarray(ends[np.clip(month_index(business), 0, 35)] + CLOSE_DAYS, dtype=np.int64)


def _later_days(rng: np.random.Generator, orders: pl.DataFrame) -> pl.DataFrame:
    """Shipped, invoiced and cancelled days; what lies after the window has not happened yet."""
    count = len(orders)
    business = orders["business"].to_numpy()
    draw = rng.random(count)
    early = np.minimum(business + rng.integers(0, 12, count), close_day(business))
    late = close_day(business) + rng.integers(1, 40, count)
    may_be_late = _has_company(orders, late)
    cancelled = np.where(draw < 0.02, early, np.where((draw < 0.035) & may_be_late, late, AS_OF + 1))
    live = cancelled > AS_OF
    shipped = business + rng.integers(1, 11, count)
    invoiced = shipped + rng.integers(0, 4, count)
    return orders.with_columns(
        cancelled=nulls(cancelled, live),
        shipped=nulls(shipped, ~live | (shipped > AS_OF)),
        invoiced=nulls(invoiced, ~live | (invoiced > AS_OF)),
    )


def _has_company(orders: pl.DataFrame, late: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the customer has three or more orders in the order's month and in the month of `late`."""
    month = orders["customer"].to_numpy() * 64 + month_index(orders["business"].to_numpy())
    seen, counts = np.unique(month, return_counts=True)
    many = seen[counts >= 3]
    other = orders["customer"].to_numpy() * 64 + month_index(late)
    return np.isin(month, many) & np.isin(other, many)


def draw_lines(rng: np.random.Generator, orders: pl.DataFrame) -> pl.DataFrame:
    """Order lines in order of order and line number."""
    count = pick(rng, len(orders), LINES) + 1
    order = np.repeat(np.arange(len(orders)), count)
    number = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count) + 1
    total = len(order)
    catalogue = _catalogue()
    item = pick(rng, total, catalogue["weight"].to_list())
    currency = orders["currency"].to_numpy()[order]
    rate = np.ones(total) * 1.0
    for name, plan in company.PLAN_RATES[2024].items():
        rate[currency == name] = plan / 1e8
    step = np.where(currency == "JPY", 10_000, CENT)
    price = catalogue["price"].to_numpy()[item] * rng.integers(900, 1_051, total) // 1_000
    unit_price = np.maximum(np.round(price / rate / step), 1).astype(np.int64) * step
    quantity = np.where(catalogue["kind"].to_numpy()[item] == "service", 1, rng.integers(1, 13, total))
    gross = quantity * unit_price
    percent = np.where(rng.random(total) < 0.5, 0, rng.integers(1, 21, total))
    free = rng.random(total) < 0.01
    discount = np.where(free, gross, gross * percent // 100 // step * step)
    frame = pl.DataFrame(
        {
            "order": order,
            "line": number,
            "kind": catalogue["kind"].gather(pl.Series(item)),
            "product": catalogue["id"].gather(pl.Series(item)),
            "quantity": quantity,
            "unit_price": unit_price,
            "discount": discount,
            "net": gross - discount,
        }
    )
    return frame.with_columns(_costs(rng, orders, frame, item, catalogue, rate * step)).with_columns(
        step=pl.Series(step)
    )


def _catalogue() -> pl.DataFrame:
    """One row per product with its cost before and after the raise; services are rarer."""
    found: dict[str, dict[str, object]] = {}
    for one in company.products():
        row = found.setdefault(one.id, {"id": one.id, "kind": one.kind, "price": one.price})
        row.setdefault("weight", 1.0 if one.kind == "service" else 3.0)
        row.setdefault("old", one.cost or 0)
        row["new"] = one.cost or 0
    return pl.DataFrame(list(found.values()))


def _costs(
    rng: np.random.Generator,
    orders: pl.DataFrame,
    lines: pl.DataFrame,
    item: Ints,
    catalogue: pl.DataFrame,
    scaled: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> pl.Series:
    """Unit cost on the line: absent for services, and for some lines in CNY, where the product's own holds."""
    order = lines["order"].to_numpy()
    placed, business = orders["placed"].to_numpy()[order], orders["business"].to_numpy()[order]
    standard = np.where(placed < _RAISE, catalogue["old"].to_numpy()[item], catalogue["new"].to_numpy()[item])
    cost = np.round(standard * rng.integers(960, 1_041, len(order)) / 1_000 / scaled).astype(np.int64)
    step = np.where(orders["currency"].to_numpy()[order] == "JPY", 10_000, CENT)
    absent = (rng.random(len(order)) < 0.15) & (orders["currency"].to_numpy()[order] == "CNY")
    absent &= ~((placed < _RAISE) & (business >= _RAISE))
    return nulls(cost * step, absent | (lines["kind"] == "service").to_numpy()).rename("unit_cost")
