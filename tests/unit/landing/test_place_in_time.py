"""What takes the place of an extract takes its place in time: what came between them comes after both."""

from decimal import Decimal

import pytest

from pipelines.sources.definition import load_source
from pipelines.sources.receipt import Receipt
from pipelines.sources.superseded import superseding
from tests.unit.landing.ground import payments
from tests.unit.landing.restated import MORE, ROW, TWO, amounts, balances
from tests.unit.landing.withdrawals import gone, keys, many, names, payment

ENTRY = {"file": "p_1b.csv", "replaces": "p_1.csv", "reason": "restated"}
KEYS = {"payment_id": "id"}
ORDER = {"order_id": "id", "order_date": "day", "status": "status", "currency": "currency"}


def orders(*rows):
    return "id,day,status,currency\n" + "".join(f"{one},2026-10-01,{status},CNY\n" for one, status in rows)


def newest(ground):
    """The status of each order, as the warehouse takes it: of its rows the one received last."""
    rows = sorted(ground.rows("orders__orders"), key=lambda row: (row["received_at"], row["row_id"]))
    return {row["order_id"]: row["status"] for row in rows}


@pytest.mark.parametrize("kind", ["deleted", "keys"])
def test_a_deletion_told_after_the_old_file_holds_until_the_key_comes_in_a_newer_one(ground, kind):
    ground.contract(files="p_*.csv")
    ground.contract(f"orders.payments.{kind}", files="list_*.csv", columns=KEYS)
    ground.file("p_1.csv", payments(*many(1, 200)))
    ground.land()
    ground.file("list_1.csv", keys("P7") if kind == "deleted" else keys(*names(1, 200, 7)))
    ground.land()
    assert gone(ground) == ["P7"]
    ground.source(supersedes=[ENTRY])
    ground.file("p_1b.csv", payments(*many(1, 199), payment(200, "12.00")))
    ground.land()
    assert gone(ground) == ["P7"]
    assert amounts(ground)["P200"] == Decimal(12)
    ground.file("p_2.csv", payments(payment(7)))
    ground.land()
    assert gone(ground) == []


def test_a_change_that_came_between_stays_and_the_warehouse_sees_it_last(ground):
    ground.contract("orders.orders", files="o_*.csv", columns=ORDER)
    ground.contract(files="p_*.csv")
    ground.file("o_1.csv", orders(("O1", "confirmed"), ("O2", "confirmed")))
    ground.land()
    ground.file("o_2.csv", orders(("O1", "shipped")))
    ground.land()
    ground.source(supersedes=[{"file": "o_1b.csv", "replaces": "o_1.csv", "reason": "O2 was invoiced"}])
    ground.file("o_1b.csv", orders(("O1", "confirmed"), ("O2", "invoiced")))
    ground.land()
    assert newest(ground) == {"O1": "shipped", "O2": "invoiced"}
    first = {path.name: path.read_bytes() for path in ground.home.landing.rglob("*.parquet")}
    for path in ground.home.landing.rglob("*.parquet"):
        path.unlink()
    ground.land()
    assert {path.name: path.read_bytes() for path in ground.home.landing.rglob("*.parquet")} == first


def test_the_old_row_sent_again_between_does_not_win_over_the_restated_one(ground):
    ground.file("a.csv", payments(ROW))
    ground.land()
    ground.file("m.csv", payments(ROW, MORE))
    ground.land()
    ground.source(supersedes=[{"file": "b.csv", "replaces": "a.csv", "reason": "restated"}])
    ground.file("b.csv", payments(TWO))
    assert balances(ground.land()) == [3, 2, 0, 1, 0]
    assert amounts(ground) == {"P1": Decimal(2), "P2": Decimal(5)}
    assert [(row["row_id"], row["kind"]) for row in ground.held()] == [("shop|m.csv|2", "duplicate")]


def test_what_came_after_the_place_is_judged_again_when_another_file_takes_it_too(ground):
    ground.contract("orders.orders", files="o_*.csv", columns=ORDER)
    ground.contract(files="p_*.csv")
    ground.source(supersedes=[{"file": "o_1[bc].csv", "replaces": "o_1.csv", "reason": "in two parts"}])
    ground.file("o_1.csv", orders(("O1", "open")))
    ground.land()
    ground.file("o_1b.csv", orders(("O2", "open")))
    ground.land()
    ground.file("o_2.csv", orders(("O1", "paid")))
    ground.land()
    ground.file("o_1c.csv", orders(("O1", "paid")))  # so o_2.csv, which came before it, has no news
    assert ground.land()["duplicates"]["rows"] == 1
    assert newest(ground) == {"O1": "paid", "O2": "open"}


def places(ground, *entries):
    """When what replaces others counts from; extracts are named by the day on which they came."""
    ground.source(supersedes=[{"file": new, "replaces": old, "reason": "restated"} for new, old in entries])
    came = [
        Receipt("shop", f"{day}.csv", "0", 1, ["payments"], [], f"2026-11-0{day}") for day in range(1, 10)
    ]
    return superseding(load_source(ground.folder), came).places


def test_of_several_the_last_counts_through_chains_and_never_later_than_it_came(ground):
    assert places(ground, ("9.csv", "[2-4].csv")) == {"9.csv": "2026-11-04"}
    assert places(ground, ("5.csv", "2.csv"), ("9.csv", "5.csv")) == {
        "5.csv": "2026-11-02",
        "9.csv": "2026-11-02",
    }
    assert places(ground, ("9.csv", "2.csv"), ("9.csv", "3.csv")) == {"9.csv": "2026-11-03"}
    assert places(ground, ("2.csv", "5.csv")) == {"2.csv": "2026-11-02"}
