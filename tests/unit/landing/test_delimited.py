"""The fast way of splitting rows gives what Python's csv module gives, on whatever text."""

import csv
import io
import random

from pipelines.landing.delimited import read_delimited
from pipelines.landing.packed import Packed
from pipelines.landing.text_table import FileRejectedError
from pipelines.sources.model import FileFormat

COMMA = FileFormat(type="csv", delimiter=",")


def expected(text):
    """Records of two fields by the csv module alone; None where it finds a quote that does not close."""
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline=""), strict=True) if record][1:]
    except csv.Error:
        return None
    if all(len(record) == 3 and record[2] == "" for record in records):  # a delimiter ends every row
        return sorted(record[:2] for record in records)
    return sorted(record for record in records if len(record) == 2)


def read_or_reason(path):
    try:
        return read_delimited(Packed(path), COMMA)
    except FileRejectedError as error:
        return error.reason


def test_two_thousand_random_files_read_like_the_csv_module_reads_them(tmp_path):
    random.seed(20261124)
    path = tmp_path / "a.csv"
    read = rejected = 0
    for _ in range(2000):
        rows = [
            "".join(random.choices('ab",\n x', k=random.randint(1, 8))) for _ in range(random.randint(1, 4))
        ]
        text = "a,b\n" + "\n".join(rows) + "\n"
        path.write_text(text, newline="", encoding="utf-8")
        found = read_or_reason(path)
        if isinstance(found, str):
            rejected += 1
            assert expected(text) is None or "quote" not in found, text
            continue
        read += 1
        assert sorted(list(row.values()) for row in found.columns.to_pylist()) == expected(text), text
    assert read > 1000
    assert rejected > 100


def test_quoted_and_plain_rows_stay_in_order_with_their_lines_and_texts(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,x\n"2","y"\n\n3,z\n"4","two\n\nlines"\n5,w\n', encoding="utf-8")
    table = read_delimited(Packed(path), COMMA)
    assert table.columns.to_pydict() == {
        "a": ["1", "2", "3", "4", "5"],
        "b": ["x", "y", "z", "two\n\nlines", "w"],
    }
    assert table.lines.to_pylist() == [2, 3, 5, 6, 9]
    assert table.raw.to_pylist()[1:4] == ['"2","y"', "3,z", '"4","two\n\nlines"']


def test_a_delimiter_at_the_end_of_every_row_stays_in_its_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,x,\n"2","y",\n', encoding="utf-8")
    table = read_delimited(Packed(path), COMMA)
    assert table.columns.to_pydict() == {"a": ["1", "2"], "b": ["x", "y"]}
    assert table.raw.to_pylist() == ["1,x,", '"2","y",']
