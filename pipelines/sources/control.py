"""Control files: the rows and sums that a source declares for a file, as JSON or as key=value lines.

{"file": "orders_2026-11.csv", "rows": 3, "sha256": "...", "bytes": 210,
 "window": {"from": "2026-11-01", "to": "2026-11-30"}, "sums": {"net_amount": {"CNY": "123.45"}},
 "supersedes": ["orders_2026-11_draft.csv"], "reason": "the draft lacked returns"}

file=orders_2026-11.csv
rows=3
sum.net_amount.CNY=123.45
window.from=2026-11-01
window.to=2026-11-30
supersedes=orders_2026-11_draft.csv
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pipelines.sources.model import Control

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class ControlError(Exception):
    """A control file that is absent, unreadable, or speaks of another file (rule S01)."""


def control_path(file: Path, control: Control) -> Path:
    """The control file of a data file: the pattern with {name} (with suffix) or {stem} filled in."""
    return file.parent / control.pattern.format(name=file.name, stem=file.name.split(".")[0])


def _lines(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, mark, value = line.partition("=")
        if not mark:
            raise ControlError(f"line {line!r} is no key=value")
        if key.strip() in found:
            raise ControlError(f"{key.strip()} stands there twice")
        found[key.strip()] = value.strip()
    return found


def _entries(text: str) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        return _lines(text)
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise ControlError(f"it is no JSON: {error}") from None
    return dict(found)


def _nested_sums(entries: dict[str, Any]) -> dict[str, Any]:
    sums: dict[str, Any] = dict(entries.get("sums") or {})
    for key, value in entries.items():
        parts = key.split(".")
        if parts[0] == "sum" and len(parts) == 2:
            sums[parts[1]] = value
        elif parts[0] == "sum" and len(parts) == 3:
            sums.setdefault(parts[1], {})[parts[2]] = value
    return sums


def _window(entries: dict[str, Any]) -> Any:
    """The window as it is given; what it says is judged by rule S14."""
    parts = {name: entries[f"window.{name}"] for name in ("from", "to") if f"window.{name}" in entries}
    return parts or entries.get("window")


def _superseded(entries: dict[str, Any]) -> list[str]:
    """Names of the files that this one takes the place of: one text, or a list of texts."""
    given = entries.get("supersedes") or []
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(one, str) and one for one in names):
        raise ControlError(f"supersedes is {given!r}, no name of a file and no list of them")
    return names


def _checked_sums(sums: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Sums as {column: {currency: text}}; a sum over all currencies has the currency '*'."""
    found = {}
    for column, value in sums.items():
        by_currency = value if isinstance(value, dict) else {"*": value}
        for amount in by_currency.values():
            if not NUMBER.fullmatch(str(amount)):
                raise ControlError(f"the sum of {column} is {amount!r}, no plain number")
        found[column] = {currency: str(amount) for currency, amount in by_currency.items()}
    return found


def parse_control(content: bytes, control: Control) -> dict[str, Any]:
    """What a control file declares: file, rows, bytes, sha256, window, sums, supersedes with its reason.

    What is not said is absent.

    Raises:
        ControlError: the text is neither JSON nor key=value lines, or a number in it is none.
    """
    try:
        text = content.decode(control.encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise ControlError(f"it is not {control.encoding}") from None
    entries = _entries(text)
    for ours, theirs in control.keys.items():
        if theirs in entries:
            entries[ours] = entries.pop(theirs)
    declared: dict[str, Any] = {name: entries[name] for name in ("file", "sha256") if name in entries}
    given = {"window": _window(entries), "supersedes": _superseded(entries)}
    given["reason"] = entries.get("reason") if given["supersedes"] else None
    declared.update({name: value for name, value in given.items() if value})
    for name in ("rows", "bytes"):
        if name in entries:
            if not re.fullmatch(r"\d+", str(entries[name])):
                raise ControlError(f"{name} is {entries[name]!r}, no whole number")
            declared[name] = int(entries[name])
    declared["sums"] = _checked_sums(_nested_sums(entries))
    if "rows" not in declared and not declared["sums"]:
        raise ControlError("it declares neither rows nor sums")
    return declared


def agree(declared: dict[str, Any], file: Path, sha256: str, size: int) -> None:
    """Check that a control file speaks of these bytes.

    Raises:
        ControlError: another file name, hash or size.
    """
    named = declared.get("file")
    if named is not None and named != file.name:
        raise ControlError(f"it names {named}, not {file.name}")
    if str(declared.get("sha256", sha256)).lower() != sha256:
        raise ControlError("its sha256 is not that of the file")
    if declared.get("bytes", size) != size:
        raise ControlError(f"it says {declared['bytes']} bytes, the file has {size}")
