"""Rule S13: a list of deletions and a full list of the same time or a later one that say the opposite are told."""

import pytest

from pipelines.landing.checks import check_results
from pipelines.landing.records import records
from pipelines.sources.definition import load_source
from tests.unit.landing.ground import payments
from tests.unit.landing.withdrawals import gone, keys, many, names, payment

CONTROL = {"control": {"kind": "file", "pattern": "{stem}.ctl"}}
KEYS = {"payment_id": "id"}


def lists(ground, **options):
    ground.contract(files="p_*.csv")
    ground.contract("orders.payments.keys", files="keys_*.csv", columns=KEYS, **options)
    ground.contract("orders.payments.deleted", files="gone_*.csv", columns=KEYS, **options)
    ground.file("p_1.csv", payments(*many(1, 200)))
    ground.land()


def windowed(ground, name, *listed, to):
    ground.file(f"{name}.csv", keys(*listed))
    ground.file(f"{name}.ctl", f"rows={len(listed)}\nwindow.from=2026-10-01\nwindow.to={to}\n")


def told(ground):
    found = ground.check("S13")
    return found["status"], found["observed"]


def test_lists_that_come_together_and_say_the_opposite_are_told_with_both_names(ground):
    lists(ground)
    ground.file("keys_1.csv", keys(*names(1, 199)))
    ground.file("gone_1.csv", keys("P7", "P8", "P200"))
    ground.land()
    assert told(ground) == (
        "warned",
        "gone_1.csv is a list of deletions, and 2 of its keys stand in keys_1.csv, a full list of the same time or a "
        "later one: they stay withdrawn until their rows come again",
    )
    assert ground.check("S13")["failing_keys"] == ["gone_1.csv"]
    assert gone(ground) == ["P200", "P7", "P8"]  # a list of deletions speaks after a list that came with it


def test_a_later_full_list_without_the_keys_ends_it(ground):
    lists(ground)
    ground.file("keys_1.csv", keys(*names(1, 200)))
    ground.file("gone_1.csv", keys("P200"))
    ground.land()
    assert told(ground)[0] == "warned"
    ground.file("keys_2.csv", keys(*names(1, 199)))
    ground.land()
    assert told(ground)[0] == "passed"
    assert gone(ground) == ["P200"]


def test_lists_that_agree_are_not(ground):
    lists(ground)
    ground.file("keys_1.csv", keys(*names(1, 199)))
    ground.file("gone_1.csv", keys("P200"))
    ground.land()
    assert told(ground)[0] == "passed"
    assert gone(ground) == ["P200"]


@pytest.mark.parametrize(
    ("to", "status"), [("2026-10-31", "warned"), ("2026-11-30", "warned"), ("2026-12-01", "passed")]
)
def test_a_full_list_of_an_earlier_time_is_no_contradiction_whenever_it_comes(ground, to, status):
    lists(ground, format=CONTROL)
    windowed(ground, "gone_1", "P7", to=to)
    ground.land()
    windowed(ground, "keys_1", *names(1, 200), to="2026-11-30")
    ground.land()
    assert told(ground)[0] == status
    assert gone(ground) == ["P7"]


def test_a_key_whose_row_came_again_is_there_and_nothing_is_told(ground):
    lists(ground)
    ground.file("gone_1.csv", keys("P7"))
    ground.land()
    ground.file("keys_1.csv", keys(*names(1, 200)))
    ground.land()
    assert told(ground)[0] == "warned"
    ground.file("p_2.csv", payments(payment(7)))
    ground.land()
    assert told(ground)[0] == "passed"
    assert gone(ground) == []


def warnings(ground):
    """All that S13 warns of, whatever feed it is told of."""
    found = check_results(ground.home, [load_source(ground.folder)], list(records(ground.home)), ground.as_of)
    return [one["failing_count"] for one in found if one["rule"] == "S13" and one["status"] == "warned"]


@pytest.mark.parametrize("order", [("keys_1", "gone_1"), ("gone_1", "keys_1")])
@pytest.mark.parametrize("way", ["another full list", "the row again", "no deletion after all"])
def test_in_either_order_of_arrival_it_is_told_once_and_no_more_when_they_agree(ground, order, way):
    lists(ground, format=CONTROL)
    for name in order:
        windowed(ground, name, *(names(1, 200) if name == "keys_1" else ["P7"]), to="2026-10-31")
        ground.land()
    assert warnings(ground) == [1]
    assert gone(ground) == ["P7"]
    if way == "another full list":
        windowed(ground, "keys_2", *names(1, 200, 7), to="2026-11-01")
    elif way == "the row again":
        ground.file("p_2.csv", payments(payment(7)))
    else:
        ground.source(supersedes=[{"file": "gone_2.csv", "replaces": "gone_1.csv", "reason": "a slip"}])
        windowed(ground, "gone_2", "P999", to="2026-10-31")
    ground.land()
    assert warnings(ground) == []
    assert gone(ground) == (["P7"] if way == "another full list" else [])
    assert ground.land()["new_extracts"] == 0
    assert warnings(ground) == []
