"""Text tables for a terminal: aligned also where cells hold Chinese, numbers to the right."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import click

LONGEST = 60


def cell(value: Any) -> str:
    """A value as it is shown: nothing for NULL, no exponent, no line break."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(value).split()) if isinstance(value, str) else str(value)


def width(text: str) -> int:
    """Columns that a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _cut(text: str, longest: int) -> str:
    if width(text) <= longest:
        return text
    kept = ""
    for one in text:
        if width(kept) + width(one) > longest - 1:
            break
        kept += one
    return kept + "…"


def _padded(text: str, columns: int, is_number: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if is_number else text + space


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]], longest: int | None = LONGEST) -> str:
    """The rows under their headers; `longest` cuts wide cells, None keeps them whole."""
    numeric = [
        bool(rows) and all(isinstance(row[i], int | float | Decimal | None) for row in rows)
        for i in range(len(headers))
    ]
    texts = [
        [cell(value) if longest is None else _cut(cell(value), longest) for value in row] for row in rows
    ]
    widths = [max(width(row[i]) for row in [list(headers), *texts]) for i in range(len(headers))]
    lines = [list(headers), ["-" * one for one in widths], *texts]
    return "\n".join(
        "  ".join(_padded(text, widths[i], numeric[i]) for i, text in enumerate(line)).rstrip()
        for line in lines
    )


def show_table(headers: Sequence[str], rows: Sequence[Sequence[Any]], longest: int | None = LONGEST) -> None:
    """Print a table."""
    click.echo(table(headers, rows, longest))


def show_pairs(pairs: dict[str, Any]) -> None:
    """Print names and values, one a line, values aligned."""
    longest = max((width(name) for name in pairs), default=0)
    for name, value in pairs.items():
        click.echo(f"{_padded(name, longest, False)}  {cell(value)}".rstrip())


def plain(value: Any) -> str:
    """One value of a dictionary in one line."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(
            plain(one) if not isinstance(one, dict) else str(one.get("code", one)) for one in value
        )
    return cell(value)
