"""What a file is once it is read and before it is understood: rows of text cells with their line numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class FileRejectedError(Exception):
    """The whole file cannot be trusted. `rows` is how many rows were seen before that was clear."""

    def __init__(self, rule: str, reason: str, rows: int = 0) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason
        self.rows = rows


@dataclass(frozen=True)
class BrokenRow:
    """A row that has no cells to speak of: a wrong number of fields, a NUL, a replacement character."""

    line: int
    raw: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Part:
    """One member of a packed file, and how many lines stand before it."""

    name: str
    before: int


@dataclass
class TextTable:
    """One file as text.

    `columns` is an Arrow table of strings, `lines` an Arrow array with the line number of each row, `raw` an Arrow
    array with each row's text as it stood in the file (None for Parquet, whose rows have no text of their own).
    `parts` are the members of a zip that was read as one file; `kinds` the kind of each column, where a file has any.
    """

    columns: Any
    lines: Any
    raw: Any
    header: list[str]
    broken: list[BrokenRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    declared: dict[str, Any] | None = None
    parts: list[Part] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows of the file, whole and broken."""
        return int(self.columns.num_rows) + len(self.broken)

    def place(self, line: int) -> tuple[str, int]:
        """Where a line stands for a reader: the member with a `!` before it (or nothing), and the line within."""
        inside = [part for part in self.parts if part.before < line]
        return (f"!{inside[-1].name}", line - inside[-1].before) if inside else ("", line)
