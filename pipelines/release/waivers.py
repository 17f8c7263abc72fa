"""Waivers as lines of the ledger: sealed like releases, so that none can be changed or taken out unseen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipelines.errors import UsageError
from pipelines.release import ledger
from pipelines.settings import parse_date
from quality.waivers import may_be_waived, named

if TYPE_CHECKING:
    from pipelines.home import Home


LISTS = "S13"


def waivers(home: Home) -> list[dict[str, Any]]:
    """All waivers of a home, oldest first, expired ones too."""
    entries = [entry for entry in ledger.read(home).entries if entry["kind"] == ledger.WAIVER]
    return [named(entry) for entry in entries]


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def waive(
    home: Home, check: dict[str, Any], given: dict[str, str], most: int | None, instant: datetime
) -> dict[str, Any]:
    """Write a waiver of a failing check into the ledger. The caller holds the home's lock.

    Args:
        home: The home.
        check: The check's result in the last run's report.
        given: reason, author, approver, expires (YYYY-MM-DD); names as given. Of S13 also extract: the list.
        most: Up to how many cases it counts; as many as there are now if None.
        instant: Now.

    Raises:
        UsageError: something is missing, author and approver are one, or the check is none that can be waived.
    """
    missing = [name for name in ("reason", "author", "approver") if not given[name].strip()]
    if missing:
        raise UsageError(f"a waiver needs {', '.join(missing)}", todo="weir quarantine waive --help")
    if _same(given["author"], given["approver"]):
        told = f"author and approver are both {given['author'].strip()}"
        raise UsageError(told, todo="have another person approve it, and name that person")
    expires = parse_date(given["expires"])
    if check["rule"] == LISTS or given.get("extract"):
        _refuse_unfit_list(check, given.get("extract") or "")
    else:
        _refuse_unfit(check)
    count = int(check["failing_count"] or 0)
    body = {
        "check_id": check["check_id"],
        **{name: " ".join(given[name].split()) for name in ("reason", "author", "approver")},
        "expires": expires.isoformat(),
        "most": count if most is None else most,
        "at": instant.isoformat(),
        **({"extract": given["extract"]} if given.get("extract") else {}),
    }
    ledger.append(home, ledger.WAIVER, body)
    return body


def _refuse_unfit(check: dict[str, Any]) -> None:
    name, where = check["check_id"], str(check.get("where") or "")
    if check["status"] not in ("failed", "waived"):
        todo = "weir report lists the checks that failed"
        raise UsageError(f"{name} has not failed: it is {check['status']}", where=where, todo=todo)
    if not may_be_waived(check["rule"]):
        todo = "only rules about what came can be waived (S, T, D, Q); mend the cause of this one"
        raise UsageError(f"{name} cannot be waived", where=where, todo=todo)
    if check.get("rejects_file"):
        todo = "send the file again, or give it up with its reason under `exclude` in source.yaml"
        raise UsageError(f"{name} rejected a file, and a waiver lands none", where=where, todo=todo)


def _refuse_unfit_list(check: dict[str, Any], extract: str) -> None:
    """Of S13 one list is let through, by its name: nobody knows what the next one will lack."""
    name, held = check["check_id"], ", ".join(check.get("failing_keys") or ())
    if check["rule"] != LISTS:
        raise UsageError(f"{name} is not about a list", todo="leave out --extract: it is for S13 alone")
    if check["status"] != "warned" or extract not in (check.get("failing_keys") or ()):
        told = f"{name} holds no list {extract}" if extract else f"{name} is waived for one list at a time"
        todo = (
            f"name it with --extract; held: {held}" if held else "weir report shows the lists that are held"
        )
        raise UsageError(told, todo=todo)


def restore(second: Home, given: list[dict[str, Any]]) -> None:
    """Write the waivers of a release into the ledger of the home that builds it again."""
    for one in given:
        ledger.append(second, ledger.WAIVER, named(one))
