"""The twelve kinds of file of a CSV reader's acid test, the npm package csv-spectrum 2.0.0, in words of our own.

Its thirteenth question, which kind of line break a cell keeps, is answered otherwise: all become one LF (see README).
"""

import pytest

from pipelines.landing.read import read_text
from pipelines.landing.text_table import FileRejectedError
from pipelines.sources.formats import file_format

CASES = {
    "comma_in_quotes": ('who,where\nLi,"12 Main St, Flat 3"\n', [("Li", "12 Main St, Flat 3")]),
    "empty": ('a,b,c\n1,"",""\n2,3,4\n', [("1", "", ""), ("2", "3", "4")]),
    "empty_crlf": ('a,b,c\r\n1,"",""\r\n2,3,4\r\n', [("1", "", ""), ("2", "3", "4")]),
    "escaped_quotes": ('a,b\n1,"so ""they"" say"\n3,4\n', [("1", 'so "they" say'), ("3", "4")]),
    "json": (
        'key,val\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
        [("1", '{"type": "Point", "at": [102.0, 0.5]}')],
    ),
    "newlines": ('a,b\n"first\nsecond",1\n"\n",2\n', [("first\nsecond", "1"), ("\n", "2")]),
    "newlines_crlf": ('a,b\r\n"first\r\nsecond",1\r\n', [("first\nsecond", "1")]),
    "quotes_and_newlines": ('a,b\n1,"he said\n""go""\n"\n2,x\n', [("1", 'he said\n"go"\n'), ("2", "x")]),
    "simple": ("a,b,c\n1,2,3\n", [("1", "2", "3")]),
    "simple_crlf": ("a,b,c\r\n1,2,3\r\n", [("1", "2", "3")]),
    "utf8": ("a,b\n1,ʤ 价格 ⭐\n", [("1", "ʤ 价格 ⭐")]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_of_the_spectrum_is_read_to_the_last_character(tmp_path, name):
    text, rows = CASES[name]
    path = tmp_path / f"{name}.csv"
    path.write_bytes(text.encode())
    table = read_text(path, file_format(None, path.name, path))
    assert [tuple(row.values()) for row in table.columns.to_pylist()] == rows
    assert not table.broken


def test_location_coordinates_in_latin_1_are_refused_unless_declared(tmp_path):
    path = tmp_path / "coordinates.csv"
    path.write_bytes("at,city\n37°36'37.8\"N 121°2'17.9\"W,Modesto\n".encode("latin-1"))
    with pytest.raises(FileRejectedError) as refused:
        read_text(path, file_format(None, path.name, path))
    assert refused.value.rule == "S07"
    table = read_text(path, file_format({"encoding": "latin-1"}, path.name, path))
    assert table.columns.to_pylist() == [{"at": "37°36'37.8\"N 121°2'17.9\"W", "city": "Modesto"}]
