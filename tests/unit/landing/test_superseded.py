"""A restatement is said: what takes the place of an extract, and what then becomes of the old one's rows."""

from decimal import Decimal

import pytest
from click.testing import CliRunner

from pipelines import run
from pipelines.commands.query import status
from pipelines.errors import REJECTED, ContractError, UsageError
from pipelines.landing.land import land
from pipelines.landing.trial import trial
from pipelines.landing.trial_text import lines
from pipelines.settings import Settings, load
from pipelines.sources.definition import load_source
from pipelines.sources.receipt import Receipt, receipts_of
from pipelines.sources.superseded import superseding
from pipelines.steps import _refuse_rejected
from tests.unit.landing.ground import PAYMENT, payments
from tests.unit.landing.restated import MORE, ROW, THREE, TWO, amounts, balances

ENTRY = {"file": "b.csv", "replaces": "a.csv", "reason": "restated"}


def test_a_restated_file_takes_the_place_of_the_old_one_whose_bytes_stay(ground):
    ground.source(supersedes=[ENTRY])
    ground.file("a.csv", payments(ROW, MORE))
    assert balances(ground.land()) == [2, 2, 0, 0, 0]
    ground.file("b.csv", payments(TWO))
    assert balances(ground.land()) == [1, 1, 0, 0, 0]
    assert amounts(ground) == {"P1": Decimal(2)}
    old, _ = receipts_of(ground.home, "shop")
    assert (ground.home.blobs / old.sha256).read_text() == payments(ROW, MORE)
    assert ground.land()["new_extracts"] == 0


def test_until_the_new_file_has_come_the_old_one_counts_and_the_wait_is_told(ground):
    ground.source(supersedes=[ENTRY])
    ground.file("a.csv", payments(ROW))
    ground.land()
    assert amounts(ground) == {"P1": Decimal(1)}
    found = ground.check("S06")
    assert (found["status"], found["failing_count"], found["rejects_file"]) == ("warned", 1, False)
    assert found["observed"] == "source.yaml says that b.csv supersedes a.csv, and b.csv has not come"


def test_both_in_one_pass_land_the_new_one_only(ground):
    ground.source(supersedes=[ENTRY])
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    ground.land()
    assert (ground.new, amounts(ground)) == (["b.csv"], {"P1": Decimal(2)})


def test_what_a_replaced_file_was_replaced_by_may_be_replaced_too(ground):
    ground.source(supersedes=[ENTRY, {"file": "c.csv", "replaces": "b.csv", "reason": "restated again"}])
    for name, row in {"a.csv": ROW, "b.csv": TWO, "c.csv": THREE}.items():
        ground.file(name, payments(row))
        ground.land()
    assert amounts(ground) == {"P1": Decimal(3)}
    told = land(ground.home, Settings(ground.home), [load_source(ground.folder)], [])["superseded"]
    assert [(one["extract_id"], one["replaced_by"]) for one in told] == [
        ("a.csv", "b.csv"),
        ("b.csv", "c.csv"),
    ]


def test_a_circle_is_refused_by_the_names_in_it(ground):
    ground.file("a.csv", payments(ROW))
    ground.land()
    ground.source(supersedes=[ENTRY, {"file": "a.csv", "replaces": "b.csv", "reason": "no, that one"}])
    ground.land()  # b.csv has not come: nothing is replaced yet
    ground.file("b.csv", payments(TWO))
    with pytest.raises(
        UsageError, match=r"(a\.csv supersedes b|b\.csv supersedes a)\.csv supersedes \w\.csv: a circle"
    ):
        ground.land()
    ground.source(supersedes=[ENTRY])
    ground.land()
    assert amounts(ground) == {"P1": Decimal(2)}


@pytest.mark.parametrize(
    "entry", [{**ENTRY, "file": "a.csv"}, {**ENTRY, "reason": ""}, {**ENTRY, "by": "me"}]
)
def test_an_entry_that_cannot_be_meant_is_refused(ground, entry):
    ground.source(supersedes=[entry])
    with pytest.raises(UsageError, match="supersedes: "):
        load_source(ground.folder)


