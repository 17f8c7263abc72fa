"""The variable pay ledger through the models: every example of the docs block, and what is carried on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.incentive import Rows, back, examples, ground, paid, plan, sale, together
from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import dbt, rows

LEDGER = ("--select", "+mart_incentive_statement")


def _ledger(path: Path, where: str) -> list[tuple[Any, ...]]:
    found = rows(
        path,
        "select accrual_type, cast(posting_date as varchar), order_id, cast(base_amount as varchar), "
        f"cast(rate as varchar), cast(amount as varchar) from fct_commission_accrual where {where} "
        "order by posting_date, order_id nulls first, tier_from_attainment, accrual_type, base_amount desc",
    )
    return [
        (kind, day[5:], order, *(text and f"{Decimal(text).normalize():f}" for text in numbers))
        for kind, day, order, *numbers in found
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of all examples at the end of April 2026."""
    folder = tmp_path_factory.mktemp("examples")
    path = folder / "weir.duckdb"
    landing = write_landing(folder / "landing", examples())
    dbt("run", path, landing, *LEDGER, as_of_date="2026-04-30", reporting_currency="CNY")
    return path


# Worked by hand in the docs block incentive_ledger, section 9: example -> rep -> rows of the ledger
# (type, posting day, order, base, rate, amount).
EXAMPLES: dict[str, list[tuple[str, str, str | None, str | None, str | None, str]]] = {
    "FLAT": [
        ("accrual", "01-05", "FLAT1", "1000.1", "0.05", "50.01"),
        ("payout", "02-01", None, None, None, "-50"),
        ("clawback", "02-10", "FLAT1", "-333.33", "0.05", "-16.67"),
        ("clawback", "02-11", "FLAT1", "-666.77", "0.05", "-33.34"),
    ],
    "MARG": [
        ("accrual", "01-05", "MARG1", "9000", "0.05", "450"),
        ("accrual", "01-06", "MARG2", "1000", "0.05", "50"),
        ("accrual", "01-06", "MARG2", "2000", "0.08", "160"),
    ],
    "WHOLE": [
        ("accrual", "01-05", "WHOLE1", "6000", "0.05", "300"),
        ("adjustment", "01-06", "WHOLE1", "6000", "0.08", "180"),
        ("accrual", "01-06", "WHOLE2", "5000", "0.05", "250"),
        ("adjustment", "01-06", "WHOLE2", "5000", "0.08", "150"),
    ],
    "THRESH": [
        ("accrual", "01-05", "THRESH1", "5000", "0", "0"),
        ("accrual", "01-05", "THRESH1", "3000", "0.1", "300"),
    ],
    "CAP": [
        ("accrual", "01-05", "CAP1", "2000", "0.1", "200"),
        ("accrual", "01-06", "CAP2", "1000", "0.1", "50"),
        ("clawback", "02-03", "CAP2", "-1000", "0.1", "-50"),
    ],
    "DUE": [
        ("accrual", "01-05", "DUE1", "1000", "0.10001", "100.01"),
        ("reserve", "01-05", "DUE1", "1000", "0.10001", "-100.01"),
        ("release", "01-20", "DUE1", "1000", "0.10001", "33.34"),
        ("release", "02-03", "DUE1", "1000", "0.10001", "66.67"),
    ],
    "SHARE": [
        ("accrual", "01-05", "SHARE1", "1000", "0.1", "100"),
        ("reserve", "01-05", "SHARE1", "1000", "0.1", "-60"),
        ("release", "01-20", "SHARE1", "1000", "0.1", "30"),
    ],
    "HOLD": [
        ("accrual", "01-05", "HOLD1", "1000.1", "0.05", "50.01"),
        ("reserve", "01-05", "HOLD1", "1000.1", "0.05", "-5"),
        ("accrual", "01-05", "HOLD2", "1000.1", "0.05", "50.01"),
        ("reserve", "01-05", "HOLD2", "1000.1", "0.05", "-5"),
        ("clawback", "02-01", "HOLD2", "-1000.1", "0.05", "-50.01"),
        ("release", "02-01", "HOLD2", "1000.1", "0.05", "5"),
        ("release", "04-05", "HOLD1", "1000.1", "0.05", "5"),
    ],
    "TAIL": [("accrual", "03-02", "TAIL1", "100", "0.1", "10")],
    "CASH": [
        ("accrual", "01-20", "CASH1", "400", "0.05", "20"),
        ("accrual", "02-03", "CASH1", "600", "0.05", "30"),
        ("clawback", "02-20", "CASH1", "-250", "0.05", "-12.5"),
    ],
    "STAYS": [
        ("accrual", "01-05", "SPLIT1", "200", "0.05", "10"),
        ("clawback", "01-20", "SPLIT1", "-140", "0.05", "-7"),
        ("accrual", "02-10", "SPLIT1", "400", "0.05", "20"),
        ("clawback", "02-10", "SPLIT1", "-60", "0.05", "-3"),
        ("clawback", "02-10", "SPLIT1", "-220", "0.05", "-11"),
    ],
    "LEAVES": [
        ("accrual", "01-05", "SPLIT1", "800", "0.05", "40"),
        ("clawback", "01-20", "SPLIT1", "-560", "0.05", "-28"),
        ("accrual", "02-10", "SPLIT1", "560", "0.05", "0"),
        ("clawback", "02-10", "SPLIT1", "-240", "0.05", "-12"),
    ],
    "JOINS": [
        ("accrual", "02-10", "SPLIT1", "400", "0.05", "20"),
        ("clawback", "02-10", "SPLIT1", "-280", "0.05", "-14"),
    ],
    # Two yuan a piece: 10 of the line that was sold, none of the 10 that were free.
    "UNITS": [("accrual", "01-05", "UNITS1", "10", "2", "20")],
    # A rate of his own, no plan: 100.40 x 1.2 % = 1.2048 -> 1.20. No rate at all: nothing.
    "RATE": [("accrual", "01-05", "RATE1", "100.4", "0.012", "1.2")],
    "NONE": [],
}


