"""Rule S06: an extract comes once. The same again is no news; other bytes under its id are a conflict.

What takes the place of an extract says so (`supersedes`); where it says so in vain, that is told here.
"""

from __future__ import annotations

from pipelines.landing.check_model import Finding, Subject

LIMIT = "0 files"


def conflicts(subject: Subject) -> Finding:
    """Fails for an extract that came again with other bytes; warns of a `supersedes` without effect."""
    mine = {record["extract_id"] for record, _ in subject.sections}
    found = sorted(mine & set(subject.state.conflicts))
    if found:
        observed = f"{found[0]} came again with other bytes; nothing was overwritten"
        return Finding("failed", observed, LIMIT, len(found), found, rejects=True)
    doubts = subject.doubts()
    if doubts:
        more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
        return Finding("warned", f"{doubts[0]}{more}", LIMIT, len(doubts))
    return Finding("passed", "no conflict", LIMIT)
