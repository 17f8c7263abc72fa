"""Proof that a release is what the ledger says: every byte, row count and sum, and the chain of history.

Each check gives its name, whether it holds, what was found and what to do. Nothing is repaired here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import PublishError, UsageError
from pipelines.files import read_json, sha256_of
from pipelines.release import ledger
from pipelines.release.current import current_id
from pipelines.release.fingerprint import combined, fingerprint, parquet

if TYPE_CHECKING:
    from pipelines.home import Home

_RESTORE = "weir rollback to a release that verifies, and restore this one from a copy"


@dataclass(frozen=True)
class Proof:
    """One check: `faults` is empty when it holds."""

    name: str
    where: str
    examined: int
    faults: tuple[str, ...] = ()
    todo: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def verify(home: Home, release_id: str | None = None) -> list[Proof]:
    """Check the ledger, CURRENT and one release (CURRENT if none is named).

    Raises:
        UsageError: there is no release, or none of that name.
    """
    try:
        history = ledger.read(home)
    except PublishError as error:
        return [Proof("ledger_is_readable", error.where, 1, (error.what,), error.todo)]
    wanted = release_id or current_id(home) or history.current
    if wanted is None:
        raise UsageError("nothing has been released yet", where=str(home.root), todo="weir run --source DIR")
    if wanted not in history.released() and not (home.releases / wanted).exists():
        raise UsageError(
            f"there is no release {wanted}", where=str(home.ledger), todo="weir releases lists them"
        )
    return [*_history(home, history), *verify_folder(home.releases / wanted, history.released().get(wanted))]


def _history(home: Home, history: ledger.Ledger) -> list[Proof]:
    named = set(history.released())
    folders = {path.name for path in home.releases.iterdir()} if home.releases.is_dir() else set()
    astray = [f"{name} is in the ledger and has no folder" for name in sorted(named - folders)]
    astray += [f"{name} has a folder and no line in the ledger" for name in sorted(folders - named)]
    targets = [entry["release_id"] for entry in history.of_releases if entry["release_id"] not in named]
    astray += [f"the ledger goes back to {name}, which it never released" for name in targets]
    found = current_id(home)
    moved = () if found == history.current else (f"CURRENT is {found}, the ledger says {history.current}",)
    torn = ["its last line is torn: a publication was cut off there"] if history.is_torn else []
    where = str(home.ledger)
    return [
        Proof(
            "ledger_is_one_chain",
            where,
            len(history.entries),
            (*ledger.broken_links(history), *torn),
            _RESTORE,
        ),
        Proof("ledger_and_releases_agree", str(home.releases), len(named | folders), tuple(astray), _RESTORE),
        Proof(
            "current_is_the_newest_entry", str(home.current), 1, moved, "weir rollback ID writes both anew"
        ),
    ]


def verify_folder(folder: Path, entry: dict[str, Any] | None) -> list[Proof]:
    """Check one release folder against its ledger entry and its own manifest."""
    path = folder / "manifest.json"
    sealed = entry.get("manifest_sha256") if entry else None
    found = sha256_of(path) if path.is_file() else None
    if found is None or found != sealed:
        what = "there is no manifest.json" if found is None else "manifest.json is not the one in the ledger"
        return [Proof("manifest_is_in_the_ledger", str(path), 1, (what,), _RESTORE)]
    manifest = read_json(path)
    return [
        Proof("manifest_is_in_the_ledger", str(path), 1),
        _files(folder, manifest),
        _verdict(folder, manifest),
        _contents(folder, manifest),
    ]


def _files(folder: Path, manifest: dict[str, Any]) -> Proof:
    listed = {entry["name"]: entry for entry in manifest["files"]}
    present = {path.name for path in folder.iterdir()} - {"manifest.json"}
    faults = [f"{name} is missing" for name in sorted(listed.keys() - present)]
    faults += [f"{name} is not in the manifest" for name in sorted(present - listed.keys())]
    faults += [
        f"{name} differs from its SHA-256 in the manifest"
        for name in sorted(present & listed.keys())
        if sha256_of(folder / name) != listed[name]["sha256"]
    ]
    return Proof("every_file_has_its_hash", str(folder), len(listed), tuple(faults), _RESTORE)


def _verdict(folder: Path, manifest: dict[str, Any]) -> Proof:
    path = folder / "verdict.json"
    faults: list[str] = []
    if not path.is_file() or sha256_of(path) != manifest["verdict"]["sha256"]:
        return Proof(
            "verdict_covers_the_files", str(path), 1, ("verdict.json is not the one judged by",), _RESTORE
        )
    verdict = read_json(path)
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    if verdict["verdict"] != "pass" or verdict["run_id"] != manifest["run_id"]:
        faults.append(f"the verdict is {verdict['verdict']} of run {verdict['run_id']}")
    judged = verdict["digests"]
    faults += [f"the verdict is about another {name}" for name in judged if listed.get(name) != judged[name]]
    return Proof("verdict_covers_the_files", str(path), len(judged), tuple(faults), _RESTORE)


def _unreadable(path: Path, sealed: str, error: Exception) -> str:
    """Why a table cannot be read: seldom what the reader of Parquet says of bytes that are not those of the release."""
    if not path.is_file():
        return f"{path.stem} cannot be read: {path.name} is missing"
    if sha256_of(path) != sealed:
        return f"{path.stem} cannot be read: the bytes of {path.name} differ from the manifest"
    return f"{path.stem} cannot be read: {str(error).splitlines()[0]}"


def _contents(folder: Path, manifest: dict[str, Any]) -> Proof:
    import duckdb

    faults: list[str] = []
    tables = {}
    with duckdb.connect() as connection:
        for entry in manifest["files"]:
            if not entry["name"].endswith(".parquet"):
                continue
            name = Path(entry["name"]).stem
            try:
                tables[name] = fingerprint(connection, parquet(folder / entry["name"]))
            except duckdb.Error as error:
                faults.append(_unreadable(folder / entry["name"], entry["sha256"], error))
                continue
            kinds = [{"name": column, "type": kind} for column, kind in tables[name].columns]
            hashed = manifest["logical_hash"].get(name, {}).get("hash")
            faults += [
                f"{name}: {what} differ from the manifest"
                for what, recomputed, recorded in (
                    ("rows", tables[name].rows, entry["rows"]),
                    ("columns", kinds, entry["columns"]),
                    ("sums", tables[name].control_totals, entry["control_totals"]),
                    ("contents", tables[name].logical_hash, hashed),
                )
                if recomputed != recorded
            ]
    if not faults and combined(tables) != manifest["logical_hash"]["all"]:
        faults.append("the logical hash of the release is another")
    return Proof("rows_sums_and_hashes_recompute", str(folder), len(tables), tuple(faults), _RESTORE)
