"""Large files: read block by block and landed from disk, to the same rows as in memory, within a bound of memory."""

import json
import random
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.landing import decode, delimited, read
from pipelines.landing.delimited import delimited_tables, read_delimited
from pipelines.landing.land import land
from pipelines.landing.packed import Packed
from pipelines.landing.raw import raw_line
from pipelines.landing.text_table import FileRejectedError
from pipelines.settings import load
from pipelines.sources.definition import load_source
from pipelines.sources.model import FileFormat
from tests.unit.landing.ground import HEADER, payments
from tests.unit.landing.hostile.claims import GOOD, rejected

COMMA = FileFormat(type="csv", delimiter=",")
CELLS = [
    "",
    "a",
    "1.5",
    '"q"',
    '"a,b"',
    '"two\nrows"',
    '"three\n\nrows"',
    'in"side',
    "\u00e9",
    "x" * 30,
    "\x00",
]


def whole(tables):
    """Everything that tables say, as one."""
    tables = list(tables)
    rows = [tuple(row.values()) for table in tables for row in table.columns.to_pylist()]
    lines = [line for table in tables for line in table.lines.to_pylist()]
    raw = [text for table in tables for text in table.raw.to_pylist()]
    broken = [row for table in tables for row in table.broken]
    return rows, lines, raw, sorted(broken, key=lambda row: row.line)


def outcome(make):
    try:
        return whole(make())
    except FileRejectedError as rejection:
        return rejection.rule


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blocks_of_any_size_give_the_rows_of_the_whole_file(tmp_path, monkeypatch, end):
    monkeypatch.setattr("pipelines.landing.packed.BLOCK", 7)
    dice = random.Random(end)
    for number in range(40):
        cells = [one for one in CELLS if end == "\n" or "\n" not in one]
        rows = [",".join(dice.choice(cells) for _ in range(dice.choice([3, 3, 3, 3, 2]))) for _ in range(12)]
        text = end.join(["a,b,c", *rows]) + (end if dice.random() < 0.7 else "")
        path = tmp_path / f"{number}.csv"
        path.write_bytes(text.encode())
        expected = outcome(lambda path=path: [read_delimited(Packed(path), COMMA)])
        for window in (1, 20, 200):
            found = outcome(lambda path=path, window=window: delimited_tables(Packed(path), COMMA, window))
            assert found == expected, (window, text)


def test_a_trailer_is_the_last_row_of_the_last_block(ground, monkeypatch):
    monkeypatch.setattr(read, "LARGE", 0)
    monkeypatch.setattr(read, "WINDOW", 50)
    ground.contract(format={"control": {"kind": "trailer", "marker": "END", "rows": 2}})
    ground.file("a.csv", payments(*GOOD, "END,9,,,"))
    ground.land()
    assert (ground.rejection(), len(ground.rows())) == ([None], 9)
    ground.file("b.csv", payments(*[one.replace("G", "H") for one in GOOD], "END,8,,,"))
    ground.land()
    assert ground.rejection()[1] == "S03|8 rows are declared, the file has 9"


@pytest.fixture
def both(ground, tmp_path, monkeypatch):
    """Lands the same files in memory and from disk; gives what each came to."""

    def land(**contract):
        told = []
        for large in (1 << 30, 0):
            monkeypatch.setattr(read, "LARGE", large)
            monkeypatch.setattr(read, "WINDOW", 300)
            ground.contract(
                **contract, scale=3 if large else 4
            )  # another contract: everything is landed again
            summary = ground.land()
            held = [{key: value for key, value in row.items() if key != "raw_hash"} for row in ground.held()]
            held.sort(key=lambda row: (row["file_name"], row["line_no"]))
            told.append((summary, ground.rows(), held, ground.rejection()))
        return told

    return land


def test_what_lands_from_disk_is_what_lands_from_memory(ground, both):
    rows = [f"P{number},O{number % 7},2026-10-0{number % 9 + 1},{number}.50,CNY" for number in range(400)]
    rows[10:10] = ["short,row", 'P10a,"O\n1",2026-10-01,1,CNY', "P10b,O1,soon,1,CNY"]
    ground.file("a.csv", payments(*rows, "P3,O3,2026-10-04,3.50,CNY", "P4,other,2026-10-01,1,CNY"))
    ground.file("b.csv", payments("P5,O5,2026-10-06,5.50,CNY", "P6,other,2026-10-01,1,CNY", *GOOD))
    ground.file("c.csv", payments(*["bad,row"] * 20))
    memory, disk = both()
    assert memory == disk
    summary, landed, held, rejection = disk
    assert summary["duplicates"]["rows"] == 2
    assert {row["rule_id"] for row in held} == {"S09", "S10"}
    assert [one is None for one in rejection] == [True, True, False]
    assert len(landed) + len(held) == summary["read"]["rows"]


def test_a_rejected_large_file_is_held_whole_with_its_texts(ground, both):
    ground.file("a.csv", payments(*GOOD, *["P,O,soon,1,CNY"] * 9))
    memory, disk = both()
    assert memory == disk
    assert [(row["line_no"], row["kind"]) for row in disk[2]] == [(line, "rejected") for line in range(2, 20)]
    assert disk[2][0]["raw_text"] == GOOD[0]


