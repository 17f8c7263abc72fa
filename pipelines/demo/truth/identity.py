"""Which accounts are one customer: merged ones, and those of one registration number, over both systems."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

from pipelines.demo.world import World

SHORTEST = 5  # characters of a registration number that tells anything


def plain_number(text: str | None) -> str | None:
    """A registration number in capitals, its letters and digits alone; none if it tells nothing."""
    if text is None:
        return None
    found = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    return found if len(found) >= SHORTEST and len(set(found)) > 1 else None


def _root(into: dict[str, str], name: str) -> str:
    while into[name] != name:
        name = into[name]
    return name


def _same_number(world: World) -> list[tuple[str, str]]:
    """Pairs of accounts under one number, unless the number is used in two countries."""
    known: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    names = world.buyers["id"].to_list()
    for name, number, country in zip(
        names, world.crm.identities["registration"], world.crm.identities["country"], strict=True
    ):
        plain = plain_number(number)
        if plain is not None:
            known[plain].append((name, country))
    found = []
    for own in known.values():
        if len({country for _, country in own if country is not None}) <= 1:
            found += [(own[0][0], other) for other, _ in own[1:]]
    return found


def masters(world: World) -> dict[str, str]:
    """The customer that each account belongs to: the oldest record of its group that was not merged away."""
    into = {name: name for name in world.buyers["id"]}
    merged = dict(world.buyers.select("id", "merged_into").iter_rows())
    pairs = [(name, other) for name, other in merged.items() if other is not None]
    for one, two in [*pairs, *_same_number(world)]:
        into[_root(into, one)] = _root(into, two)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in into:
        groups[_root(into, name)].append(name)
    born = dict(world.buyers.select("id", "created_utc").iter_rows())
    found: dict[str, str] = {}
    for members in groups.values():
        standing = [name for name in members if merged[name] is None]
        master = min(standing, key=lambda name: (born[name], name))
        found |= dict.fromkeys(members, master)
    return found
