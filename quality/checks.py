"""One form for the result of every check, whichever tool ran it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quality.thresholds import thresholds

MOST_KEYS = 5
ANSWERED = ("passed", "failed", "warned", "waived")
Results = list[dict[str, Any]]


def rows_of(count: int) -> str:
    """`1 row`, `2 rows`."""
    return f"{count} row" if count == 1 else f"{count} rows"


@dataclass(frozen=True)
class Check:
    """A check that is expected: known before anything runs.

    `check_id` is unique, `rule` a rule of thresholds.yml, `layer` one of landing, core and mart. `table` is the one
    table that the check hangs on; `about` says what it is about if that is another one, or several.
    """

    check_id: str
    rule: str
    name: str
    tool: str
    layer: str
    table: str
    about: str = ""

    @property
    def severity(self) -> str:
        """As thresholds.yml has it."""
        return thresholds().severity(self.rule, self.name)

    def result(
        self,
        status: str,
        *,
        observed: str = "",
        limit: str = "0",
        count: int = 0,
        keys: Iterable[str] = (),
        where: str = "",
    ) -> dict[str, Any]:
        """What came of it. A failure of a rule that only warns becomes `warned`."""
        if status == "failed" and self.severity == "warn":
            status = "warned"
        return {
            "check_id": self.check_id,
            "rule": self.rule,
            "name": self.name,
            "tool": self.tool,
            "severity": self.severity,
            "status": status,
            "layer": self.layer,
            "table": self.about or self.table,
            "observed": observed,
            "limit": limit,
            "failing_count": count,
            "failing_keys": list(keys)[:MOST_KEYS],
            "where": where,
        }


def key_text(row: dict[str, Any]) -> str:
    """A failing row's key for a reader: `a=1, b=x`."""
    return ", ".join(f"{name}={value}" for name, value in row.items())
