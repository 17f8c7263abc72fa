"""Rows held back go out as a file, come back mended, and keep their place: line, counts, original bytes."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner

from pipelines.commands.quarantine import quarantine
from pipelines.errors import UsageError, WeirError
from pipelines.files import read_json, sha256_of
from pipelines.landing.mended import escaped, plain
from pipelines.landing.raw import raw_line
from pipelines.landing.records import records
from pipelines.landing.replay import take_back
from pipelines.landing.summary import summarise
from pipelines.sources.corrections import corrections_of
from pipelines.sources.definition import load_source
from tests.unit.landing.ground import START, payments

GOOD = [f"G{number},O1,2026-10-01,10.00,CNY" for number in range(400)]
BAD = [
    "P1,,2026-10-01,5.25,CNY",  # line 402: names no order
    "P2,O1,2026-10-01,n/a,CNY",  # line 403: no number
    "P3,O1,2026-10-01",  # line 404: cut short
]


def weir(ground, *arguments):
    given = [str(one) for one in (*arguments, "--home", ground.home.root, "--json")]
    ended = CliRunner().invoke(quarantine, given, standalone_mode=False)
    if ended.exception:
        raise ended.exception
    return json.loads(ended.output)


def exported(ground, *filters):
    target = ground.folder / f"mend{len(list(ground.folder.glob('mend*')))}.csv"
    weir(ground, "export", "--to", target, *filters)
    return target


def mend(path, changes, keep=None):
    """Change cells by payment id or line, as the owner of the source would; `keep` leaves only those lines."""
    header, *rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    rows = [dict(zip(header, row, strict=True)) for row in rows]
    for row in rows:
        row.update(changes.get(row["weir_line"], {}))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        writer.writerows([row for row in rows if keep is None or row["weir_line"] in keep])
    return path


def replay(ground, *arguments):
    return weir(ground, "replay", *arguments, "--author", "Li Wei", "--source", ground.folder)


def summary(ground):
    return summarise(list(records(ground.home)), {})


def rows_by_kind(ground):
    found = summary(ground)
    return {
        kind: found[kind]["rows"] for kind in ("read", "accepted", "quarantined", "duplicates", "rejected")
    }


@pytest.fixture
def held(ground):
    """A landed file of 403 rows, three of them held back."""
    ground.file("a.csv", payments(*GOOD, *BAD))
    ground.land()
    assert rows_by_kind(ground) == {
        "read": 403, "accepted": 400, "quarantined": 3, "duplicates": 0, "rejected": 0,
    }  # fmt: skip
    return ground


def test_the_exported_file_has_the_source_s_header_and_says_why(held):
    path = exported(held)
    header, *rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert header[:5] == ["id", "order", "paid", "amount", "currency"]
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["weir_row"], one["weir_rule"], one["weir_text"]) for one in told] == [
        ("shop|a.csv|402", "T15", BAD[0]),
        ("shop|a.csv|403", "S09", BAD[1]),
        ("shop|a.csv|404", "S09", BAD[2]),
    ]
    assert [one["amount"] for one in told] == ["5.25", "n/a", ""]
    assert path.stat().st_mode & 0o777 == 0o600


def test_mended_rows_take_the_place_of_what_came(held):
    blob = held.home.blobs / next(iter(records(held.home)))["sha256"]
    before = blob.read_bytes()
    path = mend(exported(held), {"402": {"order": "O7"}, "403": {"amount": "2.50"}})
    found = replay(held, path)
    assert (found["mended"], found["accepted"], found["unchanged"], found["still"]) == (2, 2, 1, [])
    # 400 x 10.00 + 5.25 + 2.50; the short row is held still
    assert rows_by_kind(held) == {
        "read": 403, "accepted": 402, "quarantined": 1, "duplicates": 0, "rejected": 0,
    }  # fmt: skip
    assert summary(held)["read"] == {"rows": 403, "money": {"CNY": "4007.7500"}, "unreadable": 1}
    assert summary(held)["accepted"]["money"] == {"CNY": "4007.7500"}
    kept = {row["row_id"]: row for row in held.rows()}
    assert kept["shop|a.csv|402"]["order_id"] == "O7"
    assert kept["shop|a.csv|403"]["amount"] == Decimal("2.5000")
    assert kept["shop|a.csv|403"]["received_at"] == kept["shop|a.csv|2"]["received_at"]
    assert blob.read_bytes() == before
    way_back = raw_line(held.home, "shop|a.csv|403")
    assert (way_back.text, json.loads(way_back.mended)["amount"]) == (BAD[1], "2.50")
    assert raw_line(held.home, "shop|a.csv|2").mended is None


def test_the_correction_is_archived_with_a_receipt_and_told(held):
    path = mend(exported(held), {"402": {"order": "O7"}})
    replay(held, path)
    (receipt,) = [read_json(one) for one in held.home.corrections.iterdir()]
    assert (receipt["extract_id"], receipt["lines"], receipt["author"]) == ("a.csv", [402], "Li Wei")
    assert receipt["sha256"] == sha256_of(path) == sha256_of(held.home.blobs / receipt["sha256"])
    (told,) = summary(held)["corrections"]
    assert (told["source"], told["extract_id"], told["rows"], told["author"]) == (
        "shop",
        "a.csv",
        1,
        "Li Wei",
    )


def test_a_row_without_cells_is_mended_too(held):
    cells = {"id": "P3", "order": "O1", "paid": "2026-10-01", "amount": "1.25", "currency": "CNY"}
    assert replay(held, mend(exported(held), {"404": cells}))["accepted"] == 1
    assert held.rows()[-1]["row_id"] == "shop|a.csv|404"
    assert rows_by_kind(held)["quarantined"] == 2
    assert raw_line(held.home, "shop|a.csv|404").text == BAD[2]


def test_replayed_twice_is_nothing_new(held):
    path = mend(exported(held), {"402": {"order": "O7"}})
    replay(held, path)
    state = {one: one.stat().st_mtime_ns for one in held.home.root.rglob("*.parquet")}
    assert replay(held, path)["mended"] == 0
    mend(path, {}, keep={"402"})  # other bytes, the same content
    assert replay(held, path)["mended"] == 0
    assert len(list(held.home.corrections.iterdir())) == 1
    assert {one: one.stat().st_mtime_ns for one in held.home.root.rglob("*.parquet")} == state


def test_a_mended_row_that_is_still_wrong_is_held_again_with_its_reason(held):
    found = replay(held, mend(exported(held), {"403": {"amount": "2.5O"}}))
    assert (found["mended"], found["accepted"], found["quarantined"]) == (1, 0, 1)
    assert found["still"] == [
        {"row_id": "shop|a.csv|403", "rule_id": "S09", "reason": "amount is not a number"}
    ]
    assert rows_by_kind(held)["quarantined"] == 3
    # the next file starts from what was mended last, and may mend it again
    path = exported(held)
    assert "2.5O" in path.read_text("utf-8-sig")
    assert replay(held, mend(path, {"403": {"amount": "2.50"}}))["accepted"] == 1
    assert rows_by_kind(held)["accepted"] == 401


def test_a_mended_row_that_repeats_an_accepted_one_is_a_duplicate(held):
    cells = dict(zip(("id", "order", "paid", "amount", "currency"), GOOD[0].split(","), strict=True))
    found = replay(held, mend(exported(held), {"402": cells}))
    assert (found["accepted"], found["duplicates"]) == (0, 1)
    assert rows_by_kind(held)["duplicates"] == 1


def test_a_mended_line_that_fills_two_feeds_and_repeats_in_one_is_accepted(ground):
    """An order stands on each of its lines: the second time it is a duplicate, and the line is none."""
    orders = {
        "order_id": "order",
        "order_date": "paid",
        "status": {"transformLogic": "'paid'"},
        "currency": "currency",
    }
    ground.contract(feed="orders.orders", files=None, columns=orders, table="payments")
    ground.contract(files=None, table="payments")
    ground.source(tables={"payments": {"files": "*.csv"}})
    ground.file("a.csv", payments(*GOOD, BAD[1]))
    ground.land()
    found = replay(ground, mend(exported(ground), {"402": {"amount": "2.50"}}))
    assert (found["accepted"], found["duplicates"], found["quarantined"]) == (1, 0, 0)


def test_later_extracts_are_judged_anew_as_if_the_row_had_been_right_at_once(held):
    held.file("b.csv", payments("P2,O1,2026-10-01,9.99,CNY", *(one.replace("G", "H") for one in GOOD)))
    held.land()
    assert rows_by_kind(held)["accepted"] == 801  # the P2 of b.csv, since that of a.csv is held
    replay(held, mend(exported(held, "--file", "a.csv"), {"403": {"amount": "2.50"}}))
    by_id = {row["payment_id"]: row["row_id"] for row in held.rows()}
    assert by_id["P2"] == "shop|a.csv|403"
    assert [(row["row_id"], row["rule_id"]) for row in held.held() if row["extract_id"] == "b.csv"] == [
        ("shop|b.csv|2", "S10")
    ]
    first = {path.name: path.read_bytes() for path in held.home.landing.rglob("*.parquet")}
    for path in held.home.landing.rglob("*.parquet"):
        path.unlink()
    held.land()
    assert {path.name: path.read_bytes() for path in held.home.landing.rglob("*.parquet")} == first


def test_declared_sums_are_those_of_the_file_as_it_came(ground):
    control = {"kind": "file", "pattern": "{name}.ctl"}
    ground.contract(files="*.csv", format={"control": control})
    ground.file("a.csv", payments(*GOOD, *BAD[:2]))
    ground.file("a.csv.ctl", "rows=402\nsum.amount.CNY=4005.25\n")
    ground.land()
    assert ground.rejection() == [None]
    assert replay(ground, mend(exported(ground), {"403": {"amount": "2.50"}}))["accepted"] == 1
    assert ground.rejection() == [None]
    assert ground.check("S04")["status"] == "passed"
    assert ground.check("R01")["status"] == "passed"


def refused(ground, path, match):
    before = sorted(ground.home.root.rglob("*"))
    with pytest.raises(UsageError, match=match):
        replay(ground, path)
    assert [one for one in sorted(ground.home.root.rglob("*")) if one.name != "lock"] == [
        one for one in before if one.name != "lock"
    ]


def test_a_file_of_other_bytes_or_of_no_extract_is_refused(held, tmp_path):
    path = exported(held)
    text = path.read_text("utf-8-sig")
    mine = raw_line(held.home, "shop|a.csv|402").text
    assert mine == BAD[0]
    other = tmp_path / "other.csv"
    other.write_text(text.replace("a.csv|", "z.csv|"))
    refused(held, other, r"no archived extract has the row shop\|z\.csv\|402")
    wrong_hash = text.splitlines()[1].rsplit(",", 1)[1]
    other.write_text(text.replace(wrong_hash, "0" * 64))
    refused(held, other, "was exported from other bytes")
    other.write_text(text.replace("id,order,", "id,bestellung,"))
    refused(held, other, r"the columns are not those of a\.csv: bestellung, order")
    other.write_text("a,b\n1,2\n")
    refused(held, other, "has no column weir_row, weir_sha256")
    other.write_bytes(text.encode("utf-16"))
    refused(held, other, "cannot be read as CSV in UTF-8")


def test_rows_of_two_extracts_in_one_file_are_refused(held, tmp_path):
    held.file("b.csv", payments("Q1,,2026-10-02,1.00,CNY", *(one.replace("G", "H") for one in GOOD)))
    held.land()
    one = exported(held, "--file", "a.csv").read_text("utf-8-sig")
    two = exported(held, "--file", "b.csv").read_text("utf-8-sig")
    path = tmp_path / "both.csv"
    path.write_text(one + two.split("\n", 1)[1])
    refused(held, path, r"shop\|b\.csv\|2 is no row of a\.csv")
    with pytest.raises(UsageError, match=r"rows of 2 files are held back: shop: a\.csv, shop: b\.csv"):
        exported(held)


def test_a_row_that_left_the_quarantine_is_not_changed_by_an_old_file(held):
    old = exported(held)
    replay(held, mend(exported(held), {"402": {"order": "O7"}}))
    # the old file still has the row as it came: taking it back would undo the correction
    refused(held, mend(old, {"403": {"amount": "2.50"}}), r"shop\|a\.csv\|402 is not held back")
    assert replay(held, mend(old, {}, keep={"403"}))["accepted"] == 1


def test_a_clock_that_went_back_does_not_bring_back_an_older_correction(held):
    source = {"shop": load_source(held.folder)}
    everything = lambda _: set(range(500))  # noqa: E731
    for hours, amount in ((5, "1x"), (-5, "2.50")):
        path = mend(exported(held), {"403": {"amount": amount}})
        take_back(held.home, path, source, everything, "Li Wei", START + timedelta(hours=hours))
    first, second = corrections_of(held.home, "shop")["a.csv"]
    assert second.received_at > first.received_at
    assert held.rows()[-1]["amount"] == Decimal("2.5000")


def test_a_lost_correction_stops_the_landing(held):
    replay(held, mend(exported(held), {"402": {"order": "O7"}}))
    (receipt,) = [read_json(one) for one in held.home.corrections.iterdir()]
    (held.home.blobs / receipt["sha256"]).unlink()
    held.contract(scale=2)
    with pytest.raises(WeirError, match=r"the archived correction of a\.csv is gone or damaged"):
        held.land()


def test_after_a_contract_is_mended_the_archived_bytes_are_judged_again(held):
    for path in held.files.iterdir():
        path.unlink()  # nothing has to be fetched again
    held.contract(null_tokens=["n/a"])
    assert replay(held)["landed_again"] == {"shop": ["a.csv"]}
    assert [row["reason"] for row in held.held() if row["row_id"].endswith("403")] != []
    held.contract(columns={"payment_id": "id", "order_id": {"transformLogic": "coalesce(nullif(\"order\", ''), 'O0')"},
        "paid_at": "paid", "amount": "amount", "currency": "currency"})  # fmt: skip
    found = replay(held)
    assert (found["before"], found["after"]) == ({"quarantined": 3}, {"quarantined": 2})
    assert replay(held)["landed_again"] == {}


def test_a_file_without_an_author_is_refused(held):
    with pytest.raises(UsageError, match="nobody is named as the author"):
        weir(held, "replay", exported(held), "--source", held.folder)


@pytest.mark.parametrize(
    "cell", ["=1+1", "-10.50", "-x", "+86 138", "@SUM(A1)", "'x", "'=1", "\tx", "", "10", "-"]
)
def test_escaping_for_a_spreadsheet_is_undone_exactly(cell):
    assert plain(escaped(cell)) == cell
    assert not escaped(cell).startswith(("=", "@", "\t"))


def test_list_counts_by_file_and_money(held):
    held.file("b.csv", payments("Q1,,2026-10-02,-1.00,USD", *(one.replace("G", "H") for one in GOOD)))
    held.land()
    groups = weir(held, "list", "--by-file", "--rule", "T15")["groups"]
    assert [(one["extract_id"], one["row_count"], one["money"]) for one in groups] == [
        ("a.csv", 1, {"CNY": "5.2500"}),
        ("b.csv", 1, {"USD": "-1.0000"}),
    ]
    (both,) = weir(held, "list", "--rule", "T15")["groups"]
    assert both["money"] == {"CNY": "5.2500", "USD": "-1.0000"}
    assert [one["row_id"] for one in weir(held, "list", "--rows", "--file", "b.csv")["rows"]] == [
        "shop|b.csv|2"
    ]


def test_a_large_file_is_mended_chunk_by_chunk_to_the_same_rows(held, monkeypatch):
    cells = {"id": "P3", "order": "O1", "paid": "2026-10-01", "amount": "1.25", "currency": "CNY"}
    path = mend(exported(held), {"402": {"order": "O7"}, "404": cells})
    assert replay(held, path)["accepted"] == 2
    small, counts = held.rows(), rows_by_kind(held)
    monkeypatch.setattr("pipelines.landing.batch.is_large", lambda *_: True)
    for record in (held.home.landing / "records").iterdir():
        record.unlink()
    held.land()
    assert (held.rows(), rows_by_kind(held)) == (small, counts)
