"""How many records may vanish from a source at once before that is taken for something else than deletions."""

from __future__ import annotations

from decimal import Decimal

MOST_SHARE = Decimal("0.01")
FEW = 10  # in a small object more than that share may, but never half of it


def too_many(gone: int, known: int, most: Decimal | None = None) -> bool:
    """Whether so many lack that a right was withdrawn or a list was cut; `most` is the share that somebody allows."""
    if most is not None:
        return gone > most * known
    return gone > MOST_SHARE * known and (gone > FEW or gone * 2 >= known)
