"""What a release is a function of, as one digest: receipts, contracts, as_of, settings and code.

The release carried on is not in it: CURRENT, made from these very inputs, says already what another run would
add to it, namely nothing.

Standard library and YAML only: this is read before anything heavy, to see that there is nothing new.
"""

from __future__ import annotations

import hashlib
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.files import digest, read_json, sha256_of, write_atomic
from pipelines.home import Home
from pipelines.release.waivers import waivers
from pipelines.settings import Settings

ROOT = Path(__file__).parent.parent
ENGINES = ("dbt-core", "dbt-duckdb", "duckdb", "polars", "great-expectations", "dagster")
_CODE = ("pipelines", "quality", "dbt_project")
_SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".md", ".j2"}
_NOT_CODE = {"__pycache__", "target", "logs"}


def code_hash() -> str:
    """SHA-256 over the paths and bytes of everything that can change a number."""
    total = hashlib.sha256()
    for folder in _CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _SUFFIXES and not _NOT_CODE & set(path.parts):
                total.update(f"{path.relative_to(ROOT)} {sha256_of(path)}\n".encode())
    return total.hexdigest()


def _definition(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml", ".sql"})


def folder_hash(folder: Path) -> str:
    """SHA-256 over a source folder's own definition: its YAML and SQL files, not its data."""
    total = hashlib.sha256()
    for path in _definition(folder):
        total.update(f"{path.name} {sha256_of(path)}\n".encode())
    return total.hexdigest()


def kept_definition(home: Home, name: str, content_hash: str) -> Path:
    """Where the archive keeps a source's definition as it was: a folder of the source folder's own name."""
    return home.definitions / content_hash / name


def keep_definitions(home: Home, folders: list[Path]) -> None:
    """Archive the definitions of the sources, so that a release can be built again without the folders."""
    for folder in folders:
        target = kept_definition(home, folder.name, folder_hash(folder))
        for path in _definition(folder):
            if not (target / path.name).exists():
                write_atomic(target / path.name, path.read_bytes())


def receipts(home: Home) -> list[dict[str, Any]]:
    """All receipts of the home, by source and extract id."""
    found = [read_json(path) for path in home.receipts.glob("*.json")] if home.receipts.exists() else []
    return sorted(found, key=lambda one: (one["source"], one["extract_id"]))


def corrections(home: Home) -> list[dict[str, Any]]:
    """Which rows were mended by which archived file, in order of arrival."""
    found = [read_json(path) for path in home.corrections.glob("*.json")]
    names = ("source", "extract_id", "sha256", "received_at")
    kept = [{name: one[name] for name in names} for one in found]
    return sorted(kept, key=lambda one: [one[name] for name in names])


def inputs(settings: Settings, folders: list[Path], as_of: date | None) -> dict[str, Any]:
    """The inputs of a run, small enough to be kept in the manifest. `digest` of it is what two runs compare."""
    return {
        "extracts": [
            {name: one[name] for name in ("source", "extract_id", "sha256")}
            for one in receipts(settings.home)
        ],
        "corrections": corrections(settings.home),
        "waivers": waivers(settings.home),
        "sources": {folder.name: folder_hash(folder) for folder in folders},
        "requested_as_of": as_of.isoformat() if as_of else None,
        "settings": settings.recorded(),
        "code": code_hash(),
    }


def nothing_new(settings: Settings, given: dict[str, Any]) -> dict[str, Any] | None:
    """The manifest of the current release if it was made from these very inputs, else None."""
    manifest = settings.home.current / "manifest.json"
    if not manifest.exists():
        return None
    current: dict[str, Any] = read_json(manifest)
    return current if current.get("inputs_digest") == digest(given) else None


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def provenance() -> dict[str, Any]:
    """Which code, lock and engines made a release."""
    from importlib.metadata import version

    status = _git("status", "--porcelain")
    return {
        "code": {
            "hash": code_hash(),
            "git_commit": _git("rev-parse", "HEAD"),
            "is_dirty": bool(status) if status is not None else None,
        },
        "lock_hash": sha256_of(ROOT / "requirements.lock"),
        "engines": {name: version(name) for name in ENGINES},
    }
