"""The bench runs and counts what it measures; no figure of it is a test."""

from pathlib import Path

import pytest

from pipelines import bench
from pipelines.demo import DemoPaths
from pipelines.errors import WeirError


def test_landing_and_the_bare_scan_read_the_same_files(demo: DemoPaths) -> None:
    found = bench.landing(demo.source_folders, rounds=1)
    # every row of every extract, and none for a heading: the small company delivers more than 10,000
    assert found["rows"] > 10_000
    assert found.keys() >= {"rows_per_second", "peak_mb", "ratio_to_bare_scan"}


def test_the_memory_of_landing_is_that_of_the_child_and_told_as_a_ratio() -> None:
    found = bench.landing_memory(rows=500)
    assert found["rows"] == 500
    assert found["imports_mb"] > 20
    above, of_four_times = found["mb_above_imports"], found["mb_above_of_4_times"]
    assert 0 < above < of_four_times * 4
    assert found["ratio_of_4_times"] == pytest.approx(of_four_times / above, abs=0.01)


def test_a_measured_process_is_told_a_text_and_its_memory_is_its_own() -> None:
    held = b"x" * 300_000_000
    found = bench.measure(["cat"], "one line\n")
    assert (found.output, found.peak_mb < 50, len(held)) == ("one line\n", True, 300_000_000)


def test_a_measured_process_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeirError, match="ended with code 3"):
        bench.measure(["sh", "-c", "exit 3"])
