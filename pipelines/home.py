"""The home folder: where each thing lies, its layout version, and the lock that lets one run in at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.files import write_atomic
from pipelines.instance import write_config

LAYOUT_VERSION = 1


@dataclass(frozen=True)
class Home:
    """Paths under WEIR_HOME. Nothing is created by looking."""

    root: Path

    @property
    def is_prepared(self) -> bool:
        """Whether a run, or `weir source add`, has made it."""
        return (self.root / "layout_version").is_file()

    @property
    def blobs(self) -> Path:
        """Archived bytes, one file per SHA-256."""
        return self.root / "archive" / "blobs"

    @property
    def receipts(self) -> Path:
        """One JSON file per extract: `<source>--<extract slug>.json`."""
        return self.root / "archive" / "receipts"

    @property
    def definitions(self) -> Path:
        """Archived source definitions (contracts and SQL): `<content hash>/<source folder>/`."""
        return self.root / "archive" / "definitions"

    @property
    def conflicts(self) -> Path:
        """Receipts refused because their extract id was taken by other bytes."""
        return self.root / "archive" / "conflicts"

    @property
    def corrections(self) -> Path:
        """Receipts of mended rows: `<source>--<extract slug>--<hash>.json`; their bytes lie among the blobs."""
        return self.root / "archive" / "corrections"

    @property
    def landing(self) -> Path:
        """`<area>__<feed>/<source>/<extract slug>.parquet`."""
        return self.root / "landing"

    @property
    def quarantine(self) -> Path:
        """`<source>/<extract slug>.parquet`: rows held back, with their raw text. For the engineer alone."""
        return self.root / "quarantine"

    @property
    def restricted(self) -> Path:
        """Names and contact details, laid out like `landing`. Never released."""
        return self.root / "restricted"

    @property
    def warehouse(self) -> Path:
        """The build file. Nobody but dbt opens it."""
        return self.root / "warehouse" / "weir.duckdb"

    @property
    def staging(self) -> Path:
        """Candidates of releases, one folder per run."""
        return self.root / "staging"

    @property
    def releases(self) -> Path:
        """Immutable releases, one folder each."""
        return self.root / "releases"

    @property
    def carried(self) -> Path:
        """Tables of a release that another home made and a rebuild here carries on."""
        return self.root / "carried"

    @property
    def current(self) -> Path:
        """Symbolic link to the release that readers resolve once and pin."""
        return self.root / "CURRENT"

    @property
    def ledger(self) -> Path:
        """Hash-chained history of releases, one JSON line each."""
        return self.root / "ledger.jsonl"

    @property
    def runs(self) -> Path:
        """One JSON record per run, released or not."""
        return self.root / "logs" / "runs"

    @property
    def logs(self) -> Path:
        """Logs of dbt and of the gate."""
        return self.root / "logs"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.root / "dagster"

    def prepare(self) -> None:
        """Create the folders of an empty home; refuse a home that another layout version wrote."""
        marker = self.root / "layout_version"
        if marker.exists():
            found = marker.read_text(encoding="utf-8").strip()
            if found != str(LAYOUT_VERSION):
                raise UsageError(
                    f"this home has layout version {found}, this Weir writes version {LAYOUT_VERSION}",
                    where=str(marker),
                    todo="use the Weir that wrote it, or start a new home with --home DIR",
                )
            return
        for folder in (self.blobs, self.receipts, self.landing, self.quarantine, self.warehouse.parent):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.staging, self.releases, self.runs, self.dagster):
            folder.mkdir(parents=True, exist_ok=True)
        write_config(self.dagster)
        self.restricted.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.blobs.parent, self.quarantine):  # rows as they came
            folder.chmod(0o700)
        write_atomic(marker, f"{LAYOUT_VERSION}\n".encode())


_held: set[Path] = set()


@contextmanager
def run_lock(home: Home) -> Iterator[None]:
    """Hold the home for one run. The kernel frees it when the process dies, however it dies.

    A process that already holds it may enter again: the command line and the job that it executes are one run.
    """
    if home.root in _held:
        yield
        return
    home.root.mkdir(parents=True, exist_ok=True)
    handle = os.open(home.root / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, home)
        _held.add(home.root)
        yield
    finally:
        _held.discard(home.root)
        os.close(handle)


def _take(handle: int, home: Home) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 200, 0).decode(errors="replace").strip() or "another process"
        raise UsageError(
            f"another run holds this home: {holder}",
            where=str(home.root / "lock"),
            todo="wait for it to end, or use another home with --home DIR",
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"process {os.getpid()}\n".encode(), 0)
