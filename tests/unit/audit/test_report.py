import json
from decimal import Decimal

from pipelines.audit.report import build_report
from pipelines.files import canonical_json, pretty_json
from tests.fixtures import release as fixture


def test_report_is_plain_json_and_the_same_each_time(folders, results, report):
    current, parent = folders
    again = build_report(
        current, fixture.verdict(current, results), fixture.LANDING, parent, fixture.manifest(current)
    )
    assert canonical_json(report) == canonical_json(again)
    assert json.loads(pretty_json(report)) == report


def test_checks_stand_worst_first_and_are_counted_by_layer(report):
    assert [one["status"] for one in report["checks"]["results"]] == ["warned", "not_applicable", "passed"]
    assert report["checks"]["by_layer"]["mart"] == {"passed": 1}
    assert report["checks"]["by_state"] == {"warned": 1, "not_applicable": 1, "passed": 1}


def test_an_expected_check_without_a_result_is_listed_as_not_run(refused):
    listed = {one["check_id"]: one["status"] for one in refused["checks"]["results"]}
    assert listed["S01.erp.orders"] == "not_run"
    assert refused["verdict"]["is_published"] is False
    assert refused["release"]["release_id"] is None
    assert refused["verdict"]["reasons"] == ["M01.mart_customer_360 failed: 1 row"]


def test_landing_adds_up_per_feed_and_currency(report):
    lines = report["reconciliation"]["landing"][0]
    # 26 months x 24 lines accepted; each month has one quarantined line of 20 and one duplicate of 10.
    assert (lines["feed"], lines["currency"]) == ("orders__order_lines", "CNY")
    assert (lines["rows_read"], lines["rows_accepted"], lines["rows_quarantined"]) == (676, 624, 26)
    assert lines["amount_quarantined"] == "520.0000"
    assert lines["amount_difference"] == "0.0000"
    assert lines["is_balanced"] is True


def test_accepted_rows_are_in_the_fact_or_named_as_rest(report):
    facts = {one["feed"]: one for one in report["reconciliation"]["facts"]}
    lines = facts["orders__order_lines"]
    assert (lines["rows_accepted"], lines["rows_in_fact"], lines["rows_rest"]) == (624, 624, 0)
    # No batch of orders was landed in the fixture, yet the fact has 312: a difference must show, not vanish.
    assert facts["orders__orders"]["rows_rest"] == -312


def test_facts_and_marts_tie_to_the_last_digit(report):
    totals = {one["measure"]: one for one in report["reconciliation"]["marts"]}
    # Gross, revenue lines n=0..4 of 26 months and 4 channels: sum over c of 100(c+1) x 130 lines = 130,000;
    # 10 x sum(m=0..25) x 20 lines = 65,000; n: (0+1+2+3+4) x 104 = 1,040. Together 196,040.
    assert totals["gross_revenue"]["facts"] == {"CNY": "196040.0000"}
    # Discount 5 x 520 lines = 2,600; returns 20 x 104 = 2,080; net = 196,040 - 2,600 - 2,080.
    assert totals["net_revenue"]["facts"] == {"CNY": "191360.0000"}
    for total in totals.values():
        assert {Decimal(one["difference"]) for one in total["marts"]} == {Decimal(0)}


def test_a_mart_that_loses_money_shows_its_difference(tmp_path, folders, results):
    import duckdb

    broken = fixture.build(tmp_path / "broken")
    path = broken / "mart_channel_performance.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table mart as from '{path}'")
        connection.execute(
            "update mart set net_revenue = net_revenue - 0.01 where fiscal_month = '2024-02' "
            "and channel_code = 'direct_cn'"
        )
        connection.execute(f"copy mart to '{path}'")
    report = build_report(broken, fixture.verdict(broken, results), {}, None, {})
    net = next(one for one in report["reconciliation"]["marts"] if one["measure"] == "net_revenue")
    channel = next(one for one in net["marts"] if one["mart"] == "mart_channel_performance")
    assert channel["difference"] == "-0.0100"


def test_rows_held_back_are_grouped_and_masked(report):
    held = report["held_back"]
    assert held["by_kind"] == {"duplicate": 26, "quarantined": 26}
    assert held["row_count"] == 26  # a duplicate is not held back
    group = next(one for one in held["groups"] if one["kind"] == "quarantined")
    assert (group["rule_id"], group["row_count"], group["amounts"]) == ("S09", 26, {"CNY": "520.0000"})
    assert len(group["samples"]) == 3
    said = json.dumps(held, ensure_ascii=False)
    assert "13812345678" not in said
    assert "张伟" not in said
    assert "zhang.wei" not in said
    duplicate = next(one for one in held["groups"] if one["kind"] == "duplicate")
    assert (
        duplicate["samples"][0]["natural_key"] == "SO7|00000000000"
    )  # a code, and what looks like a telephone
    assert group["samples"][0]["file_name"] == "orders_2022-01.csv"
    assert group["samples"][0]["line_no"] == 30


def test_evidence_binds_the_report_to_bytes(folders, results, report):
    import hashlib

    current, _ = folders
    said = fixture.verdict(current, results)
    evidence = report["evidence"]
    assert {one["name"]: one["sha256"] for one in evidence["files"]} == said["digests"]
    assert evidence["verdict_sha256"] == hashlib.sha256(pretty_json(said)).hexdigest()


def test_a_run_refused_before_it_staged_anything_has_a_report_too(tmp_path):
    said = {
        "verdict": "refused",
        "reasons": ["S03 rows read differ from the trailer"],
        "as_of": None,
        "results": [],
    }
    report = build_report(tmp_path, said, {"checks": [fixture.check("S03.erp.orders", "failed")]}, None, {})
    assert report["checks"]["by_state"] == {"failed": 1}
    assert report["headline"] == []
    assert report["changes"] is None


def test_personal_data_in_failing_keys_is_masked(folders):
    current, _ = folders
    leaking = fixture.check("P04.mart", "failed", failing_keys=["13812345678", "SO77"])
    report = build_report(current, fixture.verdict(current, [leaking]), {}, None, {})
    assert report["checks"]["results"][0]["failing_keys"] == ["00000000000", "SO77"]
