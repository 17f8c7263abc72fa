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


# What the landing child imports, some of it only when it reads.
IMPORTS = """
import duckdb, numpy, pyarrow, pyarrow.compute, pyarrow.parquet
import pipelines.landing.child, pipelines.landing.delimited, pipelines.landing.feed_run, pipelines.landing.spool
"""

# A plain file of payments, and the contract that lands it.
HEADING = "id,order,paid,amount,currency\n"
SOURCE = "name: bench\nkind: files\ntime_zone: UTC\n"
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: bench.payments
name: orders.payments
version: 1.0.0
status: active
schema:
  - name: payments
    physicalName: "*.csv"
    properties:
      - {name: payment_id, physicalName: id}
      - {name: order_id, physicalName: order}
      - {name: paid_at, physicalName: paid}
      - {name: amount, physicalName: amount}
      - {name: currency, physicalName: currency}
"""
MEMORY_ROWS = 500_000  # some 24 MB: so much is landed from disk


@dataclass(frozen=True)
class Measured:
    """One process: wall seconds, peak memory of it and its children in MB, and what it printed."""

    seconds: float
    peak_mb: int
    output: str


# A process takes over the peak of the one that started it: so a bare interpreter starts what is measured.
START = """
import os, sys, time
started = time.monotonic()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ), 0)
told = f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss // 1024} {time.monotonic() - started}"
os.write(int(sys.argv[1]), told.encode())
"""


def measure(arguments: list[str], told: str = "") -> Measured:
    """Run a command to its end, with a text on its standard input, and measure it; WeirError if it fails."""
    reading, writing = os.pipe()
    starter = [sys.executable, "-I", "-S", "-c", START, str(writing)]
    with os.fdopen(reading) as answer:
        try:
            ended = subprocess.run(
                [*starter, *arguments],
                input=told,
                stdout=subprocess.PIPE,
                text=True,
                pass_fds=[writing],
                check=False,
            )
        finally:
            os.close(writing)
        code, peak, seconds = (answer.read() or "127 0 0").split()
    if code != "0":
        raise WeirError(f"a measured process ended with code {code}", where=" ".join(arguments)[:200])
    return Measured(float(seconds), int(peak), ended.stdout)


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


def _landed_alone(folder: Path, rows: int) -> Measured:
    """The landing child of a run, which lands one plain CSV of so many rows."""
    from pipelines.home import Home
    from pipelines.settings import now
    from pipelines.sources.archive import collect
    from pipelines.sources.definition import load_source

    source, home = folder / "source", Home(folder / "home")
    source.mkdir()
    (source / "source.yaml").write_text(SOURCE, encoding="utf-8")
    (source / "payments.odcs.yaml").write_text(CONTRACT, encoding="utf-8")
    with (source / "payments.csv").open("w", encoding="utf-8") as stream:
        stream.write(HEADING)
        for number in range(rows):
            day = number % 9 + 1
            stream.write(f"P{number:09d},O{number % 99:04d},2026-10-0{day} 08:00:00,{number % 999}.25,CNY\n")
    home.prepare()
    collect(load_source(source), home, now())
    child = [sys.executable, "-m", "pipelines.landing.child", str(home.root)]
    found = measure(child, json.dumps({"source": str(source)}) + "\n")
    if "done" not in json.loads(found.output.splitlines()[-1]):
        raise WeirError("the landing child landed nothing", where=found.output[:500])
    return found


def landing_memory(rows: int) -> dict[str, Any]:
    """Peak memory of the landing child for N rows and for 4 N, above that of its imports."""
    imports = measure([sys.executable, "-c", IMPORTS]).peak_mb
    found = []
    for count in (rows, 4 * rows):
        with tempfile.TemporaryDirectory() as scratch:
            found.append(_landed_alone(Path(scratch), count).peak_mb - imports)
    above, above_4 = found
    return {
        "rows": rows,
        "imports_mb": imports,
        "mb_above_imports": above,
        "mb_above_of_4_times": above_4,
        "ratio_of_4_times": round(above_4 / max(above, 1), 2),
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
    yield "landing memory, a CSV of N and of 4 N rows", landing_memory(MEMORY_ROWS)
    for scale in scales:
        with tempfile.TemporaryDirectory() as scratch:
            sources = sorted(generate(Path(scratch), scale=scale, seed=7).sources.iterdir())
            yield f"landing, scale {scale:g}", landing(sources, rounds)
            yield f"weir run, scale {scale:g}", whole_run(sources, rounds)
