"""Rule S13: a feed that is delivered whole every time, and what a delivery says of the ones before it."""

import pytest

from pipelines.errors import UsageError
from pipelines.sources.definition import load_source
from pipelines.sources.template import new_source
from tests.unit.landing.ground import payments
from tests.unit.landing.withdrawals import gone, many, payment, withdrawn


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


def test_a_snapshot_that_replaces_an_earlier_one_speaks_in_its_place(ground):
    """It withdraws nothing of what came between, and what it has that a later one lacks is gone."""
    ground.contract(files="p_*.csv", delivery="snapshot")
    ground.file("p_1.csv", payments(*many(1, 300)))
    ground.land()
    ground.file("p_2.csv", payments(*many(1, 301)))
    ground.land()
    ground.source(supersedes=[{"file": "p_1b.csv", "replaces": "p_1.csv", "reason": "a price was wrong"}])
    ground.file("p_1b.csv", payments(*many(1, 300), payment(400)))
    ground.land()
    assert gone(ground) == ["P400"]
    found = ground.check("S13")
    assert (found["status"], found["observed"]) == ("passed", "1 of 301 keys are gone by p_2.csv")


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
