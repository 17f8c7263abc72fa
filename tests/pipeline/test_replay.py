"""A row held back, mended and taken back is released like any other, and a rebuild of that release gives the same."""

import csv
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.home import Home
from pipelines.reader import connect, open_release
from pipelines.release.rebuild import rebuild
from pipelines.run import run
from pipelines.settings import Settings
from tests.fixtures.small_company import deliver, write_source

DAY = "2026-01-05"
ORDERS = [f"SO{n},{DAY},paid,C{n % 7},web,CNY,10.00" for n in range(1, 241)]
LINES = [f"SO{n},1,1,10.00,10.00,CNY" for n in range(1, 241)]


def weir(*arguments: object) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    assert ended.value.code == 0


def sums(home: Home, release_id: str | None) -> tuple[object, ...]:
    release = open_release(home, release_id)
    with connect(release, with_meta=False) as connection:
        lines = connection.execute("select count(*), sum(net_amount) from fct_order_line").fetchone()
        held = connection.execute("select count(*) from quarantine_row where kind = 'quarantined'").fetchone()
    assert lines is not None
    assert held is not None
    return (*lines, *held)


def test_a_release_after_a_replay_is_rebuilt_with_the_same_content(tmp_path: Path) -> None:
    settings = Settings(home=Home(tmp_path / "home"))
    folder = write_source(tmp_path / "shop")
    deliver(folder, DAY, {"orders": ORDERS, "order_lines": [*LINES[:-1], "SO240,1,1,10.00,1O.00,CNY"]})
    first = run(settings, [folder])
    assert first.error is None, first.error
    assert sums(settings.home, first.release_id)[::2] == (239, 1)

    mend = tmp_path / "mend.csv"
    weir("quarantine", "export", "--to", mend, "--home", settings.home.root)
    rows = list(csv.reader(mend.read_text(encoding="utf-8-sig").splitlines()))
    rows[1][rows[0].index("net_amount")] = "10.00"
    with mend.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    replay = ("quarantine", "replay", mend, "--author", "Li Wei", "--source", folder)
    weir(*replay, "--home", settings.home.root)

    second = run(settings, [folder])
    assert second.error is None, second.error
    assert second.release_id != first.release_id
    assert sums(settings.home, second.release_id)[::2] == (240, 0)
    counts = {name: second.summary[name]["rows"] for name in ("read", "accepted", "quarantined")}
    assert counts == {"read": 480, "accepted": 480, "quarantined": 0}
    assert run(settings, [folder]).is_nothing_new

    assert rebuild(settings.home, second.release_id, tmp_path / "again", run).differing == {}
