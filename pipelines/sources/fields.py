"""Reads a YAML mapping key by key, so that a key that nobody knows is an error and not silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import UsageError
from quality import yaml_file


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that must hold one mapping."""
    try:
        found = yaml_file.read_yaml(path)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise UsageError(f"{path.name} cannot be read: {problem}", where=f"{path}{line}") from None
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}", where=str(path)) from None
    if not isinstance(found, dict):
        raise UsageError(f"{path.name} must hold keys and values", where=str(path))
    return found


class Fields:
    """The keys of one mapping; each is taken once, and `done` refuses what was not taken."""

    def __init__(self, values: Any, what: str, where: Path) -> None:
        if not isinstance(values, dict):
            raise UsageError(f"{what} must be a mapping of keys and values", where=str(where))
        self.left = dict(values)
        self.known: list[str] = []
        self.what = what
        self.where = where

    def fail(self, problem: str, todo: str = "") -> UsageError:
        """The error to raise: what is wrong in this mapping."""
        return UsageError(f"{self.what}: {problem}", where=str(self.where), todo=todo)

    def any(self, name: str, default: Any = None) -> Any:
        """Any value."""
        self.known.append(name)
        return self.left.pop(name, default)

    def text(self, name: str, default: str | None = None) -> str | None:
        """A text or nothing."""
        value = self.any(name, default)
        if value is not None and not isinstance(value, str):
            raise self.fail(f"{name} must be a text, not {value!r}", "put it in quotes")
        return value

    def needed(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if not value:
            raise self.fail(f"{name} is missing")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.any(name, default)
        if not isinstance(value, bool):
            raise self.fail(f"{name} must be true or false, not {value!r}")
        return value

    def number(self, name: str, default: int | None) -> int | None:
        """A whole number or nothing."""
        value = self.any(name, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.fail(f"{name} must be a whole number, not {value!r}")
        return value

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self.any(name, default)
        items = [value] if isinstance(value, str) else list(value or ())
        if not all(isinstance(item, str) for item in items):
            raise self.fail(f"{name} must be a list of texts, not {value!r}")
        return tuple(items)

    def done(self) -> None:
        """Refuse keys that nobody took."""
        if self.left:
            unknown = ", ".join(sorted(map(str, self.left)))
            raise self.fail(f"unknown key {unknown}", f"known keys: {', '.join(sorted(set(self.known)))}")
