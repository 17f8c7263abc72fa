"""What both CRM systems keep beside deals: forecasts, deal teams, campaigns, owners, cases, needs, registrations.

Each is drawn from a generator of its own. Seconds are UTC; money in ten-thousandths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, DAY, END, START, month_bounds, quarter_bounds
from pipelines.demo.columns import UNIT, own_generator

SYSTEMS = ("fxiaoke", "zoho")
NEEDS = ("energy_saving", "spare_parts", "automation", "training", "remote_service")


@dataclass(frozen=True)
class Crm:
    """Frames with one row per event or record."""

    changes: pl.DataFrame
    details: pl.DataFrame
    forecasts: pl.DataFrame
    members: pl.DataFrame
    campaigns: pl.DataFrame
    lead_details: pl.DataFrame
    talks: pl.DataFrame
    identities: pl.DataFrame
    holds: pl.DataFrame
    cases: pl.DataFrame
    needs: pl.DataFrame


def draw_forecasts(seed: int, scale: float) -> pl.DataFrame:
    """Six submissions of each team and quarter, some on either side of each horizon; one team leaves some out."""
    rng = own_generator(seed, "forecasts")
    rows = []
    for year in range(2021, 2025):
        for quarter in range(1, 5):
            first, last = quarter_bounds(year, quarter)
            if last < START:
                continue
            for team in company.LEAF_TEAMS:
                rows += _submitted(rng, team, f"{year}-Q{quarter}", first, last, scale)
    names = ("system", "team", "period", "at", "category", "amount", "currency")
    return pl.DataFrame(rows, schema=names, orient="row").sort("at", "team", maintain_order=True)


def _submitted(
    rng: np.random.Generator, team: str, period: str, first: int, last: int, scale: float
) -> list[tuple[str, str, str, int, str, int, str]]:
    middle = first + (last - first + 1) // 2
    currency = company.TEAM_CURRENCY.get(team, "CNY")
    rate = company.PLAN_RATES[2023].get(currency, 100_000_000)
    level = int(rng.integers(2_000, 4_000)) * max(int(1_000 * scale), 1) * 100_000_000 // rate
    found = []
    for on in (first - 2, first + 9, middle - 4, middle + 3, last - 12, last - 4):
        level = level * int(rng.integers(88, 115)) // 100
        silent = team == "T05" and rng.random() < 0.5
        at = on * DAY + int(rng.integers(2, 9)) * 3_600
        if silent or at >= END or on < START:
            continue
        system = "zoho" if currency != "CNY" else "fxiaoke"
        for category, share in (("commit", 100), ("best_case", 130)):
            amount = max(level * share // 100 // 100, 1) * 100 * UNIT
            found.append((system, team, period, at, category, amount, currency))
    return found


def draw_members(seed: int, deals: pl.DataFrame) -> pl.DataFrame:
    """One deal in five has one or two helpers; who they are, never a share: shares are a matter of pay."""
    rng = own_generator(seed, "deal members")
    steady = company.steady_reps()
    rows = []
    for deal in deals.iter_rows(named=True):
        draw, count = rng.random(), int(rng.integers(1, 3))
        chosen = rng.choice(len(steady), count, replace=False)
        later = int(rng.integers(0, 20))
        if draw >= 0.2:
            continue
        for number, at in enumerate(chosen):
            role = ("presales", "support")[number]
            since = None if later < 10 else min(deal["created_day"] + later, AS_OF)
            if steady[at] != deal["owner"]:
                rows.append((deal["id"], deal["system"], steady[at], role, since))
    names = {"id": pl.String, "system": pl.String, "member": pl.String, "role": pl.String, "since": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def draw_campaigns() -> pl.DataFrame:
    """One campaign of each system and quarter; the last has no end yet."""
    rows = []
    for number in range(12):
        first = month_bounds(2021 + (10 + 3 * number) // 12, (10 + 3 * number) % 12 + 1)[0]
        for system in SYSTEMS:
            home = "direct_field" if system == "zoho" else "ec_tmall"
            cost, currency = (8_000, "EUR") if system == "zoho" else (60_000, "CNY")
            last = None if number == 11 else first + 60
            name = f"CMP-{system[:2].upper()}{number + 1:02d}"
            rows.append((name, system, home, first, last, (cost + 500 * number) * UNIT, currency))
    names = {
        "id": pl.String, "system": pl.String, "channel": pl.String, "first": pl.Int64, "last": pl.Int64,
        "cost": pl.Int64, "currency": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def draw_lead_details(seed: int, leads: pl.DataFrame, campaigns: pl.DataFrame) -> pl.DataFrame:
    """The campaign that ran when a lead came, for half of them; why lost ones were lost."""
    rng = own_generator(seed, "lead details")
    runs = list(campaigns.select("id", "system", "first", "last").iter_rows())
    reasons = ("no_budget", "wrong_contact", "no_interest", "duplicate")
    rows = []
    for lead in leads.iter_rows(named=True):
        draw, pick = rng.random(), int(rng.integers(0, 5))
        on = (lead["created"] + 8 * 3_600) // DAY
        near = (
            name for name, system, first, last in runs
            if system == lead["system"] and first <= on and (last is None or on <= last)
        )  # fmt: skip
        reason = reasons[pick] if lead["status"] == "lost" and pick < 4 else None
        rows.append((next(near, None) if draw < 0.5 else None, reason))
    return pl.DataFrame(rows, schema={"campaign": pl.String, "lost_reason": pl.String}, orient="row")


def draw_cases(seed: int, buyers: pl.DataFrame, scale: float) -> pl.DataFrame:
    """Cases of service: three in four answered, most closed, some opened again."""
    rng = own_generator(seed, "cases")
    rows = []
    for number in range(max(60, round(1_500 * scale))):
        at = int(rng.integers(0, len(buyers)))
        buyer = buyers.row(at, named=True)
        low = max(buyer["born"] + 1, START)
        opened = (low + int(rng.random() * max(AS_OF - 2 - low, 1))) * DAY + int(rng.integers(1, 9)) * 3_600
        replied = opened + int(rng.integers(1, 60)) * 3_600 if rng.random() < 0.75 else None
        closed = opened + int(rng.integers(3, 30)) * DAY if rng.random() < 0.8 else None
        prefix = "57257671" if buyer["system"] == "zoho" else "FXC"
        kind = ("complaint", "question", "repair")[int(rng.integers(0, 3))]
        rows.append(
            (
                f"{prefix}{number + 1:06d}", buyer["system"], buyer["id"], kind,
                ("high", "normal")[int(rng.integers(0, 2))], opened, opened + 2 * DAY,
                replied if replied is not None and replied < END else None,
                closed if closed is not None and closed < END else None,
                int(rng.integers(0, 6)) // 5,
            )
        )  # fmt: skip
    names = ("id", "system", "account", "kind", "severity", "opened", "due", "replied", "closed", "reopened")
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def draw_needs(seed: int, buyers: pl.DataFrame, scale: float) -> pl.DataFrame:
    """What customers said they need."""
    rng = own_generator(seed, "needs")
    rows = []
    for number in range(max(40, round(800 * scale))):
        buyer = buyers.row(int(rng.integers(0, len(buyers))), named=True)
        low = max(buyer["born"] + 1, START)
        on = low + int(rng.random() * max(AS_OF - low, 1))
        need = NEEDS[int(rng.integers(0, len(NEEDS)))]
        family = ("SENS", "DRIV", "CTRL", "VALV", "TOOL")[int(rng.integers(0, 5))]
        rows.append((f"ND{number + 1:06d}", buyer["id"], need, family, on))
    return pl.DataFrame(rows, schema=("id", "account", "need", "family", "day"), orient="row")