@pytest.mark.parametrize("rep", EXAMPLES)
def test_the_ledger_says_what_the_example_says(built: Path, rep: str) -> None:
    assert _ledger(built, f"payee_code = '{rep}'") == EXAMPLES[rep]


@pytest.mark.parametrize(("rep", "january", "february"), [("RECOV", "-1000", "500"), ("FORGIV", "0", "1500")])
def test_a_draw_is_carried_on_or_forgiven(built: Path, rep: str, january: str, february: str) -> None:
    """Draws of 3,000; January earns 2,000, February 4,500: examples 10 and 11."""
    balances = rows(
        built,
        f"""select sum(amount) filter (where posting_date <= date '2026-01-31'),
            sum(amount) filter (where posting_date <= date '2026-02-28')
        from fct_commission_accrual where payee_code = '{rep}'""",
    )
    assert balances == [(Decimal(january), Decimal(february))]


def test_no_two_rows_have_one_key(built: Path) -> None:
    """JOINS and LEAVES have a return line credited on two days: its posting and the edit's."""
    twice = "select accrual_key from fct_commission_accrual group by accrual_key having count(*) > 1"
    assert rows(built, twice) == []


def test_attainments_stand_beside_the_row(built: Path) -> None:
    """Example 2: 9,000 of 10,000 before; the cut lies at 1.0; 12,000 after."""
    found = rows(
        built,
        """select attainment_before, attainment_after, tier_from_attainment from mart_incentive_statement
        where order_id = 'MARG2' order by tier_from_attainment""",
    )
    assert found == [
        (Decimal("0.9"), Decimal("1"), Decimal("0")),
        (Decimal("1"), Decimal("1.2"), Decimal("1")),
    ]


