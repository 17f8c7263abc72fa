"""The folder of one run under `logs/runs/<run id>/`: how its steps hand on what they found, as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import GateError
from pipelines.files import pretty_json, read_json, write_atomic


@dataclass
class RunFolder:
    """One JSON file per step. A step that needs a file that is not there refuses: nothing is assumed."""

    root: Path
    run_id: str
    requested_as_of: date | None = None

    @property
    def dbt(self) -> Path:
        """Artefacts and log of dbt."""
        return self.root / "dbt"

    @property
    def verdict_path(self) -> Path:
        """The gate's verdict."""
        return self.root / "verdict.json"

    def write(self, name: str, value: dict[str, Any]) -> None:
        """Keep what a step found."""
        write_atomic(self.root / f"{name}.json", pretty_json(value))

    def has(self, name: str) -> bool:
        """Whether a step of this run left that file."""
        return (self.root / f"{name}.json").exists()

    def read(self, name: str) -> dict[str, Any]:
        """What an earlier step of this run found; GateError if it did not run."""
        path = self.root / f"{name}.json"
        if not path.exists():
            raise GateError(
                f"this run has no {name}: the step that makes it did not run",
                where=str(self.root),
                todo="launch the whole job, not one asset of it",
            )
        found: dict[str, Any] = read_json(path)
        return found
