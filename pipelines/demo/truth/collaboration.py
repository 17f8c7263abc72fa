"""The truth of mart_collaboration: who was there, who was recognised, promoted, and who stayed."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.demo import company
from pipelines.demo.calendar import AS_OF, EPOCH
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.times import FIRST, LAST, date_of, first_day, last_day, month_text, quarter_start

ALL = "(all)"
FEW = 5
GROUPS = ("recognition", "promotion", "time_in_grade", "retention_recognised", "retention_other")
Pair = tuple[int, int]  # numerator and denominator


def years_later(number: int, years: int) -> int:
    """The same day of a later year; of the 29th of February the day before the 1st of March."""
    on = date_of(number)
    is_leap_day = (on.month, on.day) == (2, 29)
    there = date(on.year + years, on.month, 28 if is_leap_day else on.day)
    return (there - EPOCH).days


@dataclass(frozen=True)
class Member:
    """A rep who was there on a day."""

    code: str
    team: str
    role: str
    started: int


class People:
    """Who is in which team, on leave, recognised or promoted, and when."""

    def __init__(self, facts: Facts) -> None:
        self.versions: dict[str, list[company.Rep]] = defaultdict(list)
        for rep in company.reps():
            self.versions[rep.code].append(rep)
        self.leaves: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.promoted: dict[str, list[int]] = defaultdict(list)
        for event in facts.world.pay.events.iter_rows(named=True):
            if event["type"] == "leave":
                self.leaves[event["rep"]].append((event["first"], event["last"]))
            elif event["type"] == "promotion":
                self.promoted[event["rep"]].append(event["first"])
        self.awards: dict[str, list[int]] = defaultdict(list)
        for award in facts.world.pay.recognitions.iter_rows(named=True):
            self.awards[award["rep"]].append(award["day"])

    def version(self, rep: str, number: int) -> company.Rep:
        """The version of a rep on a day; the first one also before it."""
        own = self.versions[rep]
        return own[max(bisect_right([one.valid_from for one in own], number) - 1, 0)]

    def is_employed(self, rep: str, number: int) -> bool:
        """From the first to the last day of work."""
        one = self.version(rep, number)
        return one.hire <= number and (one.exit is None or number <= one.exit)

    def there(self, number: int) -> list[Member]:
        """Reps employed and not on leave on a day."""
        found = []
        for rep in self.versions:
            is_away = any(first <= number <= last for first, last in self.leaves[rep])
            if self.is_employed(rep, number) and not is_away:
                one = self.version(rep, number)
                found.append(Member(rep, one.team, one.role, self.started(rep, one)))
        return found

    def started(self, rep: str, version: company.Rep) -> int:
        """The first day in the role of a version: that of hire for the first one."""
        since = version.valid_from
        for one in reversed([one for one in self.versions[rep] if one.valid_from <= version.valid_from]):
            if one.role != version.role:
                break
            since = one.valid_from
        return max(since, version.hire)

    def awarded(self, rep: str, first: int, last: int) -> int:
        """Awards of a period, both ends in it."""
        return sum(first <= on <= last for on in self.awards[rep])


def _recognition(people: People, month: int) -> dict[str, tuple[Pair, Pair]]:
    """By team: recognised and headcount; the two sides of the Gini index, as a mean of differences."""
    first, last = first_day(quarter_start(month)), last_day(month)
    awards: dict[str, list[int]] = defaultdict(list)
    for member in people.there(last):
        count = people.awarded(member.code, first, last)
        awards[member.team].append(count)
        awards[ALL].append(count)
    found = {}
    for team, counts in awards.items():
        # Half the sum of the differences of all ordered pairs, over n x all awards.
        apart = sum(abs(a - b) for a in counts for b in counts) // 2
        covered = sum(count > 0 for count in counts)
        found[team] = ((covered, len(counts)), (apart, len(counts) * sum(counts)))
    return found


def _promotion(people: People, month: int) -> dict[str, tuple[Pair, Pair]]:
    """By team: promotions and twice the average headcount of twelve months; days in the grade before and their n."""
    heads: Counter[str] = Counter()
    for number in (first_day(month - 11), last_day(month)):
        for member in people.there(number):
            heads.update((member.team, ALL))
    done: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for rep, dates in people.promoted.items():
        before = people.version(rep, dates[0]).hire
        for on in sorted(dates):
            if first_day(month - 11) <= on <= last_day(month):
                for team in (people.version(rep, on).team, ALL):
                    done[team] += 1
                    days[team] += on - before
            before = on
    return {team: ((done[team], heads[team]), (days[team], done[team])) for team in {*heads, *done}}


def _band(member: Member, number: int) -> int:
    """First year in the role, up to three, longer."""
    return sum(years_later(member.started, years) <= number for years in (1, 3))


def _retention(people: People, month: int) -> dict[str, tuple[Pair, Pair]]:
    """By team: kept and all of the recognised; of those without an award in the same team, role and band."""
    first, last = first_day(quarter_start(month)), last_day(month)
    later = years_later(last, 1)
    cells: dict[tuple[str, str, int], tuple[list[bool], list[bool]]] = defaultdict(lambda: ([], []))
    for member in people.there(last):
        side = 0 if people.awarded(member.code, first, last) else 1
        cells[member.team, member.role, _band(member, last)][side].append(
            people.is_employed(member.code, later)
        )
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (team, _, _), (recognised, others) in cells.items():
        if recognised and others:
            for name in (team, ALL):
                for place, number in enumerate((sum(recognised), len(recognised), sum(others), len(others))):
                    sums[name][place] += number
    return {team: ((one[0], one[1]), (one[2], one[3])) for team, one in sums.items()}


def _statuses(sizes: dict[str, int], teams: set[str], is_mature: bool) -> dict[str, str]:
    """Which teams may be shown; `sizes` are twice the members, of a team that has none 0."""
    if not is_mature:
        return dict.fromkeys(teams, "immature")
    small = {team for team in teams if sizes.get(team, 0) < 2 * FEW}
    told = sum(sizes.get(team, 0) for team in small - {ALL})
    large = sorted((sizes[team], team) for team in teams - small - {ALL})
    if 0 < told < 2 * FEW and large:
        small = small | {large[0][1]}
    return {team: "suppressed" if team in small else "ok" for team in teams}


def _month_rows(people: People, month: int) -> list[dict[str, Any]]:
    recognition, promotion = _recognition(people, month), _promotion(people, month)
    retention = _retention(people, month)
    teams = {*recognition, *promotion}
    is_followed = years_later(last_day(month), 1) <= AS_OF
    nothing: tuple[Pair, Pair] = ((0, 0), (0, 0))
    sizes = {
        "recognition": {team: 2 * one[0][1] for team, one in recognition.items()},
        "promotion": {team: one[0][1] for team, one in promotion.items()},
        "time_in_grade": {team: 2 * one[1][1] for team, one in promotion.items()},
        "retention_recognised": {team: 2 * one[0][1] for team, one in retention.items()},
        "retention_other": {team: 2 * one[1][1] for team, one in retention.items()},
    }
    mature = dict(
        zip(GROUPS, (True, month - FIRST >= 11, month - FIRST >= 11, is_followed, is_followed), strict=True)
    )
    statuses = {group: _statuses(sizes[group], teams, mature[group]) for group in GROUPS}
    rows = []
    for team in sorted(teams):
        held = {group: statuses[group][team] for group in GROUPS}
        sides = (recognition.get(team, nothing), promotion.get(team, nothing), retention.get(team, nothing))
        rows.append(
            {
                "key": {"team_code": team, "fiscal_month": month_text(month)},
                "values": {"headcount": sides[0][0][1], **_values(held, *sides)},
            }
        )
    return rows


def _values(
    held: dict[str, str],
    recognition: tuple[Pair, Pair],
    promotion: tuple[Pair, Pair],
    retention: tuple[Pair, Pair],
) -> dict[str, Any]:
    def shown(group: str, pair: Pair, half: int = 1) -> tuple[int | None, int | None]:
        """Both sides in ten-thousandths, or neither; the denominator may be given doubled."""
        return (pair[0] * n.UNIT, pair[1] * n.UNIT // half) if held[group] == "ok" else (None, None)

    days = shown("time_in_grade", promotion[1])
    kept, others = shown("retention_recognised", retention[0]), shown("retention_other", retention[1])
    rates = [None if a is None or b is None else n.quotient(a, b) for a, b in (kept, others)]
    apart = None if rates[0] is None or rates[1] is None else n.half_away(100 * (rates[0] - rates[1]), n.UNIT)
    mean = None if days[0] is None or days[1] is None else n.average(days[0], days[1])
    return {
        **parts("recognition_coverage", *shown("recognition", recognition[0])),
        **parts("recognition_gini", *shown("recognition", recognition[1])),
        **parts("promotion", *shown("promotion", promotion[0], 2)),
        "time_in_grade_days": n.money(mean),
        "time_in_grade_days_numerator": n.money(days[0]),
        "time_in_grade_days_denominator": n.money(days[1]),
        **parts("retention_recognised", *kept),
        **parts("retention_other", *others),
        "retention_difference_points": n.money(apart),
        **{f"{group}_status": status for group, status in held.items()},
    }


def collaboration_rows(facts: Facts) -> list[dict[str, Any]]:
    """All rows, by month and team."""
    people = People(facts)
    return [row for month in range(FIRST, LAST + 1) for row in _month_rows(people, month)]
