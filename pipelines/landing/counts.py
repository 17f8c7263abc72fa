"""Rows and money of one feed of one extract, by what became of them; and the identity that must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipelines.errors import WeirError

KINDS = ("accepted", "quarantined", "duplicates", "rejected")


@dataclass
class Tally:
    """Rows of one currency, their money, its absolute value, and how many rows have no readable amount."""

    rows: int = 0
    money: Decimal = Decimal(0)
    absolute: Decimal = Decimal(0)
    unreadable: int = 0


@dataclass
class Count:
    """Tallies by currency; rows without one stand under ''."""

    by: dict[str, Tally] = field(default_factory=dict)

    def add(self, currency: str, more: Tally) -> None:
        """Count rows of one currency."""
        tally = self.by.setdefault(currency, Tally())
        tally.rows += more.rows
        tally.money += more.money
        tally.absolute += more.absolute
        tally.unreadable += more.unreadable

    def plus(self, other: Count) -> None:
        """Count what another one counted."""
        for currency, tally in other.by.items():
            self.add(currency, tally)

    @property
    def rows(self) -> int:
        """Rows of all currencies."""
        return sum(tally.rows for tally in self.by.values())

    @property
    def unreadable(self) -> int:
        """Rows whose amount cannot be read: in `rows`, not in `money`."""
        return sum(tally.unreadable for tally in self.by.values())

    @property
    def money(self) -> dict[str, Decimal]:
        """Money by currency."""
        return {
            currency: tally.money for currency, tally in sorted(self.by.items()) if currency or tally.money
        }

    def plain(self) -> dict[str, Any]:
        """For a reader: amounts as text with four decimals."""
        money = {currency: format(amount, ".4f") for currency, amount in self.money.items()}
        return {"rows": self.rows, "money": money, "unreadable": self.unreadable}

    def record(self) -> dict[str, list[Any]]:
        """For a record: everything, by currency."""
        return {
            key: [one.rows, format(one.money, "f"), format(one.absolute, "f"), one.unreadable]
            for key, one in sorted(self.by.items())
        }

    @classmethod
    def of(cls, record: Mapping[str, list[Any]]) -> Count:
        """From a record."""
        return cls(
            {key: Tally(one[0], Decimal(one[1]), Decimal(one[2]), one[3]) for key, one in record.items()}
        )


def total(counts: Iterable[Count]) -> Count:
    """The sum of several counts."""
    found = Count()
    for count in counts:
        found.plus(count)
    return found


def must_balance(read: Count, parts: Mapping[str, Count], where: str) -> None:
    """Accepted + quarantined + duplicates + rejected = read, in rows and money per currency.

    Raises:
        WeirError: it is not so; nothing of the extract may be used.
    """
    found = total(parts.values())
    nothing = Tally()
    if all(
        read.by.get(key, nothing) == found.by.get(key, nothing) for key in read.by.keys() | found.by.keys()
    ):
        return
    raise WeirError(
        f"rows or money were lost: read {read.plain()}, found again {found.plain()}",
        where=where,
        todo="this is a fault of Weir; nothing was landed",
    )
