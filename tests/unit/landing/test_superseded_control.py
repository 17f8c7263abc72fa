"""A restatement that the control file of the new extract says."""

import json
from decimal import Decimal

import pytest

from pipelines.home import Home
from pipelines.inputs import receipts
from pipelines.landing.land import land, land_source
from pipelines.release.rebuild import _restore_source
from pipelines.settings import Settings
from pipelines.sources.collect import collect_source
from pipelines.sources.definition import load_source
from pipelines.sources.receipt import receipts_of
from tests.unit.landing.ground import payments
from tests.unit.landing.restated import MORE, ROW, THREE, TWO, amounts, balances


def controlled(ground, **entries):
    """Payments with a control file each: `a` becomes a.csv with a.csv.ctl of its rows and what else is given."""
    ground.contract(format={"control": {"kind": "file", "pattern": "{name}.ctl"}})
    for name, (content, more) in entries.items():
        ground.file(f"{name}.csv", content)
        told = {"file": f"{name}.csv", "rows": content.count("\n") - 1, **more}
        ground.file(f"{name}.csv.ctl", json.dumps(told))


def test_a_control_file_says_what_its_file_replaces(ground):
    controlled(ground, a=(payments(ROW), {}))
    ground.land()
    controlled(ground, b=(payments(TWO), {"supersedes": "a.csv", "reason": "the till was off"}))
    ground.land()
    assert amounts(ground) == {"P1": Decimal(2)}
    (told,) = land(ground.home, Settings(ground.home), [load_source(ground.folder)], [])["superseded"]
    assert (told["extract_id"], told["rows"], told["replaced_by"]) == ("a.csv", 1, "b.csv")
    assert (told["reason"], told["told_by"]) == ("the till was off", "b.csv.ctl")
    assert receipts_of(ground.home, "shop")[1].declared["supersedes"] == ["a.csv"]


def test_keys_and_values_say_it_too_under_another_name_and_in_a_folder(ground):
    control = {"kind": "file", "pattern": "{name}.ctl", "keys": {"supersedes": "替换"}}
    ground.contract(files="**/*.csv", format={"control": control})
    ground.file("10/a.csv", payments(ROW))
    ground.file("10/a.csv.ctl", "rows=1\n")
    ground.file("10/b.csv", payments(TWO))
    ground.file("10/b.csv.ctl", "rows=1\n替换=a.csv\n")
    ground.land()
    assert amounts(ground) == {"P1": Decimal(2)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rows=1\nsupersedes=a.csv\nsupersedes=c.csv\n", "twice"),
        ('{"rows": 1, "supersedes": {"a": 1}}', "no name"),
    ],
)
def test_a_control_file_that_says_it_doubtfully_is_not_taken(ground, text, why):
    controlled(ground, a=(payments(ROW), {}), b=(payments(TWO), {}))
    ground.file("b.csv.ctl", text)
    ground.land()
    assert amounts(ground) == {"P1": Decimal(1)}
    assert why in ground.check("S01")["observed"]


@pytest.mark.parametrize(
    ("name", "why"), [("z.csv", "z.csv, which is not in the archive"), ("a.csv", "a.csv, which is itself")]
)
def test_what_a_control_file_replaces_in_vain_is_told(ground, name, why):
    controlled(ground, a=(payments(ROW), {"supersedes": [name]}))
    ground.land()
    assert amounts(ground) == {"P1": Decimal(1)}
    found = ground.check("S06")
    assert (found["status"], found["observed"]) == ("warned", f"a.csv.ctl says that a.csv supersedes {why}")


def test_a_file_that_lost_rows_to_the_replaced_one_is_judged_again(ground):
    """b came between: its P1 said otherwise than a's, and its P2 said the same again."""
    controlled(ground, a=(payments(ROW, MORE), {}))
    ground.land()
    controlled(ground, b=(payments(TWO, MORE, "P3,O1,2026-10-03,7,CNY"), {}))
    assert balances(ground.land()) == [5, 3, 1, 1, 0]
    controlled(ground, c=(payments("P9,O1,2026-10-01,9,CNY"), {"supersedes": "a.csv"}))
    assert balances(ground.land()) == [4, 4, 0, 0, 0]
    assert sorted(ground.new) == ["b.csv", "c.csv"]
    assert amounts(ground) == {"P1": Decimal(2), "P2": Decimal(5), "P3": Decimal(7), "P9": Decimal(9)}


def test_a_file_that_came_before_the_replaced_one_is_not_read_again(ground):
    controlled(ground, a=(payments(ROW), {}))
    ground.land()
    controlled(ground, b=(payments(MORE), {}))
    ground.land()
    controlled(ground, c=(payments(MORE), {"supersedes": "b.csv"}))
    ground.land()
    assert ground.new == ["c.csv"]


def test_a_rebuild_lays_out_both_and_lands_the_same(ground, tmp_path):
    controlled(ground, a=(payments(ROW), {}))
    ground.land()
    controlled(ground, b=(payments(TWO, MORE), {}), c=(payments(THREE), {"supersedes": "a.csv"}))
    ground.source(supersedes=[{"file": "c.csv", "replaces": "b.csv", "reason": "all of it"}])
    ground.land()
    second = Home(tmp_path / "second")
    second.prepare()
    folder = _restore_source(
        ground.home, second, ground.folder, {"inputs": {"extracts": receipts(ground.home)}}
    )
    again = load_source(folder)
    collect_source(again, second)
    land_source(second, again)
    landed = [
        {one.name: one.read_bytes() for one in (home.landing / "orders__payments" / "shop").glob("*")}
        for home in (ground.home, second)
    ]
    assert landed[0] == landed[1]
    assert list(landed[0]) == ["c.csv.parquet"]
