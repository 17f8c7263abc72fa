"""dbt's tests as checks: status by rule, keys from the kept failures, silence is never a pass."""

from pathlib import Path

import pytest

from quality.dbt_checks import dbt_checks, dbt_results, read
from tests.fixtures.candidate import TEST_ID, TEST_NAME, Ground, ground


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("dbt"))


def result(built: Ground) -> dict[str, object]:
    (found,) = dbt_results(read(built.manifest), read(built.run_results), built.home.warehouse)
    return found


def test_a_passing_test(built: Ground) -> None:
    built.dbt_says("pass")
    found = result(built)
    assert (found["check_id"], found["status"], found["layer"]) == (f"R04.dbt.{TEST_NAME}", "passed", "mart")
    assert (found["table"], found["severity"], found["tool"]) == ("mart_channel_performance", "block", "dbt")


@pytest.mark.parametrize("status", ["fail", "warn"])
def test_a_failing_test_blocks_whatever_dbt_calls_it_and_shows_five_keys(built: Ground, status: str) -> None:
    built.dbt_says(status, 7)
    found = result(built)
    assert (found["status"], found["failing_count"]) == ("failed", 7)
    assert found["failing_keys"] == [f"direct|2024-0{number}" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("status", "expected"), [("error", "error"), ("skipped", "not_run"), ("odd", "error")]
)
def test_what_did_not_run_is_no_pass(built: Ground, status: str, expected: str) -> None:
    built.dbt_says(status)
    assert result(built)["status"] == expected


def test_a_test_without_a_result_and_one_without_results_at_all(built: Ground, tmp_path: Path) -> None:
    built.run_results.write_text('{"results": []}')
    assert result(built)["status"] == "not_run"
    assert read(tmp_path / "absent.json") == {"nodes": {}, "results": []}


def test_a_test_without_a_rule_blocks(built: Ground) -> None:
    manifest = read(built.manifest)
    manifest["nodes"][TEST_ID]["config"]["meta"] = {}
    (check,) = dbt_checks(manifest).values()
    assert (check.rule, check.severity) == ("none", "block")


def test_a_test_over_several_tables_says_what_it_is_about_and_hangs_on_one(built: Ground) -> None:
    manifest = read(built.manifest)
    manifest["nodes"][TEST_ID]["config"]["meta"]["table"] = "all facts"
    (check,) = dbt_checks(manifest).values()
    assert (check.table, check.result("passed")["table"]) == ("mart_channel_performance", "all facts")


def test_failures_that_dbt_did_not_keep_have_no_keys(built: Ground) -> None:
    from quality.dbt_checks import failing

    assert failing(built.home.warehouse, '"weir"."main"."absent"') == ([], "")
    assert failing(built.folder / "absent.duckdb", "x") == ([], "")
