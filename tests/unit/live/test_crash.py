"""A crash at any write of a collection: the next one goes on, each record is archived once."""

from pathlib import Path
from typing import Any

import pytest

from pipelines.sources.live import extracts, journal, place, walk
from tests.servers.zoho_data import fill
from tests.unit.live.ground import Ground

POINTS = (
    (journal.Journal, "append"),
    (journal.Journal, "drop"),
    (extracts, "write_atomic"),
    (extracts, "keep_blob"),
    (extracts, "commit_receipt"),
    (place, "write_atomic"),
    (walk, "write_place"),
)


class CrashError(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("owner", "name"), POINTS)
def test_each_record_once_whichever_write_was_the_last(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, when: str
) -> None:
    monkeypatch.setattr(walk, "EXTRACT_ROWS", 400)
    fill(ground.zoho.store, 1_100)
    real, calls, at = getattr(owner, name), 0, 0
    crashes = 0

    def torn(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and when == "before":
            raise CrashError
        found = real(*given, **named)
        if calls == at:
            raise CrashError
        return found

    monkeypatch.setattr(owner, name, torn)
    for at in (1, 2, 3):  # noqa: B007 - `torn` reads it
        calls = 0
        try:
            ground.fetch()
        except CrashError:
            crashes += 1
    at = -1
    ground.fetch()
    assert crashes
    assert len(ground.ids()) == 1_100
    assert set(ground.ids().values()) == {1}


def test_a_torn_line_at_the_end_of_the_journal_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "walk.journal"
    first = journal.Journal(path)
    first.append([b'{"id":"1"}'], {"page": 1})
    whole = path.read_bytes()
    lost = b'#{"crc":1,"place":{"page":2}}\n'  # a commit without its lines: blocks reach a disk in any order
    for torn in (b'{"id":"2"}\n', b'{"id":"2"}\n#{"pa', b'{"id":', b"\n", b"\0" * 40 + b"\n" + lost, lost):
        path.write_bytes(whole + torn)
        again = journal.Journal(path)
        assert (again.last, again.rows, list(again.lines())) == ({"page": 1}, 1, [b'{"id":"1"}'])
        assert path.read_bytes() == whole
