"""The command line executes the same job in process, and lets nothing of Dagster or dbt through to the reader."""

from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.home import Home
from tests.fixtures.lock import another_process_holds
from tests.fixtures.source_folder import write_source


def weir(*arguments: str) -> int:
    """The code that the command ends with."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(str(ended.value.code))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source whose only file lacks the column that its contract names."""
    folder = write_source(tmp_path / "shop")
    (folder / "orders_1.csv").write_text("number\n1\n")
    return folder


def test_a_rejected_file_is_told_in_three_lines_and_nothing_else(
    source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = weir("run", "--source", str(source), "--home", str(tmp_path / "home"))
    told = capfd.readouterr()
    assert code == 4
    lines = told.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error", "where", "to do"]
    assert "orders_1.csv" in told.err
    assert all(line.startswith(("as of", "  ", "seconds")) for line in told.out.splitlines()), told.out


def test_a_run_on_a_taken_home_ends_with_code_3_and_names_the_holder(
    source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    with another_process_holds(home) as pid:
        assert weir("run", "--source", str(source), "--home", str(home.root)) == 3
    assert capfd.readouterr().err.splitlines() == [
        f"error: another run holds this home: process {pid}",
        f"where: {home.root / 'lock'}",
        "to do: wait for it to end, or use another home with --home DIR",
    ]
