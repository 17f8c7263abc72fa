"""Rule S14: between the windows of a table's extracts lies no time that nobody delivered."""

import json

import pytest

from pipelines.landing.records import records
from quality.waivers import may_be_waived
from tests.unit.landing.ground import payments


@pytest.fixture
def windowed(ground):
    ground.contract(format={"control": {"kind": "file", "pattern": "{name}.ctl"}})

    def add(name, first, last, **more):
        window = {key: value for key, value in (("from", first), ("to", last)) if value is not None}
        number = len(list(ground.files.glob("*.csv"))) + 1
        ground.file(f"{name}.csv", payments(f"P{number},O1,2026-10-01,1,CNY"))
        ground.file(f"{name}.csv.ctl", json.dumps({"rows": 1, "window": window, **more}))

    ground.add = add
    return ground


def told(ground):
    found = ground.check("S14")
    return found["status"], found["observed"], found["failing_keys"]


def test_days_touch_where_one_begins_the_day_after_the_other_ends(windowed):
    windowed.add("b", "2026-10-16", "2026-10-31")
    windowed.add("a", "2026-10-01", "2026-10-15")
    windowed.land()
    assert told(windowed) == ("passed", "2 window(s) touch", [])


def test_a_day_that_nobody_delivered_fails_with_the_extract_after_it(windowed):
    windowed.add("a", "2026-10-01", "2026-10-15")
    windowed.add("b", "2026-10-17", "2026-10-31")
    windowed.land()
    between = "2026-10-15 (a.csv) and 2026-10-17 (b.csv)"
    assert told(windowed) == (
        "failed",
        f"a gap in payments: nothing covers the time between {between}",
        ["b.csv"],
    )
    found = windowed.check("S14")
    assert (found["severity"], found["rejects_file"], found["failing_count"]) == ("block", False, 1)
    assert may_be_waived("S14")
    windowed.add("c", "2026-10-10", "2026-10-16")
    windowed.land()
    assert windowed.check("S14")["status"] == "warned"  # the gap is filled, by a file that came late


@pytest.mark.parametrize(
    ("second", "status"),
    [
        ("2026-10-02T00:00:00+08:00", "passed"),  # where the first ends
        ("2026-10-01T15:59:59Z", "passed"),  # a second before, in another zone
        ("2026-10-02", "passed"),  # the same instant as a day in the source's zone
        ("2026-10-02T00:00:01", "failed"),
    ],
)
def test_instants_touch_where_one_begins_when_the_other_ends(windowed, second, status):
    windowed.add("a", "2026-10-01T00:00:00", "2026-10-02T00:00:00")
    windowed.add("b", second, "2026-10-03T00:00:00")
    windowed.land()
    assert windowed.check("S14")["status"] == status


def test_windows_may_overlap_and_lie_in_one_another(windowed):
    windowed.add("year", "2026-01-01", "2026-12-31")
    windowed.add("month", "2026-03-01", "2026-03-31")
    windowed.add("next", "2027-01-01", "2027-01-31")
    windowed.land()
    assert windowed.check("S14")["status"] == "passed"


def test_all_time_may_be_written_by_the_first_and_the_last_day_there_is(windowed):
    windowed.add("a", "0001-01-01", "2026-10-15")
    windowed.add("b", "2026-10-16", "9999-12-31")
    windowed.land()
    assert told(windowed) == ("passed", "2 window(s) touch", [])


def test_no_beginning_means_from_the_beginning(windowed):
    windowed.add("all", "", "2026-10-15")
    windowed.add("b", "2026-10-16", "2026-10-31")
    windowed.land()
    assert windowed.check("S14")["status"] == "passed"


@pytest.mark.parametrize(
    ("first", "last", "what"),
    [
        ("2026-10-31", "2026-10-01", "ends before it begins: 2026-10-31 to 2026-10-01"),
        ("2026-10-02", "2026-10-01", "ends before it begins"),
        ("2026-10-01T10:00:00", "2026-10-01T09:00:00", "ends before it begins"),
        ("2026-10-01", "October", "cannot be read"),
        ("2026-10-01", None, "cannot be read"),
    ],
)
def test_a_window_that_can_cover_nothing_fails(windowed, first, last, what):
    windowed.add("a", first, last)
    windowed.land()
    status, observed, keys = told(windowed)
    assert (status, keys) == ("failed", ["a.csv"])
    assert f"a.csv has a window that {what}" in observed


