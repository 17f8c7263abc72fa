"""What Dagster shows: one asset per feed, model, gate and release, one check per dbt test, one run at a time."""

import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions import daily, days, defs, nightly
from pipelines.files import read_json
from pipelines.warehouse import parsed
from quality.feeds import feeds

GROUPS = {
    "stg": "staging",
    "int": "intermediate",
    "mart": "kpi",
    "dim": "core",
    "fct": "core",
    "bridge": "core",
}
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = read_json(parsed() / "manifest.json")
    return found


@pytest.fixture(scope="module")
def graph() -> Any:
    return defs.resolve_asset_graph()


def names(graph: Any, group: str) -> set[str]:
    return {key.path[-1] for key in graph.materializable_asset_keys if graph.get(key).group_name == group}


def test_the_definitions_are_sound() -> None:
    dg.Definitions.validate_loadable(defs)


def test_each_canonical_feed_is_an_asset_and_each_dbt_source_is_one_of_them(
    graph: Any, manifest: dict[str, Any]
) -> None:
    landed = names(graph, "landing")
    assert {f"landing_{name}" for name in feeds()} <= landed
    sources = manifest["sources"].values()
    assert {f"landing_{node['name']}" for node in sources if node["source_name"] == "landing"} <= landed
    carried = {f"parent_{node['name']}" for node in sources if node["source_name"] == "parent"}
    assert carried <= {key.path[-1] for key in graph.external_asset_keys}
    assert len(landed) == 36 + 3  # the canonical feeds, and the three in which landing accounts for itself


def test_each_dbt_model_is_an_asset_of_its_name_in_the_group_of_its_folder(
    graph: Any, manifest: dict[str, Any]
) -> None:
    built = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] in {"model", "seed"}
    }
    assert built.keys() <= {key.path[-1] for key in graph.materializable_asset_keys}
    for name, node in built.items():
        expected = GROUPS.get(name.split("_")[0], "core") if node["resource_type"] == "model" else "seeds"
        expected = "kpi" if node["fqn"][1:3] == ["marts", "kpi"] else expected
        assert graph.get(dg.AssetKey(name)).group_name == expected


def test_each_dbt_data_test_is_exactly_one_check(graph: Any, manifest: dict[str, Any]) -> None:
    tests = {unique_id for unique_id, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    checks = Counter(
        graph.get(key).metadata["dbt_unique_id"]
        for key in graph.asset_check_keys
        if key.asset_key.path[-1] != "gate"
    )
    assert set(checks) == tests
    assert set(checks.values()) <= {1}


def test_the_gate_blocks_with_a_check_for_each_layer_and_one_for_the_verdict(graph: Any) -> None:
    checks = {
        key.name: graph.get(key).blocking
        for key in graph.asset_check_keys
        if key.asset_key.path[-1] == "gate"
    }
    assert checks == {"gate_landing": True, "gate_core": True, "gate_mart": True, "gate_verdict": True}


def test_every_step_is_in_the_pool_of_the_home(graph: Any) -> None:
    pools = {
        graph.get(key).pools and frozenset(graph.get(key).pools) for key in graph.materializable_asset_keys
    }
    assert pools == {frozenset({"weir_home"})}


def test_both_jobs_run_the_same_assets_and_only_the_calendar_has_partitions(graph: Any) -> None:
    of_daily, of_days = (set(job.selection.resolve(graph)) for job in (daily, days))
    assert of_days - of_daily == {dg.AssetKey("released_day")}
    assert of_daily < of_days
    partitioned = {key for key in graph.materializable_asset_keys if graph.get(key).is_partitioned}
    assert partitioned == {dg.AssetKey("released_day")}
    assert {defs.resolve_job_def(name).executor_def.name for name in ("daily", "days")} == {"in_process"}


def test_the_schedule_takes_the_last_day_that_has_ended_in_the_business_time_zone() -> None:
    # 21:00 UTC on 10 March is 05:00 on 11 March in Shanghai: the day that has ended there is 10 March.
    at_five = dg.build_schedule_context(
        scheduled_execution_time=datetime(2026, 3, 10, 21, tzinfo=UTC),
        repository_def=defs.get_repository_def(),
    )
    (request,) = nightly.evaluate_tick(at_five).run_requests or []
    assert (request.partition_key, request.run_key) == ("2026-03-10", "2026-03-10")
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("0 5 * * *", "Asia/Shanghai")


def test_a_clean_checkout_validates(tmp_path: Path) -> None:
    for name in ("pipelines", "quality", "dbt_project"):
        ignored = shutil.ignore_patterns("target", "logs", "__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "workspace.yaml", tmp_path)
    dagster = Path(sys.executable).with_name("dagster")
    done = subprocess.run(
        [dagster, "definitions", "validate", "-w", "workspace.yaml"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Validation successful for code location weir" in done.stdout + done.stderr
    assert (tmp_path / "dbt_project" / "target" / "parses").is_dir()
