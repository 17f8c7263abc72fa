"""Why a set of results refuses a candidate: failures, and everything that is not as it was expected."""

from __future__ import annotations

from collections import Counter

from quality.checks import ANSWERED, Results

_TOOLS = ("landing", "dbt", "gx", "gate")


def refusals(results: Results) -> list[str]:
    """Why these results refuse: failures that block, and every check that errored or did not run."""
    found = []
    for one in results:
        refuses = one["status"] == "failed" or one["status"] not in (*ANSWERED, "not_applicable")
        if refuses:
            keys = f" [{'; '.join(one['failing_keys'])}]" if one["failing_keys"] else ""
            found.append(f"{one['check_id']} {one['status']}: {one['observed']}{keys}")
    return found


def counting_refusals(ids: list[str], results: Results, judged: dict[str, str]) -> list[str]:
    """Why the set of checks itself refuses, whatever they found."""
    found = []
    wanted = set(ids)
    strange = sorted({one["check_id"] for one in results} - wanted)
    if strange:
        found.append(f"{len(strange)} results that were not expected, e.g. {strange[0]}")
    twice = sorted(name for name, count in Counter(one["check_id"] for one in results).items() if count > 1)
    if twice or len(wanted) != len(ids):
        found.append(f"check ids are not unique, e.g. {(twice or ['in the expected set'])[0]}")
    answered = Counter(one["tool"] for one in results if one["status"] in ANSWERED)
    found += [f"{tool} evaluated no check at all" for tool in _TOOLS if not answered[tool]]
    if not any(name.endswith(".parquet") for name in judged):
        found.append("the candidate has no table")
    return found


def changed_tables(before: dict[str, str], judged: dict[str, str]) -> list[str]:
    """Tables that are not, byte for byte, what the suites saw, or that they did not see."""
    tables = {name: digest for name, digest in judged.items() if name.endswith(".parquet")}
    differing = sorted({name for name, _ in tables.items() ^ before.items()})
    return [f"{name} changed while it was judged" for name in differing]


def counts(ids: list[str], results: Results) -> dict[str, int]:
    """Expected are the checks that apply; evaluated those that gave an answer."""
    statuses = Counter(one["status"] for one in results)
    return {
        "expected": len(set(ids)) - statuses["not_applicable"],
        "evaluated": sum(statuses[status] for status in ANSWERED),
        "passed": statuses["passed"],
        "failed": len(results)
        - sum(statuses[one] for one in ("passed", "warned", "waived", "not_applicable")),
        "warned": statuses["warned"],
        "waived": statuses["waived"],
        "not_applicable": statuses["not_applicable"],
    }
