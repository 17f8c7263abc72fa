"""What each rule of landing says about one feed of one source, from its records. One function for each rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pipelines.landing.check_model import Finding, Subject
from pipelines.landing.conflicts import conflicts
from pipelines.landing.counts import KINDS, total
from pipelines.landing.declared import expected_shares
from pipelines.landing.judge import UNDONE
from pipelines.landing.vanished import vanished
from pipelines.landing.volume import volume
from pipelines.landing.windows import windows
from quality.checks import rows_of
from quality.feeds import Feed

FILE_RULES = {"S01", "S02", "S03", "S04", "S06", "S07", "S08", "S09"}
HELD_LIMIT = Decimal("0.02")
TYPE_LIMIT = Decimal("0.005")
ENUM_LIMIT = Decimal("0.005")
DAYS = {"daily": 1, "weekly": 7, "monthly": 45}
NAMES = {
    "S01": "archived_bytes_are_those_of_the_receipt",
    "S02": "header_holds_the_contracts_columns",
    "S03": "rows_are_as_declared",
    "S04": "sums_are_as_declared",
    "S05": "newest_event_is_fresh",
    "S06": "no_extract_comes_again_with_other_bytes",
    "S07": "text_decodes",
    "S08": "volume_is_as_usual",
    "S09": "cells_read_as_their_types",
    "S10": "natural_key_is_unique",
    "S11": "values_are_canonical",
    "S12": "market_size_is_plausible",
    "S13": "few_rows_vanish_at_once",
    "S14": "windows_of_extracts_touch",
    "S17": "rate_is_positive",
    "S18": "price_and_cost_are_not_negative",
    "S19": "quota_interval_is_ordered",
    "R01": "every_row_is_accounted_for",
    "Q": "little_is_set_aside",
}
ALWAYS = ("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S13", "S14", "R01", "Q")
ROW_RULES = (
    "S12",
    "S17",
    "S18",
    "S19",
    "T01",
    "T02",
    "T03",
    "T05",
    "T06",
    "T12",
    "T15",
    "T17",
    "T18",
    "D03",
    "D04",
    "D05",
    "R14",
)


@dataclass(frozen=True)
class Rule:
    """A rule's name and severity, and which feeds it concerns."""

    name: str
    severity: str
    concerns: Callable[[Feed, set[str]], bool]


def _share(part: Decimal | int, whole: Decimal | int) -> Decimal:
    return Decimal(part) / Decimal(whole) if whole else Decimal(0)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.2f} %"


def _rejected(subject: Subject, rule: str, passed: str) -> Finding:
    found = subject.rejections(rule)
    if found:
        observed = f"{len(found)} file(s) rejected; {found[0]}"
        keys = [one.split(": ")[0] for one in found]
        return Finding("failed", observed, "0 files", len(found), keys, rejects=True)
    if not subject.sections:
        return Finding("passed", "no file was read", "0 files")
    return Finding("passed", passed, "0 files")


def _s01(subject: Subject) -> Finding:
    tables = set(subject.mapping.tables)
    waiting = [f"{name}: {why}" for name, why in subject.state.unready.items()]
    rejected = subject.rejections("S01")
    if rejected or waiting:
        found = [*rejected, *waiting]
        return Finding(
            "failed", found[0], "0 files", len(found), [one.split(": ")[0] for one in found], rejects=True
        )
    growing = [f"{name} waits for the next look: {why}" for name, why in subject.state.waiting.items()]
    if growing:
        return Finding("warned", growing[0], "0 files", len(growing), list(subject.state.waiting))
    filled = {name for _, section in subject.sections for name in section["tables"]}
    optional = {table.name for table in subject.source.tables if table.format.empty_ok}
    absent = [] if subject.feed.versioning == "listing" else sorted(tables - filled - optional)
    if absent:
        globs = ", ".join(subject.source.table(name).files for name in absent)
        return Finding("failed", f"no file matches {globs}", "a file of each table", len(absent), absent)
    return Finding("passed", f"{len(subject.sections)} file(s)", "0 files")


