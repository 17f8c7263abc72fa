"""Declared rows and sums: what is cut, lost or altered on the way is rejected as a whole."""

import hashlib
import json

import pytest

from pipelines.landing.raw import raw_line
from tests.unit.landing.ground import payments

LINES = ["P1,O1,2026-10-01,10.50,CNY", "P2,O1,2026-10-02,4.25,CNY", "P3,O2,2026-10-02,7.00,USD"]
# In CNY the first two add up to 14.75.
CONTROL = {"file": "a.csv", "rows": 3, "sums": {"amount": {"CNY": "14.75", "USD": "7.00"}}}
KEYS = "file=a.csv\n# a remark\nrows=3\nsum.amount.CNY=14.75\nsum.amount.USD=7.00\n"


@pytest.fixture
def controlled(ground):
    ground.contract(format={"control": {"kind": "file", "pattern": "{name}.ctl"}})
    ground.file("a.csv", payments(*LINES))
    ground.file("a.csv.ctl", json.dumps(CONTROL))
    return ground


def test_a_file_that_agrees_with_its_control_file(controlled):
    controlled.land()
    assert len(controlled.rows()) == 3
    assert [controlled.check(rule)["status"] for rule in ("S01", "S03", "S04")] == ["passed"] * 3
    assert raw_line(controlled.home, "shop|a.csv|3").text == LINES[1]


def test_a_control_file_of_keys_and_values(controlled):
    controlled.file("a.csv.ctl", KEYS)
    controlled.land()
    assert len(controlled.rows()) == 3


def test_keys_under_other_names_and_in_another_encoding(controlled):
    keys = {"rows": "行数", "file": "文件"}
    control = {"kind": "file", "pattern": "{stem}.ok", "encoding": "gb18030", "keys": keys}
    controlled.contract(format={"control": control})
    controlled.file("a.ok", "文件=a.csv\n行数=3\n", "gb18030")
    controlled.land()
    assert controlled.check("S03")["status"] == "passed"
    assert controlled.check("S04")["status"] == "not_applicable"


def test_a_file_cut_at_the_end_of_a_row(controlled):
    controlled.file("a.csv", payments(*LINES[:2]))
    controlled.land()
    assert controlled.rejection() == ["S03|3 rows are declared, the file has 2"]
    assert controlled.check("S03")["rejects_file"]
    assert controlled.rows() == []


def test_a_file_cut_in_the_middle_of_a_number(controlled):
    # 7.00 becomes 7. as 10.50 becomes 10: still a number.
    controlled.file("a.csv", payments(*LINES).replace("4.25,CNY", "4,CNY"))
    controlled.land()
    assert controlled.rejection() == ["S04|amount CNY is declared as 14.75, the rows add up to 14.5"]


def test_a_file_cut_in_the_middle_of_a_row_without_a_control_file(ground):
    ground.file("a.csv", payments(*LINES)[:-8])
    ground.land()
    assert ground.rejection() == ["S03|the file ends in the middle of line 4"]


def test_a_currency_that_the_control_file_does_not_expect_is_found_by_the_total(controlled):
    controlled.file("a.csv.ctl", json.dumps({"rows": 3, "sums": {"amount": "14.75"}}))
    controlled.land()
    assert controlled.rejection()[0].startswith("S04|amount is declared as 14.75, the rows add up to 21.75")


def test_rows_set_aside_count_in_the_declared_sum(controlled):
    controlled.contract(format={"control": {"kind": "file"}}, scale=1)
    controlled.land()
    # 4.25 has more than one decimal: the row is set aside, but it was delivered and is counted.
    assert [row["reason"] for row in controlled.held()] == ["amount has more than 1 decimals"]
    assert controlled.check("S04")["status"] == "passed"


def test_a_declared_sum_that_no_feed_reads_cannot_be_proved(controlled):
    controlled.file("a.csv.ctl", json.dumps({"rows": 3, "sums": {"tax": {"CNY": "1"}}}))
    controlled.land()
    assert controlled.rejection()[0].startswith("S04|a sum of tax is declared")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"file": "b.csv"}, "it names b.csv, not a.csv"),
        ({"sha256": "0" * 64}, "its sha256 is not that of the file"),
        ({"bytes": 1}, "it says 1 bytes, the file has"),
        ({"rows": "three"}, "rows is 'three', no whole number"),
        ({"sums": {"amount": {"CNY": "1,5"}}}, "the sum of amount is '1,5', no plain number"),
    ],
)
def test_a_control_file_of_other_bytes_keeps_the_file_out(controlled, change, reason):
    controlled.file("a.csv.ctl", json.dumps({**CONTROL, **change}))
    controlled.land()
    found = controlled.check("S01")
    assert found["status"] == "failed"
    assert reason in found["observed"]
    assert controlled.rows() == []


def test_a_control_file_with_the_right_hash(controlled):
    content = controlled.files.joinpath("a.csv").read_bytes()
    proof = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    controlled.file("a.csv.ctl", json.dumps({**CONTROL, **proof}))
    controlled.land()
    assert len(controlled.rows()) == 3


def test_a_file_waits_for_its_control_file(controlled):
    controlled.files.joinpath("a.csv.ctl").unlink()
    controlled.land()
    assert "its control file a.csv.ctl is not there" in controlled.check("S01")["observed"]
    controlled.file("a.csv.ctl", KEYS)
    controlled.land()
    assert len(controlled.rows()) == 3
    assert controlled.check("S01")["status"] == "passed"


TRAILER = {"kind": "trailer", "marker": "END", "rows": 2, "sums": {"amount": {"CNY": 3, "USD": 4}}}


def test_a_trailer(ground):
    ground.contract(format={"control": TRAILER})
    ground.file("a.csv", payments(*LINES, "END,3,14.75,7.00"))
    ground.land()
    assert len(ground.rows()) == 3
    assert [ground.check(rule)["status"] for rule in ("S03", "S04")] == ["passed"] * 2


def test_a_trailer_that_is_cut_off(ground):
    ground.contract(format={"control": TRAILER})
    ground.file("a.csv", payments(*LINES))
    ground.land()
    assert ground.rejection() == ["S01|the last line is no trailer: it does not start with END"]


def test_a_trailer_with_other_rows(ground):
    ground.contract(format={"control": TRAILER})
    ground.file("a.csv", payments(*LINES[1:], "END,3,14.75,7.00"))
    ground.land()
    assert ground.rejection() == ["S03|3 rows are declared, the file has 2"]


def test_without_a_declaration_the_rules_do_not_apply(ground):
    ground.file("a.csv", payments(*LINES))
    ground.land()
    assert [ground.check(rule)["status"] for rule in ("S03", "S04")] == ["not_applicable"] * 2
