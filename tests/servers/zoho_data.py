"""Records for a Zoho server: synthetic ones in any number, always the same for the same seed."""

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.servers.zoho_store import Store

STAGES = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Closed Won", "Closed Lost")
FIRST = 5_725_767_000_001_000_000
NEW_YORK = timezone(timedelta(hours=-4))


def deals(
    count: int, seed: int = 7, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)
) -> list[dict[str, Any]]:
    """Deals, one every minute, ids in another order than their times; amounts with cents, some absent."""
    draw = random.Random(seed)
    numbers = list(range(count))
    draw.shuffle(numbers)
    made = []
    for minute, number in enumerate(numbers):
        at = (start + timedelta(minutes=minute)).astimezone(NEW_YORK).isoformat()
        owner = {
            "name": f"Rep {number % 9}",
            "id": str(FIRST - 100 + number % 9),
            "email": f"rep{number % 9}@example.com",
        }
        made.append(
            {
                "id": str(FIRST + number), "Deal_Name": f"Deal {number}", "Stage": STAGES[number % 5],
                "Amount": None if number % 11 == 0 else draw.randrange(1, 10**9) / 100,
                "Account_Name": {"name": f"Account {number % 500}", "id": str(FIRST - 1_000 + number % 500)},
                "Owner": owner, "Created_Time": at, "Modified_Time": at, "Currency": "USD", "Exchange_Rate": 1,
                "Closing_Date": f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}", "Probability": number % 101,
            }
        )  # fmt: skip
    return made


def users(count: int) -> list[dict[str, Any]]:
    """Users, the first an administrator; their keys are in lower case, as Zoho has them."""
    return [
        {
            "id": str(FIRST - 100 + number), "zuid": str(700_000 + number), "full_name": f"Rep {number}",
            "first_name": "Rep", "last_name": str(number), "email": f"rep{number}@example.com",
            "status": "active", "confirm": True, "role": {"id": str(FIRST - 50), "name": "Sales"},
            "profile": {"id": str(FIRST - 40), "name": "Standard" if number else "Administrator"},
            "Reporting_To": {"id": str(FIRST - 100), "name": "Rep 0"} if number else None,
            "created_time": "2025-01-01T09:00:00-05:00", "Modified_Time": "2025-01-01T09:00:00-05:00",
            "time_zone": "America/New_York", "locale": "en_US", "language": "en_US", "country": "US", "state": "NY",
        }
        for number in range(count)
    ]  # fmt: skip


def fill(store: Store, count: int, seed: int = 7) -> None:
    """A small company: users, and `count` deals."""
    store.users = users(9)
    store.put("Deals", *deals(count, seed))
