"""Landing again: nothing new is nothing to do; what changed is landed anew; what is gone leaves nothing behind."""

import json

import pytest

from pipelines.errors import UsageError
from pipelines.landing.land import expected_checks, land, newest_business_date
from pipelines.landing.records import records
from pipelines.landing.schemas import landed_schemas
from pipelines.settings import Settings
from pipelines.sources.definition import load_source
from pipelines.sources.receipt import receipts_of
from tests.unit.landing.ground import PAYMENT, payments

LINE = "P1,O1,2026-10-01,1.5,CNY"


def state(home):
    return {path: path.stat().st_mtime_ns for path in sorted(home.root.rglob("*")) if path.is_file()}


def test_nothing_new_reads_and_writes_nothing(ground):
    ground.file("a.csv", payments(LINE))
    assert ground.land()["new_extracts"] == 1
    before = state(ground.home)
    assert ground.land()["new_extracts"] == 0
    after = state(ground.home)
    declared = ground.home.landing / "ops__source_feed" / "shop" / "declared.parquet"
    assert {path for path in after if after[path] != before.get(path)} <= {declared}


def test_only_the_new_extract_is_read(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    ground.file("b.csv", payments(LINE.replace("P1", "P2")))
    ground.land()
    assert ground.new == ["b.csv"]


def test_the_same_receipts_give_the_same_bytes_in_another_home(ground, tmp_path):
    ground.file("a.csv", payments(LINE, "P2,,2026-10-01,1,CNY"))
    ground.land()
    first = {
        path.relative_to(ground.home.root): path.read_bytes()
        for path in ground.home.landing.rglob("*.parquet")
    }
    for path in ground.home.landing.rglob("*"):
        if path.is_file():
            path.unlink()
    ground.land()
    second = {
        path.relative_to(ground.home.root): path.read_bytes()
        for path in ground.home.landing.rglob("*.parquet")
    }
    assert first == second


def test_another_contract_lands_the_archived_bytes_again(ground):
    ground.contract(scale=0)
    ground.file("a.csv", payments(LINE))
    ground.land()
    assert ground.rows() == []
    ground.contract(scale=1)
    ground.land()
    assert ground.new == ["a.csv"]
    assert len(ground.rows()) == 1
    assert ground.held() == []


def test_a_lost_output_is_written_again(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    next((ground.home.landing / "orders__payments" / "shop").glob("*")).unlink()
    ground.land()
    assert len(ground.rows()) == 1


def test_a_file_that_is_gone_from_the_folder_stays_landed(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    ground.files.joinpath("a.csv").unlink()
    ground.land()
    assert len(ground.rows()) == 1


def test_an_extract_that_is_given_up_leaves_nothing_behind(ground):
    ground.file("a.csv", payments(LINE))
    ground.file("bad.csv", "nothing\n")
    ground.land()
    assert ground.check("S02")["status"] == "failed"
    ground.source(exclude=[{"file": "bad.csv", "reason": "sent again as a.csv"}])
    ground.land()
    assert ground.check("S02")["status"] == "passed"
    assert [record["extract_id"] for record in records(ground.home)] == ["a.csv"]


def test_bytes_that_changed_in_the_archive_reject_the_file(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    blob = ground.home.blobs / receipts_of(ground.home, "shop")[0].sha256
    blob.write_bytes(blob.read_bytes().replace(b"1.5", b"9.5"))
    ground.contract(scale=1)
    ground.land()
    assert ground.rejection() == ["S01|the archived bytes are not those of the receipt"]


def test_every_feed_has_a_typed_file_without_rows(ground):
    land(ground.home, Settings(ground.home), [], [])
    for name in landed_schemas():
        assert (ground.home.landing / name / "_empty" / "empty.parquet").is_file()


def test_each_expected_check_has_one_result(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    source = load_source(ground.folder)
    summary = land(ground.home, Settings(ground.home), [source], [])
    assert [one["check_id"] for one in summary["checks"]] == expected_checks([source])


def test_two_sources_of_one_name_are_refused(ground):
    source = load_source(ground.folder)
    with pytest.raises(UsageError, match="two sources have one name"):
        land(ground.home, Settings(ground.home), [source, source], [])


def test_the_newest_business_date_is_that_of_accepted_orders(ground):
    columns = {"order_id": "id", "order_date": "day", "status": "status", "currency": "currency"}
    ground.contract("orders.orders", columns=columns)
    ground.contract(files="none*.csv")
    ground.file("a.csv", "id,day,status,currency\nO1,2026-10-01,paid,CNY\nO2,2026-10-03,???,CNY\n")
    land(ground.home, Settings(ground.home), [], [])
    with pytest.raises(UsageError, match="no order was accepted"):
        newest_business_date(ground.home)
    ground.land()
    assert newest_business_date(ground.home).isoformat() == "2026-10-01"


def test_names_of_persons_are_written_only_to_the_restricted_folder(ground):
    columns = {
        "rep_code": "code",
        "name": "name",
        "role_code": "role",
        "team_code": "team",
        "hire_date": "hired",
    }
    ground.contract("people.reps", columns=columns)
    ground.contract(files="none*.csv")
    ground.file("a.csv", "code,name,role,team,hired\nR1,张伟,seller,T1,2020-01-01\n")
    ground.land()
    assert "name" not in ground.rows("people__reps")[0]
    restricted = list((ground.home.restricted / "people__reps" / "shop").glob("*.parquet"))
    assert len(restricted) == 1
    secret = "张伟".encode()
    assert not any(secret in path.read_bytes() for path in ground.home.landing.rglob("*") if path.is_file())


def test_a_default_currency_and_one_as_delivered(ground):
    ground.contract(columns={name: where for name, where in PAYMENT.items() if name != "currency"})
    ground.source(default_currency="CNY")
    ground.file("a.csv", payments(LINE))
    ground.land()
    assert ground.rows()[0]["currency"] == "CNY"
    ground.contract()
    ground.source(as_delivered_currency="USD")
    ground.land()
    assert ground.rows()[0]["currency"] == "USD"


def test_a_required_column_that_is_not_mapped_is_told_before_a_file_is_read(ground):
    ground.contract(columns={name: where for name, where in PAYMENT.items() if name != "paid_at"})
    ground.file("a.csv", payments(LINE))
    with pytest.raises(UsageError, match="orders__payments requires paid_at, unmapped here"):
        ground.land()


def test_a_record_of_a_torn_write_is_no_record(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    record = next((ground.home.landing / "records").glob("*.json"))
    kept = json.loads(record.read_bytes())
    kept["components"]["payments"]["files"] = {
        name: size + 1 for name, size in kept["components"]["payments"]["files"].items()
    }
    record.write_text(json.dumps(kept), encoding="utf-8")
    assert ground.land()["new_extracts"] == 1