def test_a_window_of_one_day_or_one_instant_is_none_that_ends_before_it_begins(windowed):
    windowed.add("a", "2026-10-01", "2026-10-01")
    windowed.add("b", "2026-10-02T00:00:00", "2026-10-02T00:00:00")
    windowed.land()
    assert windowed.check("S14")["status"] == "passed"


def test_a_window_as_text_is_no_window(ground):
    ground.contract(format={"control": {"kind": "file", "pattern": "{name}.ctl"}})
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    ground.file("a.csv.ctl", "rows=1\nwindow=2026-10\n")
    ground.land()
    assert ground.check("S14")["observed"] == "a.csv has a window that cannot be read: '2026-10'"


def test_keys_and_values_give_a_window_too(ground):
    ground.contract(format={"control": {"kind": "file", "pattern": "{name}.ctl"}})
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    ground.file("a.csv.ctl", "rows=1\nwindow.from=2026-10-01\nwindow.to=2026-10-31\n")
    ground.land()
    assert told(ground) == ("passed", "1 window(s) touch", [])
    assert next(records(ground.home))["window"] == {"from": "2026-10-01", "to": "2026-10-31"}


def test_no_window_is_not_applicable(windowed):
    windowed.add("a", None, None)
    windowed.land()
    assert told(windowed) == ("not_applicable", "no extract declares a window", [])


def test_60_a_late_file_is_taken_and_told(windowed):
    windowed.add("oct", "2026-10-01", "2026-10-31")
    windowed.land()
    windowed.add("nov", "2026-11-01", "2026-11-30")
    windowed.land()
    windowed.add("late", "2026-10-10", "2026-10-12")
    windowed.land()
    assert len(windowed.rows()) == 3
    observed = "late.csv came late: 2026-10-10 to 2026-10-12, and later times had come before it"
    assert told(windowed) == ("warned", observed, ["late.csv"])


def test_what_comes_together_is_not_late_and_neither_is_the_same_time_again(windowed):
    windowed.add("b", "2026-10-01", "2026-10-31")
    windowed.add("a", "2026-11-01", "2026-11-30")
    windowed.land()
    windowed.add("south", "2026-11-01", "2026-11-30")
    windowed.land()
    assert windowed.check("S14")["status"] == "passed"


def test_a_restated_file_is_not_late_and_covers_for_the_one_it_replaces(windowed):
    for name, month in (("sep", "09"), ("oct", "10"), ("nov", "11")):
        windowed.add(name, f"2026-{month}-01", f"2026-{month}-30")
    windowed.files.joinpath("oct.csv.ctl").write_text(
        json.dumps({"rows": 1, "window": {"from": "2026-10-01", "to": "2026-10-31"}})
    )
    windowed.land()
    windowed.add("again", "2026-10-01", "2026-10-31", supersedes="oct.csv")
    windowed.land()
    assert told(windowed) == ("passed", "3 window(s) touch", [])


def test_a_replaced_and_a_rejected_extract_cover_nothing(windowed):
    windowed.add("sep", "2026-09-01", "2026-09-30")
    windowed.add("oct", "2026-10-01", "2026-10-31")
    windowed.add("nov", "2026-11-01", "2026-11-30")
    windowed.files.joinpath("oct.csv.ctl").write_text(
        json.dumps({"rows": 2, "window": {"from": "2026-10-01", "to": "2026-10-31"}})
    )
    windowed.land()
    assert told(windowed)[::2] == ("failed", ["nov.csv"])
    windowed.add("half", "2026-10-16", "2026-10-31", supersedes="oct.csv")
    windowed.land()
    status, observed, keys = told(windowed)
    assert (status, keys) == ("failed", ["half.csv"])
    assert "between 2026-09-30 (sep.csv) and 2026-10-16 (half.csv)" in observed