def _s02(subject: Subject) -> Finding:
    finding = _rejected(subject, "S02", "all columns are there")
    notes = [
        f"{record['extract_id']}: {note}"
        for record, section in subject.sections
        for name, table in section["tables"].items()
        if name in subject.mapping.tables
        for note in table["notes"]
    ]
    if finding.status == "passed" and notes:
        return Finding("warned", notes[0], "no new column", len(notes), [one.split(": ")[0] for one in notes])
    return finding


def _control(subject: Subject, rule: str, key: str) -> Finding:
    controlled = [
        table
        for table in subject.source.tables
        if table.format.control and table.name in subject.mapping.tables
    ]
    declared = [section for _, section in subject.sections if (section["declared"] or {}).get(key)]
    if subject.rejections(rule):
        return _rejected(subject, rule, "")
    if not controlled:
        return Finding("not_applicable", "no control file or trailer is declared")
    if not declared:
        return Finding("not_applicable", f"no control file or trailer states {key}")
    return Finding("passed", f"{len(declared)} file(s) agree", "difference 0")


def _s05(subject: Subject) -> Finding:
    if not subject.source.rhythm:
        return Finding("not_applicable", "the source declares no rhythm")
    if subject.feed.versioning == "effective" or not subject.total.newest:
        return Finding("not_applicable", "the feed has no dated events")
    newest = date.fromisoformat(subject.total.newest[:10])
    days = DAYS[subject.source.rhythm]
    if subject.source.sla_hours is not None:
        days = max(1, -(-subject.source.sla_hours // 24))
    late = newest < subject.as_of - timedelta(days=days)
    observed = f"newest {subject.feed.feed} {newest}, as of {subject.as_of}"
    return Finding("warned" if late else "passed", observed, f"{days} d", int(late))


def _held_back(subject: Subject, rule: str, limit: Decimal | None) -> Finding:
    """Rows that a rule quarantined: within its own limit, beyond what the source expects to lose."""
    rows = subject.rows_by(rule)
    finding = _rejected(subject, rule, "")
    if finding.status == "failed":
        return finding
    read = subject.total.counts["read"].rows
    excess = _share(rows, read) - subject.expected(rule)
    observed = f"{rows} of {read} rows ({_percent(_share(rows, read))})"
    if limit is not None and excess > limit:
        return Finding("failed", observed, _percent(limit), rows)
    doubtful = subject.warnings_by(rule)
    if doubtful:
        observed += f"; {sum(doubtful.values())} accepted with a warning: {next(iter(doubtful))}"
    status = "warned" if rows or doubtful else "passed"
    return Finding(status, observed, _percent(limit) if limit else "", rows or sum(doubtful.values()))


def _s10(subject: Subject) -> Finding:
    finding = _held_back(subject, "S10", None)
    duplicates = subject.total.counts["duplicates"].rows
    undone = subject.total.reasons.get(f"duplicate|{UNDONE}", 0)
    if duplicates:
        finding.observed += f"; {duplicates} duplicate rows counted"
        is_told = subject.feed.versioning == "event" and subject.mapping.options.get("duplicates") is None
        if is_told and finding.status == "passed":  # a state that is sent again each day is no news
            finding.status, finding.count = "warned", duplicates
    if undone:
        finding.observed += f", {undone} of them say again what was superseded or mended"
        if finding.status == "passed":
            finding.status, finding.count = "warned", undone
    if subject.mapping.options.get("duplicates") == "keep":
        finding.observed += f"; {subject.total.identical} identical rows kept, as declared"
    return finding


def _s18(subject: Subject) -> Finding:
    rows = sum(subject.warnings_by("S18").values())
    return Finding("warned" if rows else "passed", rows_of(rows), "0 rows", rows)


def _r01(subject: Subject) -> Finding:
    read = subject.total.counts["read"]
    found = total(subject.total.counts[kind] for kind in KINDS)
    differing = [key for key in read.by.keys() | found.by.keys() if read.by.get(key) != found.by.get(key)]
    if differing:
        return Finding(
            "failed", f"read {read.plain()}, found again {found.plain()}", "difference 0", len(differing)
        )
    unused = sum(
        table["unused"]
        for _, section in subject.sections
        for table in section["tables"].values()
        if table["answers"] == subject.feed.name
    )
    allowed = subject.mapping.options.get("unused_rows") or {}
    if unused and not allowed.get("allowed"):
        return Finding("failed", f"{rows_of(unused)} of the files went into no feed", "0 rows", unused)
    more = f"; {rows_of(unused)} unused, as declared: {allowed.get('reason')}" if unused else ""
    return Finding("passed", f"{rows_of(read.rows)} read and found again{more}", "difference 0")


def _forgiven(subject: Subject) -> tuple[Decimal, dict[str, Decimal]]:
    """Rows, and money by currency, that the source expects to lose: of each rule only as far as it said."""
    rows, money = Decimal(0), dict[str, Decimal]()
    for rule, (expected, _) in expected_shares(subject.mapping).items():
        lost = subject.rows_by(rule)
        if not lost:
            continue
        free = min(Decimal(lost), expected * subject.total.counts["read"].rows)
        rows += free
        for currency, tally in subject.money_by(rule).by.items():
            money[currency] = money.get(currency, Decimal(0)) + tally.absolute * free / lost
    return rows, money


def _q(subject: Subject) -> Finding:
    """At most 2 % of rows, and of the money of each currency, set aside, beyond what is expected."""
    read, held = subject.total.counts["read"], subject.total.counts["quarantined"]
    rows, money = _forgiven(subject)
    shares = {"rows": _share(held.rows - rows, read.rows)}
    for currency, tally in held.by.items():
        if currency:
            free = money.get(currency, Decimal(0))
            shares[currency] = _share(tally.absolute - free, read.by[currency].absolute)
    worst = max(shares, key=lambda name: shares[name])
    observed = f"{held.rows} of {read.rows} rows; most in {worst}: {_percent(shares[worst])}"
    kept = subject.total.counts["accepted"].rows + subject.total.counts["duplicates"].rows
    if read.rows and not kept:
        return Finding("failed", "every row was set aside", _percent(HELD_LIMIT), read.rows)
    return Finding(
        "failed" if shares[worst] > HELD_LIMIT else "passed", observed, _percent(HELD_LIMIT), held.rows
    )


JUDGES: dict[str, Callable[[Subject], Finding]] = {
    "S01": _s01,
    "S02": _s02,
    "S03": lambda subject: _control(subject, "S03", "rows"),
    "S04": lambda subject: _control(subject, "S04", "sums"),
    "S05": _s05,
    "S06": conflicts,
    "S07": lambda subject: _held_back(subject, "S07", None),
    "S08": volume,
    "S09": lambda subject: _held_back(subject, "S09", TYPE_LIMIT),
    "S10": _s10,
    "S11": lambda subject: _held_back(subject, "S11", ENUM_LIMIT),
    "S13": vanished,
    "S14": windows,
    "S18": _s18,
    "R01": _r01,
    "Q": _q,
}


def judge(rule: str, subject: Subject) -> Finding:
    """What a rule says about one feed of one source."""
    if rule in JUDGES:
        return JUDGES[rule](subject)
    return _held_back(subject, rule, None)


def _severity(rule: str) -> str:
    if rule in ("S18", "S05", "S13"):
        return "warn"
    return "quarantine" if rule in {*ROW_RULES, "S07", "S10"} else "block"


def _concerns(rule: str) -> Callable[[Feed, set[str]], bool]:
    if rule in ALWAYS:
        return lambda feed, own: True
    if rule == "S11":
        return lambda feed, own: any(column.valid_values for column in feed.columns)
    return lambda feed, own: rule in own


RULES: dict[str, Rule] = {
    rule: Rule(NAMES.get(rule, f"rows_keep_{rule.lower()}"), _severity(rule), _concerns(rule))
    for rule in (*ALWAYS, "S11", *ROW_RULES)
}
