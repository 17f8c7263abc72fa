"""The warehouse step: one dbt invocation over the landed Parquet, in this process.

The project is parsed once per version of its files and of Weir's settings that parsing reads; every later run
takes that parse from disk and gives dbt only new variables, which models read when they are compiled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import WeirError
from pipelines.files import sha256_of
from pipelines.release.carried import folder_of
from pipelines.settings import Settings
from quality.cores import spare_threads

PROJECT = Path(__file__).parent.parent / "dbt_project"
PARSES = PROJECT / "target" / "parses"
# dbt writes the name of the database into what it parses, and DuckDB takes that name from the file's.
BUILD_FILE = "weir.duckdb"
_INPUTS = ("*.sql", "*.yml", "*.md", "*.csv")
_NOT_INPUTS = {"target", "logs"}


@dataclass(frozen=True)
class Build:
    """What dbt left: its manifest, its results, and one status per node (`success`, `pass`, `warn`, `error` ...)."""

    manifest_path: Path
    run_results_path: Path
    statuses: dict[str, str]
    messages: dict[str, str]


def project_files() -> list[Path]:
    """The files of the dbt project that its meaning depends on, in order of path."""
    found = {path for pattern in _INPUTS for path in PROJECT.rglob(pattern)}
    return sorted(path for path in found if not _NOT_INPUTS & set(path.relative_to(PROJECT).parts))


def _parse_key() -> str:
    key = hashlib.sha256()
    for path in project_files():
        key.update(f"{path.relative_to(PROJECT)} {sha256_of(path)}\n".encode())
    return key.hexdigest()[:16]


def parsed() -> Path:
    """Folder with `manifest.json` and dbt's own binary parse of the project as it now is; parses if there is none."""
    folder = PARSES / _parse_key()
    if (folder / "manifest.json").exists():
        return folder
    from dbt.cli.main import dbtRunner

    scratch = PARSES / f".{folder.name}.{os.getpid()}"
    os.environ["WEIR_WAREHOUSE"] = str(scratch / BUILD_FILE)
    outcome = dbtRunner().invoke(["parse", *_common(scratch, scratch)])
    if not outcome.success:
        raise WeirError(
            f"dbt cannot parse the project: {outcome.exception or outcome.result}",
            where=str(PROJECT),
            todo="mend the model or YAML file that the message names",
        )
    _keep_newest(PARSES, 3)
    try:
        scratch.rename(folder)
    except OSError:
        if not folder.exists():
            raise
        shutil.rmtree(scratch)  # another run parsed the same project meanwhile
    return folder


def _keep_newest(folder: Path, count: int) -> None:
    parses = sorted(
        (one for one in folder.iterdir() if not one.name.startswith(".")), key=lambda one: one.stat().st_mtime
    )
    for old in parses[:-count]:
        shutil.rmtree(old, ignore_errors=True)


def _common(target: Path, logs: Path) -> list[str]:
    return [
        "--quiet",
        "--log-level", "none",
        "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT),
        "--target-path", str(target),
        "--log-path", str(logs),
    ]  # fmt: skip


def variables(settings: Settings, plan: dict[str, Any]) -> dict[str, Any]:
    """The dbt variables of a run; every one is recorded in the manifest of the release."""
    carried = plan.get("carried_from")
    return {
        **settings.definitions,
        "landing_root": str(settings.home.landing),
        "parent_root": str(folder_of(settings.home, carried) or ""),
        "parent_as_of_date": carried["as_of"] if carried else "",
        "as_of_date": plan["as_of"],
        "reporting_currency": plan["reporting_currency"],
        "business_timezone": settings.business_timezone,
        "calendar_region": settings.calendar_region,
        "fiscal_year_start_month": settings.fiscal_year_start_month,
        "period_close_days": settings.period_close_days,
        "fx_max_age_days": settings.fx_max_age_days,
    }


def _held_manifest(folder: Path) -> Any:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = (folder / "partial_parse.msgpack").read_bytes()
    manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    # What macros see as `graph`; dbt builds it only when it parses itself.
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def sql_sent(folder: Path, unique_id: str) -> Path:
    """The file in which dbt left the SQL of a node that it ran in `folder`; the folder if there is none."""
    return next(folder.glob(f"run/**/{unique_id.split('.')[2]}.sql"), folder)


def build(settings: Settings, plan: dict[str, Any], folder: Path) -> Build:
    """Run and test every model once, as a run's plan says. `folder` takes dbt's artefacts and log.

    Data tests never stop a model that comes after them: all of them report, and the gate judges.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    parse = parsed()
    folder.mkdir(parents=True, exist_ok=True)
    warehouse = settings.home.warehouse
    warehouse.unlink(missing_ok=True)
    warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
    os.environ["WEIR_WAREHOUSE"] = str(warehouse)
    os.environ["WEIR_DUCKDB_THREADS"] = str(spare_threads())  # dbt has two of its own
    outcome = dbtRunner(manifest=_held_manifest(parse)).invoke(
        [
            "build",
            "--exclude-resource-type", "unit_test",
            "--vars", json.dumps(variables(settings, plan)),
            *_common(folder, folder),
        ]
    )  # fmt: skip
    # dbt holds the file open from node to node, and would until this process ends.
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    results = getattr(outcome.result, "results", None)
    if results is None:
        raise WeirError(
            f"dbt did not run: {outcome.exception}",
            where=str(folder),
            todo="nothing was published; if a file below landing is named, delete the folder landing and run again: "
            "all is landed anew from the archive",
        )
    shutil.copyfile(parse / "manifest.json", folder / "manifest.json")
    return Build(
        manifest_path=folder / "manifest.json",
        run_results_path=folder / "run_results.json",
        statuses={one.node.unique_id: str(one.status) for one in results},
        messages={one.node.unique_id: one.message or "" for one in results},
    )
