"""A file that only says again what was superseded or mended undoes nothing: it counts as a duplicate, and is told."""

from decimal import Decimal

import pytest

from pipelines.landing import land as landing
from tests.unit.landing.ground import payments
from tests.unit.landing.restated import MORE, ROW, THREE, TWO, amounts, balances
from tests.unit.landing.test_place_in_time import ORDER, newest, orders
from tests.unit.landing.test_replay import GOOD, exported, mend, replay

UNDONE = "it says again what was superseded or mended"


def restated(ground, replaces="a.csv"):
    ground.source(supersedes=[{"file": "b.csv", "replaces": replaces, "reason": "restated"}])


def states(ground):
    ground.contract("orders.orders", files="o_*.csv", columns=ORDER)
    ground.contract(files="p_*.csv")
    ground.source(supersedes=[{"file": "o_1b.csv", "replaces": "o_1.csv", "reason": "it was paid"}])


def at_once(ground, monkeypatch):
    """The same files landed anew: all in one batch, and one file a batch."""
    wanted = [sorted(ground.rows(feed), key=str) for feed in ("orders__orders", "orders__payments")]
    figures = [ground.land()[kind] for kind in ("read", "accepted", "duplicates", "quarantined")]
    for size in (1 << 30, 1):
        monkeypatch.setattr(landing, "BATCH_BYTES", size)
        for path in ground.home.landing.rglob("*.parquet"):
            path.unlink()
        again = ground.land()
        assert [again[kind] for kind in ("read", "accepted", "duplicates", "quarantined")] == figures
        found = [sorted(ground.rows(feed), key=str) for feed in ("orders__orders", "orders__payments")]
        assert found == wanted


def test_an_event_as_it_was_before_the_restatement_is_a_duplicate_and_told(ground, monkeypatch):
    restated(ground)
    ground.file("a.csv", payments(ROW, MORE))
    ground.land()
    ground.file("b.csv", payments(TWO, MORE))
    ground.land()
    ground.file("c.csv", payments(ROW, MORE, "P3,O1,2026-10-03,7,CNY"))
    assert balances(ground.land()) == [5, 3, 0, 2, 0]
    assert amounts(ground) == {"P1": Decimal(2), "P2": Decimal(5), "P3": Decimal(7)}
    found = ground.check("S10")
    assert found["status"] == "warned"
    assert found["observed"].endswith(
        "2 duplicate rows counted, 1 of them say again what was superseded or mended"
    )
    assert [(row["row_id"], row["reason"]) for row in ground.held() if row["reason"] == UNDONE] == [
        ("shop|c.csv|2", UNDONE)
    ]
    ground.file("d.csv", payments(THREE))  # a third content is a contradiction as ever
    assert balances(ground.land()) == [6, 3, 1, 2, 0]
    at_once(ground, monkeypatch)


@pytest.mark.parametrize("is_late", [False, True])
def test_a_state_as_it_was_before_is_no_change_whenever_it_comes(ground, is_late, monkeypatch):
    states(ground)
    ground.file("o_1.csv", orders(("O1", "confirmed"), ("O2", "confirmed")))
    ground.land()
    files = [
        ("o_1b.csv", orders(("O1", "paid"), ("O2", "confirmed"))),
        ("o_2.csv", orders(("O1", "confirmed"), ("O2", "confirmed"))),
    ]
    for name, text in files if is_late else reversed(files):
        ground.file(name, text)
        ground.land()
    assert newest(ground) == {"O1": "paid", "O2": "confirmed"}
    assert ground.check("S10", "orders__orders")["status"] == "warned"
    ground.file("o_3.csv", orders(("O1", "confirmed")))  # and once more
    ground.land()
    ground.file("o_4.csv", orders(("O1", "paid")))
    ground.land()
    assert newest(ground)["O1"] == "paid"
    at_once(ground, monkeypatch)


def test_a_state_that_changed_since_may_change_back(ground, monkeypatch):
    states(ground)
    for name, status in (
        ("1", "confirmed"),
        ("1b", "paid"),
        ("2", "shipped"),
        ("3", "confirmed"),
        ("4", "paid"),
    ):
        ground.file(f"o_{name}.csv", orders(("O1", status)))
        ground.land()
        assert newest(ground) == {"O1": status}
    assert ground.check("S10", "orders__orders")["status"] == "passed"
    at_once(ground, monkeypatch)


def test_what_a_later_restatement_says_does_not_speak_of_rows_before_it(ground, monkeypatch):
    states(ground)
    entries = [("o_1b.csv", "o_1.csv"), ("o_4b.csv", "o_4.csv")]
    ground.source(supersedes=[{"file": new, "replaces": old, "reason": "restated"} for new, old in entries])
    rows = {"1": "open", "1b": "paid", "2": "shipped", "3": "open", "4": "closed", "4b": "shipped"}
    for name, status in rows.items():
        ground.file(f"o_{name}.csv", orders(("O1", status)))
        ground.land()
    assert sorted(row["row_id"] for row in ground.rows("orders__orders")) == [
        f"shop|o_{name}.csv|2" for name in ("1b", "2", "3", "4b")
    ]
    at_once(ground, monkeypatch)


def test_what_only_an_earlier_file_said_is_no_repetition(ground, monkeypatch):
    states(ground)
    ground.file("o_0.csv", orders(("O1", "confirmed")))
    ground.land()
    ground.file("o_1.csv", orders(("O1", "confirmed")))
    ground.land()
    ground.file("o_1b.csv", orders(("O1", "paid")))
    ground.land()
    assert newest(ground) == {"O1": "paid"}
    assert ground.check("S10", "orders__orders")["status"] == "passed"
    at_once(ground, monkeypatch)


