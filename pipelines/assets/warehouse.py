"""One asset per dbt model and one check per dbt test, from one dbt invocation in this process."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from pipelines import steps
from pipelines.assets.resource import POOL, WeirRun
from pipelines.files import read_json
from pipelines.warehouse import parsed
from quality.dbt_checks import dbt_checks

MANIFEST = read_json(parsed() / "manifest.json")
CHECKS = dbt_checks(MANIFEST)
CARRIED = sorted(one["name"] for one in MANIFEST["sources"].values() if one["source_name"] == "parent")
UNIQUE_ID = "dbt_unique_id"


class Translator(DagsterDbtTranslator):
    """Asset = model = file = table name; the group is the layer; every data test is a check of the table it judges."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The model's own name; a source table is what landing, or the release carried on, fills it with."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(f"{dbt_resource_props['source_name']}_{dbt_resource_props['name']}")
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """`staging`, `intermediate`, `core` or `kpi`, by folder."""
        step, *inner = dbt_resource_props["fqn"][1:-1] or ["seeds"]
        return str(inner[0] if step == "marts" else step)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's description alone: the SQL stands in its file."""
        return str(dbt_resource_props.get("description") or "")

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """A check on one table alone, also for a test that reads several."""
        check = CHECKS.get(unique_id)
        if check is None or asset_spec.key != dg.AssetKey(check.table):
            return None
        description = manifest["nodes"][unique_id].get("description")
        return dg.AssetCheckSpec(
            check.name,
            asset=asset_spec.key,
            description=description or f"{check.rule}, {check.severity}",
            metadata={UNIQUE_ID: unique_id, "rule": check.rule},
        )


@dbt_assets(manifest=MANIFEST, name="warehouse", dagster_dbt_translator=Translator(), pool=POOL)
def warehouse(context: dg.AssetExecutionContext, weir: WeirRun) -> Iterator[Any]:
    """Build every model once over what has landed; tests report, the gate judges."""
    with weir.reported():
        build = steps.build(weir.settings, weir.folder, weir.gate)
        carried = weir.folder.read("plan")["carried_from"]
    told = carried["release_id"] if carried else "nothing: no release stands at or before this business date"
    for name in CARRIED:
        context.log_event(dg.AssetMaterialization(f"parent_{name}", metadata={"carried_from": told}))
    names = {key.path[-1]: key for key in context.selected_asset_keys}
    for unique_id, status in build.statuses.items():
        kind, _, name = unique_id.split(".")[:3]
        if kind in {"model", "seed"} and name in names and status == "success":
            yield dg.MaterializeResult(asset_key=names[name], metadata={UNIQUE_ID: unique_id})
    for check_id, check in CHECKS.items():
        key = dg.AssetCheckKey(dg.AssetKey(check.table), check.name)
        if key in context.selected_asset_check_keys:
            status = build.statuses.get(check_id, "not_run")
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=status == "pass",
                severity=_severity(check.severity),
                metadata={"status": status, "message": build.messages.get(check_id, "")},
            )


def _severity(severity: str) -> dg.AssetCheckSeverity:
    """How the page shows a failure. None of these checks blocks a step: the gate does, once it has seen all."""
    return dg.AssetCheckSeverity.WARN if severity == "warn" else dg.AssetCheckSeverity.ERROR
