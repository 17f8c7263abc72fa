"""The simulated company and its truth lean on nothing that they are there to judge."""

import ast
from pathlib import Path

import pipelines.demo

ROOM = Path(pipelines.demo.__file__).parent
WRITERS = (
    "extracts",
    "erp_text",
    "plant",
    "write",
    "zoho_contracts",
    "zoho_records",
    "fxiaoke_records",
    "crm_text",
    "faults",
)


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_nothing_of_the_pipeline_or_of_quality_is_imported() -> None:
    for path in ROOM.rglob("*.py"):
        ours = {
            name for name in imported(path) if name.split(".")[0] in ("pipelines", "quality", "dbt_project")
        }
        assert all(name.startswith("pipelines.demo") for name in ours), path.name


def test_truth_reads_no_extract() -> None:
    for path in (ROOM / "truth").glob("*.py"):
        names = {name.removeprefix("pipelines.demo.") for name in imported(path)}
        assert not any(name.startswith(WRITERS) for name in names), path.name
        assert not {"duckdb", "sqlglot"} & names
