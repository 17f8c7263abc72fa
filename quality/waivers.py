"""Waivers: a failing check that lets a release pass until a date, because two people said so and why.

Only rules about what came may be waived (S, T, D, and Q, the share of rows set aside), and only as far as the number
of cases that the waiver names. The sums and identities of Weir itself (R, M, P, G) are never waived. A waiver counts
on business dates up to its last day, that day included, so that a rebuild finds it as it was. Of S13 a waiver names one
list that is held, by its extract: that list may withdraw as many keys, for good, and no other may; its last day is that
of being shown.
"""

from __future__ import annotations

from datetime import date
from typing import Any

WAIVED = "waived"
FIELDS = (
    "check_id",
    "reason",
    "author",
    "approver",
    "expires",
    "most",
    "at",
    "extract",
)  # the last of S13 alone
_RULES = ("S", "T", "D", "Q")
_NEVER = ("S01", "S06")  # bytes that are not those of the receipt are not to be argued with


def named(waiver: dict[str, Any]) -> dict[str, Any]:
    """A waiver without what else its line of the ledger has."""
    return {name: waiver[name] for name in FIELDS if name in waiver}


def may_be_waived(rule: str) -> bool:
    """Whether a rule is about what came, and not about what Weir made of it."""
    return rule.startswith(_RULES) and rule not in _NEVER


def in_force(waivers: list[dict[str, Any]], as_of: str) -> list[dict[str, Any]]:
    """The waivers that count on a business date: of several for one check the newest."""
    today = date.fromisoformat(as_of)
    newest = {
        (one["check_id"], one.get("extract", "")): one
        for one in sorted(waivers, key=lambda one: str(one["at"]))
    }
    return [one for _, one in sorted(newest.items()) if today <= date.fromisoformat(one["expires"])]


def apply(
    results: list[dict[str, Any]], waivers: list[dict[str, Any]], as_of: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Results with the failures that are waived, and the waivers in force, each with whether it was needed.

    A check that errored or did not run is no failure that could be waived.
    """
    standing = in_force(waivers, as_of)
    found = {one["check_id"]: one for one in standing if "extract" not in one}
    used = {
        name for result in results for name in result.get("approved") or ()
    }  # lists that landing let through
    told = []
    for result in results:
        waiver = found.get(result["check_id"])
        if waiver and _covers(waiver, result):
            used.add(waiver["check_id"])
            why = f"{waiver['reason']} (until {waiver['expires']}, at most {waiver['most']})"
            told.append({**result, "status": WAIVED, "is_waived": True, "reason": why})
        else:
            told.append(result)
    return told, [{**named(one), "is_used": one.get("extract", one["check_id"]) in used} for one in standing]


def _covers(waiver: dict[str, Any], result: dict[str, Any]) -> bool:
    is_failure = result["status"] == "failed" and may_be_waived(result["rule"])
    return is_failure and 0 < int(result["failing_count"] or 0) <= int(waiver["most"])
