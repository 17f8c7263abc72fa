"""The layers of the house: what a room may import. The baseline is empty: every break is a failure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASELINE: set[str] = set()

# room -> what it must never import, at any depth of nesting in its files.
FORBIDDEN = {
    "quality": {"pipelines", "dagster", "tests"},
    "pipelines/sources": {
        "pipelines.landing",
        "pipelines.release",
        "pipelines.audit",
        "pipelines.assets",
        "dagster",
    },
    "pipelines/landing": {"pipelines.release", "pipelines.audit", "pipelines.assets", "dagster"},
    "pipelines/release": {
        "pipelines.sources",
        "pipelines.landing",
        "pipelines.assets",
        "pipelines.audit",
        "dagster",
    },
    "pipelines/audit": {"pipelines.sources", "pipelines.assets", "dagster"},
    "pipelines/demo": {
        "pipelines.landing",
        "pipelines.release",
        "pipelines.assets",
        "quality",
        "dagster",
        "dbt",
    },
    "pipelines/commands": {"dagster", "great_expectations", "dbt"},
}
DAGSTER_ROOMS = ("pipelines/assets/", "pipelines/definitions.py", "pipelines/run.py")
GX_ROOMS = ("quality/suites/", "quality/gate", "quality/gx_duckdb.py")
HEAVY = {
    "dagster",
    "dagster_dbt",
    "dbt",
    "great_expectations",
    "polars",
    "pandas",
    "duckdb",
    "pyarrow",
    "altair",
}


def files(room: str) -> list[Path]:
    path = ROOT / room
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def imported(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def breaks(path: Path, forbidden: set[str]) -> list[str]:
    where = path.relative_to(ROOT)
    return [
        f"{where} imports {name}"
        for name in sorted(imported(path))
        if any(name == one or name.startswith(one + ".") for one in forbidden)
    ]


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_a_room_imports_only_what_lies_before_it(room: str) -> None:
    found = [line for path in files(room) for line in breaks(path, FORBIDDEN[room])]
    assert set(found) - BASELINE == set()


def test_only_assets_definitions_and_the_run_know_dagster() -> None:
    found = [
        line
        for path in [*files("pipelines"), *files("quality")]
        if not str(path.relative_to(ROOT)).startswith(DAGSTER_ROOMS)
        for line in breaks(path, {"dagster", "dagster_dbt"})
    ]
    assert found == []


def test_only_the_gate_and_its_suites_know_great_expectations() -> None:
    found = [
        line
        for path in [*files("pipelines"), *files("quality")]
        if not str(path.relative_to(ROOT)).startswith(GX_ROOMS)
        for line in breaks(path, {"great_expectations"})
    ]
    assert found == []


def test_nothing_imports_the_tests() -> None:
    found = [line for path in [*files("pipelines"), *files("quality")] for line in breaks(path, {"tests"})]
    assert found == []


def test_great_expectations_is_never_imported_when_a_module_is() -> None:
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in [*files("pipelines"), *files("quality")]
        for name in imported(path, top_level_only=True)
        if name.split(".")[0] == "great_expectations"
    ]
    assert found == []


@pytest.mark.parametrize(
    "room",
    [
        "pipelines/cli.py",
        "pipelines/run.py",
        "pipelines/inputs.py",
        "pipelines/home.py",
        "pipelines/settings.py",
        "pipelines/files.py",
        "pipelines/sources",
        "pipelines/commands/run.py",
    ],
)
def test_what_a_run_with_nothing_new_touches_stays_light(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(room)
        for name in imported(path, top_level_only=True)
        if name.split(".")[0] in HEAVY
    ]
    assert found == []
