from decimal import Decimal

from pipelines.commands.layout import cell, table, width


def test_columns_align_where_cells_hold_chinese():
    lines = table(["名称", "n"], [["销售净额", 5], ["x", 12]]).splitlines()
    assert lines == ["名称       n", "--------  --", "销售净额   5", "x         12"]


def test_long_cells_are_cut_by_what_they_take_on_screen():
    assert table(["t"], [["销售净额"]], longest=5).splitlines()[-1] == "销售…"
    assert width("销售") == 4


def test_cells_show_no_exponent_and_no_line_break():
    assert cell(Decimal("1E+3")) == "1000"
    assert cell("a\nb") == "a b"
    assert cell(None) == ""
    assert cell(True) == "true"


def test_an_empty_answer_still_has_its_headers():
    assert table(["a", "b"], []).splitlines()[0] == "a  b"
