"""Deliveries of a feed with a key and money, and what is current after them by the README: no SQL, no landing."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class File:
    """One file: rows of (key, amount as text), or keys that are deleted; what it replaces, by name."""

    name: str
    came: int
    rows: tuple = ()
    deletes: tuple = ()
    replaces: str = ""


def readable(rows):
    return [(key, Decimal(amount)) for key, amount in rows if amount != "x"]


class Oracle:
    """What became of the rows of these files (`counts`), and the amount of each key that is there (`current`)."""

    def __init__(self, files, *, is_state):
        self.by_name = {one.name: one for one in files}
        self.gone = {one.replaces for one in files if one.replaces in self.by_name}
        self.is_state, self.counts, self.current = is_state, Counter(), {}
        self.files = sorted(files, key=self.order)
        self.seen = {}
        for one in self.files:
            if one.rows and one.name not in self.gone:
                self.take(one)
        for one in self.files:
            for key in one.deletes if one.name not in self.gone else ():
                if key in self.seen and self.seen[key] <= self.place(one):
                    self.current.pop(key, None)

    def place(self, one):
        """A file that replaces another one takes its place in time."""
        old = self.by_name.get(one.replaces)
        return min(one.came, self.place(old)) if old else one.came

    def order(self, one):
        return (self.place(one), one.name)

    def is_undone(self, one, key, amount):
        """Whether a row says again what a replaced file said before it, while what one in such a place says counts."""
        standing = {
            row
            for other in self.files
            if other.replaces in self.by_name
            and other.name not in self.gone
            and self.is_read(other)
            and self.order(other) <= self.order(one)
            for row in readable(other.rows)
        }
        said = {
            row
            for other in self.files
            if other.name in self.gone and self.is_read(other) and self.order(other) < self.order(one)
            for row in readable(other.rows)
        }
        counts = (key, self.current.get(key))
        return (key, amount) in said - standing and counts in standing

    def is_read(self, one):
        return bool(readable(one.rows))

    def take(self, one):
        self.counts["read"] += len(one.rows)
        if not self.is_read(one):
            self.counts["rejected"] += len(one.rows)
            return
        sound = readable(one.rows)
        self.counts["quarantined"] += len(one.rows) - len(sound)
        for key in dict.fromkeys(key for key, _ in sound):
            amounts = [amount for found, amount in sound if found == key]
            if len(set(amounts)) > 1:
                self.counts["quarantined"] += len(amounts)
                continue
            self.counts["duplicates"] += len(amounts) - 1
            kind = self.kind(one, key, amounts[0])
            self.counts[kind] += 1
            if kind == "accepted":
                self.current[key] = amounts[0]
            if kind != "quarantined" or len(amounts) > 1:
                self.seen[key] = self.place(one)

    def kind(self, one, key, amount):
        if key not in self.current:
            return "accepted"
        if amount == self.current[key] or self.is_undone(one, key, amount):
            return "duplicates"
        return "accepted" if self.is_state else "quarantined"
