"""Rule S13: rows that a source no longer has, told by full lists of keys, by lists of deletions, by snapshots."""

from decimal import Decimal

import polars as pl
import pytest

from pipelines.errors import UsageError
from pipelines.sources.definition import load_source
from pipelines.sources.template import new_source
from tests.unit.landing.ground import payments

KEYS = {"payment_id": "id"}


def keys(*names):
    return "id\n" + "".join(f"{name}\n" for name in names)


def payment(number, amount="10.00"):
    return f"P{number},O{number},2026-10-01,{amount},CNY"


def many(first, last):
    return [payment(number) for number in range(first, last + 1)]


def names(first, last, *without):
    return [f"P{number}" for number in range(first, last + 1) if number not in without]


def withdrawn(ground):
    path = ground.home.landing / "ops__quarantine_row" / "shop" / "@withdrawn.parquet"
    return pl.read_parquet(path).to_dicts() if path.exists() else []


def gone(ground):
    return [row["natural_key"] for row in withdrawn(ground)]


@pytest.fixture
def listed(ground):
    """Payments in p_*.csv, and all their keys in keys_*.csv."""
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.keys", files="keys_*.csv", columns=KEYS)
    return ground


def test_a_key_that_lacks_in_a_full_list_is_withdrawn_with_its_amount_and_the_list_that_says_so(listed):
    listed.file("p_1.csv", payments(*many(1, 200), payment(201, "12.34")))
    listed.land()
    listed.file("keys_1.csv", keys(*names(1, 200)))
    summary = listed.land()
    (row,) = withdrawn(listed)
    assert (row["natural_key"], row["amount"], row["currency"]) == ("P201", Decimal("12.3400"), "CNY")
    assert (row["rule_id"], row["kind"], row["file_name"], row["line_no"]) == (
        "S13",
        "withdrawn",
        "p_1.csv",
        202,
    )
    assert row["reason"] == "its key is not in keys_1.csv"
    # 201 payments and 200 keys were read, all were accepted: a withdrawal changes nothing of what landing counted.
    assert (summary["read"]["rows"], summary["accepted"]["rows"]) == (401, 401)
    assert listed.check("S13")["observed"] == "1 of 201 keys are gone by keys_1.csv"


def test_a_list_speaks_only_of_what_came_before_it(listed):
    listed.file("p_1.csv", payments(*many(1, 100)))
    listed.file(
        "keys_1.csv", keys(*names(1, 99))
    )  # in the same delivery: the list may be older than the rows
    listed.land()
    assert gone(listed) == []
    listed.file("p_2.csv", payments(payment(101)))
    listed.land()
    assert gone(listed) == []
    listed.file("keys_2.csv", keys(*names(1, 99), "P101"))
    listed.land()
    assert gone(listed) == ["P100"]


def test_a_key_that_comes_again_is_there_again_even_if_its_row_says_nothing_new(listed):
    listed.file("p_1.csv", payments(*many(1, 100)))
    listed.land()
    listed.file("keys_1.csv", keys(*names(1, 99)))
    listed.land()
    listed.file("p_2.csv", payments(payment(100)))
    summary = listed.land()
    assert summary["duplicates"]["rows"] == 1
    assert gone(listed) == []
    listed.file("keys_2.csv", keys(*names(1, 99)))
    listed.land()
    assert gone(listed) == ["P100"]
    listed.file("keys_3.csv", keys(*names(1, 100)))
    listed.land()
    assert gone(listed) == []


def test_a_list_in_which_many_lack_is_held_and_told_until_the_contract_allows_it(listed):
    listed.file("p_1.csv", payments(*many(1, 1000)))
    listed.land()
    listed.file("keys_1.csv", keys(*names(1, 989)))  # 11 of 1000: more than 1 %
    listed.land()
    found = listed.check("S13")
    assert gone(listed) == []
    assert (found["status"], found["failing_keys"]) == ("warned", ["keys_1.csv"])
    assert found["observed"] == (
        "11 of 1000 keys are gone by keys_1.csv, which withdraws nothing: more than 1 % lack"
    )
    limit = {"share": 0.02, "reason": "the shop closed a branch"}
    listed.contract("orders.payments.keys", files="keys_*.csv", columns=KEYS, vanish_limit=limit)
    listed.land()
    assert len(gone(listed)) == 11
    assert listed.check("S13")["status"] == "passed"


