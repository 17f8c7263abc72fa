"""Quotas and territories: by rep and quarter, by team, channel and company and year."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.demo import company
from pipelines.demo.calendar import day, month_bounds, quarter_bounds
from pipelines.demo.columns import UNIT

YEARS = (2021, 2022, 2023, 2024)
_FULL = 3_400_000  # CNY a quarter for one rep at scale 1


@dataclass(frozen=True)
class Quota:
    """A target of one owner over [first, last], both days in it. Money in ten-thousandths."""

    owner_type: str
    owner: str
    first: int
    last: int
    version: str
    amount: int
    currency: str
    metric: str = "net_revenue"


def quotas(scale: float) -> list[Quota]:
    """All of them; the company's target of 2024 was lowered once, so that it has two versions."""
    found = [*_rep_quotas(scale)]
    for year in YEARS:
        first, last = month_bounds(year, 1)[0], month_bounds(year, 12)[1]
        whole = int(700_000_000 * scale) * UNIT * (100 + 12 * (year - 2021)) // 100
        found.append(Quota("company", "ALL", first, last, "v1", whole, "CNY"))
        if year == 2024:
            found.append(Quota("company", "ALL", first, last, "v2", whole * 95 // 100, "CNY"))
        for position, team in enumerate(company.LEAF_TEAMS):
            amount = int(80_000_000 * scale) * UNIT * (10 + position) // 10
            found.append(Quota("team", team, first, last, "v1", amount, "CNY"))
        for code in ("direct_field", "dist_cn", "ec_tmall"):
            amount = int(60_000_000 * scale) * UNIT
            found.append(Quota("channel", code, first, last, "v1", amount, "CNY", "gross_revenue"))
    return found


def _rep_quotas(scale: float) -> list[Quota]:
    """One per rep and quarter in which the rep works, from the later of its start and the rep's first day."""
    found = []
    for rep in company.reps():
        if rep.valid_from != rep.hire:
            continue
        currency = company.TEAM_CURRENCY.get(rep.team, "CNY")
        for year in YEARS:
            for quarter in range(1, 5):
                first, last = quarter_bounds(year, quarter)
                first, last = max(first, rep.hire), min(last, rep.exit if rep.exit is not None else last)
                if first > last or last < day("2021-10-01"):
                    continue
                full = int(_FULL * scale) * (100 + int(rep.code[1:]) % 7 * 5 + 4 * (year - 2021)) // 100
                plan = company.PLAN_RATES[year].get(currency, 100_000_000)
                amount = full * 100_000_000 // plan // 1_000 * 1_000 * UNIT
                found.append(Quota("rep", rep.code, first, last, "v1", amount, currency))
    return found


@dataclass(frozen=True)
class Assignment:
    """A territory held by a rep from `first` until the day `until`, exclusive."""

    territory: str
    rep: str
    first: int
    until: int | None


def assignments() -> list[Assignment]:
    """Two territories per regional rep; a rep who leaves or moves hands over to the manager."""
    found = []
    region = {team.code: team.region for team in company.TEAMS}
    for rep in company.reps():
        if rep.valid_from != rep.hire or region[rep.team] is None:
            continue
        moved = day(company.MOVES[rep.code][0]) if rep.code in company.MOVES else None
        until = rep.exit + 1 if rep.exit is not None else moved
        for part in ("A", "B"):
            territory = f"{region[rep.team]}-{rep.code[1:]}{part}"
            found.append(Assignment(territory, rep.code, rep.hire, until))
            if until is not None and rep.manager is not None:
                found.append(Assignment(territory, rep.manager, until, None))
    return sorted(found, key=lambda one: (one.territory, one.first))
