"""Each of these publishes nothing: no release folder, no ledger line, CURRENT where it was, and a clear reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import GateError, WeirError
from pipelines.release.publish import publish
from quality.suites import released
from tests.fixtures.candidate import TABLES, TEST_NAME, Ground, ground, landing_check

RUN: dict[str, Any] = {"settings": {}}


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A home with one release, so that CURRENT has somewhere to stay."""
    built = ground(tmp_path_factory.mktemp("passed"))
    candidate = built.stage("run-0")
    publish(built.home, candidate, built.judge(), RUN)
    return built


@pytest.fixture
def built(passed: Ground) -> Ground:
    """The same home, with what a test may have changed put back."""
    for table, sql in TABLES.items():
        passed.rebuild(table, sql)
    passed.dbt_says("pass")
    passed.landing_checks = [landing_check()]
    return passed


def refused(built: Ground, attempt: Callable[[], object], kind: type[Exception] = WeirError) -> Any:
    """Run an attempt to publish that must fail, and prove that it left nothing."""
    home = built.home
    before = (sorted(home.releases.iterdir()), home.ledger.read_bytes(), home.current.readlink())
    with pytest.raises(kind) as caught:
        attempt()
    assert (sorted(home.releases.iterdir()), home.ledger.read_bytes(), home.current.readlink()) == before
    assert len(before[0]) == 1
    return caught.value


def judged_and_published(built: Ground) -> None:
    candidate = built.stage()
    publish(built.home, candidate, built.judge(), RUN)


def test_a_passing_candidate_is_published(passed: Ground) -> None:
    assert passed.home.current.resolve().name.startswith("2024-01-31.0001.")
    assert {path.name for path in passed.home.current.resolve().iterdir()} == {
        "fct_payment.parquet",
        "mart_channel_performance.parquet",
        "mart.duckdb",
        "manifest.json",
        "verdict.json",
    }


def test_one_failing_block_rule_of_great_expectations(built: Ground) -> None:
    built.rebuild("fct_payment", f"{TABLES['fct_payment']} union all {TABLES['fct_payment']}")
    error = refused(built, lambda: judged_and_published(built))
    assert "M01.core.fct_payment.grain_is_unique failed: 6 of 6 rows" in error.what
    assert "payment_key=k1" in error.what


def test_one_failing_block_rule_of_dbt_names_its_keys(built: Ground) -> None:
    built.dbt_says("warn", failures=7)
    error = refused(built, lambda: judged_and_published(built))
    assert f"R04.dbt.{TEST_NAME} failed: 7 rows" in error.what
    assert "[direct|2024-01; direct|2024-02; direct|2024-03; direct|2024-04; direct|2024-05]" in error.what


def test_one_failing_block_rule_of_landing(built: Ground) -> None:
    built.landing_checks = [landing_check("failed", observed="read 3, accounted for 2", failing_count=1)]
    error = refused(built, lambda: judged_and_published(built))
    assert "R01.orders__order_lines.test failed: read 3, accounted for 2" in error.what


