"""Enters a source folder into the home's weir.toml, leaving everything else in it as it stands."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.files import write_atomic
from pipelines.home import Home
from pipelines.sources.definition import load_source


def add_source(home: Home, folder: Path) -> str:
    """Add a folder to `sources` of weir.toml; returns the source's name. Adding it twice changes nothing.

    Raises:
        UsageError: the folder is no source folder, another one of the same name is there, or weir.toml is broken.
    """
    added = load_source(folder.resolve())
    path = home.root / "weir.toml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        listed = list(tomllib.loads(text).get("sources", []))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"weir.toml cannot be read: {error}", where=str(path)) from None
    present = [(home.root / one).resolve() for one in listed]
    if added.folder in present:
        return added.name
    for other in present:
        if (other / "source.yaml").is_file() and load_source(other).name == added.name:
            todo = "give one of the two another name in its source.yaml"
            raise UsageError(
                f"a source named {added.name} is there already: {other}", where=str(path), todo=todo
            )
    listed.append(os.path.relpath(added.folder, home.root))
    write_atomic(path, _with_sources(text, listed).encode())
    return added.name


def _with_sources(text: str, listed: list[str]) -> str:
    """The settings text with its `sources` line replaced, or put before everything else."""
    entries = "".join(f"    {json.dumps(one, ensure_ascii=False)},\n" for one in listed)
    line = f"sources = [\n{entries}]\n"
    replaced, count = re.subn(r"(?ms)^sources\s*=\s*\[.*?\]\s*?(\n|\Z)", lambda _: line, text, count=1)
    return replaced if count else line + text
