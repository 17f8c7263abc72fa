"""Quotas and territories: by rep and quarter, by team, channel and company and year."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.demo import company
from pipelines.demo.calendar import as_date, day, month_bounds, quarter_bounds
from pipelines.demo.columns import UNIT

YEARS = (2021, 2022, 2023, 2024)
_FULL = 3_400_000  # CNY a quarter for one rep at scale 1


@dataclass(frozen=True)
class Quota:
    """A target of one owner over [first, last], both days in it. Money in ten-thousandths.

    `over` is the declared over-assignment in ten-thousandths; units have no currency.
    """

    owner_type: str
    owner: str
    first: int
    last: int
    version: str
    amount: int
    currency: str | None
    metric: str = "net_revenue"
    over: int | None = None


def quotas(scale: float) -> list[Quota]:
    """All of them; the company's target of 2024 was lowered once, so that it has two versions."""
    reps = _rep_quotas(scale)
    found = [*reps]
    for year in YEARS:
        first, last = month_bounds(year, 1)[0], month_bounds(year, 12)[1]
        whole = int(700_000_000 * scale) * UNIT * (100 + 12 * (year - 2021)) // 100
        if year == 2024:
            found.append(Quota("company", "ALL", first, last, "v1", whole, "CNY"))
            whole = whole * 95 // 100
        teams, below = _team_quotas(reps, year)
        version = "v2" if year == 2024 else "v1"
        over = _over(below, whole) if year > YEARS[0] else None
        found.append(Quota("company", "ALL", first, last, version, whole, "CNY", over=over))
        found += teams
        for code in ("direct_field", "dist_cn", "ec_tmall"):
            amount = int(60_000_000 * scale) * UNIT
            found.append(Quota("channel", code, first, last, "v1", amount, "CNY", "gross_revenue"))
    return [*found, *_other_quotas(scale)]


def _over(assigned: int, amount: int) -> int:
    """By which part the quotas below are more than the one above."""
    return (2 * assigned * UNIT + amount) // (2 * amount) - UNIT


UNDECLARED = "T08"  # whose quota of the last year lies: it declares nothing


def _team_quotas(reps: list[Quota], year: int) -> tuple[list[Quota], int]:
    """A team's quota is less than those of its reps together, and says so; what the company has below it in all.

    Reps have quotas from the last quarter of the first year on. In the last year the region of China has one too.
    """
    first, last = month_bounds(year, 10 if year == YEARS[0] else 1)[0], month_bounds(year, 12)[1]
    found = []
    for team in company.LEAF_TEAMS:
        assigned = sum(_in_team(quota, team) for quota in reps if first <= quota.first <= last)
        amount = assigned * 100 // 105 // (1_000 * UNIT) * 1_000 * UNIT
        over = None if (team, year) == (UNDECLARED, YEARS[-1]) else _over(assigned, amount)
        found.append(Quota("team", team, first, last, "v1", amount, "CNY", over=over))
    whole = sum(quota.amount for quota in found)
    if year != YEARS[-1]:
        return found, whole
    parent = {team.code: team.parent for team in company.TEAMS}
    china = sum(quota.amount for quota in found if parent[quota.owner] == "TCN")
    amount = china * 100 // 102 // (1_000 * UNIT) * 1_000 * UNIT
    found.append(Quota("team", "TCN", first, last, "v1", amount, "CNY", over=_over(china, amount)))
    return found, whole - china + amount


def _in_team(quota: Quota, team: str) -> int:
    """The part of a rep's quota, in CNY, that falls on days in a team."""
    rate = company.PLAN_RATES[as_date(quota.first).year].get(quota.currency or "", 100_000_000)
    versions = [rep for rep in company.reps() if rep.code == quota.owner]
    days = 0
    for at, one in enumerate(versions):
        since = one.valid_from if at else quota.first
        until = versions[at + 1].valid_from if at + 1 < len(versions) else quota.last + 1
        if one.team == team:
            days += max(0, min(until, quota.last + 1) - max(since, quota.first))
    return quota.amount * rate * days // (100_000_000 * (quota.last + 1 - quota.first))


def _other_quotas(scale: float) -> list[Quota]:
    """Quotas of partners, one in dollars and one of nothing; a channel's in pieces, a team's of margin."""
    first, last = month_bounds(2024, 1)[0], month_bounds(2024, 12)[1]
    half = month_bounds(2024, 7)[0]
    amount = int(4_000_000 * scale) * UNIT
    return [
        Quota("partner", "P001", first, half - 1, "v1", amount, "CNY"),
        Quota("partner", "P001", half, last, "v1", amount + 100_000 * UNIT, "CNY"),
        Quota("partner", "P005", first, last, "v1", amount // 7 // UNIT * UNIT, "USD"),
        Quota("partner", "P002", first, last, "v1", 0, "CNY"),
        Quota("channel", "dist", first, last, "v1", int(60_000 * scale) * UNIT, None, "units"),
        Quota("team", "T04", first, last, "v1", amount, "CNY", "margin"),
        *_planned_anew(scale),
    ]


def _planned_anew(scale: float) -> list[Quota]:
    """A rep's third quarter of 2024 is planned anew twice, from mid-August on; v10 is later than v9."""
    first, last = day("2024-08-15"), quarter_bounds(2024, 3)[1]
    rep = next(one for one in company.reps() if one.team == UNDECLARED and one.plan)
    currency = company.TEAM_CURRENCY[UNDECLARED]
    amount = int(_FULL * scale) * 100_000_000 // company.PLAN_RATES[2024][currency] // 1_000 * 1_000 * UNIT
    return [
        Quota("rep", rep.code, first, last, "v9", amount, currency),
        Quota("rep", rep.code, first, last, "v10", amount // 4 // UNIT * UNIT, currency),
    ]


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