def _release(folder: Path, landed: Rows, as_of: str, carried: tuple[Path, str] | None = None) -> Path:
    """Build the ledger, and lay it out as a released table; returns the folder of the release."""
    folder.mkdir()
    parent = {"parent_root": str(carried[0]), "parent_as_of_date": carried[1]} if carried else {}
    path = folder / "weir.duckdb"
    landing = write_landing(folder / "landing", landed)
    dbt("run", path, landing, *LEDGER, as_of_date=as_of, reporting_currency="CNY", **parent)
    released = folder / "fct_commission_accrual.parquet"
    rows(path, f"copy (from fct_commission_accrual order by accrual_key) to '{released}'")
    return folder


def _released(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder / "weir.duckdb", "from fct_commission_accrual order by accrual_key")


FIRST = together(
    ground(),
    plan("FLAT", [(0, None, "0.05")]),
    sale("FLAT1", "2026-01-05", "FLAT", "1000.10"),
    plan("DUE", [(0, None, "0.1")], due_on="payment"),
    sale("DUE1", "2026-01-05", "DUE", "1000"),
)


def test_what_comes_late_posts_at_as_of_and_closed_rows_stay(tmp_path: Path) -> None:
    """Example 14: January is closed when February 20 is released; then come a return and a payment of January.

    The return of January 20 posts -16.67 on February 28 (earned back on January 20), the payment of January 25
    releases half of 100.00 on February 28; a new order of February 25 accrues 50.00 at its own date.
    """
    first = _release(tmp_path / "first", FIRST, "2026-02-20")
    late = together(
        FIRST,
        back("B1", "FLAT1", "2026-01-20", "333.33"),
        paid("Y1", "DUE1", "2026-01-25", "500"),
        sale("FLAT2", "2026-02-25", "FLAT", "1000"),
    )
    second = _release(tmp_path / "second", late, "2026-02-28", (first, "2026-02-20"))
    before, after = _released(first), _released(second)
    assert [row for row in after if row in before] == before
    added = rows(
        second / "weir.duckdb",
        """select payee_code, accrual_type, earn_date, posting_date, amount, cause_code, event_no
        from fct_commission_accrual where posted_as_of = date '2026-02-28' order by 1, 4, 2""",
    )
    assert added == [
        ("DUE", "release", date(2026, 1, 5), date(2026, 2, 28), Decimal("50"), "late_payment", 1),
        ("FLAT", "accrual", date(2026, 2, 25), date(2026, 2, 25), Decimal("50"), None, 1),
        ("FLAT", "clawback", date(2026, 1, 20), date(2026, 2, 28), Decimal("-16.67"), "late_return", 1),
    ]
    again = _release(tmp_path / "again", late, "2026-02-28", (first, "2026-02-20"))
    assert _released(again) == after
    carried_on = _release(tmp_path / "third", late, "2026-02-28", (second, "2026-02-28"))
    assert _released(carried_on) == after


def test_a_rate_changed_after_the_close_posts_the_difference(tmp_path: Path) -> None:
    """5 % becomes 6 % of 1,000.10 = 60.006 -> 60.01: +10.00 on February 28; the order that went takes 100 back."""
    first = _release(tmp_path / "first", FIRST, "2026-02-20")
    changed = together(
        ground(), plan("FLAT", [(0, None, "0.06")]), sale("FLAT1", "2026-01-05", "FLAT", "1000.10"),
        plan("DUE", [(0, None, "0.1")], due_on="payment"),
    )  # fmt: skip
    second = _release(tmp_path / "second", changed, "2026-02-28", (first, "2026-02-20"))
    added = rows(
        second / "weir.duckdb",
        """select payee_code, accrual_type, posting_date, amount, cause_code, event_no
        from fct_commission_accrual where posted_as_of = date '2026-02-28' order by 1, 2""",
    )
    day = date(2026, 2, 28)
    assert added == [
        ("DUE", "adjustment", day, Decimal("-100"), "late_order", 2),
        ("DUE", "reserve", day, Decimal("100"), "late_payment", 2),
        ("FLAT", "adjustment", day, Decimal("10"), "rule_change", 2),
    ]
