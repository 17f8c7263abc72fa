"""A hundred thousand records come through once, though calls fail at random and the process is killed."""

import os
import signal
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from pipelines.home import Home
from pipelines.sources.receipt import receipts_of
from tests.fixtures.fxiaoke_source import fxiaoke_credentials, write_fxiaoke_source
from tests.servers.fxiaoke import Fxiaoke, serve
from tests.servers.fxiaoke_data import fill

OPPORTUNITIES, QUERY = "NewOpportunityObj", "/cgi/crm/v2/data/query"
ONE_FETCH = """\
import sys
from pathlib import Path
from pipelines.home import Home
from pipelines.settings import now
from pipelines.sources.definition import load_source
from pipelines.sources.live.fetch import fetch
fetch(load_source(Path(sys.argv[1])), Home(Path(sys.argv[2])), now)
"""


def fetched(fxiaoke: Fxiaoke, folder: Path, home: Home, kill_after: int | None) -> int:
    """Fetch in a process of its own, which dies once so many more pages have been answered; its exit code."""
    child = subprocess.Popen([sys.executable, "-c", ONE_FETCH, str(folder), str(home.root)])
    if kill_after is not None:
        fxiaoke.after(QUERY, kill_after, lambda: os.kill(child.pid, signal.SIGKILL))
    return child.wait(timeout=600)


def test_a_hundred_thousand_records_under_faults_and_kills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    with serve(rate=None) as (url, fxiaoke):
        fill(fxiaoke.store, 100_000)
        for name, value in fxiaoke_credentials(fxiaoke.auth).items():
            monkeypatch.setenv(name, value)
        folder = write_fxiaoke_source(tmp_path / "fx", url)
        fxiaoke.auth.token_calls = None
        fxiaoke.mix(
            11, 0.04, "30004", "busy", "500", "reset", "reset_after", "20016", "truncated", "cut_json"
        )
        codes = [fetched(fxiaoke, folder, home, pages) for pages in (37, 301, 1, 250, None)]
        records = fxiaoke.store.things[OPPORTUNITIES].records
        calls = fxiaoke.count(QUERY)
    assert codes == [-signal.SIGKILL] * 4 + [0]
    lines = [
        orjson.loads(line)
        for receipt in receipts_of(home, "fx")
        if receipt.extract_id.startswith(f"{OPPORTUNITIES}/0")
        for line in (home.blobs / receipt.sha256).read_bytes().splitlines()
    ]
    assert Counter(line["_id"] for line in lines) == dict.fromkeys(records, 1)
    assert sum(Decimal(line["amount"] or 0) for line in lines) == sum(
        Decimal(record["amount"] or 0) for record in records.values()
    )
    assert set(fxiaoke.faults) == {
        "30004",
        "busy",
        "500",
        "reset",
        "reset_after",
        "20016",
        "truncated",
        "cut_json",
    }
    assert calls < 1_200  # 1,000 pages, a count for each start, the faults: no kill began anew