def test_an_empty_suite(built: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {name: said for name, said in released.declared().items() if name != "fct_payment"}
    monkeypatch.setattr(released, "declared", lambda: entries)
    error = refused(built, lambda: judged_and_published(built))
    assert "G02.fct_payment failed: 0 of 0 expectations evaluated" in error.what


def test_no_data_test_in_dbt_at_all(built: Ground) -> None:
    manifest = built.manifest.read_text()
    try:
        built.manifest.write_text(manifest.replace('"resource_type": "test"', '"resource_type": "analysis"'))
        error = refused(built, lambda: judged_and_published(built))
    finally:
        built.manifest.write_text(manifest)
    assert "dbt evaluated no check at all" in error.what


def test_a_check_that_errors(built: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"grain": ["payment_key"], "ranges": {"M03": {"no_such_column": [0, None]}}}
    entries = {**released.declared(), "fct_payment": entry}
    monkeypatch.setattr(released, "declared", lambda: entries)
    error = refused(built, lambda: judged_and_published(built))
    assert "M03.core.fct_payment.no_such_column_in_range error" in error.what


def test_a_dbt_test_that_errors_or_is_skipped(built: Ground) -> None:
    for status, found in (("error", "error"), ("skipped", "not_run")):
        built.dbt_says(status)
        error = refused(built, lambda: judged_and_published(built))
        assert f"R04.dbt.{TEST_NAME} {found}" in error.what


def test_an_expected_check_without_a_result(built: Ground) -> None:
    candidate = built.stage()
    request = built.request()
    request["landing"]["expected"].append("S03.orders__orders.test")
    from quality import gate

    error = refused(built, lambda: publish(built.home, candidate, gate.evaluate(request), RUN))
    assert "S03.orders__orders.test not_run" in error.what


def test_an_empty_mart(built: Ground) -> None:
    built.rebuild(
        "mart_channel_performance", f"select * from ({TABLES['mart_channel_performance']}) where false"
    )
    error = refused(built, lambda: judged_and_published(built))
    assert "G01.mart_channel_performance failed: 0 rows, although there is orders__order_lines" in error.what


def test_an_empty_table_passes_where_no_source_fills_its_feed(built: Ground) -> None:
    built.rebuild("fct_payment", f"select * from ({TABLES['fct_payment']}) where false")
    built.stage()
    verdict = built.judge()
    assert verdict["verdict"] == "pass"
    assert verdict["empty_ok"] == ["fct_payment"]


def test_a_missing_table(built: Ground) -> None:
    candidate = built.stage()
    (candidate.folder / "fct_payment.parquet").unlink()
    error = refused(built, lambda: publish(built.home, candidate, built.judge(), RUN))
    assert "G01.fct_payment failed: the candidate has no such table" in error.what


def test_the_release_alone_without_a_verdict(built: Ground) -> None:
    candidate = built.stage()
    error = refused(built, lambda: publish(built.home, candidate, {}, RUN))
    assert isinstance(error, GateError)
    assert error.what.startswith("there is no verdict of this run")


@pytest.mark.parametrize("name", ["mart_channel_performance.parquet", "mart.duckdb"])
def test_a_file_changed_by_one_byte_after_the_verdict(built: Ground, name: str) -> None:
    candidate = built.stage()
    verdict = built.judge()
    path = candidate.folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    error = refused(built, lambda: publish(built.home, candidate, verdict, RUN))
    assert error.what.startswith(f"{name} differs from what the gate judged")


def test_a_file_added_after_the_verdict(built: Ground) -> None:
    candidate = built.stage()
    verdict = built.judge()
    (candidate.folder / "mart_extra.parquet").write_bytes(b"x")
    error = refused(built, lambda: publish(built.home, candidate, verdict, RUN))
    assert error.what.startswith("mart_extra.parquet differs from what the gate judged")


def test_a_verdict_of_another_run(built: Ground) -> None:
    built.stage("run-1")
    verdict = built.judge()
    other = built.stage("run-2")
    error = refused(built, lambda: publish(built.home, other, verdict, RUN))
    assert error.what.startswith("the verdict is of run run-1, not of run run-2")


def test_a_verdict_that_evaluated_less_than_it_expected(built: Ground) -> None:
    candidate = built.stage()
    verdict = built.judge()
    fewer = {**verdict, "checks": {**verdict["checks"], "evaluated": verdict["checks"]["expected"] - 1}}
    none = {**verdict, "checks": {**verdict["checks"], "evaluated": 0, "expected": 0}}
    assert (
        "expected checks were evaluated"
        in refused(built, lambda: publish(built.home, candidate, fewer, RUN)).what
    )
    assert "0 of 0 expected" in refused(built, lambda: publish(built.home, candidate, none, RUN)).what


def test_a_candidate_on_a_parent_that_is_no_longer_current(tmp_path: Path) -> None:
    built = ground(tmp_path)
    early = built.stage("run-1")
    verdict = built.judge()
    later = built.stage("run-2")
    publish(built.home, later, built.judge(), RUN)
    error = refused(built, lambda: publish(built.home, early, verdict, RUN))
    assert "the candidate was built on None" in error.what


def test_the_release_asset_materialised_alone(built: Ground) -> None:
    import dagster as dg

    from pipelines.assets.release import release
    from pipelines.assets.resource import WeirRun

    def alone() -> None:
        built.stage()
        weir = WeirRun(home=str(built.home.root))
        with dg.DagsterInstance.ephemeral() as instance:
            dg.materialize([release], resources={"weir": weir}, instance=instance)

    error = refused(built, alone, dg.Failure)
    assert "the step that makes it did not run" in str(error.description)
