"""A home keeps what earlier runs landed: what of it a run did not name is told, with its rows and its money."""

import pytest

from pipelines.commands.query import _show_status
from pipelines.commands.run import _show
from pipelines.commands.state import status
from pipelines.landing.land import land
from pipelines.run import Outcome
from pipelines.settings import load
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source
from tests.unit.landing.ground import START, Ground

LINES = {name: name for name in ("order_id", "line_id", "quantity", "unit_price", "net_amount")}


def shop(root, home, name, *rows):
    ground = Ground(root / name, home)
    ground.files.mkdir(parents=True)
    ground.source(name=name, default_currency="CNY")
    ground.contract("orders.order_lines", columns=LINES)
    ground.file("lines.csv", "\n".join([",".join(LINES), *rows, ""]))
    return load_source(ground.folder)


@pytest.fixture
def landed(ground, tmp_path):
    """Shop A (two lines, 30.50) landed by a run of its own, then shop B (one line, 7.00) by a second one."""
    first = shop(tmp_path, ground.home, "shop_a", "1,1,1,10.00,10.00", "2,1,1,20.50,20.50", "3,1,1,x,x")
    second = shop(tmp_path, ground.home, "shop_b", "1,1,1,7.00,7.00")
    settings = load(ground.home)
    told = []
    for source in (first, second):
        told.append(land(ground.home, settings, [source], collect(source, ground.home, START)))
    return told


def test_the_summary_tells_every_source_of_the_home_and_which_the_run_named(landed):
    alone, both = landed
    assert [(one["source"], one["is_named"]) for one in alone["sources"]] == [("shop_a", True)]
    first, second = both["sources"]
    assert (first["source"], first["is_named"], first["last_landed"][:10]) == ("shop_a", False, "2026-11-01")
    assert first["rows"] == {"read": 3, "accepted": 2, "quarantined": 1, "duplicates": 0, "rejected": 0}
    assert first["order_lines"]["money"] == {"CNY": "30.5000"}
    assert (second["is_named"], second["order_lines"]["money"]) == (True, {"CNY": "7.0000"})


def test_the_run_says_so_and_nothing_of_it_where_it_named_all(landed, capsys):
    said = []
    for summary in landed:
        shown = {**summary, "as_of": "2026-11-01", "checks": {}, "marts": {}, "seconds": {}}
        _show(Outcome(0, None, shown))
        said.append(capsys.readouterr().out)
    alone, both = said
    assert "also in this home" not in alone
    assert "  of shop_b: accepted 1 of 1 row, order lines 1 row 7.0000 CNY" in both
    expected = "shop_a (last landed 2026-11-01): accepted 2 of 3 rows, order lines 2 rows 30.5000 CNY"
    assert f"also in this home: {expected}; this run did not name it" in both


def test_nothing_new_says_so_too(landed, capsys):
    summary = {"as_of": "2026-11-01", "sources": landed[1]["sources"]}
    _show(Outcome(0, "r1", summary, is_nothing_new=True))
    assert "also in this home: shop_a" in capsys.readouterr().out


def test_status_shows_rows_and_money_of_each_source(landed, ground, capsys):
    found = status(ground.home)
    assert [(one["source"], one["rows"]["accepted"]) for one in found["sources"]] == [
        ("shop_a", 2),
        ("shop_b", 1),
    ]
    _show_status(found)
    assert "30.5000 CNY" in capsys.readouterr().out
