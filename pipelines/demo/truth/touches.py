"""Touches of customers, their cases, needs and owners, as mart_customer_360 shows them at the end of a month."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import Any

from pipelines.demo.truth import deals as rules
from pipelines.demo.truth import numbers as n
from pipelines.demo.truth.facts import Facts
from pipelines.demo.truth.rfm import NONE, Standing, segment, standing, year_cuts
from pipelines.demo.truth.sales import UNKNOWN
from pipelines.demo.truth.times import date_of, last_day, month_of

WEEK = 7 * 86_400


def minute_of(system: str, at: int) -> int:
    """A moment as its system keeps it: Fxiaoke to the minute."""
    return at // 60 * 60 if system == "fxiaoke" else at


class Contacts:
    """By customer the days of touches and of two-way ones (also by rep), of cases, of needs, and first days."""

    def __init__(self, facts: Facts) -> None:
        self.master_of = facts.sales.master_of
        self.touched: dict[str, list[int]] = defaultdict(list)
        self.answered: dict[str, list[int]] = defaultdict(list)
        self.met: dict[str, dict[str, list[int]]] = defaultdict(dict)
        self.cases: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        self.needs: dict[str, list[int]] = defaultdict(list)
        self.born: dict[str, int] = {}
        self.records: dict[str, int] = defaultdict(int)
        world = facts.world
        replies = replies_of(facts)
        columns = ("id", "system", "at", "rep", "kind", "direction", "connected", "account")
        for frame in (world.activities, world.crm.talks):
            for row in frame.select(columns).iter_rows(named=True):
                if row["account"] is not None:
                    self._touch(row, replies)
        for own in (*self.touched.values(), *self.answered.values()):
            own.sort()
        for account, opened, closed in world.crm.cases.select("account", "opened", "closed").iter_rows():
            end = None if closed is None else rules.business_day(closed)
            self.cases[self.master_of[account]].append((rules.business_day(opened), end))
        for account, on in world.crm.needs.select("account", "day").iter_rows():
            self.needs[self.master_of[account]].append(on)
        for account, created in world.buyers.select("id", "created_utc").iter_rows():
            name, on = self.master_of[account], rules.business_day(created)
            self.born[name] = min(self.born.get(name, on), on)
            self.records[name] += 1

    def _touch(self, row: dict[str, Any], replies: dict[str, list[int]]) -> None:
        name, at = self.master_of[row["account"]], minute_of(row["system"], row["at"])
        on = rules.business_day(at)
        self.touched[name].append(on)
        held = row["kind"] in ("meeting", "visit") or (row["kind"] == "call" and bool(row["connected"]))
        outbound = row["direction"] == "outbound"
        if held or (outbound and any(at <= one <= at + WEEK for one in replies.get(row["id"], []))):
            self.answered[name].append(on)
            self.met[name].setdefault(row["rep"], []).append(on)


def replies_of(facts: Facts) -> dict[str, list[int]]:
    """When each touch was answered."""
    found: dict[str, list[int]] = defaultdict(list)
    for system, at, to in facts.world.crm.talks.select("system", "at", "reply_to").iter_rows():
        if to is not None:
            found[to].append(minute_of(system, at))
    return found


def last_until(days: list[int], number: int) -> int | None:
    """The newest of some ordered days that is not after a day."""
    place = bisect_right(days, number)
    return days[place - 1] if place else None


def contact_values(contacts: Contacts, name: str, month: int) -> dict[str, Any]:
    """Columns of one customer at the end of a month."""
    end = last_day(month)
    touched, answered = contacts.touched[name], contacts.answered[name]
    last, both = last_until(touched, end), last_until(answered, end)
    opened = [(on, closed) for on, closed in contacts.cases[name] if on <= end]
    return {
        "last_touch_date": None if last is None else date_of(last).isoformat(),
        "last_two_way_touch_date": None if both is None else date_of(both).isoformat(),
        "touch_age_days": end - (contacts.born[name] if both is None else both),
        "two_way_touch_count_90d": sum(end - 90 < on <= end for on in answered),
        "case_count_12m": sum(month - 11 <= month_of(on) for on, _ in opened),
        "open_case_count": sum(closed is None or closed > end for _, closed in opened),
        "recorded_need_count": sum(on <= end for on in contacts.needs[name]),
        "merged_record_count": contacts.records[name] - 1,
    }


def _scored(now: Standing, cuts: Standing, name: str) -> dict[str, Any]:
    measures, scores = now.measures.get(name), now.scores.get(name)
    fixed = NONE if measures is None or not cuts.cuts else segment(cuts.fixed(measures))
    return {
        "rfm_recency_days": None if measures is None else measures[0],
        "rfm_order_count_24m": 0 if measures is None else measures[1],
        "rfm_recency_score": None if scores is None else scores[0],
        "rfm_frequency_score": None if scores is None else scores[1],
        "rfm_monetary_score": None if scores is None else scores[2],
        "rfm_segment_code": NONE if scores is None else segment(scores),
        "rfm_segment_fixed_code": fixed,
    }


def add_contacts(facts: Facts, contacts: Contacts, rows: list[dict[str, Any]]) -> None:
    """The columns of touches, cases, needs and segments, put into rows of mart_customer_360."""
    held: dict[str, tuple[Standing, Standing]] = {}
    for row in rows:
        name, text = row["key"]["master_customer_code"], row["key"]["fiscal_month"]
        year, month = (int(part) for part in text.split("-"))
        number = year * 12 + month - 1
        if name == UNKNOWN or name not in contacts.born:
            continue
        if text not in held:
            held[text] = (standing(facts.customers, number), year_cuts(facts.customers, number))
        net = facts.customers[name].net(number - 23, number)
        row["values"] |= {
            **contact_values(contacts, name, number),
            **_scored(*held[text], name),
            "rfm_net_revenue_24m": n.money(net),
        }
