"""Kills writers of one archive at random moments, and says what is left: `python -m tests.unit.sources.killed`.

Three writers at once collect one source; two see the same files, the third sees other bytes under the same names. A
program of its own, since it forks: a test process has threads.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from pipelines.files import read_json, sha256_of
from pipelines.home import Home
from pipelines.landing.land import land_source
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source

FILES = 60
NOW = datetime(2026, 11, 30, tzinfo=UTC)
HEADER = "id,order,paid,amount,currency\n"


def content(number: int, version: int) -> str:
    """A file of payments; the second version is longer by a row."""
    rows = [f"P{number}.{row},O1,2026-10-01,{row}.50,CNY\n" for row in range(20 + version)]
    return HEADER + "".join(rows)


def killed(work, rng: random.Random, longest: float, writers: int) -> int:
    """Start the writers, kill those that still run after a moment; how many those were."""
    children = []
    for place in range(writers):
        child = os.fork()
        if child == 0:
            try:
                work(place)
            finally:
                os._exit(0)
        children.append(child)
    time.sleep(rng.uniform(0, longest))
    for child in children:
        os.kill(child, signal.SIGKILL)
    return sum(os.WIFSIGNALED(os.waitpid(child, 0)[1]) for child in children)


def ingest(home: Home, folders: list[Path], kills: int, rng: random.Random) -> dict[str, int]:
    """Kill collectors while files arrive; then let each finish."""
    sources = [load_source(folder) for folder in folders]
    count, rounds, litter = 0, 0, 0
    while count < kills:
        arrived = min(FILES, 1 + count * FILES // kills)
        for number in range(arrived):
            for version, folder in enumerate(folders):
                path = folder / "files" / f"{number}.csv"
                if not path.exists():
                    path.write_text(content(number, version))
        count += killed(lambda place: collect(sources[place % 2], home, NOW), rng, 0.03, 3)
        rounds += 1
        litter += sum(path.name.startswith(".") for path in (home.root / "archive").rglob("*.tmp"))
    for source in sources:
        collect(source, home, NOW)
    receipts = [read_json(path) for path in home.receipts.glob("*.json")]
    known = {hashlib.sha256(content(n, v).encode()).hexdigest() for n in range(FILES) for v in (0, 1)}
    return {
        "kills": count,
        "rounds": rounds,
        "receipts": len(receipts),
        "extracts": len({one["extract_id"] for one in receipts}),
        "torn": sum(sha256_of(path) != path.name or path.name not in known for path in home.blobs.iterdir()),
        "lost": sum(not (home.blobs / one["sha256"]).exists() for one in receipts),
        "conflicts": len({read_json(path)["extract_id"] for path in home.conflicts.glob("*.json")}),
        "litter_seen": litter,
        "litter": sum(path.name.startswith(".") for path in (home.root / "archive").rglob("*")),
    }


def landing(home: Home, folder: Path, kills: int, rng: random.Random) -> dict[str, int]:
    """Kill landings; then compare what the last one made with a home in which nothing was killed."""
    source = load_source(folder)
    second = Home(home.root.parent / "second")
    second.prepare()
    shutil.copytree(home.root / "archive", second.root / "archive", dirs_exist_ok=True)
    count = 0
    while count < kills:
        count += killed(lambda _: land_source(home, source), rng, 0.6, 1)
        if count % 4 == 3:  # begin again, so that there is something to be killed in
            shutil.rmtree(home.landing / "records", ignore_errors=True)
    land_source(home, source)
    land_source(second, source)
    made = [_bytes(one) for one in (home, second)]
    return {"landing_kills": count, "landed": len(made[0]), "differing": sum(
        made[0].get(name) != made[1].get(name) for name in made[0].keys() | made[1].keys()
    )}  # fmt: skip


def _bytes(home: Home) -> dict[str, bytes]:
    """Every file of landing and quarantine, litter too."""
    return {
        str(path.relative_to(home.root)): path.read_bytes()
        for folder in (home.landing, home.quarantine)
        for path in folder.rglob("*")
        if path.is_file()
    }


def main(root: str, kills: str, seed: str) -> None:
    """Do both and print the counts."""
    rng = random.Random(int(seed))
    home = Home(Path(root) / "home")
    home.prepare()
    folders = [Path(root) / "one", Path(root) / "other"]
    found = ingest(home, folders, int(kills), rng)
    found |= landing(home, folders[0], int(kills) // 10, rng)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
