"""A waiver: two names, a reason, a last day, a number of cases; sealed in the ledger; never for an identity of Weir."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.commands.quarantine import quarantine
from pipelines.errors import GateError, UsageError
from pipelines.files import pretty_json
from pipelines.home import Home
from pipelines.release import ledger
from pipelines.release.publish import publish
from pipelines.release.waivers import restore, waive, waivers
from quality.waivers import apply, in_force
from tests.fixtures.candidate import ground

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
FAILED = {
    "check_id": "Q.orders__order_lines.shop",
    "rule": "Q",
    "status": "failed",
    "failing_count": 12,
    "where": "quarantine/shop",
}
GIVEN = {"reason": "old ERP", "author": "Li Wei", "approver": "Chen Jing", "expires": "2026-12-31"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def test_a_waiver_is_a_sealed_line_of_the_ledger(home: Home) -> None:
    body = waive(home, FAILED, GIVEN, None, NOW)
    assert body["most"] == 12
    history = ledger.read(home)
    assert (history.entries[0]["kind"], history.current, history.released()) == ("waiver", None, {})
    assert ledger.broken_links(history) == []
    home.ledger.write_bytes(home.ledger.read_bytes().replace(b"2026-12-31", b"2027-12-31"))
    assert ledger.broken_links(ledger.read(home)) == ["entry 1 was changed after it was written"]


@pytest.mark.parametrize("approver", ["Li Wei", " li  wei ", "LIWEI"])
def test_author_and_approver_are_two(home: Home, approver: str) -> None:
    with pytest.raises(UsageError, match="author and approver are both Li Wei"):
        waive(home, FAILED, {**GIVEN, "approver": approver}, None, NOW)
    assert not home.ledger.exists()


@pytest.mark.parametrize("name", ["reason", "author", "approver"])
def test_nothing_may_be_left_out(home: Home, name: str) -> None:
    with pytest.raises(UsageError, match=f"a waiver needs {name}"):
        waive(home, FAILED, {**GIVEN, name: "  "}, None, NOW)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"status": "passed"}, "has not failed: it is passed"),
        ({"status": "not_run"}, "has not failed: it is not_run"),
        ({"rule": "R01"}, "cannot be waived"),
        ({"rule": "P01"}, "cannot be waived"),
        ({"rule": "S06"}, "cannot be waived"),
        ({"rule": "S03", "rejects_file": True}, "rejected a file, and a waiver lands none"),
    ],
)
def test_what_cannot_be_waived(home: Home, change: dict[str, Any], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        waive(home, {**FAILED, **change}, GIVEN, None, NOW)


def entry(**changes: Any) -> dict[str, Any]:
    named = {"check_id": FAILED["check_id"], **GIVEN, "most": 12, "at": NOW.isoformat()}
    return {**named, **changes}


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-12-30", "waived"), ("2026-12-31", "waived"), ("2027-01-01", "failed")]
)
def test_the_last_day_counts_and_the_day_after_does_not(as_of: str, status: str) -> None:
    (result,), kept = apply([FAILED], [entry()], as_of)
    assert result["status"] == status
    assert len(kept) == (status == "waived")  # an expired one is in no report


def test_more_cases_than_were_waived_fail() -> None:
    (result,), (waiver,) = apply([{**FAILED, "failing_count": 13}], [entry()], "2026-12-01")
    assert (result["status"], waiver["is_used"]) == ("failed", False)


@pytest.mark.parametrize("change", [{"status": "error"}, {"status": "not_run"}, {"rule": "R01"}])
def test_only_a_failure_of_a_rule_about_what_came_is_waived(change: dict[str, Any]) -> None:
    (result,), _ = apply([{**FAILED, **change}], [entry()], "2026-12-01")
    assert result["status"] == {**FAILED, **change}["status"]


def test_of_two_waivers_of_a_check_the_newest_holds() -> None:
    older, newer = entry(most=99), entry(most=1, at="2026-12-01T08:00:00+00:00")
    assert [one["most"] for one in in_force([newer, older], "2026-12-01")] == [1]


def test_publishing_refuses_what_no_waiver_covers_any_more(tmp_path: Path) -> None:
    built = ground(tmp_path)
    candidate = built.stage()
    verdict = built.judge()
    failed = {**verdict["results"][0], **FAILED, "status": "waived"}
    held = {**entry(expires="2999-12-31"), "is_used": True}
    fine = {**verdict, "results": [*verdict["results"], failed], "waivers": [held]}
    late = {**fine, "waivers": [{**held, "expires": "2000-01-01"}]}
    for wrong in (late, {**fine, "waivers": []}):
        with pytest.raises(GateError, match=r"Q\.orders__order_lines\.shop has no waiver that still counts"):
            publish(built.home, candidate, wrong, {})
    assert publish(built.home, candidate, fine, {}) == candidate.release_id


def test_the_gate_lets_a_waived_check_pass_and_says_so(tmp_path: Path) -> None:
    from quality.gate import evaluate

    built = ground(tmp_path)
    built.stage()
    request = built.request()
    first = request["landing"]["checks"][0]
    check_id, rule = "Q.orders__orders.test", "Q"
    request["landing"]["checks"] = [
        {**first, "check_id": check_id, "rule": rule, "status": "failed", "failing_count": 3}
    ]
    request["landing"]["expected"] = [check_id]
    assert evaluate(request)["verdict"] == "refused"
    waiver = entry(check_id=check_id, expires=request["as_of"], most=3)
    verdict = evaluate({**request, "waivers": [waiver]})
    assert (verdict["verdict"], verdict["checks"]["waived"], verdict["checks"]["failed"]) == ("pass", 1, 0)
    assert verdict["waivers"] == [{**waiver, "is_used": True}]
    expired = {**waiver, "expires": "2000-01-01"}
    assert evaluate({**request, "waivers": [expired]})["verdict"] == "refused"


def test_a_rebuild_takes_the_waivers_along(home: Home, tmp_path: Path) -> None:
    waive(home, FAILED, GIVEN, None, NOW)
    second = replace(home, root=tmp_path / "second")
    second.prepare()
    restore(second, waivers(home))
    assert waivers(second) == waivers(home)


def test_the_command_waives_a_check_of_the_last_run(home: Home) -> None:
    run = home.runs / "run-1"
    run.mkdir()
    (run / "landing.json").write_bytes(pretty_json({"checks": []}))
    (run / "verdict.json").write_bytes(pretty_json({"results": [FAILED]}))
    given = [
        "waive",
        FAILED["check_id"],
        *("--reason", "old ERP", "--author", "Li Wei", "--approver", "Chen Jing"),
        *("--until", "2026-12-31", "--home", str(home.root), "--json"),
    ]
    ended = CliRunner().invoke(quarantine, given, standalone_mode=False)
    assert ended.exception is None
    assert json.loads(ended.output)["most"] == 12
    assert [one["approver"] for one in waivers(home)] == ["Chen Jing"]
    unknown = CliRunner().invoke(quarantine, [given[0], "Q.x.y", *given[2:]], standalone_mode=False)
    assert isinstance(unknown.exception, UsageError)
    assert unknown.exception.what == "the last run made no check Q.x.y"