def test_a_row_that_the_restated_file_left_out_is_told_where_another_file_has_it(ground, monkeypatch):
    restated(ground)
    ground.file("a.csv", payments(ROW, MORE))
    ground.land()
    ground.file("b.csv", payments(ROW))
    ground.land()
    ground.file("c.csv", payments(MORE))
    ground.land()
    assert amounts(ground) == {"P1": Decimal(1), "P2": Decimal(5)}
    found = ground.check("S10")
    assert found["status"] == "warned"
    assert (
        "1 accepted with a warning: it says again what was superseded or mended, and nothing"
        in found["observed"]
    )
    at_once(ground, monkeypatch)


def test_through_a_chain_all_that_was_said_before_is_known(ground, monkeypatch):
    ground.source(
        supersedes=[
            {"file": "b.csv", "replaces": "a.csv", "reason": "restated"},
            {"file": "c.csv", "replaces": "b.csv", "reason": "again"},
        ]
    )
    for name, row in {"a": ROW, "b": TWO, "c": THREE, "d": ROW, "e": TWO}.items():
        ground.file(f"{name}.csv", payments(row))
        ground.land()
    assert amounts(ground) == {"P1": Decimal(3)}
    assert [row["reason"] for row in ground.held()] == [UNDONE, UNDONE]
    at_once(ground, monkeypatch)


def test_nothing_is_kept_of_what_was_said_when_nothing_is_superseded_any_more(ground):
    restated(ground)
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    ground.land()
    kept = ground.home.landing / "former" / "shop"
    assert len(list(kept.iterdir())) == 2
    ground.source()
    ground.land()
    assert list(kept.iterdir()) == []


def test_a_row_as_it_was_before_it_was_mended_is_a_duplicate_and_told(ground, monkeypatch):
    """P1 stood there twice, with two contents: one of them was another payment."""
    ground.file("a.csv", payments(*GOOD, ROW, TWO))
    ground.land()
    assert replay(ground, mend(exported(ground), {"403": {"id": "P2"}}))["accepted"] == 1
    assert amounts(ground)["P2"] == Decimal(2)
    ground.file("b.csv", payments(*GOOD, ROW, TWO, MORE.replace("P2", "P4")))
    ground.land()
    assert {key: value for key, value in amounts(ground).items() if key[0] == "P"} == {
        "P1": Decimal(1), "P2": Decimal(2), "P4": Decimal(5),
    }  # fmt: skip


def test_a_mended_row_whose_file_is_replaced_by_one_without_its_key_is_told_with_file_line_and_key(ground):
    ground.file("a.csv", payments(*GOOD, ROW, TWO, MORE.replace("O1", "")))
    ground.land()
    mended = mend(exported(ground), {"403": {"id": "P3"}, "404": {"order": "O9"}})
    assert replay(ground, mended)["accepted"] == 2
    restated(ground)
    ground.file("b.csv", payments(*GOOD, ROW, MORE.replace("O1", "")))  # P2 is held back again, P3 is nowhere
    ground.land()
    found = ground.check("S06")
    assert (found["status"], found["observed"]) == (
        "warned",
        "b.csv supersedes a.csv and has no row of orders__payments for what was mended in its lines 403 (P3): "
        "gone with it",
    )
    assert ground.land()["new_extracts"] == 0
    assert ground.check("S06")["status"] == "warned"
    ground.file("c.csv", payments("P3,O1,2026-10-01,2,CNY"))
    ground.land()
    assert ground.check("S06")["status"] == "passed"


def test_where_a_statement_joins_tables_mended_lines_of_a_replaced_file_are_told_to_be_looked_at(ground):
    sql = (
        "select p.id, p.\"order\", r.day as paid, p.amount, 'CNY' as currency, p._row_id "
        "from pay p join rest r on p.id = r.id"
    )
    tables = {"pay": {"files": "pay_*.csv"}, "rest": {"files": "rest_*.csv"}}
    ground.contract(files=None, sql=sql)
    ground.source(tables=tables)
    ground.file("pay_1.csv", "id,order,amount\nP1,O1,1\nP2,,1\n")
    ground.file("rest_1.csv", "id,day\nP1,2026-10-01\nP2,2026-10-01\n")
    ground.land()
    assert replay(ground, mend(exported(ground), {"3": {"order": "O2"}}))["accepted"] == 1
    entry = {"file": "pay_2.csv", "replaces": "pay_1.csv", "reason": "restated"}
    ground.source(tables=tables, supersedes=[entry])
    ground.file("pay_2.csv", "id,order,amount\nP1,O1,2\n")
    ground.land()
    assert amounts(ground) == {"P1": Decimal(2)}
    assert "supersedes pay_1.csv, of which lines 3 were mended" in ground.check("S06")["observed"]


def test_a_row_that_was_mended_to_another_key_does_not_come_back_under_the_old_one(ground, monkeypatch):
    ground.file("a.csv", payments(*GOOD, ROW, TWO))
    ground.land()
    mended = mend(exported(ground), {"402": {"id": "P7"}, "403": {"id": "P8"}})
    assert replay(ground, mended)["accepted"] == 2
    for name in ("b", "c"):
        ground.file(f"{name}.csv", payments(TWO, f"N{name},O1,2026-10-01,9,CNY"))
        ground.land()
    paid = {key: value for key, value in amounts(ground).items() if key[0] == "P"}
    assert paid == {"P7": Decimal(1), "P8": Decimal(2)}
    assert ground.check("S10")["observed"].endswith("2 of them say again what was superseded or mended")
    ground.file("d.csv", payments(THREE))  # no row that was mended
    ground.land()
    assert amounts(ground)["P1"] == Decimal(3)
    at_once(ground, monkeypatch)
