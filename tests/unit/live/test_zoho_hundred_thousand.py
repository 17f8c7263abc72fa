"""100,400 records under random faults and kills: each is archived once, with the bytes that the server holds."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fixtures.zoho_source import credentials
from tests.servers.zoho_data import deals
from tests.unit.live.ground import Ground

RECORDS = 100_400  # more than one walk by page token may bring
PAGES = RECORDS // 200
KILLS = 5
ROOT = Path(__file__).parents[3]


def collect(ground: Ground, kill_after: int | None = None) -> int:
    """One collecting process, killed by the answer to its n-th call for records; its exit code."""
    environment = {**os.environ, **credentials(ground.zoho.auth), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.unit.live.child", str(ground.folder), str(ground.home.root)]
    child = subprocess.Popen(command, env=environment, cwd=ROOT)

    def kill() -> None:
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)

    if kill_after is not None:
        ground.zoho.after("/crm/v8/Deals", kill_after, kill)
    return child.wait(timeout=120)


def test_100400_records_come_complete_and_once_under_faults_and_kills(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    ground.live(bulk_above=10**9)
    held = deals(RECORDS)
    ground.zoho.store.put("Deals", *held)
    ground.zoho.auth.mints = None  # every process asks for a token of its own
    ground.zoho.mix(7, 0.03, "429", "500", "reset", "401", "truncated", "cut_json", "reset_after")
    draw = random.Random(11)
    for _ in range(KILLS):
        assert collect(ground, draw.randrange(20, PAGES // KILLS)) == -signal.SIGKILL
    assert collect(ground) == 0

    assert set(ground.ids().values()) == {1}
    found = ground.latest()
    assert len(found) == RECORDS
    assert all(found[deal["id"]]["Amount"] == deal["Amount"] for deal in held)
    asked = [call for call in ground.zoho.calls if call.path == "/crm/v8/Deals" and call.status == 200]
    assert len(asked) <= PAGES + KILLS * 2 + 5, "a killed walk goes on, not over"
    with capsys.disabled():
        told = f"{RECORDS} records, {len(asked)} good pages for {PAGES}, {KILLS} kills"
        print(f"\n{told}, faults {dict(ground.zoho.faults)}")