def test_a_glob_replaces_nothing_that_came_after_what_replaces_it(ground):
    ground.contract(files="p_*.csv")
    ground.source(supersedes=[{"file": "p_fix.csv", "replaces": "p_*.csv", "reason": "a price was wrong"}])
    ground.file("p_1.csv", payments("P1,O1,2026-10-01,1.00,CNY"))
    ground.file("p_fix.csv", payments("P1,O1,2026-10-01,2.00,CNY"))
    ground.land()
    ground.file("p_2.csv", payments("P2,O2,2026-10-02,3.00,CNY"))
    ground.land()
    assert sorted(row["row_id"] for row in ground.rows()) == ["shop|p_2.csv|2", "shop|p_fix.csv|2"]
    found = ground.check("S06")
    assert found["status"] == "warned"
    assert "p_2.csv came after p_fix.csv and is landed" in found["observed"]


def test_globs_replace_many_and_never_what_they_are_replaced_by(ground):
    ground.source(supersedes=[{"file": "new_*.csv", "replaces": "*.csv", "reason": "all of it again"}])
    ground.file("1.csv", payments(ROW))
    ground.file("2.csv", payments(MORE))
    ground.land()
    ground.file("new_1.csv", payments(TWO))
    ground.file("new_2.csv", payments(MORE.replace(",5,", ",6,")))
    ground.land()
    assert amounts(ground) == {"P1": Decimal(2), "P2": Decimal(6)}


def test_the_rows_come_back_when_the_entry_is_taken_out(ground):
    ground.file("a.csv", payments(ROW))
    first = ground.land()
    ground.file("b.csv", payments(TWO, MORE))
    ground.source(supersedes=[ENTRY])
    assert balances(ground.land()) == [2, 2, 0, 0, 0]
    ground.source()
    assert balances(ground.land()) == [
        3,
        2,
        1,
        0,
        0,
    ]  # P1 of b.csv says otherwise than that of a.csv before it
    assert amounts(ground) == {"P1": Decimal(1), "P2": Decimal(5)}
    assert first["accepted"]["rows"] == 1


def test_a_replaced_file_that_was_rejected_rejects_no_more(ground):
    ground.file("a.csv", "nothing\n")
    ground.land()
    assert ground.check("S02")["status"] == "failed"
    ground.source(supersedes=[ENTRY])
    ground.file("b.csv", payments(ROW))
    ground.land()
    assert (ground.check("S02")["status"], ground.check("S06")["status"]) == ("passed", "passed")


def test_what_is_given_up_replaces_nothing(ground):
    ground.source(supersedes=[ENTRY], exclude=[{"file": "b.csv", "reason": "wrong again"}])
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    ground.land()
    assert amounts(ground) == {"P1": Decimal(1)}


def test_a_file_of_another_table_in_the_old_ones_place_is_told(ground):
    columns = {"order_id": "id", "order_date": "day", "status": "status", "currency": "currency"}
    ground.contract(files="p*.csv")
    ground.contract("orders.orders", columns=columns, files="o*.csv")
    ground.source(supersedes=[{"file": "p*.csv", "replaces": "o1.csv", "reason": "a slip"}])
    ground.file("o1.csv", "id,day,status,currency\nO1,2026-10-01,paid,CNY\n")
    ground.file("p1.csv", payments(ROW))
    ground.land()
    found = ground.check("S06", "orders__orders")
    assert (found["status"], found["observed"]) == (
        "warned",
        "p1.csv supersedes o1.csv and is no file of orders",
    )
    assert ground.check("S06")["status"] == "passed"


def test_nothing_is_left_of_what_was_told_when_nothing_is_replaced_any_more(ground):
    ground.source(supersedes=[ENTRY])
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    ground.land()
    kept = ground.home.landing / "superseded" / "shop.json"
    assert kept.exists()
    ground.source()
    ground.land()
    assert not kept.exists()


def test_the_state_of_the_home_names_both(ground):
    ground.source(supersedes=[ENTRY])
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    ground.land()
    said = CliRunner().invoke(status, ["--home", str(ground.home.root)]).output
    row = next(line.split() for line in said.splitlines() if line.startswith("shop "))
    assert row[:3] == ["shop", "2", "1"]  # extracts, superseded
    assert ["shop", "a.csv", "b.csv"] in [line.split()[:3] for line in said.splitlines()]


