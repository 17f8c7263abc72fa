"""The gate as a process: one JSON line in, one verdict out, landed feeds judged early."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quality import gate
from quality.commission import aside
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


def test_feeds_and_tables_judged_early_give_the_same_verdict(built: Ground) -> None:
    request = {**built.request(), "created_at": "2024-02-01T00:00:00+00:00"}
    landed = {"landed": {"landing_root": str(built.home.landing), "as_of": AS_OF}}
    at_once, in_three = child(request), child(landed, {"staged": request}, request)
    assert json.loads(at_once.stdout) == json.loads(in_three.stdout)


def test_a_table_that_changes_or_comes_after_it_was_judged_refuses(built: Ground, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(built.request()["candidate"], tmp_path / "candidate"))
    request = {**built.request(), "candidate": str(copy)}
    staged = gate.judge_staged(request)
    (copy / "fct_payment.parquet").write_bytes((copy / "mart_channel_performance.parquet").read_bytes())
    shutil.copyfile(copy / "fct_payment.parquet", copy / "late.parquet")
    verdict = gate.evaluate(request, staged=staged)
    assert verdict["verdict"] == "refused"
    assert verdict["reasons"] == [
        "fct_payment.parquet changed while it was judged",
        "late.parquet changed while it was judged",
    ]


def test_no_request_is_no_verdict() -> None:
    ended = child()
    assert (ended.returncode, ended.stdout) == (1, "")


def test_a_recomputation_that_breaks_off_is_no_verdict(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = aside.start({"candidate": str(tmp_path), "as_of": AS_OF})
    with pytest.raises(subprocess.CalledProcessError):
        aside.answer(asked)
    assert "No such file" in capfd.readouterr().err
