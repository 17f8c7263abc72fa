"""The gate as a process: one JSON line in, one verdict out, landed feeds judged early."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.candidate import AS_OF, Ground, ground

ROOT = Path(__file__).parents[3]


def child(*lines: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quality.gate_child"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    made = ground(tmp_path_factory.mktemp("child"))
    made.stage()
    return made


def test_it_writes_the_verdict_and_prints_it_as_one_line(built: Ground) -> None:
    ended = child(built.request())
    assert (ended.returncode, ended.stderr) == (0, "")
    (line,) = ended.stdout.splitlines()
    verdict = json.loads(line)
    assert verdict == json.loads(Path(built.request()["verdict"]).read_text())
    assert verdict["verdict"] == "pass"
    assert set(verdict["digests"]) == {
        "fct_payment.parquet",
        "mart_channel_performance.parquet",
        "mart.duckdb",
    }


def test_landed_feeds_judged_early_give_the_same_verdict(built: Ground) -> None:
    early = {"landed": {"landing_root": str(built.home.landing), "as_of": AS_OF}}
    request = {**built.request(), "created_at": "2024-02-01T00:00:00+00:00"}
    at_once, in_two = child(request), child(early, request)
    assert json.loads(at_once.stdout) == json.loads(in_two.stdout)


def test_no_request_is_no_verdict() -> None:
    ended = child()
    assert (ended.returncode, ended.stdout) == (1, "")
