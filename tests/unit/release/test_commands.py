"""`weir releases`, `verify`, `rollback`: what they print and end with."""

import fcntl
import json
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.home import Home


def weir(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code, out, _ = weir(capsys, *arguments, "--json")
    return code, json.loads(out)


def ids(home: Home) -> list[str]:
    return sorted(path.name for path in home.releases.iterdir())


def test_releases_lists_the_history_and_marks_the_current_one(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = ids(home)
    code, found = told(capsys, "releases", "--home", str(home.root))
    assert code == 0
    assert [(one["release_id"], one["is_current"]) for one in found["releases"]] == [
        (first, False),
        (second, True),
    ]
    # 3 payments and 2 channel rows, then one payment more
    assert [one["rows"] for one in found["releases"]] == [5, 6]
    _, out, _ = weir(capsys, "releases", "--home", str(home.root))
    assert [line[0] for line in out.splitlines()] == [" ", "*"]


def test_releases_of_an_empty_home_say_what_to_do(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = weir(capsys, "releases", "--home", str(tmp_path))
    assert (code, out) == (0, "nothing has been released yet: weir run --source DIR\n")


def test_verify_ends_with_0_when_all_holds(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for release_id in ids(home):
        code, found = told(capsys, "verify", release_id, "--home", str(home.root))
        assert (code, found["verified"]) == (0, True)
    _, out, _ = weir(capsys, "verify", "--home", str(home.root))
    assert out.splitlines()[-1] == "verified"


def test_verify_ends_with_5_and_says_what_where_and_what_to_do(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.current.resolve() / "fct_payment.parquet"
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    code, out, _ = weir(capsys, "verify", "--home", str(home.root))
    assert code == 5
    assert "FAILED every_file_has_its_hash" in out
    assert "what:  fct_payment.parquet differs from its SHA-256 in the manifest" in out
    assert f"where: {path.parent}" in out
    assert "to do: weir rollback" in out
    assert out.splitlines()[-1] == "NOT verified"


def test_rollback_moves_current(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = ids(home)
    code, out, _ = weir(capsys, "rollback", first, "--home", str(home.root))
    assert (code, out) == (0, f"CURRENT is {first}; it was {second}\n")
    assert home.current.resolve().name == first
    _, out, _ = weir(capsys, "releases", "--home", str(home.root))
    assert out.splitlines()[-1].startswith(f"* {first}")
    assert f"rolled back from {second}" in out


def test_rollback_waits_for_nobody(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = ids(home)
    with (home.root / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, _, err = weir(capsys, "rollback", first, "--home", str(home.root))
    assert code == 3
    assert "another run holds this home" in err
    assert home.current.resolve().name == second


@pytest.mark.parametrize("command", ["releases", "verify", "rollback", "rebuild"])
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = weir(capsys, command, "--help")
    assert code == 0
    assert f"Example: weir {command}" in out
