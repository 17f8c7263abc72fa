"""Rows 23 to 38: headers and rows that do not have the shape of their contract."""

from decimal import Decimal

from pipelines.landing.trial import trial
from tests.unit.landing.ground import HEADER, PAYMENT, payments
from tests.unit.landing.hostile.claims import GOOD, accepted, rejected, set_aside, warned

LINE = "P1,O1,2026-10-01,10.50,CNY"


def test_23_columns_in_another_order_go_by_their_names(ground):
    ground.file("a.csv", "amount,id,currency,order,paid\n10.50,P1,CNY,O1,2026-10-01\n")
    accepted(ground, payment_id="P1", amount=Decimal("10.50"), order_id="O1", currency="CNY")


def test_24_a_heading_that_stands_there_twice_rejects_the_file(ground):
    ground.file("a.csv", "id,order,paid,amount,currency,amount\nP1,O1,2026-10-01,10.50,CNY,2.00\n")
    rejected(ground, "S02", "the header has amount twice")


def test_25_a_new_column_is_told_and_not_published(ground):
    ground.file("1.csv", payments(LINE))
    ground.land()
    ground.file("2.csv", "id,order,paid,amount,currency,mood\nP2,O1,2026-10-01,1,CNY,fine\n")
    ground.land()
    warned(ground, "S02", "2.csv: new column mood")
    assert [row["payment_id"] for row in ground.rows()] == ["P1", "P2"]
    assert "mood" not in ground.rows()[1]
    files = {one["file"]: one for one in trial(ground.folder)["files"]}
    assert files["2.csv"]["unread_columns"] == {"payments": ["mood"]}


def test_26_a_missing_column_rejects_the_file(ground):
    ground.file("a.csv", "id,order,paid,currency\nP1,O1,2026-10-01,CNY\n")
    rejected(ground, "S02", "no column amount; the header has id, order, paid, currency")


def test_27_a_heading_in_other_letters_or_spaces_rejects_the_file_unless_it_is_an_alias(ground):
    for number, heading in enumerate(("Amount", " amount", "amount ", "betrag")):
        ground.file(f"{number}.csv", payments(LINE).replace("amount", heading))
    rejected(ground, "S02", "no column amount")
    assert [one[:20] for one in ground.rejection()] == ["S02|no column amount"] * 4
    names = ["Amount", " amount", "amount ", "betrag"]
    other = {"physicalName": "amount", "customProperties": [{"property": "aliases", "value": names}]}
    ground.contract(columns={**PAYMENT, "amount": other})
    ground.land()
    assert ground.rejection() == [None] * 4
    assert ground.rows()[0]["amount"] == Decimal("10.50")


def test_28_a_file_without_its_header_is_rejected(ground):
    ground.file("a.csv", f"{LINE}\n{LINE.replace('P1', 'P2')}\n")
    rejected(ground, "S02", "no column id")


def test_29_lines_above_the_header_reject_the_file_unless_they_are_declared(ground):
    ground.file("a.csv", "Report of payments\n" + payments(LINE))
    rejected(ground, "S02", "no column id")
    ground.contract(format={"skip_rows": 1})
    accepted(ground, payment_id="P1", row_id="shop|a.csv|3")


def test_30_a_delimiter_at_the_end_of_every_row_is_told_and_moves_no_value(ground):
    ground.file("a.csv", payments(LINE + ","))
    accepted(ground, payment_id="P1", amount=Decimal("10.50"), currency="CNY")
    warned(ground, "S02", "a.csv: a delimiter ends every row")


def test_31_a_short_row_is_set_aside_and_not_padded(ground):
    set_aside(ground, "P1,O1,2026-10-01", "S09", "the row has 3 fields, 5 are needed")


def test_32_a_row_with_an_unquoted_thousands_mark_is_set_aside_and_not_cut(ground):
    set_aside(ground, "P1,O1,2026-10-01,1,234.50,CNY", "S09", "the row has 6 fields, 5 are needed")


def test_33_a_quote_that_never_closes_rejects_the_file(ground):
    ground.file("a.csv", payments(LINE, 'P2,"O1,2026-10-01,1,CNY', *GOOD))
    rejected(ground, "S09", "a quote does not close in the record of line 3")


def test_34_a_quote_inside_a_cell_is_a_character(ground):
    ground.file("a.csv", payments('P1,5" pipe,2026-10-01,1,CNY'))
    accepted(ground, order_id='5" pipe')


def test_35_a_line_end_inside_quotes_is_part_of_the_cell(ground):
    ground.file("a.csv", payments('P1,"O\n1",2026-10-01,1,CNY', LINE.replace("P1", "P2")))
    ground.land()
    assert [(row["order_id"], row["row_id"]) for row in ground.rows()] == [
        ("O\n1", "shop|a.csv|2"),
        ("O1", "shop|a.csv|4"),
    ]


def test_36_rows_with_another_delimiter_reject_the_file(ground):
    ground.file("a.csv", payments(LINE, LINE.replace("P1", "P2").replace(",", ";")))
    rejected(ground, "S09", "line 3 is delimited by ';', the file by ','")


def test_37_a_row_that_starts_with_a_hash_is_data_and_no_comment(ground):
    ground.file("a.csv", payments("#1,O1,2026-10-01,1,CNY"))
    accepted(ground, payment_id="#1")


def test_38_a_total_below_the_rows_is_set_aside_and_doubles_no_sum(ground):
    set_aside(ground, "合计,,,9.00,", "S09", "paid_at is empty", line=11)
    assert sum(row["amount"] for row in ground.rows()) == Decimal("9.00")


def test_the_header_of_these_files_is_that_of_the_contract():
    assert HEADER.strip().split(",") == list(PAYMENT.values())
