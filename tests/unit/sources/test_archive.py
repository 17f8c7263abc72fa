"""The archive: bytes by content, a receipt as commit point, conflicts kept and nothing overwritten."""

import hashlib
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from pipelines.files import read_json
from pipelines.sources.archive import collect, discover
from pipelines.sources.definition import load_source
from pipelines.sources.receipt import slug_of
from pipelines.sources.state import read_state

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_a_receipt_says_what_arrived(folder, home):
    content = folder.file("a b.csv").read_bytes()
    found = collect(load_source(folder.path), home, NOW)
    assert [(one.extract_id, one.size, one.tables, one.feeds) for one in found] == [
        ("a b.csv", len(content), ["payments"], ["orders__payments"])
    ]
    sha256 = hashlib.sha256(content).hexdigest()
    assert (home.blobs / sha256).read_bytes() == content
    kept = read_json(home.receipts / f"shop--{slug_of('a b.csv')}.json")
    assert (kept["sha256"], kept["bytes"], kept["received_at"]) == (
        sha256,
        len(content),
        "2026-11-24T06:00:00.000000Z",
    )


def test_the_same_bytes_again_are_no_news(folder, home):
    path = folder.file("a.csv")
    first = collect(load_source(folder.path), home, NOW)
    os.utime(path, (1, 1))  # another time, the same bytes
    later = datetime(2026, 11, 25, tzinfo=UTC)
    assert collect(load_source(folder.path), home, later) == first
    assert read_state(home, "shop").conflicts == {}


def test_other_bytes_under_one_id_are_a_conflict_and_overwrite_nothing(folder, home):
    old = folder.file("a.csv").read_bytes()
    first = collect(load_source(folder.path), home, NOW)
    new = old.replace(b"1,CNY", b"2,CNY")
    folder.file("a.csv", new)
    assert collect(load_source(folder.path), home, NOW) == first
    assert list(read_state(home, "shop").conflicts) == ["a.csv"]
    kept = [read_json(path) for path in home.conflicts.glob("*.json")]
    assert [one["seen_sha256"] for one in kept] == [hashlib.sha256(new).hexdigest()]
    assert (home.blobs / first[0].sha256).read_bytes() == old
    folder.file("a.csv", old)  # put right again, there is no conflict, and the trace of it stays
    collect(load_source(folder.path), home, NOW)
    assert read_state(home, "shop").conflicts == {}
    assert len(list(home.conflicts.glob("*.json"))) == 1


def test_files_below_the_root_and_control_files(folder, home):
    folder.contract((folder.path / "payments.odcs.yaml").read_text().replace('"*.csv"', '"**/*.*"'))
    text = (folder.path / "payments.odcs.yaml").read_text()
    option = (
        "    customProperties:\n      - {property: format, value: {control: {kind: file}}}\n    properties:"
    )
    folder.contract(text.replace("    properties:", option))
    (folder.path / "files" / "2026").mkdir()
    folder.file("2026/a.csv")
    folder.file("2026/a.csv.ctl", b"rows=1\n")
    folder.file("2026/.hidden.csv")
    assert list(discover(load_source(folder.path))) == ["2026/a.csv"]
    receipt = collect(load_source(folder.path), home, NOW)[0]
    assert receipt.declared == {"rows": 1, "sums": {}}
    assert (home.blobs / receipt.control["sha256"]).read_bytes() == b"rows=1\n"


def test_another_control_file_for_the_same_bytes_is_a_conflict(folder, home):
    text = (folder.path / "payments.odcs.yaml").read_text()
    option = (
        "    customProperties:\n      - {property: format, value: {control: {kind: file}}}\n    properties:"
    )
    folder.contract(text.replace("    properties:", option))
    folder.file("a.csv")
    folder.file("a.csv.ctl", b"rows=1\n")
    first = collect(load_source(folder.path), home, NOW)
    folder.file("a.csv.ctl", b"rows=2\n")
    assert collect(load_source(folder.path), home, NOW) == first
    assert list(read_state(home, "shop").conflicts) == ["a.csv"]


def test_slugs_of_different_ids_differ():
    ids = ["a/b.csv", "a_b.csv", "a b.csv", "订单.csv", "收款.csv"]
    assert len({slug_of(one) for one in ids}) == len(ids)
    assert slug_of("a_b.csv") == "a_b.csv"


def test_two_collectors_at_once_make_one_receipt(folder, home):
    for number in range(20):
        folder.file(f"{number}.csv", f"id,paid,amount,currency\nP{number},2026-10-01,1,CNY\n".encode())
    source = load_source(folder.path)
    errors = []

    def work():
        try:
            collect(source, home, NOW)
        except Exception as error:
            errors.append(error)

    # Processes have ids of their own; threads of one process would share temporary names.
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from pipelines.home import Home; from pipelines.sources.archive import collect\n"
        "from pipelines.sources.definition import load_source\n"
        "collect(load_source(Path(sys.argv[1])), Home(Path(sys.argv[2])), datetime(2026, 11, 24, tzinfo=UTC))\n"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(folder.path), str(home.root)])
    mine = threading.Thread(target=work)
    mine.start()
    mine.join()
    assert other.wait(timeout=60) == 0
    assert errors == []
    assert len(list(home.receipts.glob("*.json"))) == 20
    assert not list(home.blobs.glob(".*"))


def test_a_collection_with_nothing_new_imports_nothing_heavy(folder, home):
    folder.file("a.csv")
    collect(load_source(folder.path), home, NOW)
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from pipelines.home import Home; from pipelines.sources.archive import collect\n"
        "from pipelines.sources.definition import load_source\n"
        "collect(load_source(Path(sys.argv[1])), Home(Path(sys.argv[2])), datetime(2026, 11, 24, tzinfo=UTC))\n"
        "heavy = {'duckdb', 'pyarrow', 'polars', 'pandas', 'numpy', 'dagster', 'dbt'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(folder.path), str(home.root)], check=False)
    assert run.returncode == 0


def test_a_file_that_was_seen_is_not_read_again(folder, home, monkeypatch):
    path = folder.file("a.csv")
    collect(load_source(folder.path), home, NOW)
    path.chmod(0)
    before = path.stat().st_atime_ns
    collect(load_source(folder.path), home, NOW)
    assert path.stat().st_atime_ns == before


@pytest.mark.parametrize("glob", ["old/*", "a.csv"])
def test_excluded_files_are_not_collected(folder, home, glob):
    folder.file("a.csv")
    folder.source(exclude=[{"file": glob, "reason": "test"}])
    assert len(collect(load_source(folder.path), home, NOW)) == (0 if glob == "a.csv" else 1)
