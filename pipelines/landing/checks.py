"""Rules of the sources (S, R01, row rules, the quarantine limit) as check results, from records alone.

`expected_checks` says before a run which results there must be; `check_results` gives exactly one for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.home import Home
from pipelines.landing.check_model import Finding, Subject
from pipelines.landing.check_rules import FILE_RULES, RULES, judge
from pipelines.landing.listings import read_listings
from pipelines.landing.summary import FeedTotal, feed_totals, sections
from pipelines.sources.model import FeedMapping, Source
from pipelines.sources.state import read_state
from pipelines.sources.superseded import kept
from quality.feeds import feed as canonical


@dataclass(frozen=True)
class CheckId:
    """One rule on one feed of one source."""

    rule: str
    mapping: FeedMapping
    source: Source

    def __str__(self) -> str:
        return f"{self.rule}.{self.mapping.feed}.{self.source.name}"


def _ids(sources: list[Source]) -> list[CheckId]:
    found = []
    for source in sources:
        for mapping in source.feeds:
            feed = canonical(mapping.feed)
            own = {rule.rule for rule in feed.rules}
            for rule, about in RULES.items():
                if about.concerns(feed, own):
                    found.append(CheckId(rule, mapping, source))
    return found


def expected_checks(sources: list[Source]) -> list[str]:
    """Check ids that landing must give a result for, known from the contracts before a file is read."""
    return sorted(str(one) for one in _ids(sources))


def _subject(
    one: CheckId,
    home: Home,
    landed: list[dict[str, Any]],
    totals: dict[tuple[str, str], FeedTotal],
    as_of: date,
) -> Subject:
    feed, source = one.mapping.feed, one.source
    tables = set(one.mapping.tables)
    mine = [
        (record, section)
        for record, section in sections(landed)
        if record["source"] == source.name and tables & set(section["tables"])
    ]
    return Subject(
        feed=canonical(feed),
        mapping=one.mapping,
        source=source,
        state=read_state(home, source.name),
        sections=mine,
        total=totals.get((feed, source.name), FeedTotal(feed, source.name)),
        as_of=as_of,
        superseding=kept(home, source.name),
        listings=read_listings(home, source.name).get(feed, []),
    )


def _where(one: CheckId, finding: Finding, home: Home) -> str:
    if not finding.count:
        return ""
    return str(home.conflicts if one.rule == "S06" else home.quarantine / one.source.name)


def _result(one: CheckId, finding: Finding, home: Home) -> dict[str, Any]:
    about = RULES[one.rule]
    rejects = finding.status == "failed" and one.rule in FILE_RULES and finding.rejects
    return {
        "check_id": str(one),
        "rule": one.rule,
        "name": about.name,
        "tool": "landing",
        "severity": about.severity,
        "status": finding.status,
        "layer": "landing",
        "table": one.mapping.feed,
        "observed": finding.observed,
        "limit": finding.limit,
        "failing_count": finding.count,
        "failing_keys": finding.keys[:5],
        "where": _where(one, finding, home),
        "rejects_file": rejects,
        **({"approved": finding.approved} if finding.approved else {}),
    }


def check_results(
    home: Home, sources: list[Source], landed: list[dict[str, Any]], as_of: date
) -> list[dict[str, Any]]:
    """One result for each expected check, judged as of a business date."""
    totals = feed_totals(landed)
    subjects: dict[tuple[str, str], Subject] = {}
    results = []
    for one in _ids(sources):
        key = (one.mapping.feed, one.source.name)
        if key not in subjects:
            subjects[key] = _subject(one, home, landed, totals, as_of)
        results.append(_result(one, judge(one.rule, subjects[key]), home))
    return sorted(results, key=lambda result: str(result["check_id"]))
