"""Building a release again, in a home of its own, from what the archive kept: the proof that it can be.

A release is a function of receipts, as_of, settings, code and the release it carries on. The sources' files are
laid out anew from the archived bytes, with the receipts and the times of arrival of that day, below the definitions
(contracts and SQL) that the archive kept, and the tables of the carried release beside them. The same job builds;
the logical hashes of all tables are compared.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import PublishError, UsageError, WeirError
from pipelines.files import pretty_json, read_json, sha256_of, write_atomic
from pipelines.home import Home
from pipelines.inputs import code_hash, folder_hash, kept_definition
from pipelines.reader import open_release
from pipelines.release.carried import lay_out
from pipelines.release.waivers import restore
from pipelines.settings import Settings, load

if TYPE_CHECKING:
    from pipelines.run import Outcome

DEFINITIONS = ("*.yaml", "*.yml", "*.sql")
RunJob = Callable[[Settings, list[Path], date], "Outcome"]


@dataclass(frozen=True)
class Rebuilt:
    """What came of it. `differing` holds the logical hashes, as released and as rebuilt, of tables that differ."""

    release_id: str
    rebuilt_id: str
    tables: int
    differing: dict[str, tuple[str | None, str | None]]
    is_same_code: bool
    are_same_definitions: bool

    @property
    def is_same(self) -> bool:
        """Whether every table has the same content."""
        return not self.differing


def rebuild(
    home: Home, release_id: str | None, into: Path, run: RunJob, source_folders: list[Path] | None = None
) -> Rebuilt:
    """Build a release again and compare.

    Args:
        home: The home whose archive and release are read.
        release_id: The release; CURRENT if None.
        into: The second home, which must not exist or be empty.
        run: The main job, `pipelines.run.run`.
        source_folders: Where the sources are defined, if not as the archive kept them.

    Raises:
        UsageError: `into` is not empty.
        PublishError: the archive lacks bytes, a receipt or a definition of the release.
        WeirError: what the run itself raises.
    """
    released = open_release(home, release_id)
    manifest = released.manifest
    if into.exists() and any(into.iterdir()):
        raise UsageError(
            "the second home is not empty", where=str(into), todo="name a folder that is not there yet"
        )
    second = Home(into.resolve())
    second.prepare()
    folders = source_folders or _archived_folders(home, manifest)
    restored = [_restore_source(home, second, folder, manifest) for folder in folders]
    lay_out(home, second, manifest.get("carried_from"))
    restore(second, manifest["inputs"].get("waivers", []))
    write_atomic(second.root / "weir.toml", _toml(manifest["settings"]).encode())
    outcome = run(load(second), restored, date.fromisoformat(manifest["as_of"]))
    if outcome.error is not None or outcome.release_id is None:
        raise outcome.error or WeirError("the rebuild ended without a release", where=str(into))
    again = open_release(second, outcome.release_id).manifest
    return Rebuilt(
        release_id=released.release_id,
        rebuilt_id=outcome.release_id,
        tables=len(manifest["logical_hash"]) - 1,
        differing=_differing(manifest["logical_hash"], again["logical_hash"]),
        is_same_code=manifest["inputs"]["code"] == code_hash(),
        are_same_definitions=manifest["inputs"]["sources"] == {one.name: folder_hash(one) for one in folders},
    )


def _toml(settings: dict[str, Any]) -> str:
    """The recorded settings as a `weir.toml`: the job reads its settings from its home."""
    given = {name: value for name, value in settings.items() if value is not None}
    definitions = given.pop("definitions", {})
    lines = [f"{name} = {_toml_value(value)}" for name, value in given.items()]
    lines += ["[definitions]", *(f"{name} = {_toml_value(value)}" for name, value in definitions.items())]
    return "\n".join(lines) + "\n"


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(name)} = {_toml_value(one)}" for name, one in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _differing(released: dict[str, Any], rebuilt: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    one = {name: entry["hash"] for name, entry in released.items() if name != "all"}
    other = {name: entry["hash"] for name, entry in rebuilt.items() if name != "all"}
    return {
        name: (one.get(name), other.get(name))
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    }


def _archived_folders(home: Home, manifest: dict[str, Any]) -> list[Path]:
    given = manifest["inputs"]["sources"]
    folders = [kept_definition(home, name, content_hash) for name, content_hash in given.items()]
    damaged = [one for one in folders if not one.is_dir() or folder_hash(one) != one.parent.name]
    if damaged:
        raise PublishError(
            f"the archived definition of {damaged[0].name} is {'damaged' if damaged[0].is_dir() else 'gone'}",
            where=str(damaged[0]),
            todo="restore the archive from a copy, or name the folder with --source DIR",
        )
    return folders


def _restore_source(home: Home, second: Home, folder: Path, manifest: dict[str, Any]) -> Path:
    """Lay a source's files out from the archive, below a copy of its definition; the copied folder."""
    import yaml

    target = second.root / "sources" / folder.name
    target.mkdir(parents=True)
    for pattern in DEFINITIONS:
        for path in folder.glob(pattern):
            shutil.copyfile(path, target / path.name)
    definition = yaml.safe_load((target / "source.yaml").read_text(encoding="utf-8"))
    definition.update(
        path="data", kind="files"
    )  # what was fetched lies in the archive: nothing is asked again
    definition.pop("live", None)
    text = yaml.safe_dump(definition, allow_unicode=True, sort_keys=False)
    (target / "source.yaml").write_text(text, encoding="utf-8")
    (target / "data").mkdir()
    for extract in manifest["inputs"]["extracts"]:
        if extract["source"] == definition["name"]:
            _restore_extract(home, second, target / "data", extract)
    for correction in manifest["inputs"].get("corrections", []):
        if correction["source"] == definition["name"]:
            _restore_correction(home, second, correction)
    return target


