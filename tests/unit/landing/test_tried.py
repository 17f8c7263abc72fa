"""A contract's expression that cannot read a row sets that row aside, and no other; what it hides is told too."""

from decimal import Decimal

import pytest

from pipelines.errors import UsageError
from tests.unit.landing.ground import PAYMENT, payments

CENTS = 'cast(cast("amount" as decimal(18, 4)) / 100 as decimal(18, 4))'
ROWS = [f"P{number},O1,2026-10-01,{number}00,CNY" for number in range(1, 4)]
BAD = "P9,O1,2026-10-01,abc,CNY"


def landed(ground):
    return {row["payment_id"]: row["amount"] for row in ground.rows()}


def held(ground):
    return [(row["line_no"], row["rule_id"], row["reason"], row["raw_text"]) for row in ground.held()]


def mapped(ground, amount, **options):
    ground.contract(columns={**PAYMENT, "amount": {"transformLogic": amount}}, **options)


def test_a_cell_that_a_cast_cannot_read_sets_its_row_aside_alone(ground):
    mapped(ground, CENTS)
    ground.file("a.csv", payments(*ROWS, BAD))
    summary = ground.land()
    # 100, 200 and 300 hundredths
    assert landed(ground) == {"P1": Decimal(1), "P2": Decimal(2), "P3": Decimal(3)}
    assert held(ground) == [(5, "S09", "amount: the expression of the contract cannot read this row", BAD)]
    assert (summary["read"]["rows"], summary["accepted"]["rows"], summary["quarantined"]["rows"]) == (4, 3, 1)
    assert ground.check("R01")["status"] == "passed"


def test_so_does_one_out_of_range_and_a_date_that_strptime_refuses(ground):
    columns = {**PAYMENT, "paid_at": {"transformLogic": "cast(strptime(paid, '%Y-%m-%d') as varchar)"}}
    ground.contract(columns={**columns, "amount": {"transformLogic": "cast(amount as decimal(4, 2))"}})
    ground.file(
        "a.csv", payments("P1,O1,2026-10-01,12.34,CNY", "P2,O1,2026-10-32,1,CNY", "P3,O1,2026-10-01,123,CNY")
    )
    ground.land()
    assert landed(ground) == {"P1": Decimal("12.34")}
    assert [(line, reason.partition(":")[0]) for line, _, reason, _ in held(ground)] == [
        (3, "paid_at"),
        (4, "amount"),
    ]


def test_what_try_cast_hides_is_set_aside_and_what_is_empty_is_absent(ground):
    invoice = {"transformLogic": 'cast(try_cast("how" as int) as varchar)'}
    ground.contract(columns={**PAYMENT, "invoice_id": invoice})
    header = "id,order,paid,amount,currency,how\n"
    rows = ["P1,O1,2026-10-01,1,CNY,4", "P2,O1,2026-10-01,2,CNY,", "P3,O1,2026-10-01,3,CNY,four"]
    ground.file("a.csv", header + "\n".join(rows) + "\n")
    ground.land()
    assert [(row["payment_id"], row["invoice_id"]) for row in ground.rows()] == [("P1", "4"), ("P2", None)]
    assert held(ground) == [
        (4, "S09", "invoice_id: the expression of the contract cannot read this row", rows[2])
    ]


def test_a_contract_may_say_what_stands_for_what_cannot_be_read(ground):
    mapped(ground, 'cast(coalesce(try_cast("amount" as decimal(18, 4)), 0) as varchar)')
    ground.file("a.csv", payments(ROWS[0], BAD))
    ground.land()
    assert landed(ground) == {"P1": Decimal(100), "P9": Decimal(0)}


STATEMENT = """
with rows_of_it as (select * from payments)
select _row_id, id, "order", paid, currency, {amount} as amount,
    cast(row_number() over (order by id) as varchar) as invoice
from rows_of_it"""


@pytest.mark.parametrize(
    "amount", [CENTS, 'try_cast("amount" as decimal(18, 4)) * cast(0.01 as decimal(3, 2))']
)
def test_the_last_select_of_a_statement_is_tried_too(ground, amount):
    ground.source(tables={"payments": {"files": "*.csv"}})
    ground.contract(
        files=None, sql=STATEMENT.format(amount=amount), columns={**PAYMENT, "invoice_id": "invoice"}
    )
    ground.file("a.csv", payments(*ROWS, BAD))
    ground.land()
    assert landed(ground) == {"P1": Decimal(1), "P2": Decimal(2), "P3": Decimal(3)}
    assert held(ground) == [(5, "S09", "amount: the expression of the contract cannot read this row", BAD)]
    assert ground.check("R01")["status"] == "passed"


def test_each_part_of_a_union_is_tried(ground):
    part = "select _row_id, id, \"order\", paid, currency, {} from payments where id {} 'P3'"
    parts = [
        part.format("amount", "<"),
        part.format(CENTS, "="),
        part.format('try_cast("amount" as int)', ">"),
    ]
    ground.source(tables={"payments": {"files": "*.csv"}})
    ground.contract(files=None, sql=" union all ".join(parts))
    ground.file("a.csv", payments(*ROWS, BAD, "P8,O1,2026-10-01,8,CNY"))
    ground.land()
    # as they are: 100 and 200; in hundredths: 300; what try_cast reads: 8
    assert landed(ground) == {"P1": Decimal(100), "P2": Decimal(200), "P3": Decimal(3), "P8": Decimal(8)}
    assert held(ground) == [(5, "S09", "amount: the expression of the contract cannot read this row", BAD)]
    ground.file("b.csv", payments("P11,O1,2026-10-01,1,CNY", "P3,O1,2026-10-01,x,CNY"))
    ground.land()
    assert held(ground)[-1][1:3] == ("S09", "amount: the expression of the contract cannot read this row")


@pytest.mark.parametrize(
    "sql",
    [
        f'with p as (select _row_id, id, "order", paid, currency, {CENTS} as amount from payments) select * from p',
        f'select min(_row_id) as _row_id, id, "order", paid, currency, sum({CENTS}) as amount from payments'
        " group by all",
    ],
)
def test_what_raises_elsewhere_ends_the_source_and_says_where_and_what_to_do(ground, sql):
    ground.source(tables={"payments": {"files": "*.csv"}})
    ground.contract(files=None, sql=sql)
    ground.file("a.csv", payments(*ROWS, BAD))
    with pytest.raises(UsageError, match='Could not convert string "abc" to DECIMAL') as raised:
        ground.land()
    assert raised.value.where.endswith("/payments.sql")
    assert raised.value.todo.startswith("cast in the last SELECT or in transformLogic")
