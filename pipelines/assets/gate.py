"""The gate: stages the candidate, asks for the verdict, and blocks everything after it unless it passes."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines import steps
from pipelines.assets.resource import POOL, WeirRun
from pipelines.assets.warehouse import warehouse

COUNTS = ("read", "accepted", "quarantined", "duplicates", "rejected")
LAYERS = ("landing", "core", "mart")


@dg.multi_asset(
    name="gate",
    specs=[
        dg.AssetSpec(
            key="gate",
            group_name="gate",
            deps=list(warehouse.keys),
            description="The staged candidate and the verdict on exactly its bytes.",
        )
    ],
    check_specs=[
        *(dg.AssetCheckSpec(f"gate_{layer}", asset="gate", blocking=True) for layer in LAYERS),
        dg.AssetCheckSpec("gate_verdict", asset="gate", blocking=True),
    ],
    pool=POOL,
)
def gate(
    context: dg.AssetExecutionContext, weir: WeirRun
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Judge the candidate. A verdict that refuses fails the run after its report is written."""
    with weir.reported():
        verdict = steps.judge(weir.settings, weir.folder, weir.gate)
    passed = verdict["verdict"] == "pass"
    if not passed:
        weir.keep(steps.refusal(verdict, weir.folder))
    yield dg.MaterializeResult(asset_key="gate", metadata=_shown(weir, verdict))
    for layer in LAYERS:
        failed = steps.blocking_failures(verdict, layer)
        yield _check(f"gate_{layer}", not failed, {"failed": dg.MetadataValue.json(failed)})
    yield _check("gate_verdict", passed, {"reasons": dg.MetadataValue.json(verdict["reasons"])})


def _check(name: str, passed: bool, metadata: dict[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(asset_key="gate", check_name=name, passed=passed, metadata=metadata)


def _shown(weir: WeirRun, verdict: dict[str, Any]) -> dict[str, Any]:
    candidate, landing = weir.folder.read("candidate"), weir.folder.read("landing")
    return {
        "verdict": verdict["verdict"],
        "as_of": verdict["as_of"],
        "report": dg.MetadataValue.path(str(weir.folder.root / "report.html")),
        "rows": dg.MetadataValue.json({name: one["rows"] for name, one in candidate["marts"].items()}),
        **{f"landing_{name}": dg.MetadataValue.json(landing[name]) for name in COUNTS},
        **{f"checks_{name}": count for name, count in verdict["checks"].items()},
    }
