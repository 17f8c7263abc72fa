"""Rule S13: a list of keys withdraws few rows at once; one that would withdraw many is held, and told."""

from __future__ import annotations

from pipelines.landing.check_model import Finding, Subject


def vanished(subject: Subject) -> Finding:
    """Warns where the newest list of a kind is held: what it lacks is still there."""
    if not subject.listings:
        return Finding("not_applicable", "no list of keys, and extracts are increments")
    newest = list({one.kind: one for one in subject.listings}.values())
    held = [one for one in newest if one.held]
    told = [f"{one.gone} of {one.known} keys are gone by {one.told}" for one in held or newest]
    if held:
        observed = f"{told[0]}, which withdraws nothing: {held[0].held}"
        return Finding(
            "warned", observed, "a list that can be trusted", len(held), [one.told for one in held]
        )
    stay = "; their versions stay" if any(one.gone and one.stays for one in newest) else ""
    return Finding("passed", "; ".join(told) + stay)
