"""The list of planted faults, kept while they are planted: what, where, and what must become of each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Fault:
    """One planted fault.

    `outcome` is what a run must do with the row: quarantined, duplicate, held (judged in the warehouse), warned (it
    comes through and a check names it) or kept (unusual, but no fault: it must come through). `rule` is the rule that
    names it, empty for kept rows.
    """

    kind: str
    source: str
    feed: str
    outcome: str
    rule: str
    key: str
    file: str = ""
    line: int = 0


@dataclass
class FaultBook:
    """All faults of one company."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> int:
        """Enter a fault; its number marks the row until the writer knows file and line."""
        self.faults.append(fault)
        return len(self.faults) - 1

    def place(self, number: int, file: str, line: int) -> None:
        """Say where the row of a fault was written."""
        self.faults[number].file = file
        self.faults[number].line = line

    def write(self, path: Path) -> None:
        """Write them in the order in which they were planted."""
        text = json.dumps([asdict(fault) for fault in self.faults], ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