def _restore_correction(home: Home, second: Home, correction: dict[str, Any]) -> None:
    for path in home.corrections.glob(f"{correction['source']}--*.json"):
        if correction.items() <= read_json(path).items():
            write_atomic(second.corrections / path.name, path.read_bytes())
            _restore_blob(home, correction["sha256"], second.blobs / correction["sha256"])
            return
    raise PublishError(
        f"the archive has no receipt of a correction of {correction['extract_id']}",
        where=str(home.corrections),
        todo="restore the archive from a copy",
    )


def _restore_extract(home: Home, second: Home, data: Path, extract: dict[str, Any]) -> None:
    path, receipt = _receipt_of(home, extract)
    file = data / extract["extract_id"]
    if not file.resolve().is_relative_to(data.resolve()):
        raise PublishError(f"{extract['extract_id']} lies outside its source", where=str(path))
    _restore_blob(home, extract["sha256"], file)
    if receipt.get("control"):
        _restore_blob(home, receipt["control"]["sha256"], file.with_name(receipt["control"]["file"]))
    write_atomic(second.receipts / path.name, pretty_json(receipt))


def _receipt_of(home: Home, extract: dict[str, Any]) -> tuple[Path, dict[str, Any]]:
    for path in home.receipts.glob(f"{extract['source']}--*.json"):
        receipt = read_json(path)
        if receipt["extract_id"] == extract["extract_id"] and receipt["sha256"] == extract["sha256"]:
            return path, receipt
    raise PublishError(
        f"the archive has no receipt of {extract['extract_id']} of {extract['source']}",
        where=str(home.receipts),
        todo="restore the archive from a copy",
    )


def _restore_blob(home: Home, sha256: str, target: Path) -> None:
    blob = home.blobs / sha256
    if not blob.is_file() or sha256_of(blob) != sha256:
        raise PublishError(
            f"the archived bytes of {target.name} are {'damaged' if blob.is_file() else 'gone'}",
            where=str(blob),
            todo="restore the archive from a copy",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(blob, target)
