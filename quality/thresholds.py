"""How hard each data quality rule is, how much it bears, and which tool runs it: read from thresholds.yml.

Severity stands there and nowhere else: `block` keeps the candidate from being published, `quarantine` does so
when more rows were set aside than the rule bears, `warn` is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from quality.yaml_file import read_yaml

FILE = Path(__file__).with_name("thresholds.yml")
SEVERITIES = ("block", "quarantine", "warn")
TOOLS = ("landing", "dbt", "gx", "gate", "rebuild")
KEYS = {"severity", "limit", "tool", "scope", "reason", "part", "cases"}
COUNTS = {"S": 20, "D": 12, "T": 18, "R": 16, "M": 25, "P": 6}


@dataclass(frozen=True)
class Rule:
    """One rule that is implemented. `cases` gives other severities to checks whose name matches a pattern.

    `part` is empty for a rule that is judged in full, else it says what is not judged yet.
    """

    rule: str
    severity: str
    limit: str
    tools: tuple[str, ...]
    scope: str
    reason: str
    cases: dict[str, str] = field(default_factory=dict)
    part: str = ""

    def severity_of(self, check: str) -> str:
        """Severity of one of the rule's checks, by the check's name."""
        for pattern, severity in self.cases.items():
            if fnmatchcase(check.lower(), pattern):
                return severity
        return self.severity


@dataclass(frozen=True)
class Thresholds:
    """All implemented rules by id, and why each of the others waits."""

    rules: dict[str, Rule]
    later: dict[str, str]

    def severity(self, rule: str, check: str) -> str:
        """Severity of a check. A rule that nobody wrote down blocks: an unknown rule is never a mild one."""
        known = self.rules.get(rule)
        return known.severity_of(check) if known else "block"


def all_rule_ids() -> list[str]:
    """The ids of all data quality rules, S01 to P06."""
    return [f"{letter}{number:02d}" for letter, count in COUNTS.items() for number in range(1, count + 1)]


def _rule(rule: str, node: dict[str, Any]) -> Rule:
    unknown = node.keys() - KEYS
    if unknown:  # a comma in a text without quotes makes a key of what follows it
        raise ValueError(f"{rule}: {', '.join(sorted(unknown))} is no key; quote a text that has a comma")
    tools = node["tool"] if isinstance(node["tool"], list) else [node["tool"]]
    cases = dict(node.get("cases") or {})
    for severity in (node["severity"], *cases.values()):
        if severity not in SEVERITIES:
            raise ValueError(f"{rule}: {severity} is no severity")
    if not tools or not set(tools) <= set(TOOLS):
        raise ValueError(f"{rule}: {tools} are no tools")
    return Rule(
        rule=rule,
        severity=node["severity"],
        limit=str(node["limit"]),
        tools=tuple(tools),
        scope=node["scope"],
        reason=node["reason"],
        cases=cases,
        part=node.get("part", ""),
    )


@cache
def thresholds() -> Thresholds:
    """Read thresholds.yml.

    Raises:
        ValueError: a severity, a tool or a key that does not exist.
    """
    document = read_yaml(FILE)
    rules = {rule: _rule(rule, node) for rule, node in document["rules"].items()}
    return Thresholds(rules=rules, later=dict(document["later"]))
