"""How many threads DuckDB gets where something else works beside it."""

from __future__ import annotations

import os


def spare_threads() -> int:
    """All cores of this process but one, at least one.

    Whoever asks DuckDB works too: two askers, or an asker beside another process, and more threads than that keep
    each other waiting. DuckDB's threads spin while they wait.
    """
    own = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return max(1, len(own) - 1)


def beside() -> dict[str, str | bool | int | float | list[str]]:
    """DuckDB's configuration for that."""
    return {"threads": spare_threads()}
