"""All simulated events of one company in memory: what the extracts are written from, and the truth computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo import (
    accounts_extra,
    charges,
    contacts,
    crm,
    crm_extra,
    customers,
    deal_history,
    market,
    order_events,
    orders,
    payroll,
    people,
    pushes,
    scenarios,
    split_edits,
    takebacks,
    talks,
)


@dataclass(frozen=True)
class Pay:
    """What people are paid, beside their rate, and what happens to them."""

    invoices: pl.DataFrame
    payouts: pl.DataFrame
    disputes: pl.DataFrame
    events: pl.DataFrame
    recognitions: pl.DataFrame
    edits: pl.DataFrame
    shares: pl.DataFrame


@dataclass(frozen=True)
class World:
    """The events. Frames have one row per event; money is in ten-thousandths, days count from 1970-01-01."""

    scale: float
    buyers: pl.DataFrame
    versions: pl.DataFrame
    orders: pl.DataFrame
    lines: pl.DataFrame
    returns: pl.DataFrame
    payments: pl.DataFrame
    credits: pl.DataFrame
    deals: pl.DataFrame
    stages: pl.DataFrame
    leads: pl.DataFrame
    activities: pl.DataFrame
    surveys: pl.DataFrame
    rates: pl.DataFrame
    quotas: list[people.Quota]
    sizes: list[market.Estimate]
    costs: list[market.ChannelCost]
    pay: Pay
    crm: crm_extra.Crm


def _sales(
    rng: np.random.Generator, buyers: pl.DataFrame, versions: pl.DataFrame, count: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Drawn and planted orders with their lines."""
    drawn = orders.draw_orders(rng, buyers, versions, count)
    lines = charges.add_freight(rng, drawn, orders.draw_lines(rng, drawn))
    drawn = charges.add_totals(rng, drawn, lines)
    planted, planted_lines = scenarios.place(buyers, len(drawn))
    both = pl.concat([drawn, planted.cast({"partner": pl.String})], how="diagonal_relaxed")
    return both, pl.concat([lines, planted_lines.select(lines.columns)], how="vertical_relaxed")


def _pay(
    seed: int, sold: pl.DataFrame, splits: pl.DataFrame, deals: pl.DataFrame, details: pl.DataFrame
) -> Pay:
    """Drawn each from a generator of its own."""
    return Pay(
        invoices=payroll.draw_invoices(seed, sold),
        payouts=payroll.draw_payouts(seed, sold),
        disputes=payroll.draw_disputes(seed, sold),
        events=payroll.draw_events(seed),
        recognitions=payroll.draw_recognitions(seed),
        edits=split_edits.draw_edits(seed, sold, splits),
        shares=split_edits.draw_team_shares(seed, deals, details),
    )


def _crm(
    seed: int,
    scale: float,
    buyers: pl.DataFrame,
    versions: pl.DataFrame,
    sold: pl.DataFrame,
    contact: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> crm_extra.Crm:
    """Drawn each from a generator of its own."""
    deals, stages, leads, activities = contact
    changes, campaigns = deal_history.draw_changes(seed, deals, stages), crm_extra.draw_campaigns()
    return crm_extra.Crm(
        changes=changes,
        details=deal_history.draw_details(seed, deals, changes, sold),
        forecasts=crm_extra.draw_forecasts(seed, scale),
        members=crm_extra.draw_members(seed, deals),
        campaigns=campaigns,
        lead_details=crm_extra.draw_lead_details(seed, leads, campaigns),
        talks=talks.draw_talks(seed, deals, leads, activities),
        identities=accounts_extra.draw_identities(buyers),
        holds=accounts_extra.draw_holds(seed, buyers, versions),
        cases=crm_extra.draw_cases(seed, buyers, scale),
        needs=crm_extra.draw_needs(seed, buyers, scale),
    )


def simulate(scale: float, seed: int) -> World:
    """The company of that seed: 3,000 customers, 16,000 orders and 40,000 order lines at scale 1."""
    rng = np.random.default_rng(seed)
    buyers = customers.merge_some(customers.draw_customers(rng, max(60, round(3_000 * scale))))
    versions = customers.account_versions(rng, buyers)
    sold, lines = _sales(rng, buyers, versions, max(400, round(16_000 * scale)))
    returns = order_events.draw_returns(rng, sold, lines)
    payments = order_events.draw_payments(rng, sold)
    deals = crm.draw_opportunities(rng, buyers, versions, max(150, round(4_000 * scale)))
    splits = order_events.draw_credits(rng, sold, lines)
    stages = crm.draw_stages(rng, deals)
    leads = contacts.draw_leads(rng, buyers, max(150, round(5_000 * scale)))
    activities = contacts.draw_activities(rng, buyers, versions, max(300, round(20_000 * scale)))
    known = _crm(seed, scale, buyers, versions, sold, (deals, stages, leads, activities))
    pay = _pay(seed, sold, splits, deals, known.details)
    orders_placed, lines_placed = pushes.pushed(order_events.settled(sold, payments), lines, buyers)
    orders_placed, lines_placed, returns, splits = takebacks.taken_back(
        orders_placed, lines_placed, returns, splits, buyers
    )
    return World(
        scale=scale,
        buyers=buyers,
        versions=versions,
        orders=orders_placed,
        lines=lines_placed,
        returns=returns,
        payments=payments,
        credits=splits,
        deals=deals,
        stages=stages,
        leads=leads,
        activities=activities,
        surveys=contacts.draw_surveys(rng, buyers, versions, max(300, round(6_000 * scale))),
        rates=market.spot_rates(rng),
        quotas=people.quotas(scale),
        sizes=market.market_sizes(rng, scale),
        costs=market.channel_costs(rng, scale),
        pay=pay,
        crm=known,
    )
