"""One asset per dbt model and one check per dbt test, from one dbt invocation in this process."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from pipelines import steps
from pipelines.assets.resource import WeirRun
from pipelines.warehouse import parsed


class Translator(DagsterDbtTranslator):
    """Asset = model = file = table name; the group is the step and layer it belongs to."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The model's own name; a source table is the landing asset that fills it."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(f"landing_{dbt_resource_props['name']}")
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """`staging`, `intermediate`, `core` or `kpi`, by folder."""
        folders = dbt_resource_props["fqn"][1:-1]
        return "core" if "core" in folders else "kpi" if "kpi" in folders else (folders or ["seeds"])[0]


MANIFEST = parsed() / "manifest.json"


@dbt_assets(manifest=MANIFEST, name="warehouse", dagster_dbt_translator=Translator(), pool="weir_home")
def warehouse(context: dg.AssetExecutionContext, weir: WeirRun) -> Iterator[Any]:
    """Build every model once over what has landed; tests report, the gate judges."""
    with weir.refusals():
        build = steps.build(weir.settings, weir.folder)
    names = {key.path[-1]: key for key in context.selected_asset_keys}
    for unique_id, status in build.statuses.items():
        kind, _, name = unique_id.split(".")[:3]
        if kind in {"model", "seed"} and name in names and status == "success":
            yield dg.MaterializeResult(asset_key=names[name], metadata={"unique_id": unique_id})
    for check in context.selected_asset_check_keys:
        status, message = steps.test_outcome(build, check.name)
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=check.name,
            passed=status == "pass",
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"status": status, "message": message},
        )
