"""The report of a run that ended before the gate."""

import json

import pytest

from pipelines.audit.early import early_report
from pipelines.files import pretty_json
from tests.fixtures.release import check


def counts(rows, **money):
    return {"rows": rows, "money": money, "unreadable": 0}


@pytest.fixture
def run_folder(tmp_path):
    folder = tmp_path / "run-7"
    folder.mkdir()
    failed = check(
        "S03.erp.orders", "failed", layer="landing", observed="declared 101, read 100", table="orders"
    )
    landing = {
        "checks": [failed, check("S01.erp.orders", layer="landing")],
        "expected": ["S01.erp.orders", "S03.erp.orders", "S04.erp.orders"],
        "feeds": [
            {
                "source": "erp", "feed": "orders__orders", "reasons": {"S09|net_amount is not a number": 1},
                "read": counts(100, CNY="900.0000", USD="10.0000"), "quarantined": counts(1),
                "accepted": counts(97, CNY="850.0000", USD="10.0000"), "duplicates": counts(2, CNY="50.0000"),
                "rejected": counts(0),
            }
        ],
    }  # fmt: skip
    (folder / "landing.json").write_bytes(pretty_json(landing))
    (folder / "error.json").write_bytes(pretty_json({"what": "1 file(s) rejected:\n  S03", "exit_code": 4}))
    return folder


def test_it_says_why_and_what_was_counted(run_folder):
    report = early_report(run_folder, None)
    assert report["verdict"]["verdict"] == "refused"
    assert report["verdict"]["reasons"][0] == "1 file(s) rejected: S03"
    assert "declared 101, read 100" in report["verdict"]["reasons"][1]
    assert report["checks"]["by_state"] == {"failed": 1, "passed": 1, "not_run": 1}
    first, second = report["reconciliation"]["landing"]
    # Rows stand once, with the first currency; 100 = 97 + 1 + 2, and CNY 900 = 850 + 50.
    assert (first["currency"], first["rows_read"], first["amount_difference"]) == ("CNY", 100, "0.0000")
    assert (second["currency"], second["rows_read"], second["is_balanced"]) == ("USD", 0, True)
    assert report["held_back"]["by_kind"] == {"duplicate": 2, "quarantined": 1}
    assert report["held_back"]["row_count"] == 1


def test_it_is_written_beside_the_runs_other_files(run_folder, tmp_path):
    report = early_report(run_folder, tmp_path / "2024-01-31.0001.00ff00ff")
    assert json.loads((run_folder / "report.json").read_bytes()) == report
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "Readers still see release <code>2024-01-31.0001.00ff00ff</code>" in page
    assert "Nothing was staged" in page


def test_a_run_that_left_nothing_at_all_has_a_report_too(tmp_path):
    report = early_report(tmp_path, None)
    assert report["verdict"]["reasons"] == ["the run ended without saying why"]


def test_waivers_stand_in_it_too(run_folder):
    waiver = {"check_id": "Q.orders__orders.erp", "reason": "old ERP", "author": "Li Wei", "most": 3}
    waiver |= {"approver": "Chen Jing", "expires": "2026-12-31", "at": "2026-11-30T08:00:00+00:00"}
    (run_folder / "waivers.json").write_bytes(pretty_json({"waivers": [waiver]}))
    assert early_report(run_folder, None)["verdict"]["waivers"] == [{**waiver, "is_used": False}]
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "old ERP. By Li Wei, approved by Chen Jing" in page