def test_ten_of_a_thousand_are_deletions_and_half_of_a_few_are_not(listed):
    listed.file("p_1.csv", payments(*many(1, 4)))
    listed.land()
    listed.file("keys_1.csv", keys("P1", "P2", "P3"))
    listed.land()
    assert gone(listed) == ["P4"]
    listed.file("keys_2.csv", keys("P1"))
    listed.land()
    assert gone(listed) == ["P4"]
    assert listed.check("S13")["observed"].startswith(
        "2 of 3 keys are gone by keys_2.csv, which withdraws nothing"
    )


def test_a_list_with_a_row_that_cannot_be_read_withdraws_nothing(listed):
    listed.file("p_1.csv", payments(*many(1, 300)))
    listed.land()
    listed.file("keys_1.csv", "id,at\n" + "".join(f"{name},1\n" for name in names(1, 299)) + ",1\n")
    listed.land()
    assert gone(listed) == []
    assert "1 of its rows have no readable key" in listed.check("S13")["observed"]


def test_a_list_that_is_not_whole_is_rejected_and_withdraws_nothing(ground):
    ground.contract(files="p_*.csv")
    control = {"control": {"kind": "file", "pattern": "{stem}.ctl"}}
    ground.contract("orders.payments.keys", files="keys_*.csv", columns=KEYS, format=control)
    ground.file("p_1.csv", payments(*many(1, 300)))
    ground.file("keys_1.ctl", "rows=300\n")
    ground.file("keys_1.csv", keys(*names(1, 299)))
    ground.land()
    ground.file("p_2.csv", payments(payment(301)))
    ground.land()
    assert ground.check("S03", "orders__payments__keys")["observed"].endswith(
        "300 rows are declared, the file has 299"
    )
    assert gone(ground) == []


def test_a_list_of_deletions_withdraws_what_it_names_until_that_comes_again(ground):
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.deleted", files="del_*.csv", columns=KEYS)
    ground.file("p_1.csv", payments(*many(1, 100)))
    ground.file("del_1.csv", keys("P7", "P999"))
    ground.land()
    assert [(row["natural_key"], row["reason"]) for row in withdrawn(ground)] == [
        ("P7", "it is listed as deleted in del_1.csv")
    ]
    ground.file("p_2.csv", payments(payment(7)))
    ground.land()
    assert gone(ground) == []


def test_a_part_of_the_key_stands_for_all_rows_under_it(ground):
    columns = {"order_id": "o", "line_id": "l", "quantity": "q", "unit_price": "p", "currency": "c"}
    ground.contract(files="none*.csv")
    ground.contract("orders.order_lines", files="l_*.csv", columns=columns)
    ground.contract("orders.order_lines.keys", files="orders_*.csv", columns={"order_id": "o"})
    lines = "".join(f"O{number},{line},1,5,CNY\n" for number in range(1, 121) for line in (1, 2))
    ground.file("l_1.csv", "o,l,q,p,c\n" + lines)
    ground.land()
    ground.file("orders_1.csv", "o\n" + "".join(f"O{number}\n" for number in range(1, 120)))
    ground.land()
    assert gone(ground) == ["O120|1", "O120|2"]
    assert ground.check("S13", "orders__order_lines")["observed"] == "1 of 120 keys are gone by orders_1.csv"


def test_a_snapshot_withdraws_what_the_one_before_had_and_it_has_not(ground):
    ground.contract(files="p_*.csv", delivery="snapshot")
    ground.file("p_1.csv", payments(*many(1, 200)))
    ground.land()
    ground.file("p_2.csv", payments(*many(1, 199)))  # all as before: duplicates, and yet they are there
    summary = ground.land()
    assert summary["duplicates"]["rows"] == 199
    assert [(row["natural_key"], row["reason"]) for row in withdrawn(ground)] == [
        ("P200", "its key is not in p_2.csv")
    ]
    ground.file("p_3.csv", payments(*many(2, 200)))
    ground.land()
    assert gone(ground) == ["P1"]


