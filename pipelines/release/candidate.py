"""The candidate of a release: every released table as Parquet and one `mart.duckdb`, in a folder of its own.

The candidate's folder is `staging/<run id>.<process id>.tmp`. Its content decides the release id, so that
the id can stand inside `mart.duckdb` before the gate sees it: nothing is written into a table after the
verdict.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipelines.errors import PublishError
from pipelines.files import read_json
from pipelines.home import Home
from pipelines.reader import identifier, quoted
from pipelines.release import ledger, marts
from pipelines.release.fingerprint import Fingerprint, combined, fingerprint, parquet
from quality.cores import beside
from quality.suites.released import declared, released_models

AT_ONCE = 2  # tables: sorting, compressing and hashing one keeps little more than one core at work


@dataclass(frozen=True)
class Candidate:
    """A staged folder, the id it will have, and what each of its tables contains."""

    folder: Path
    run_id: str
    as_of: str
    release_id: str
    parent_id: str | None
    tables: dict[str, Fingerprint] = field(repr=False)
    grains: dict[str, list[str]] = field(repr=False, default_factory=dict)

    @property
    def logical_hash(self) -> str:
        """One hash over the content of all tables."""
        return combined(self.tables)

    def record(self) -> dict[str, Any]:
        """The candidate as JSON, for the step that publishes it."""
        return {
            "folder": str(self.folder),
            "run_id": self.run_id,
            "as_of": self.as_of,
            "release_id": self.release_id,
            "parent_id": self.parent_id,
            "tables": {name: asdict(one) for name, one in self.tables.items()},
            "marts": {
                name: {"rows": one.rows, "grain": self.grains.get(name, [])}
                for name, one in self.tables.items()
                if name.startswith("mart_")
            },
            "grains": self.grains,
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Candidate:
        """The candidate that `record` described."""
        tables = {
            name: Fingerprint(
                rows=one["rows"],
                columns=tuple((column, kind) for column, kind in one["columns"]),
                control_totals=one["control_totals"],
                logical_hash=one["logical_hash"],
            )
            for name, one in record["tables"].items()
        }
        plain = {name: record[name] for name in ("run_id", "as_of", "release_id", "parent_id", "grains")}
        return cls(folder=Path(record["folder"]), tables=tables, **plain)


def _export(
    warehouse: Path, names: list[str], grains: dict[str, list[str]], folder: Path
) -> dict[str, Fingerprint]:
    import duckdb

    if not warehouse.exists():
        raise PublishError("there is no warehouse to release from", where=str(warehouse), todo="weir run")
    with duckdb.connect(str(warehouse), read_only=True, config=beside()) as connection:
        present = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        present |= {row[0] for row in connection.execute("select view_name from duckdb_views()").fetchall()}

        def one(name: str) -> Fingerprint:
            order = ", ".join(identifier(column) for column in grains.get(name, [])) or "all"
            with connection.cursor() as own:
                own.execute(
                    f"copy (select * from {identifier(name)} order by {order}) to {quoted(str(folder / name))}"
                    f" (format parquet, compression zstd, row_group_size 1000000)"
                )
                path = (folder / name).rename(folder / f"{name}.parquet")
                return fingerprint(own, parquet(path))

        # The gate refuses a candidate that lacks a table: it says so with its reason.
        there = sorted(present & set(names))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip(there, pool.map(one, there), strict=True))


def _next_id(home: Home, as_of: str, logical_hash: str) -> str:
    number = len(ledger.read(home).released()) + 1
    return f"{as_of}.{number:04d}.{logical_hash[:8]}"


def stage(
    home: Home,
    run_id: str,
    manifest_path: Path,
    as_of: str,
    details: dict[str, Any] | None = None,
    tables_written: Callable[[Path], None] = lambda folder: None,
) -> Candidate:
    """Write the candidate of a run from the warehouse that dbt has built and closed.

    Args:
        home: The home; its warehouse is read, its staging folder written.
        run_id: The run; its verdict must name it.
        manifest_path: dbt's manifest of this build: names, descriptions and grains of the released tables.
        as_of: Business date, YYYY-MM-DD.
        details: More facts of the run for `meta_release`, e.g. reporting_currency.
        tables_written: Told the folder when all Parquet files are in it, and before `mart.duckdb` is.

    Raises:
        PublishError: there is no warehouse.
    """
    folder = home.staging / f"{run_id}.{os.getpid()}.tmp"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    models = released_models(read_json(manifest_path))
    grains = {name: list((declared().get(name) or {}).get("grain", [])) for name in models}
    tables = _export(home.warehouse, list(models), grains, folder)
    tables_written(folder)
    parent_id = ledger.read(home).current
    candidate = Candidate(
        folder, run_id, as_of, _next_id(home, as_of, combined(tables)), parent_id, tables, grains
    )
    marts.write(candidate.folder / "mart.duckdb", models, tables, _meta_release(candidate, details or {}))
    return candidate


def _meta_release(candidate: Candidate, details: dict[str, Any]) -> dict[str, str]:
    facts = {
        "release_id": candidate.release_id,
        "parent_id": candidate.parent_id or "",
        "as_of_date": candidate.as_of,
        "run_id": candidate.run_id,
        "verdict": "pass",
        "logical_hash": candidate.logical_hash,
    }
    return {
        **facts,
        **{name: value if isinstance(value, str) else json.dumps(value) for name, value in details.items()},
    }
