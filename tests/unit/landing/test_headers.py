"""Headers: by name, with aliases; new columns are told, missing and doubled ones reject the file."""

from tests.unit.landing.ground import PAYMENT, payments

ALIASED = {
    **PAYMENT,
    "order_id": {
        "physicalName": "order",
        "customProperties": [{"property": "aliases", "value": ["订单", "order_no"]}],
    },
}
LINE = "P1,O1,2026-10-01,1,CNY"


def test_a_column_under_an_alias(ground):
    ground.contract(columns=ALIASED)
    ground.file("a.csv", payments(LINE).replace("order", "订单"))
    ground.land()
    assert ground.rows()[0]["order_id"] == "O1"


def test_a_column_under_both_its_names(ground):
    ground.contract(columns=ALIASED)
    ground.file("a.csv", "id,order,paid,amount,currency,order_no\nP1,O1,2026-10-01,1,CNY,O2\n")
    ground.land()
    assert ground.rejection() == ["S02|order stands there twice, also as order_no"]


def test_a_new_column_is_told_once_and_not_published(ground):
    ground.file("1.csv", payments(LINE))
    ground.land()
    ground.file("2.csv", "id,order,paid,amount,currency,mood\nP2,O1,2026-10-01,1,CNY,fine\n")
    ground.file("3.csv", "id,order,paid,amount,currency,mood\nP3,O1,2026-10-01,1,CNY,fine\n")
    ground.land()
    found = ground.check("S02")
    assert (found["status"], found["observed"], found["failing_count"]) == (
        "warned",
        "2.csv: new column mood",
        1,
    )
    assert "mood" not in ground.rows()[1]


def test_a_delimiter_at_the_end_of_every_row(ground):
    ground.file("a.csv", payments(LINE, LINE.replace("P1", "P2")).replace("CNY", "CNY,"))
    ground.land()
    assert len(ground.rows()) == 2


def test_a_nul_and_a_replacement_character_are_set_aside(ground):
    good = [f"G{number},O1,2026-10-01,1,CNY" for number in range(9)]
    ground.file(
        "a.csv",
        payments(
            *good, "P1,O\x001,2026-10-01,1,CNY", "P2,\ufffd,2026-10-01,1,CNY", "P3,锟斤拷,2026-10-01,1,CNY"
        ),
    )
    ground.land()
    assert [row["rule_id"] for row in ground.held()] == ["S07"] * 3
