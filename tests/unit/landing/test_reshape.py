"""A source's own SQL: what it may do, what it carries, and what it cannot reach."""

from decimal import Decimal

import pytest

from pipelines.errors import UsageError
from tests.unit.landing.ground import PAYMENT, payments

SPLIT = {
    "orders": {"files": "orders_*.csv"},
    "rates": {"files": "rates_*.csv"},
}
JOINED = """
select orders._row_id, orders.id, orders."order", orders.paid, orders.currency,
    cast(cast(orders.amount as decimal(18, 4)) * cast(rates.factor as decimal(18, 4)) as decimal(18, 4)) as amount
from orders inner join rates on orders.kind = rates.kind"""
ORDERS = "id,order,paid,amount,currency,kind\n"


@pytest.fixture
def joined(ground):
    ground.source(tables=SPLIT)
    ground.contract(files=None, sql=JOINED)
    ground.file("orders_1.csv", ORDERS + "P1,O1,2026-10-01,2.00,CNY,a\nP2,O1,2026-10-01,3.00,CNY,b\n")
    ground.file("rates_1.csv", "kind,factor\na,1.5\nb,2\n")
    return ground


def test_a_statement_joins_tables_and_carries_the_line(joined):
    joined.land()
    # 2.00 x 1.5 = 3.00; 3.00 x 2 = 6.00
    assert [(row["row_id"], row["amount"]) for row in joined.rows()] == [
        ("shop|orders_1.csv|2", Decimal("3.0000")),
        ("shop|orders_1.csv|3", Decimal("6.0000")),
    ]
    assert joined.check("R01")["status"] == "passed"


def test_a_new_file_of_a_table_that_is_looked_up_lands_the_join_again(joined):
    joined.file("orders_2.csv", ORDERS + "P3,O1,2026-10-01,1.00,CNY,c\n" + "P4,O1,2026-10-01,1.00,CNY,a\n")
    joined.land()
    # P3 finds no rate: its row went into no feed, and that is told.
    assert joined.check("R01")["status"] == "failed"
    assert joined.check("R01")["observed"] == "1 row of the files went into no feed"
    joined.file("rates_2.csv", "kind,factor\nc,4\n")
    joined.land()
    assert joined.check("R01")["status"] == "passed"
    assert {row["payment_id"]: row["amount"] for row in joined.rows()}["P3"] == Decimal("4.0000")


def test_rows_that_are_left_out_on_purpose_are_declared(joined):
    joined.contract(
        files=None, sql=JOINED + " where orders.id <> 'P2'", unused_rows={"allowed": True, "reason": "test"}
    )
    joined.land()
    assert "1 row unused, as declared: test" in joined.check("R01")["observed"]


def test_several_rows_of_one_line_have_ids_of_their_own(joined):
    joined.file("rates_2.csv", "kind,factor\na,7\n")
    joined.contract(files=None, sql=JOINED.replace("orders.id,", "orders.id || '-' || rates.factor as id,"))
    joined.land()
    assert [row["row_id"] for row in joined.rows()] == [
        "shop|orders_1.csv|2|1",
        "shop|orders_1.csv|2|2",
        "shop|orders_1.csv|3",
    ]


def test_a_float_result_is_refused(joined):
    joined.contract(
        files=None,
        sql=JOINED.replace(
            "cast(cast(orders.amount as decimal(18, 4))", "(cast(orders.amount as double)"
        ).replace(" as decimal(18, 4)) as amount", ") as amount"),
    )
    with pytest.raises(UsageError, match="amount would be a float"):
        joined.land()


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select *, (select content from read_text('/etc/hostname')) as id from payments",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "copy payments to '/tmp/out.csv'",
        "attach '/tmp/other.duckdb' as other",
        "install httpfs",
        "set enable_external_access = true",
        "select 1; select 2",
        "create table stolen as select * from payments",
        "select * from payments where getenv('HOME') <> ''",
    ],
)
def test_a_statement_reaches_nothing_but_its_tables(ground, statement, tmp_path):
    ground.source(tables={"payments": {"files": "*.csv"}})
    ground.contract(files=None, sql=f"{statement} -- payments")
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    with pytest.raises(UsageError):
        ground.land()


def test_a_logic_reaches_nothing_either(ground):
    ground.contract(
        columns={
            **PAYMENT,
            "order_id": {"transformLogic": "(select count(*) from read_text('/etc/hostname'))"},
        }
    )
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    with pytest.raises(UsageError, match="the mapping of orders__payments fails"):
        ground.land()


def test_a_logic_over_the_text_columns(ground):
    logic = "case when currency = 'CNY' then 'cn-' || \"order\" else \"order\" end"
    ground.contract(columns={**PAYMENT, "order_id": {"transformLogic": logic}})
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY", "P2,O1,2026-10-01,1,USD"))
    ground.land()
    assert [row["order_id"] for row in ground.rows()] == ["cn-O1", "O1"]


def test_a_column_that_only_a_logic_reads_is_still_needed(ground):
    ground.contract(columns={**PAYMENT, "order_id": {"transformLogic": 'upper("order")'}})
    ground.file("a.csv", "id,paid,amount,currency\nP1,2026-10-01,1,CNY\n")
    ground.land()
    assert ground.rejection()[0].startswith("S02|no column order")


def test_a_row_id_that_no_row_has_is_refused(joined):
    joined.contract(files=None, sql=JOINED.replace("orders._row_id,", "'shop|x|1' as _row_id,"))
    with pytest.raises(UsageError, match="carry a _row_id that no row of the source has"):
        joined.land()


def test_sql_that_cannot_be_read_says_where(ground):
    ground.contract(columns={**PAYMENT, "order_id": {"transformLogic": "case when"}})
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    with pytest.raises(UsageError, match="the SQL of order_id cannot be read"):
        ground.land()


def test_a_statement_over_one_table_sees_one_extract_at_a_time(ground):
    sql = (
        'select min_by(_row_id, _line) as _row_id, id, min("order") as "order", min(paid) as paid, '
        "cast(sum(cast(amount as decimal(18, 4))) as decimal(18, 4)) as amount, min(currency) as currency "
        "from parts group by id"
    )
    ground.source(tables={"parts": {"files": "*.csv"}})
    ground.contract(files=None, sql=sql, unused_rows={"allowed": True, "reason": "parts of one payment"})
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY", "P1,O1,2026-10-01,2,CNY"))
    ground.file("b.csv", payments("P2,O1,2026-10-01,5,CNY"))
    ground.file("c.csv", payments("P2,O1,2026-10-01,6,CNY"))
    ground.land()
    # P1 is 1 + 2; P2 is 5, and comes again with other content: the later one is held, not added.
    assert [(row["row_id"], row["amount"]) for row in ground.rows()] == [
        ("shop|a.csv|2", Decimal("3.0000")),
        ("shop|b.csv|2", Decimal("5.0000")),
    ]
    assert [row["row_id"] for row in ground.held()] == ["shop|c.csv|2"]


def test_a_file_that_a_statement_leaves_out_whole_is_told(ground):
    ground.source(tables={"parts": {"files": "*.csv"}})
    columns = 'id, "order", paid, amount, currency'
    ground.contract(files=None, sql=f"select _row_id, {columns} from parts where currency = 'CNY'")
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    ground.file("b.csv", payments("P2,O1,2026-10-01,5,USD", "P3,O1,2026-10-01,5,USD"))
    ground.land()
    assert ground.check("R01")["observed"] == "2 rows of the files went into no feed"
