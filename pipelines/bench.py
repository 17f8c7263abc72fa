"""Timings, side by side in one run: figures to read as ratios, on the machine that made them.

Every measurement is a process of its own, so that start-up counts and peak memory is the kernel's own figure.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from pipelines.errors import WeirError

# The yardstick for landing: the same bytes, read by Polars as text and counted, nothing else.
BARE_SCAN = """
import io, sys
from pathlib import Path
import polars as pl
rows = 0
for name in sys.argv[1:]:
    path = Path(name)
    if path.suffix == ".jsonl":
        rows += pl.read_ndjson(path, infer_schema_length=None).height
    elif path.suffix == ".parquet":
        rows += pl.read_parquet(path).height
    else:
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        rows += pl.read_csv(io.BytesIO(text.encode()), infer_schema=False, truncate_ragged_lines=True,
                            quote_char='"').height
print(rows)
"""

LAND = """
import sys
from pathlib import Path
from pipelines.home import Home
from pipelines.landing.land import land
from pipelines.settings import load, now
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source
home = Home(Path(sys.argv[1]))
home.prepare()
sources = [load_source(Path(one)) for one in sys.argv[2:]]
receipts = [receipt for source in sources for receipt in collect(source, home, now())]
print(land(home, load(home), sources, receipts)["read"]["rows"])
"""


@dataclass(frozen=True)
class Measured:
    """One process: wall seconds, peak memory of it and its children in MB, and what it printed."""

    seconds: float
    peak_mb: int
    output: str


def measure(arguments: list[str]) -> Measured:
    """Run a command to its end and measure it; WeirError if it fails."""
    started = monotonic()
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    if child.returncode:
        raise WeirError(
            f"a measured process ended with code {child.returncode}", where=" ".join(arguments)[:200]
        )
    return Measured(monotonic() - started, usage.ru_maxrss // 1024, output)


def _weir(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipelines.cli", *arguments]


def start_up(rounds: int) -> dict[str, Any]:
    """`weir --help` as a multiple of a bare interpreter start, measured in turn."""
    pairs = [
        (measure(_weir("--help")).seconds, measure([sys.executable, "-c", ""]).seconds) for _ in range(rounds)
    ]
    return {
        "help_seconds": round(statistics.median(pair[0] for pair in pairs), 3),
        "interpreter_seconds": round(statistics.median(pair[1] for pair in pairs), 3),
        "ratio": round(statistics.median(a / b for a, b in pairs), 1),
    }


def landing(sources: list[Path], rounds: int) -> dict[str, Any]:
    """Landing against a bare Polars scan of the same files, measured in turn."""
    files = sorted(
        str(path) for source in sources for path in source.rglob("*")
        if path.suffix in {".csv", ".jsonl", ".parquet"}
    )  # fmt: skip
    ours, bare = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            ours.append(measure([sys.executable, "-c", LAND, scratch, *map(str, sources)]))
        bare.append(measure([sys.executable, "-c", BARE_SCAN, *files]))
    seconds = statistics.median(one.seconds for one in ours)
    rows = int(ours[0].output)
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "peak_mb": max(one.peak_mb for one in ours),
        "bare_scan_seconds": round(statistics.median(one.seconds for one in bare), 2),
        "ratio_to_bare_scan": round(
            statistics.median(a.seconds / b.seconds for a, b in zip(ours, bare, strict=True)), 1
        ),
    }


def whole_run(sources: list[Path], rounds: int) -> dict[str, Any]:
    """The main job from an empty home, then once more with nothing new."""
    runs, again = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            home = Path(scratch) / "home"
            home.mkdir()
            (home / "weir.toml").write_text('reporting_currency = "CNY"\n', encoding="utf-8")
            given = [argument for source in sources for argument in ("--source", str(source))]
            command = _weir("run", "--home", str(home), "--json", *given)
            runs.append(measure(command))
            again.append(measure(command))
    summaries = [json.loads(one.output) for one in runs]
    read = summaries[0]["read"]["rows"]
    steps = {
        step: statistics.median(summary["seconds"][step] for summary in summaries)
        for step in summaries[0]["seconds"]
    }
    return {
        "rows": read,
        "seconds": round(statistics.median(one.seconds for one in runs), 1),
        "peak_mb": max(one.peak_mb for one in runs),
        "nothing_new_seconds": round(statistics.median(one.seconds for one in again), 2),
        "steps": {
            step: {
                "seconds": taken,
                "rows_per_second": round(read / taken) if taken else None,
                "peak_mb": max(summary["peak_mb"][step] for summary in summaries),
            }
            for step, taken in steps.items()
        },
    }


def bench(scales: list[float], rounds: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield one named result after another, so that a person sees them come."""
    from pipelines.demo import generate

    yield "weir --help", start_up(rounds)
    for scale in scales:
        with tempfile.TemporaryDirectory() as scratch:
            sources = sorted(generate(Path(scratch), scale=scale, seed=7).sources.iterdir())
            yield f"landing, scale {scale:g}", landing(sources, rounds)
            yield f"weir run, scale {scale:g}", whole_run(sources, rounds)
