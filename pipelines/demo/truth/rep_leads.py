"""How fast the leads of each rep were answered (K19), for mart_rep_scorecard."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.calendar import AS_OF
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.channel import parts
from pipelines.demo.truth.credit import Teams
from pipelines.demo.truth.deals import business_day
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.survival import percentile
from pipelines.demo.truth.times import month_of
from pipelines.demo.truth.touches import minute_of

END = (AS_OF + 1) * 86_400 - 8 * 3_600  # the end of asof's day in Shanghai


@dataclass
class Responses:
    """Seconds to the answers of the leads of one rep, team and month, and how old each lead is."""

    answers: list[int | None] = field(default_factory=list)
    ages: list[int] = field(default_factory=list)

    def within(self, seconds: int) -> tuple[int, int]:
        """Answered in so many seconds, of those at least that old."""
        old = [answer for answer, age in zip(self.answers, self.ages, strict=True) if age >= seconds]
        return sum(answer is not None and answer <= seconds for answer in old), len(old)


def _first_touches(facts: Facts) -> dict[str, int]:
    """The first outbound touch of each lead by a person: of its activities, or what its record says.

    What the record says is no answer where an automatic message went out at that very moment.
    """
    talks = facts.world.crm.talks
    found: dict[str, int] = {}
    automatic: set[tuple[str, int]] = set()
    leads = talks.filter(talks["lead"].is_not_null())
    for system, lead, at, maker, direction in leads.select(
        "system", "lead", "at", "maker", "direction"
    ).iter_rows():
        moment = minute_of(system, at)
        if maker == "rule":
            automatic.add((lead, moment))
        elif direction == "outbound":
            found[lead] = min(found.get(lead, moment), moment)
    for system, lead, touched in facts.world.leads.select("system", "id", "touched").iter_rows():
        if touched is None:
            continue
        moment = minute_of(system, touched)
        if (lead, moment) not in automatic:
            found[lead] = min(found.get(lead, moment), moment)
    return found


def lead_values(facts: Facts) -> dict[tuple[str, str, int], dict[str, Any]]:
    """By rep, team and month of creation."""
    touched, teams = _first_touches(facts), Teams()
    found: dict[tuple[str, str, int], Responses] = defaultdict(Responses)
    for system, lead, owner, created in facts.world.leads.select(
        "system", "id", "owner", "created"
    ).iter_rows():
        start, on = minute_of(system, created), business_day(created)
        own = found[owner, teams.on(owner, on), month_of(on)]
        own.answers.append(max(touched[lead] - start, 0) if lead in touched else None)
        own.ages.append(END - start)
    return {key: _columns(own) for key, own in found.items()}


def _columns(own: Responses) -> dict[str, Any]:
    minutes = [n.half_away(answer * n.UNIT, 60) for answer in own.answers if answer is not None]
    quick, hour = own.within(300), own.within(3_600)
    return {
        "lead_count": len(own.answers),
        "lead_answered_count": len(minutes),
        "lead_response_median_minutes": n.money(percentile(minutes, 50)),
        "lead_response_p90_minutes": n.money(percentile(minutes, 90)),
        **parts("lead_within_5_minutes", quick[0] * n.UNIT, quick[1] * n.UNIT),
        **parts("lead_within_1_hour", hour[0] * n.UNIT, hour[1] * n.UNIT),
    }
