"""A source folder to begin with: the packaged contracts of a kind of live source, or a small source of files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from pipelines.errors import UsageError

HERE = Path(__file__).parent
# What stands between the marks in a template's source.yaml belongs to the contracts in the folder `orders` beside it.
ORDERS = re.compile(r"^ *# orders >>>\n(.*?)^ *# <<< orders\n", re.DOTALL | re.MULTILINE)


def _templates() -> dict[str, Path]:
    live = {path.parent.name: path for path in (HERE / "live").glob("*/template")}
    return {"files": HERE / "first", **live}


def kinds() -> list[str]:
    """Kinds that have a template."""
    return sorted(_templates())


def new_source(kind: str, folder: Path, *, orders: bool = False) -> list[str]:
    """Copy the template of a kind into a folder that is not there yet, or empty; returns the names of its files.

    Args:
        kind: One of `kinds()`.
        folder: Where the source shall lie.
        orders: With contracts for the orders of a CRM too, which an ERP usually has already.

    Raises:
        UsageError: there is no such template, or the folder holds something.
    """
    if kind not in kinds():
        raise UsageError(f"no template for {kind!r}", todo=f"one of {', '.join(kinds())}")
    template = _templates()[kind]
    beside = template.with_name("orders")
    if orders and not beside.is_dir():
        raise UsageError(f"--orders is for a CRM, not for {kind!r}", todo="leave it out")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already", where=str(folder), todo="name a folder that is not there"
        )
    for part in (template, beside) if orders else (template,):
        shutil.copytree(part, folder, dirs_exist_ok=True)
    head = folder / "source.yaml"
    text = head.read_text(encoding="utf-8")
    head.write_text(ORDERS.sub(r"\1" if orders else "", text), encoding="utf-8")
    return sorted(path.name for path in folder.iterdir())
