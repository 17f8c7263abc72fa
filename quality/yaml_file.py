"""YAML files, read with the parser in C where PyYAML has it: eight times as fast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a file holds.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506 - both are the safe loaders