def test_equal_rows_of_a_large_file_are_kept_or_dropped_as_declared(ground, both):
    ground.file("a.csv", payments(*GOOD, GOOD[0]))
    memory, disk = both(duplicates="drop")
    assert memory == disk
    assert disk[0]["duplicates"]["rows"] == 1


def test_objects_and_parquet_rows_land_from_disk_as_from_memory(ground, both, monkeypatch):
    monkeypatch.setattr(read, "MOST_ROWS", 3)
    rows = [
        {"id": f"P{number}", "order": "O1", "paid": "2026-10-01", "amount": number, "currency": "CNY"}
        for number in range(20)
    ]
    late = {**rows[7], "id": "P7b", "amount": "x", "more": 1}
    text = json.dumps([*rows, late], indent=1)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    pq.write_table(pa.table(columns), ground.files / "c.parquet", row_group_size=7)
    ground.file("a.json", text)
    ground.file("b.jsonl", "\n".join([*map(json.dumps, [*rows, late]), "[1]", '{"id":']) + "\n")
    for kind, broken in (("json", 1), ("jsonl", 3), ("parquet", 0)):
        memory, disk = both(files=f"*.{kind}")
        assert memory == disk
        assert (len(disk[1]), len(disk[2])) == (20, broken)


def test_the_line_of_a_row_of_a_large_file_is_found(ground, monkeypatch):
    monkeypatch.setattr(read, "LARGE", 0)
    monkeypatch.setattr(read, "WINDOW", 100)
    ground.file("a.csv", payments(*GOOD))
    ground.land()
    assert raw_line(ground.home, "shop|a.csv|8").text == GOOD[6]


def test_nothing_of_the_work_on_disk_is_left(ground, both):
    ground.file("a.csv", payments(*GOOD))
    both()
    assert list((ground.home.landing / ".work").glob("*")) == []
    (ground.home.landing / ".work" / "killed").mkdir()
    land(ground.home, load(ground.home), [load_source(ground.folder)], [])
    assert not (ground.home.landing / ".work").exists()
    assert list(ground.home.landing.rglob("*.tmp")) == []


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_a_row_longer_than_any_row_is_rejects_the_file(ground, monkeypatch, large):
    monkeypatch.setattr(decode, "LONGEST_ROW", 1000)
    monkeypatch.setattr(read, "LARGE", large)
    monkeypatch.setattr(read, "WINDOW", 300)
    ground.file("a.csv", payments(*GOOD, f"P1,{'x' * 2000},2026-10-01,1,CNY"))
    rejected(ground, "S09", "line 11 is longer than 1000 bytes")


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_a_quote_that_never_closes_is_found_before_it_fills_the_memory(ground, monkeypatch, large):
    monkeypatch.setattr(delimited, "LONGEST_ROW", 1000)
    monkeypatch.setattr(read, "LARGE", large)
    monkeypatch.setattr(read, "WINDOW", 300)
    many = [f"M{number},O1,2026-10-01,1,CNY" for number in range(200)]
    ground.file("a.csv", payments(*GOOD, 'P1,"O1,2026-10-01,1,CNY', *many))
    rejected(ground, "S09", "a quote does not close in the record of line 11")


def test_too_many_broken_rows_are_not_kept_in_mind(ground, monkeypatch):
    monkeypatch.setattr(read, "LARGE", 0)
    monkeypatch.setattr("pipelines.landing.spool.MOST_BROKEN", 20)
    monkeypatch.setattr(read, "WINDOW", 300)
    ground.file("a.csv", payments(*["no,row"] * 100))
    rejected(ground, "S09", "more than 20 rows cannot be read")


MEASURED = """
import json, resource, sys
from pathlib import Path
import duckdb, numpy, pyarrow, pyarrow.compute, pyarrow.parquet
import pipelines.landing.land as land
import pipelines.landing.delimited, pipelines.landing.feed_run, pipelines.landing.spool
pipelines.landing.feed_run.MEMORY = "48MB"  # reached by a small file, so that growth beyond it would show
from pipelines.home import Home
from pipelines.settings import now
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
home = Home(Path(sys.argv[1]))
home.prepare()
source = load_source(Path(sys.argv[2]))
collect(source, home, now())
land.land_source(home, source)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"imports": before // 1024, "above": (peak - before) // 1024}))
"""


def test_memory_does_not_grow_with_the_file(ground, tmp_path):
    above = {}
    for times in (20, 40):  # MB
        path = ground.files / "a.csv"
        with path.open("w") as stream:
            stream.write(HEADER)
            for number in range(times * 20_000):
                stream.write(
                    f"P{number:09d},O{number % 99:04d},2026-10-0{number % 9 + 1} 08:00:00,{number % 999}.25,CNY\n"
                )
        command = [sys.executable, "-c", MEASURED, str(tmp_path / f"home{times}"), str(ground.folder)]
        above[times] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["above"]
    assert max(above.values()) < 400
    assert above[40] - above[20] < 40, above
