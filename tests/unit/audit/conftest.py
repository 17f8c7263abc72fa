"""One synthetic release and its parent, built once: real Parquet, see tests/fixtures/release.py."""

import pytest

from pipelines.audit.report import build_report
from tests.fixtures import release as fixture


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("releases")
    parent = fixture.build(root / fixture.PARENT_ID, as_of="2024-01-31", months=25)
    return fixture.build(root / fixture.RELEASE_ID), parent


@pytest.fixture(scope="session")
def results():
    failing = {
        "failing_count": 3,
        "failing_keys": ["SO1", "SO2"],
        "observed": "3 rows",
        "where": "quarantine/erp",
    }
    return [
        fixture.check("R04.mart_channel_performance", layer="mart"),
        fixture.check("S03.erp.orders", "not_applicable", layer="landing"),
        fixture.check("T04.fct_order", "warned", severity="warn", **failing),
    ]


@pytest.fixture(scope="session")
def report(folders, results):
    current, parent = folders
    return build_report(
        current, fixture.verdict(current, results), fixture.LANDING, parent, fixture.manifest(current)
    )


@pytest.fixture(scope="session")
def refused(folders, results):
    current, parent = folders
    failed = fixture.check("M01.mart_customer_360", "failed", layer="mart", failing_count=1)
    said = fixture.verdict(
        current, [*results, failed], verdict="refused", reasons=["M01.mart_customer_360 failed: 1 row"]
    )
    return build_report(current, said, {"expected": ["S01.erp.orders"]}, parent, {})
