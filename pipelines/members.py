"""Members that orders name and no feed lists: which feed would list them, and how that is told.

An order keeps the code that its source gave; what only the member's own feed says of it is (unknown) in every mart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ORDERS, ORDER_LINES = "orders__orders", "orders__order_lines"


@dataclass(frozen=True)
class Member:
    """A kind of member: the feed that names it and by which column, the feed that lists it, what stays unknown."""

    name: str
    named_in: str
    column: str
    feed: str
    code: str
    lost: str

    @property
    def key(self) -> str:
        """The column by which facts and dimension are joined."""
        return f"{self.name}_key"

    def told(self, members: int, rows: int, money: dict[str, str]) -> dict[str, Any]:
        """The finding as JSON has it."""
        listed = self.feed.replace("__", ".")
        return {"member": self.name, "feed": listed, "members": members, "rows": rows, "money": money}


MEMBERS = (
    Member("rep", ORDERS, "owner_rep_code", "people__reps", "rep_code", "team and role"),
    Member("channel", ORDERS, "channel_code", "channel__channels", "channel_code", "type"),
    Member("customer", ORDERS, "customer_id", "crm__accounts", "account_id", "segment and region"),
    Member("partner", ORDERS, "partner_code", "channel__partners", "partner_code", "type"),
    Member("product", ORDER_LINES, "product_id", "orders__products", "product_id", "category"),
)


def in_words(found: dict[str, Any]) -> str:
    """`9 reps that 832 orders name (1266130.0395 USD) are listed in no people.reps: ...`."""
    member = next(one for one in MEMBERS if one.name == found["member"])
    count, rows = found["members"], found["rows"]
    noun = "order" if member.named_in == ORDERS else "order line"
    money = ", ".join(f"{amount} {currency}".strip() for currency, amount in found["money"].items())
    naming = f"{rows:,} {noun}{' names' if rows == 1 else 's name'}{f' ({money})' if money else ''}"
    return (
        f"{count:,} {member.name}{' that' if count == 1 else 's that'} {naming} "
        f"{'is' if count == 1 else 'are'} listed in no {found['feed']}: the code stands, "
        f"with (unknown) as {member.lost}, until a contract for {found['feed']} brings {'it' if count == 1 else 'them'}"
    )