def test_files_that_come_together_are_one_snapshot(ground):
    ground.contract(files="p_*.csv", delivery="snapshot")
    ground.file("p_north_1.csv", payments(*many(1, 100)))
    ground.file("p_south_1.csv", payments(*many(101, 200)))
    ground.land()
    assert gone(ground) == []
    ground.file("p_north_2.csv", payments(*many(1, 99)))
    ground.file("p_south_2.csv", payments(*many(101, 200)))
    ground.land()
    assert [row["reason"] for row in withdrawn(ground)] == ["its key is not in p_north_2.csv and 1 more"]
    ground.file("p_north_3.csv", payments(*many(1, 100)))  # the south is still on its way
    ground.land()
    assert gone(ground) == []
    assert ground.check("S13")["status"] == "warned"


def test_a_row_that_a_snapshot_has_but_that_is_set_aside_is_not_gone(ground):
    ground.contract(files="p_*.csv", delivery="snapshot")
    ground.file("p_1.csv", payments(*many(1, 300)))
    ground.land()
    ground.file("p_2.csv", payments(*many(1, 299), payment(300, "ten")))
    ground.land()
    assert [row["natural_key"] for row in ground.held() if row["kind"] == "quarantined"] == ["P300"]
    assert gone(ground) == []


def test_versions_of_a_dimension_stay(ground):
    columns = {"product_id": "id", "name": "name"}
    ground.contract(files="none*.csv")
    ground.contract("orders.products", files="prod_*.csv", columns=columns, delivery="snapshot")
    ground.file("prod_1.csv", "id,name\n" + "".join(f"A{number},n\n" for number in range(200)))
    ground.land()
    ground.file("prod_2.csv", "id,name\n" + "".join(f"A{number},n\n" for number in range(199)))
    ground.land()
    assert gone(ground) == []
    assert ground.check("S13", "orders__products")["observed"] == (
        "1 of 200 keys are gone by prod_2.csv; their versions stay"
    )


def test_without_lists_the_rule_does_not_apply(ground):
    ground.file("p.csv", payments(payment(1)))
    ground.land()
    assert ground.check("S13")["status"] == "not_applicable"


def test_a_snapshot_of_earlier_days_that_comes_late_withdraws_nothing(ground):
    ground.contract(
        files="p_*.csv", delivery="snapshot", format={"control": {"kind": "file", "pattern": "{stem}.ctl"}}
    )
    for name, day, last in (("p_2", "2026-10-02", 200), ("p_1", "2026-10-01", 199)):
        ground.file(f"{name}.ctl", f"rows={last}\nwindow.from={day}\nwindow.to={day}\n")
        ground.file(f"{name}.csv", payments(*many(1, last)))
        ground.land()
    assert gone(ground) == []
    assert ground.check("S13")["observed"] == (
        "1 of 200 keys are gone by p_1.csv, which withdraws nothing: it is older than a list before it"
    )


def test_a_snapshot_that_replaces_an_earlier_one_withdraws_nothing_of_what_came_between(ground):
    ground.contract(files="p_*.csv", delivery="snapshot")
    ground.file("p_1.csv", payments(*many(1, 300)))
    ground.land()
    ground.file("p_2.csv", payments(*many(1, 301)))
    ground.land()
    ground.source(supersedes=[{"file": "p_1b.csv", "replaces": "p_1.csv", "reason": "a price was wrong"}])
    ground.file("p_1b.csv", payments(*many(1, 300)))
    ground.land()
    assert gone(ground) == []
    assert ground.check("S13")["status"] == "warned"


def test_a_list_of_deletions_that_is_held_is_told_as_long_as_it_is(ground):
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.deleted", files="del_*.csv", columns=KEYS)
    ground.file("p_1.csv", payments(*many(1, 1000)))
    ground.land()
    ground.file("del_1.csv", keys(*names(1, 20)))
    ground.land()
    ground.file("del_2.csv", keys("P21"))
    ground.land()
    assert gone(ground) == ["P21"]
    found = ground.check("S13")
    assert (found["status"], found["failing_keys"]) == ("warned", ["del_1.csv"])


