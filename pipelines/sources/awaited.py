"""What a home would find in the files of a source, before a run collects them. Reads both, writes nothing."""

from __future__ import annotations

from typing import Any

from pipelines.files import sha256_of
from pipelines.home import Home
from pipelines.sources.archive import changed, discover
from pipelines.sources.model import Source
from pipelines.sources.receipt import Receipt, receipts_of
from pipelines.sources.superseded import superseding


def awaited(source: Source, home: Home, tried: list[Receipt]) -> dict[str, Any]:
    """Ids of the files that the home does not have, that it has with these bytes, and that it has with other bytes.

    What another extract supersedes is no conflict, whatever its bytes; `tried` are receipts of the files as they would
    be written now.
    """
    known = {one.extract_id: one for one in receipts_of(home, source.name)}
    arriving = [one for one in tried if one.extract_id not in known]
    replaced = superseding(source, [*known.values(), *arriving]).ids
    found: dict[str, list[str]] = {"new": [], "unchanged": [], "conflicts": []}
    for extract_id, tables in discover(source).items():
        receipt = known.get(extract_id)
        if receipt is None:
            found["new"].append(extract_id)
        elif not changed(source, receipt, tables, sha256_of(source.root / extract_id)):
            found["unchanged"].append(extract_id)
        elif extract_id not in replaced:
            found["conflicts"].append(extract_id)
    return found
