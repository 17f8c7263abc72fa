"""The ledger: sealed, chained, and whole again after a torn line."""

import json
from pathlib import Path

import pytest

from pipelines.errors import PublishError
from pipelines.home import Home
from pipelines.release import ledger


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path)
    for number in (1, 2, 3):
        ledger.append(found, "release", {"release_id": f"r{number}", "parent_id": None})
    return found


def test_entries_are_chained_and_numbered(home: Home) -> None:
    found = ledger.read(home)
    assert [entry["seq"] for entry in found.entries] == [1, 2, 3]
    assert found.entries[0]["prev"] == "0" * 64
    assert [entry["prev"] for entry in found.entries[1:]] == [entry["hash"] for entry in found.entries[:-1]]
    assert found.current == "r3"
    assert ledger.broken_links(found) == []


@pytest.mark.parametrize("change", ["edit", "edit_and_seal", "delete", "swap", "repeat"])
def test_every_change_of_history_is_seen(home: Home, change: str) -> None:
    lines = home.ledger.read_text().splitlines()
    if change == "edit":
        lines[1] = lines[1].replace('"r2"', '"r9"')
    elif change == "edit_and_seal":
        entry = {name: value for name, value in json.loads(lines[1]).items() if name != "hash"}
        entry["release_id"] = "r9"
        lines[1] = json.dumps({**entry, "hash": ledger.digest(entry)})
    elif change == "delete":
        del lines[1]
    elif change == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        lines.insert(1, lines[1])
    home.ledger.write_text("\n".join(lines) + "\n")
    assert ledger.broken_links(ledger.read(home)) != []
    with pytest.raises(PublishError, match="the ledger is not whole"):
        ledger.append(home, "release", {"release_id": "r4", "parent_id": None})


def test_a_torn_tail_is_ignored_and_cut_off_at_every_byte(home: Home) -> None:
    whole = home.ledger.read_bytes()
    start = whole[:-1].rindex(b"\n") + 1
    for cut in range(start, len(whole)):
        home.ledger.write_bytes(whole[:cut])
        found = ledger.read(home)
        assert found.current == "r2"
        assert found.is_torn == (cut > start)
        ledger.append(home, "release", {"release_id": "r4", "parent_id": "r2"})
        after = ledger.read(home)
        assert (after.current, len(after.entries), after.is_torn) == ("r4", 3, False)
        assert ledger.broken_links(after) == []


def test_a_torn_line_inside_is_an_error_with_its_place(home: Home) -> None:
    lines = home.ledger.read_bytes().splitlines(keepends=True)
    home.ledger.write_bytes(lines[0] + lines[1][:20] + b"\n" + lines[2])
    with pytest.raises(PublishError) as caught:
        ledger.read(home)
    assert caught.value.where.endswith("ledger.jsonl:2")
