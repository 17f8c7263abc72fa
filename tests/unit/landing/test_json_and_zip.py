"""JSON arrays, element by element, and zips of several members."""

import io
import json
import tracemalloc
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest

from pipelines.landing.raw import raw_line
from tests.unit.landing.ground import payments
from tests.unit.landing.hostile.claims import GOOD, rejected

OBJECT = (
    '{"id":"P%d","order":"O1","paid":"2026-10-01T08:00:00","amount":90071992547409.9312,"currency":"CNY"}'
)


@pytest.fixture
def arrays(ground):
    ground.contract(files="*.json")
    return ground


def ids(ground):
    return [row["payment_id"] for row in ground.rows()]


def test_an_array_is_one_row_an_element_with_the_digits_of_its_numbers(arrays):
    arrays.file("a.json", f"[{OBJECT % 1},\n  {OBJECT % 2}]\n")
    arrays.land()
    (first, second) = arrays.rows()
    assert (first["amount"], first["paid_at"]) == (Decimal("90071992547409.9312"), datetime(2026, 10, 1))
    assert (first["row_id"], second["row_id"]) == ("shop|a.json|1", "shop|a.json|2")
    assert raw_line(arrays.home, "shop|a.json|2").text == OBJECT % 2


def test_an_array_under_keys_is_found_and_the_document_read_to_its_end(arrays):
    arrays.contract(files="*.json", format={"records": "data.items"})
    text = '{"page": {"items": [1]}, "data": {"next": null, "items": [%s], "more": {}}, "total": 1}'
    arrays.file("a.json", text % (OBJECT % 1))
    arrays.file("b.json", (text % (OBJECT % 2))[:-4])
    arrays.file("c.json", '{"data": {"rows": []}}')
    arrays.land()
    assert ids(arrays) == ["P1"]
    assert arrays.rejection()[1].startswith("S09|the JSON is cut or damaged at line 1")
    assert arrays.rejection()[2] == "S02|the JSON has no key items (records)"


def test_one_object_a_line_is_read_where_no_array_begins(arrays):
    arrays.file("a.json", f"{OBJECT % 1}\n{OBJECT % 2}\n")
    arrays.land()
    assert ids(arrays) == ["P1", "P2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[%s", "] is missing"),
        ("[%s,]", "a comma ends the array"),
        ("[%s] and more", "something stands after its end"),
        ('[%s, {"id": ]', "cut or damaged at line 1"),
        ('[%s, {"id": "P2"', "cut or damaged at line 1"),
    ],
)
def test_an_array_that_is_cut_or_damaged_is_rejected(arrays, text, said):
    arrays.file("a.json", text % (OBJECT % 1))
    rejected(arrays, "S09", said)


def test_elements_that_are_no_sound_objects_are_set_aside(arrays):
    good = [OBJECT % number for number in range(9)]
    bad = ["[1]", "7", '{"id":"X","id":"Y"}', '{"id":"\\ud800"}']
    arrays.file("a.json", f"[{','.join(good + bad)}]")
    arrays.land()
    assert [(row["line_no"], row["raw_text"]) for row in arrays.held()] == list(enumerate(bad, start=10))


def test_an_array_is_read_without_holding_its_text(tmp_path):
    from pipelines.landing.jsonarray import Scanner, _elements
    from pipelines.landing.packed import Packed

    path = tmp_path / "a.json"
    element = json.dumps({"text": "x" * 1000})
    path.write_text(f"[{','.join([element] * 20_000)}]")  # 20 MB
    tracemalloc.start()
    count = sum(1 for _ in _elements(Scanner(Packed(path), "utf-8")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8 << 20


def packed(*members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def zips(ground):
    ground.contract(files="*.zip", format={"member": "*.csv"})
    return ground


def test_members_are_one_file_and_each_row_knows_its_member_and_line(zips):
    first, second = payments(*GOOD), payments("P1,O1,2026-10-01,x,CNY", "P2,O1,2026-10-01,5,CNY")
    zips.file(
        "a.zip",
        packed(("b.csv", second), ("a.csv", first), ("readme.txt", "hello"), ("__MACOSX/._a.csv", "x")),
    )
    summary = zips.land()
    assert summary["read"]["rows"] == 11
    (held,) = zips.held()
    assert (held["file_name"], held["line_no"], held["raw_text"]) == (
        "a.zip!b.csv",
        2,
        "P1,O1,2026-10-01,x,CNY",
    )
    last = zips.rows()[-1]
    found = raw_line(zips.home, last["row_id"])
    assert (found.file, found.line, found.text) == ("a.zip!b.csv", 3, "P2,O1,2026-10-01,5,CNY")


def test_members_with_other_headings_or_none_that_fits_reject_the_zip(zips):
    zips.file("a.zip", packed(("a.csv", payments(*GOOD)), ("b.csv", "id,order\nP1,O1\n")))
    rejected(zips, "S02", "b.csv has another header than a.csv")
    zips.file("b.zip", packed(("a.txt", payments(*GOOD))))
    rejected(zips, "S01", "the zip has no member *.csv: a.txt")
    zips.file("c.zip", packed(("a.csv", payments(*GOOD)), ("b.csv", "")))
    rejected(zips, "S02", "b.csv: the file is empty")


def test_members_in_another_order_of_columns_go_by_name(zips):
    other = "currency,amount,paid,order,id\nCNY,5,2026-10-01,O2,P2\n"
    zips.file("a.zip", packed(("a.csv", payments("P1,O1,2026-10-01,1,CNY")), ("b.csv", other)))
    zips.land()
    assert [(row["payment_id"], row["amount"]) for row in zips.rows()] == [
        ("P1", Decimal(1)),
        ("P2", Decimal(5)),
    ]


def test_a_zip_of_json_lines_or_parquet_is_read_like_the_file_in_it(ground):
    ground.contract(files="*.jsonl.zip")
    ground.file("a.jsonl.zip", packed(("a.jsonl", OBJECT % 1)))
    ground.land()
    assert ids(ground) == ["P1"]


@pytest.mark.parametrize("damage", [lambda content: content[:-30], lambda content: b"PK" + content[2:60]])
def test_a_damaged_zip_is_rejected(zips, damage):
    zips.file("a.zip", damage(packed(("a.csv", payments(*GOOD)))))
    rejected(zips, "S01", "the zip is damaged")


def test_a_member_that_is_not_what_its_sum_says_is_rejected(zips):
    content = bytearray(packed(("a.csv", payments(*GOOD))))
    content[content.index(b"a.csv") + 30] ^= 0xFF
    zips.file("a.zip", bytes(content))
    rejected(zips, "S01", "the zip is damaged")
