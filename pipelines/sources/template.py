"""A source folder to begin with: the packaged contracts of a kind of live source, or a small source of files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from pipelines.errors import UsageError

HERE = Path(__file__).parent
# What another source usually has already: it comes only when it is asked for. The contracts of each stand in a folder
# of that name beside the template, and what belongs to them in its source.yaml between marks of that name.
OPTIONS = ("orders", "users")


def _templates() -> dict[str, Path]:
    live = {path.parent.name: path for path in (HERE / "live").glob("*/template")}
    return {"files": HERE / "first", **live}


def kinds() -> list[str]:
    """Kinds that have a template."""
    return sorted(_templates())


def new_source(kind: str, folder: Path, *, options: tuple[str, ...] = ()) -> list[str]:
    """Copy the template of a kind into a folder that is not there yet, or empty; returns the names of its files.

    Args:
        kind: One of `kinds()`.
        folder: Where the source shall lie.
        options: Of `OPTIONS`: with contracts for the orders of a CRM too, which an ERP usually has already, or for its
            users as reps, whom HR usually has.

    Raises:
        UsageError: there is no such template, or the folder holds something.
    """
    if kind not in kinds():
        raise UsageError(f"no template for {kind!r}", todo=f"one of {', '.join(kinds())}")
    template = _templates()[kind]
    beside = {one: template.with_name(one) for one in OPTIONS}
    unknown = next((one for one in options if not beside[one].is_dir()), None)
    if unknown:
        raise UsageError(f"--{unknown} is for a CRM, not for {kind!r}", todo="leave it out")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already", where=str(folder), todo="name a folder that is not there"
        )
    for part in (template, *(beside[one] for one in options)):
        shutil.copytree(part, folder, dirs_exist_ok=True)
    head = folder / "source.yaml"
    text = head.read_text(encoding="utf-8")
    for one in OPTIONS:
        marked = re.compile(rf"^ *# {one} >>>\n(.*?)^ *# <<< {one}\n", re.DOTALL | re.MULTILINE)
        text = marked.sub(r"\1" if one in options else "", text)
    head.write_text(text, encoding="utf-8")
    return sorted(path.name for path in folder.iterdir())
