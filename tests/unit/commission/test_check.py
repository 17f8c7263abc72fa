"""R06 on a release: equal row by row, and a cent that was changed is found."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from quality.commission import LEDGER, aside
from quality.commission.check import compare
from quality.gate import own_checks
from quality.suites.spec import Suite

AS_OF = date(2024, 10, 31)


@pytest.fixture
def copy(demo_release: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo_release, tmp_path / "release")
    return tmp_path / "release"


def rewrite(folder: Path, ledger: pl.DataFrame) -> None:
    ledger.write_parquet(folder / f"{LEDGER}.parquet")


def test_ledger_of_the_company_equals_its_recomputation(demo_release: Path) -> None:
    rows, differences = compare(demo_release, AS_OF)

    assert differences == []
    assert rows > 5_000


def test_one_cent_changed_is_found_with_its_key(copy: Path) -> None:
    ledger = pl.read_parquet(copy / f"{LEDGER}.parquet")
    kind = pl.col("accrual_type") == "accrual"
    key = ledger.filter(kind & (pl.col("amount") > 1))["accrual_key"][0]
    cent = pl.lit(Decimal("0.01")).cast(pl.Decimal(18, 4))
    here = pl.col("accrual_key") == key
    more = pl.when(here).then(pl.col("amount") + cent).otherwise(pl.col("amount")).cast(pl.Decimal(18, 4))
    rewrite(copy, ledger.with_columns(amount=more))

    _, differences = compare(copy, AS_OF)

    assert len(differences) == 2  # the row that is there, and the one that should be
    assert differences[0][0] == key
    asked = aside.start({"candidate": str(copy), "as_of": AS_OF.isoformat()})
    assert aside.answer(asked) == (len(ledger), differences)  # as the gate asks


def test_a_row_that_is_gone_is_missing(copy: Path) -> None:
    ledger = pl.read_parquet(copy / f"{LEDGER}.parquet")
    paid = ledger.filter(pl.col("accrual_type") == "payout")["accrual_key"][0]
    rewrite(copy, ledger.filter(pl.col("accrual_key") != paid))

    _, differences = compare(copy, AS_OF)

    assert [text.split(":")[0] for _, text in differences] == ["missing"]


def test_carried_rows_must_be_those_of_the_earlier_release(copy: Path, demo_release: Path) -> None:
    ledger = pl.read_parquet(copy / f"{LEDGER}.parquet")
    early = pl.when(pl.col("posting_date") < date(2024, 9, 1)).then(pl.lit(date(2024, 8, 31)))
    rewrite(copy, ledger.with_columns(posted_as_of=early.otherwise(pl.col("posted_as_of"))))
    parent = copy.parent / "parent"
    parent.mkdir()
    carried = pl.read_parquet(copy / f"{LEDGER}.parquet").filter(pl.col("posted_as_of") < AS_OF)
    carried.write_parquet(parent / f"{LEDGER}.parquet")

    assert compare(copy, AS_OF, parent)[1] == []
    carried[:-1].write_parquet(parent / f"{LEDGER}.parquet")
    assert [text for _, text in compare(copy, AS_OF, parent)[1]] == [
        "a row of an earlier day that was not carried"
    ]
    assert len(compare(copy, AS_OF, None)[1]) == 1


def test_a_second_release_of_one_business_date_posts_what_differs(copy: Path) -> None:
    """What the first told was a cent too low; the second keeps that row and adds the cent beside it."""
    ledger = pl.read_parquet(copy / f"{LEDGER}.parquet")
    kind = pl.col("accrual_type") == "accrual"
    key = ledger.filter(kind & (pl.col("amount") > 1))["accrual_key"][0]
    cent, here = pl.lit(Decimal("0.01")).cast(pl.Decimal(18, 4)), pl.col("accrual_key") == key
    less = pl.when(here).then(pl.col("amount") - cent).otherwise(pl.col("amount")).cast(pl.Decimal(18, 4))
    told = ledger.with_columns(amount=less)
    added = ledger.filter(here).with_columns(
        accrual_key=pl.lit("the cent"), accrual_type=pl.lit("adjustment"), amount=cent
    )
    parent = copy.parent / "parent"
    parent.mkdir()
    told.write_parquet(parent / f"{LEDGER}.parquet")
    rewrite(copy, pl.concat([told, added]))

    assert compare(copy, AS_OF, parent)[1] == []
    rewrite(copy, pl.concat([ledger, added]))
    assert {found for found, _ in compare(copy, AS_OF, parent)[1]} >= {key}


def test_what_is_earned_too_much_is_not_made_good_by_what_is_held(copy: Path) -> None:
    parent = copy.parent / "parent"
    shutil.copytree(copy, parent)
    ledger = pl.read_parquet(copy / f"{LEDGER}.parquet")
    line = ledger.filter(pl.col("accrual_type") == "accrual")[:1]
    cent = pl.lit(Decimal("0.01")).cast(pl.Decimal(18, 4))
    pair = [
        line.with_columns(accrual_key=pl.lit(kind), accrual_type=pl.lit(kind), amount=amount)
        for kind, amount in (("adjustment", cent), ("reserve", -cent))
    ]
    rewrite(copy, pl.concat([ledger, *pair]))

    _, differences = compare(copy, AS_OF, parent)

    assert {key for key, _ in differences} == {"adjustment", "reserve"}


def test_gate_expects_it_where_there_is_a_ledger() -> None:
    with_ledger = own_checks([Suite(LEDGER, LEDGER, "core", (), ())])
    without = own_checks([Suite("fct_order", "fct_order", "core", (), ())])

    assert [check.rule for check in with_ledger] == ["G01", "G02", "R06"]
    assert "R06" not in {check.rule for check in without}
