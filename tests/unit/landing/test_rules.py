"""Rules that look at a feed as a whole, beside those tested with what they look at."""

from pipelines.landing.checks import check_results
from pipelines.landing.records import records
from pipelines.sources.definition import load_source
from tests.unit.landing.ground import payments

LINE = "P1,O1,2026-10-28,1,CNY"


def test_freshness_counts_from_the_business_date_and_only_where_a_rhythm_is_declared(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    assert ground.check("S05")["status"] == "not_applicable"
    # The newest payment is of 27 October in UTC (midnight of the 28th in Shanghai), judged on 1 November: 5 days.
    ground.source(rhythm="daily")
    ground.land()
    assert (ground.check("S05")["status"], ground.check("S05")["severity"]) == ("warned", "warn")
    ground.source(rhythm="weekly")
    ground.land()
    assert ground.check("S05")["status"] == "passed"
    ground.source(rhythm="weekly", sla_hours=48)
    ground.land()
    assert ground.check("S05")["limit"] == "2 d"
    assert ground.check("S05")["status"] == "warned"


def test_a_pattern_that_no_file_matches_is_told(ground):
    ground.land()
    found = ground.check("S01")
    assert (found["status"], found["observed"]) == ("failed", "no file matches *.csv")
    assert not found["rejects_file"]


def test_a_feed_that_may_be_absent_says_so(ground):
    ground.contract(format={"empty_ok": True})
    ground.land()
    assert ground.check("S01")["status"] == "passed"


def test_a_conflict_rejects_and_points_to_its_trace(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    ground.file("a.csv", payments(LINE.replace(",1,", ",2,")))
    ground.land()
    found = ground.check("S06")
    assert (found["status"], found["rejects_file"], found["failing_keys"]) == ("failed", True, ["a.csv"])
    assert found["where"] == str(ground.home.conflicts)
    assert [str(row["amount"]) for row in ground.rows()] == ["1.0000"]


def test_unmapped_values_beyond_one_in_two_hundred_block(ground):
    columns = {"lead_id": "id", "created_at": "at", "status": "status"}
    ground.contract("crm.leads", columns=columns)
    ground.contract(files="none*.csv")
    good = [f"L{number},2026-10-01,new" for number in range(199)]
    ground.file("a.csv", "id,at,status\n" + "\n".join([*good, "L900,2026-10-01,?"]) + "\n")
    ground.land()
    assert ground.check("S11", "crm__leads")["status"] == "warned"  # 1 of 200 is at the limit
    ground.file("b.csv", "id,at,status\nL901,2026-10-01,?\n")
    ground.land()
    assert ground.check("S11", "crm__leads")["status"] == "failed"


def test_each_rule_of_a_feed_has_a_check_and_no_other(ground):
    ground.file("a.csv", payments(LINE))
    ground.land()
    results = check_results(
        ground.home, [load_source(ground.folder)], list(records(ground.home)), ground.as_of
    )
    rules = {one["rule"] for one in results}
    assert rules == {
        "S01",
        "S02",
        "S03",
        "S04",
        "S05",
        "S06",
        "S07",
        "S08",
        "S09",
        "S10",
        "S13",
        "S14",
        "R01",
        "Q",
        "T15",
    }
    assert {one["status"] for one in results} <= {"passed", "not_applicable"}


def test_a_line_of_billions_counts_and_one_beyond_its_type_is_set_aside_alone(ground):
    columns = {"order_id": "o", "line_id": "l", "quantity": "q", "unit_price": "p", "currency": "c"}
    ground.contract("orders.order_lines", columns=columns)
    ground.contract(files="none*.csv")
    # 20,000 x 1,000,000: more than two decimals of 18 digits can multiply to. 10^15: more than decimal(18,4) can hold.
    lines = ("A,1,20000,1000000.00,VND", "A,2,1000000000,1000000.00,VND", "A,3,1,2.50,VND")
    ground.file("a.csv", "o,l,q,p,c\n" + "\n".join(lines) + "\n")
    total = ground.land()
    assert total["accepted"]["money"] == {"VND": "20000000002.5000"}
    assert [row["line_id"] for row in ground.rows("orders__order_lines")] == ["1", "3"]
    held = [(row["line_no"], row["rule_id"], row["reason"], row["raw_text"]) for row in ground.held()]
    assert held == [(3, "T02", "gross_fits_its_type", lines[1])]
    assert ground.check("R01", "orders__order_lines")["status"] == "passed"
