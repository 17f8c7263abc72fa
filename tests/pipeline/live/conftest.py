"""The chain of runs: released, refused, mended and waived, released again, rebuilt with nothing left to ask.

One home, each command as a user gives it. What it is about stands in the files beside this one, by subject.
"""

import csv
import io
import shutil
from collections.abc import Iterator

import pytest

from pipelines.errors import DONE
from tests.fixtures import live_company, live_tenant
from tests.fixtures.live_world import SOURCES, TOLD, WAIVED, Said, World, made

NAMES = ("--author", "Li Wei", "--approver", "Chen Jing")


@pytest.fixture(scope="session")
def live_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both CRMs, the shop and the home that collects them; tests/conftest.py keeps all that ask for it together."""
    with made(tmp_path_factory.mktemp("live")) as world:
        yield world
        assert [one for one in world.printed for secret in TOLD if secret in one] == []  # whatever was asked


@pytest.fixture(scope="session")
def first(live_world: World) -> str:
    """The first release; both CRMs answered some calls with faults."""
    live_world.zoho.fail("/crm/v8/Deals", "401", "500", "reset")
    live_world.fxiaoke.fail("/cgi/crm/v2/data/query", "20016", "30004", "busy", "reset", "cut_json")
    ended = live_world.weir("run", "--json")
    assert ended.code == DONE, ended.err
    return str(ended.found["release_id"])


@pytest.fixture(scope="session")
def again(live_world: World, first: str) -> Said:
    """The same run again, with nothing changed anywhere."""
    return live_world.weir("run")


@pytest.fixture(scope="session")
def refused(live_world: World, again: Said) -> Said:
    """Five days later, in the CRMs and in the files; of four new lines three are bad, and a deal is."""
    live_world.days = 5
    live_company.go_on(live_world.zoho)
    live_tenant.go_on(live_world.fxiaoke)
    live_company.deliver(live_world.root / "shop", "second")
    return live_world.weir("run", "--json")


@pytest.fixture(scope="session")
def replayed(live_world: World, refused: Said) -> Said:
    """What was exported is mended by the owner of the files, but for the line that has no price."""
    path = live_world.root / "mend.csv"
    assert (
        live_world.weir("quarantine", "export", "--source", "shop", "--to", path, "--json").found["rows"] == 3
    )
    header, *lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    rows = {row["weir_line"]: row for row in (dict(zip(header, line, strict=True)) for line in lines)}
    assert [(rows[line]["price"], rows[line]["net"]) for line in "345"] == [
        ("4,45", "13,35"),
        ("1O.99", "10.99"),
        ("", "14.50"),
    ]
    rows["3"] |= {"price": "4.45", "net": "13.35"}
    rows["4"] |= {"price": "10.99"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        writer.writerows(rows.values())
    return live_world.weir("quarantine", "replay", path, "--author", "Li Wei", "--json")


@pytest.fixture(scope="session")
def waived(live_world: World, replayed: Said) -> None:
    """The line without a price and the deal stay held back: too much of so few, and let through for a day."""
    for check, why in WAIVED.items():
        until = ("--reason", why, "--until", "2024-03-22", "--most", 1)
        ended = live_world.weir("quarantine", "waive", check, *NAMES, *until, "--json")
        assert ended.code == DONE, ended.err


@pytest.fixture(scope="session")
def second(live_world: World, waived: None) -> str:
    """The second release."""
    ended = live_world.weir("run", "--json")
    assert ended.code == DONE, ended.err
    return str(ended.found["release_id"])


@pytest.fixture(scope="session")
def rebuilt(live_world: World, second: str) -> Said:
    """The second release built again when both CRMs, all folders and the credentials are gone."""
    live_world.up.close()
    for name in SOURCES:
        shutil.rmtree(live_world.root / name)
    return live_world.weir("rebuild", second, "--into", live_world.root / "second_home", "--json")
