"""Writers that are killed at random moments: each extract once, none torn, conflicts kept, litter swept."""

import json
import subprocess
import sys

from tests.unit.sources.conftest import Folder

KILLS = 300


def test_three_writers_killed_300_times_lose_double_and_tear_nothing(tmp_path):
    for name in ("one", "other"):
        Folder(tmp_path / name)
    command = [sys.executable, "-m", "tests.unit.sources.killed", str(tmp_path), str(KILLS), "4"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["kills"] >= KILLS
    assert found["litter_seen"] > 0  # or nothing was killed in the middle of a write
    counts = {name: found[name] for name in ("receipts", "extracts", "conflicts", "torn", "lost", "litter")}
    assert counts == {"receipts": 60, "extracts": 60, "conflicts": 60, "torn": 0, "lost": 0, "litter": 0}
    assert found["landing_kills"] >= KILLS // 10
    assert found["landed"] > 0
    assert found["differing"] == 0
