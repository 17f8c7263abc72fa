"""Rule S13: rows that a source no longer has, told by full lists of keys and by lists of deletions."""

from decimal import Decimal

import pytest

from pipelines.errors import UsageError
from tests.unit.landing.ground import payments
from tests.unit.landing.withdrawals import gone, keys, many, names, payment, withdrawn

KEYS = {"payment_id": "id"}


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


def test_without_lists_the_rule_does_not_apply(ground):
    ground.file("p.csv", payments(payment(1)))
    ground.land()
    assert ground.check("S13")["status"] == "not_applicable"


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
    monkeypatch.setattr("pipelines.landing.withdrawn.KeyHistory", None)
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
