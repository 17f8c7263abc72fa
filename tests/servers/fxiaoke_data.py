"""Records for a Fxiaoke server: synthetic opportunities and people, always the same for the same seed."""

import random
from typing import Any

from tests.servers.fxiaoke_store import Store

START = 1_767_225_600_000  # 2026-01-01 00:00 UTC
STAGES = ("1", "2", "3", "4", "9")


def opportunities(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Opportunities, one a minute, ids in another order than their times; some without an amount."""
    draw = random.Random(seed)
    numbers = list(range(count))
    draw.shuffle(numbers)
    made = []
    for minute, number in enumerate(numbers):
        at = START + minute * 60_000
        made.append(
            {
                "_id": f"{0x64F0_0000_0000_0000_0000_0000 + number * 7:024x}", "name": f"商机{number}",
                "account_id": f"{0x64A0_0000_0000_0000_0000_0000 + number % 500:024x}",
                "account_id__r": f"客户{number % 500}", "sales_stage": STAGES[number % 5],
                "sales_stage__r": f"阶段{number % 5}", "sales_status": "1" if number % 5 < 4 else "2",
                "stg_changed_time": at, "probability": f"{number % 101}.0",
                "amount": None if number % 11 == 0 else f"{draw.randrange(1, 10**9) / 100:.2f}",
                "close_date": START + number % 365 * 86_400_000 - 8 * 3_600_000, "owner": [f"FSUID_{number % 9}"],
                "owner__r": {"id": f"FSUID_{number % 9}", "name": f"员工{number % 9}"}, "create_time": at,
                "last_modified_time": at, "life_status": "normal", "lock_status": "0", "record_type": "default__c",
                "object_describe_api_name": "NewOpportunityObj", "tenant_id": "demo", "created_by": ["FSUID_1"],
                "last_modified_by": ["FSUID_1"], "data_own_department": ["1001"],
            }
        )  # fmt: skip
    return made


def people(count: int) -> list[dict[str, Any]]:
    return [
        {
            "openUserId": f"FSUID_{number}", "account": f"u{number}", "name": f"员工{number}", "nickName": "",
            "isStop": False, "email": f"u{number}@example.com", "mobile": f"1380000{number:04d}", "gender": "M",
            "position": "销售", "departmentIds": [1001], "mainDepartmentId": 1001, "attachingDepartmentIds": [],
            "employeeNumber": f"E{number:04d}", "hireDate": "2021-01-01", "createTime": START - 86_400_000,
            "leaderId": "FSUID_0",
        }
        for number in range(count)
    ]  # fmt: skip


def fill(store: Store, count: int, seed: int = 7) -> None:
    """A small company: people, departments, and `count` opportunities."""
    store.people = people(9)
    store.departments = [{"id": 1001, "name": "销售部", "parentId": 0, "isStop": False, "order": 1}]
    store.put("NewOpportunityObj", *opportunities(count, seed))
