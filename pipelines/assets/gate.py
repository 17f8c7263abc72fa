"""The gate: stages the candidate, asks for the verdict, and blocks everything after it unless it passes."""

from collections.abc import Iterator

import dagster as dg

from pipelines import steps
from pipelines.assets.resource import WeirRun
from pipelines.assets.warehouse import warehouse

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
    pool="weir_home",
)
def gate(
    context: dg.AssetExecutionContext, weir: WeirRun
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Judge the candidate. A verdict that refuses fails the run after its report is written."""
    with weir.refusals():
        verdict = steps.judge(weir.settings, weir.folder, weir.gate)
    yield dg.MaterializeResult(
        asset_key="gate",
        metadata={
            "verdict": verdict["verdict"],
            "as_of": verdict["as_of"],
            "report": dg.MetadataValue.path(str(weir.folder.root / "report.html")),
            **{f"checks_{name}": count for name, count in verdict["checks"].items()},
        },
    )
    for layer in LAYERS:
        failed = steps.blocking_failures(verdict, layer)
        yield dg.AssetCheckResult(
            asset_key="gate",
            check_name=f"gate_{layer}",
            passed=not failed,
            metadata={"failed": dg.MetadataValue.json(failed)},
        )
    yield dg.AssetCheckResult(
        asset_key="gate",
        check_name="gate_verdict",
        passed=verdict["verdict"] == "pass",
        metadata={"reasons": dg.MetadataValue.json(verdict["reasons"])},
    )
