"""The command line on the example source: what each kind of arrival ends with, and that readers keep what they had."""

import shutil
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.errors import DONE, REFUSED, REJECTED, USAGE
from pipelines.home import Home
from pipelines.release import ledger

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "sources" / "acme_erp"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example source and a home that has released it."""
    root = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, root / "acme_erp")
    assert weir("run", root) == DONE
    return root


@pytest.fixture
def root(released: Path, tmp_path: Path) -> Path:
    shutil.copytree(released, tmp_path / "copy", symlinks=True)
    return tmp_path / "copy"


def weir(command: str, root: Path, *more: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([command, "--source", str(root / "acme_erp"), "--home", str(root / "home"), *more])
    return int(ended.value.code or 0)


def current(root: Path) -> str | None:
    return ledger.read(Home(root / "home")).current


def sales(root: Path) -> Path:
    return root / "acme_erp" / "data" / "sales_2024-10.csv"


def test_the_same_again_is_nothing_new(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = current(root)
    assert weir("run", root) == DONE
    assert capsys.readouterr().out.startswith(f"nothing new: release {before}")
    assert len(list((root / "home" / "releases").iterdir())) == 1


def test_other_bytes_under_the_same_name_are_a_conflict_and_put_right_they_are_nothing_new(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, kept = current(root), sales(root).read_bytes()
    control = sales(root).with_suffix(".ctl")
    declared = control.read_text(encoding="utf-8")
    sales(root).write_bytes(kept + kept.splitlines(keepends=True)[-1].replace(b"1", b"7", 1))
    control.write_text("file=sales_2024-10.csv\nrows=5\n", encoding="utf-8")
    assert weir("run", root) == REJECTED
    told = capsys.readouterr().err
    assert "S06" in told
    assert "to do:" in told
    assert current(root) == before

    sales(root).write_bytes(kept)
    control.write_text(declared, encoding="utf-8")
    assert weir("run", root) == DONE
    assert "nothing new" in capsys.readouterr().out


def test_a_file_without_its_control_file_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = current(root)
    shutil.copyfile(sales(root), sales(root).with_name("sales_2024-11.csv"))
    assert weir("run", root) == REJECTED
    assert "S01" in capsys.readouterr().err
    assert current(root) == before


def test_one_bad_row_in_a_small_file_publishes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of five lines has a price that is no number: 20 % of the feed set aside, far above what is allowed."""
    before = current(root)
    lines = sales(root).read_bytes().splitlines(keepends=True)
    name = "sales_2024-11.csv"
    bad = lines[1].decode("gb18030").replace("SO", "SX").split(",")
    later = [",".join("abc" if cell.replace(".", "").isdigit() and "." in cell else cell for cell in bad)]
    sales(root).with_name(name).write_bytes(lines[0] + later[0].encode("gb18030"))
    sales(root).with_name("sales_2024-11.ctl").write_text(f"file={name}\nrows=1\n", encoding="utf-8")
    code = weir("run", root)
    told = capsys.readouterr().err
    assert code in {REFUSED, REJECTED}, told
    assert "S09" in told
    assert current(root) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--as-of", "2024-13-01"], "is not a date"),
        (["--source", "/nowhere"], "does not exist"),
        (["--colour", "red"], "No such option"),
    ],
)
def test_wrong_usage_is_told(
    root: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert weir("run", root, *arguments) == USAGE
    assert told in capsys.readouterr().err
