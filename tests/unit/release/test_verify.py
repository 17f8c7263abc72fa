"""One byte anywhere is enough; and the way back goes only to a release that verifies."""

from pathlib import Path

import pytest

from pipelines.errors import PublishError, UsageError
from pipelines.home import Home
from pipelines.release import ledger
from pipelines.release.current import current_id, point_current_at
from pipelines.release.rollback import rollback
from pipelines.release.verify import verify

FILES = (
    "fct_payment.parquet",
    "manifest.json",
    "mart.duckdb",
    "mart_channel_performance.parquet",
    "report.html",
    "verdict.json",
)


def faults(home: Home, release_id: str | None = None) -> list[str]:
    return [fault for proof in verify(home, release_id) for fault in proof.faults]


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def test_a_clean_home_verifies_and_says_what_was_examined(home: Home) -> None:
    for folder in home.releases.iterdir():
        proofs = verify(home, folder.name)
        assert [proof for proof in proofs if not proof.holds] == []
        assert len(proofs) == 7
        assert all(proof.examined for proof in proofs)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("position", [0, 40, -1])
def test_one_flipped_byte_in_any_file_is_caught(home: Home, name: str, position: int) -> None:
    first = min(home.releases.iterdir())
    flip(first / name, position)
    assert any(name in fault for fault in faults(home, first.name))


def test_a_table_whose_bytes_differ_is_not_explained_by_the_reader_of_parquet(home: Home) -> None:
    first = min(home.releases.iterdir())
    flip(first / "fct_payment.parquet", -1)  # the last byte is of Parquet's own mark: nothing can be read
    *_, contents = verify(home, first.name)
    said = "fct_payment cannot be read: the bytes of fct_payment.parquet differ from the manifest"
    assert contents.faults == (said,)


def test_every_tenth_byte_of_the_ledger_is_caught(home: Home) -> None:
    whole = home.ledger.read_bytes()
    for position in range(0, len(whole), 10):
        flip(home.ledger, position)
        assert faults(home), position
        home.ledger.write_bytes(whole)
    assert faults(home) == []


def test_a_missing_and_an_added_file_are_caught(home: Home) -> None:
    folder = home.current.resolve()
    folder.chmod(0o755)
    (folder / "fct_payment.parquet").unlink()
    (folder / "notes.txt").write_text("x")
    found = faults(home)
    assert "fct_payment.parquet is missing" in found
    assert "fct_payment cannot be read: fct_payment.parquet is missing" in found
    assert "notes.txt is not in the manifest" in found


def test_ledger_and_releases_are_compared_both_ways(home: Home) -> None:
    first = min(home.releases.iterdir())
    first.chmod(0o755)
    first.rename(home.releases / "2024-01-31.0007.00000000")
    found = faults(home)
    assert f"{first.name} is in the ledger and has no folder" in found
    assert "2024-01-31.0007.00000000 has a folder and no line in the ledger" in found


def test_a_moved_current_is_caught(home: Home) -> None:
    first = min(path.name for path in home.releases.iterdir())
    point_current_at(home, first)
    assert any(fault.startswith(f"CURRENT is {first}") for fault in faults(home))


def test_rollback_moves_current_and_is_in_the_history(home: Home) -> None:
    first, second = sorted(path.name for path in home.releases.iterdir())
    assert rollback(home, first) == second
    assert current_id(home) == first
    assert faults(home) == []
    last = ledger.read(home).entries[-1]
    assert (last["kind"], last["release_id"], last["parent_id"]) == ("rollback", first, second)
    with pytest.raises(UsageError, match="is current already"):
        rollback(home, first)


def test_rollback_to_a_damaged_release_is_refused(home: Home) -> None:
    first, second = sorted(home.releases.iterdir())
    flip(first / "fct_payment.parquet", 40)
    with pytest.raises(PublishError, match="does not verify"):
        rollback(home, first.name)
    assert current_id(home) == second.name


def test_unknown_releases_are_wrong_usage(home: Home, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no release"):
        verify(home, "2020-01-01.0001.00000000")
    with pytest.raises(UsageError, match="there is no release"):
        rollback(home, "2020-01-01.0001.00000000")
    with pytest.raises(UsageError, match="nothing has been released"):
        verify(Home(tmp_path / "other"))
