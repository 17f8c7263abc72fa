"""dbt's own unit tests: every one of the project passes, and every KPI has one with numbers worked by hand."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from quality.metrics import metrics
from tests.dbt.ground import CLEAN
from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import PROJECT, dbt


@cache
def unit_tests() -> list[dict[str, Any]]:
    """All unit tests that the project's YAML files declare."""
    found: list[dict[str, Any]] = []
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests") or []
    return found


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("unit_tests")
    landing = write_landing(folder / "landing", CLEAN)
    warehouse = folder / "weir.duckdb"
    unwanted = ("--exclude", "resource_type:unit_test", "resource_type:test")
    dbt("build", warehouse, landing, *unwanted, as_of_date="2026-01-31")
    return dbt("test", warehouse, landing, "--select", "test_type:unit", as_of_date="2026-01-31")


def test_every_unit_test_of_the_project_passes(outcomes: dict[str, str]) -> None:
    wanted = {one["name"] for one in unit_tests()}

    assert wanted
    assert {name: outcomes.get(name) for name in wanted if outcomes.get(name) != "pass"} == {}


@pytest.mark.parametrize("kpi", list(metrics()))
def test_a_kpi_is_worked_by_hand(kpi: str) -> None:
    named = [
        one for one in unit_tests() if re.search(kpi, f"{one['name']} {one['description']}", re.IGNORECASE)
    ]

    assert named, f"no unit test speaks of {kpi}"