def test_other_bytes_under_one_name_stay_a_conflict_whose_error_names_the_way_out(ground):
    ground.file("a.csv", payments(ROW))
    ground.land()
    ground.file("a.csv", payments(TWO))
    ground.land()
    with pytest.raises(ContractError, match="S06") as refused:
        _refuse_rejected({"checks": [ground.check("S06")]})
    assert refused.value.exit_code == REJECTED
    assert "`supersedes`" in refused.value.todo
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    ground.source(supersedes=[ENTRY])
    ground.land()
    assert (ground.check("S06")["status"], amounts(ground)) == ("passed", {"P1": Decimal(2)})


def test_a_replaced_file_that_came_again_with_other_bytes_does_not_make_each_run_a_new_release(ground):
    ground.file("a.csv", payments(ROW))
    ground.land()
    ground.file("a.csv", payments(THREE))
    ground.land()
    assert run._collect(load(ground.home), [ground.folder]) == (False, [])
    ground.file("b.csv", payments(TWO))
    ground.source(supersedes=[ENTRY])
    ground.land()
    assert run._collect(load(ground.home), [ground.folder]) == (True, [])
    assert amounts(ground) == {"P1": Decimal(2)}


def test_many_that_replace_many_are_not_compared_each_with_each(ground):
    ground.source(supersedes=[{"file": "new/*", "replaces": "old/*", "reason": "all of it again"}])
    source = load_source(ground.folder)
    many = [
        Receipt("shop", f"{folder}/{number}.csv", "0", 1, ["payments"], [], "2026-11-01")
        for folder in ("old", "new")
        for number in range(3_000)
    ]
    found = superseding(source, many)
    assert (len(found.replaced), len(found.replacing), found.doubts) == (3_000, 3_000, ())
    assert {one.by.extract_id for one in found.replaced} == {
        "new/999.csv"
    }  # the last in order of arrival and id


def test_the_dry_run_says_what_would_not_land(ground):
    ground.source(supersedes=[ENTRY])
    ground.file("a.csv", payments(ROW))
    ground.file("b.csv", payments(TWO))
    assert "a.csv is not landed: b.csv supersedes it (restated)" in list(lines(trial(ground.folder)))


def test_a_list_of_keys_that_lacked_some_is_replaced_and_withdraws_nothing_any_more(ground):
    many = [f"P{number},O1,2026-10-01,1,CNY" for number in range(1, 201)]
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.keys", files="keys_*.csv", columns={"payment_id": "id"})
    ground.file("p_1.csv", payments(*many))
    ground.land()
    ground.file("keys_1.csv", "id\n" + "".join(f"P{number}\n" for number in range(1, 200)))
    ground.land()
    gone = ground.home.landing / "ops__quarantine_row" / "shop" / "@withdrawn.parquet"
    assert gone.exists()
    ground.file("keys_2.csv", "id\n" + "".join(f"P{number}\n" for number in range(1, 201)))
    ground.source(supersedes=[{"file": "keys_2.csv", "replaces": "keys_1.csv", "reason": "cut short"}])
    ground.land()
    assert not gone.exists()


def test_a_statement_over_several_tables_is_run_again_without_the_replaced_file(ground):
    sql = (
        "select p.id, p.\"order\", r.day as paid, p.amount, 'CNY' as currency, p._row_id "
        "from pay p join rest r on p.id = r.id"
    )
    columns = {**PAYMENT, "paid_at": "paid"}
    tables = {"pay": {"files": "pay_*.csv"}, "rest": {"files": "rest_*.csv"}}
    ground.contract(files=None, columns=columns, sql=sql)
    ground.source(tables=tables)
    ground.file("pay_1.csv", "id,order,amount\nP1,O1,1\n")
    ground.file("rest_1.csv", "id,day\nP1,2026-10-01\n")
    assert balances(ground.land()) == [1, 1, 0, 0, 0]
    ground.file("pay_2.csv", "id,order,amount\nP1,O1,2\n")
    entry = {"file": "pay_2.csv", "replaces": "pay_1.csv", "reason": "restated"}
    ground.source(tables=tables, supersedes=[entry])
    assert balances(ground.land()) == [1, 1, 0, 0, 0]
    assert amounts(ground) == {"P1": Decimal(2)}
