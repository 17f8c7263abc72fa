"""Rule S13: a list of keys withdraws few rows at once; one that would withdraw many is held, and told."""

from __future__ import annotations

from pipelines.landing.check_model import Finding, Subject
from pipelines.landing.listings import Listing
from pipelines.sources.live.extracts import extract_id

LIMIT = "lists that can be trusted"


def _in_force(listings: list[Listing]) -> list[Listing]:
    """The newest full list of each kind; lists of deletions all, since none of them repeats another."""
    full = {one.kind: one for one in listings if one.kind != "deleted"}
    return [*full.values(), *(one for one in listings if one.kind == "deleted")]


def _swept(subject: Subject) -> list[str]:
    """Objects of a live source of which too many records were missing, as its last collection told."""
    mine, source = set(subject.mapping.tables), subject.source
    return [
        f"{name}: {why}"
        for name, why in subject.state.held.items()
        if mine & set(source.tables_of(extract_id(name, 1)))
    ]


def vanished(subject: Subject) -> Finding:
    """Warns of lists that are held: what they lack is still there; then of lists that contradict each other."""
    finding = _vanished(subject)
    finding.approved = [name for one in subject.listings if one.approved for name in one.extracts]
    return finding


def _vanished(subject: Subject) -> Finding:
    swept = _swept(subject)
    if swept:
        return Finding("warned", swept[0], LIMIT, len(swept), [one.partition(":")[0] for one in swept])
    if not subject.listings:
        return Finding("not_applicable", "no list of keys was landed, and extracts are increments")
    lists = _in_force(subject.listings)
    held = [one for one in lists if one.held]
    if held:
        one = held[0]
        observed = (
            f"{one.gone} of {one.known} keys are gone by {one.told}, which withdraws nothing: {one.held}"
        )
        return Finding("warned", observed, LIMIT, len(held), [one.extracts[0] for one in held])
    odd = [one for one in lists if one.against]
    if odd:
        observed = (
            f"{odd[-1].told} is a list of deletions, and {odd[-1].against}, a full list of the same time or a later "
            f"one{'' if odd[-1].stays else ': they stay withdrawn until their rows come again'}"
        )
        return Finding("warned", observed, LIMIT, len(odd), [one.told for one in odd])
    newest = {one.kind: one for one in lists}
    shown = [*newest.values(), *(one for one in lists if one.approved and one not in newest.values())]
    told = [
        f"{one.gone} of {one.known} keys are gone by {one.told}{one.approved and f' ({one.approved})'}"
        for one in shown
    ]
    stay = "; their versions stay" if any(one.gone and one.stays for one in lists) else ""
    return Finding("passed", "; ".join(told) + stay)
