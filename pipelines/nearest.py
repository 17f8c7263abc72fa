"""Names that were probably meant by one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

MOST = 5
ALIKE = 0.6
GENERAL = {"mart", "dim", "fct", "bridge", "meta"}


def nearest(name: str, known: Iterable[str], most: int = MOST) -> list[str]:
    """The known names that are most like it, best first: by spelling, or because they share its words."""
    asked = name.lower()
    words = set(asked.split("_")) - GENERAL

    def likeness(one: str) -> float:
        shared = words & set(one.lower().split("_"))
        spelling = SequenceMatcher(None, _bare(asked), _bare(one.lower())).ratio()
        return max(spelling, 0.6 + 0.3 * len(shared) / len(words) if shared else 0.0)

    scored = sorted(((likeness(one), one) for one in known), key=lambda pair: (-pair[0], pair[1]))
    return [one for score, one in scored if score >= ALIKE][:most]


def _bare(name: str) -> str:
    return name.removeprefix("mart_")


def meant(name: str, known: Iterable[str]) -> str:
    """`did you mean a, b?`, or nothing."""
    found = nearest(name, known)
    return f"did you mean {', '.join(found)}?" if found else ""