def test_a_deleted_row_that_is_made_again_with_other_content_does_not_bring_the_old_one_back(ground):
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.deleted", files="del_*.csv", columns=KEYS)
    ground.file("p_1.csv", payments(*many(1, 100)))
    ground.land()
    ground.file("del_1.csv", keys("P7"))
    ground.land()
    ground.file("p_2.csv", payments(payment(7, "99.00"), *many(101, 160)))
    ground.land()
    assert gone(ground) == ["P7"]  # 10.00 stays out; 99.00 is set aside, and told by S10
    assert ground.check("S10")["failing_count"] == 1


def test_days_on_which_nothing_is_deleted_are_no_fault(ground):
    ground.source(rhythm="daily")
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.deleted", files="del_*.csv", columns=KEYS)
    ground.file("p_1.csv", payments(*many(1, 1000)))
    ground.land()
    assert ground.check("S01", "orders__payments__deleted")["status"] == "passed"
    for day, count in enumerate((10, 10, 10, 10, 10, 0)):
        ground.file(f"del_{day}.csv", keys(*names(day * 10 + 1, day * 10 + count)))
        ground.land()
    assert ground.check("S08", "orders__payments__deleted")["status"] == "not_applicable"
    assert ground.check("S02", "orders__payments__deleted")["status"] == "passed"
    assert len(gone(ground)) == 50


def test_lists_that_say_nothing_new_are_not_judged_again(listed, monkeypatch):
    listed.file("p_1.csv", payments(*many(1, 200)))
    listed.land()
    listed.file("keys_1.csv", keys(*names(1, 199)))
    listed.land()
    monkeypatch.setattr("pipelines.landing.withdrawn._Feed", None)
    listed.land()
    assert gone(listed) == ["P200"]
    monkeypatch.undo()
    (listed.files / "keys_1.csv").unlink()
    listed.contract(files="p_*.csv")
    (listed.folder / "payments.keys.odcs.yaml").unlink()
    listed.land()
    assert gone(listed) == []
    assert listed.check("S13")["status"] == "not_applicable"


@pytest.mark.parametrize(
    ("feed", "options", "said"),
    [
        ("orders.invoices.keys", {}, "lists keys of orders.invoices, which this source does not fill"),
        ("orders.payments.gone", {}, "which is no canonical feed"),
        ("orders.payments.keys", {"delivery": "snapshot"}, "delivery 'snapshot' is not known"),
        ("orders.payments.keys", {"vanish_limit": 0.5}, "vanish_limit needs a share and a reason"),
        (
            "orders.payments.keys",
            {"vanish_limit": {"share": "much", "reason": "r"}},
            "vanish_limit needs a share",
        ),
        (
            "orders.payments.keys",
            {"vanish_limit": {"share": True, "reason": "r"}},
            "vanish_limit needs a share",
        ),
        ("orders.payments.keys", {"vanish_limit": {"share": 0.5, "reason": 5}}, "vanish_limit needs a share"),
        ("orders.accounts.keys", {}, "which is no canonical feed"),
    ],
)
def test_a_list_that_says_nothing_is_refused(ground, feed, options, said):
    columns = {"invoice_id": "id"} if "invoices" in feed else KEYS
    ground.contract(feed, files="keys_*.csv", columns=columns, **options)
    with pytest.raises(UsageError, match=said):
        ground.land()


def test_a_list_of_what_is_no_key_is_refused(ground):
    ground.contract("orders.payments.keys", files="keys_*.csv", columns={"amount": "amount"})
    with pytest.raises(UsageError, match="maps amount, which is no part of the key"):
        ground.land()


def test_a_live_source_delivers_no_snapshots(tmp_path):
    folder = tmp_path / "crm"
    new_source("zoho", folder)
    contract = folder / "campaigns.odcs.yaml"
    text = contract.read_text()
    if "customProperties" in text.split("properties:")[0]:
        text = text.replace(
            "customProperties:\n", "customProperties:\n      - {property: delivery, value: snapshot}\n", 1
        )
    else:
        text = text.replace(
            "    properties:\n",
            "    customProperties: [{property: delivery, value: snapshot}]\n    properties:\n",
            1,
        )
    contract.write_text(text)
    with pytest.raises(UsageError, match="a live source delivers no snapshots"):
        load_source(folder)
