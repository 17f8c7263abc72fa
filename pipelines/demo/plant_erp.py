"""The faults in the ERP's files."""

from __future__ import annotations

import polars as pl

from pipelines.demo import erp_text
from pipelines.demo.extracts import SHORT
from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plant import Row, added, mark, sent_again, template, unmarked
from pipelines.demo.world import World

LINES, ORDERS = "orders__order_lines", "orders__orders"
RETURNS, PAYMENTS = "orders__return_lines", "orders__payments"
RESENT = "20241015"  # the daily file in which old rows come once more
# Planted orders that are unusual and right: what becomes of them is part of the truth.
KEPT = (
    "confirmed_next_month", "cancelled_before_close", "cancelled_after_close", "before_team_move", "after_team_move",
    "channel_after_its_end", "unknown_rep", "unknown_channel", "no_customer", "orphan_customer", "orphan_product",
    "free_goods_only", "freight_only", "header_discount_in_thirds", "fully_returned", "rate_three_days_old",
    "returned_then_cancelled",
)  # fmt: skip


def _ids(world: World, why: str) -> list[str]:
    return world.orders.filter(pl.col("why") == why)["id"].to_list()


def _fault(kind: str, feed: str, outcome: str, rule: str, key: str = "") -> Fault:
    return Fault(kind, "erp", feed, outcome, rule, key)


def order_faults(world: World, book: FaultBook) -> pl.DataFrame:
    """订单: unusual orders noted, two that are wrong, some sent again."""
    table = unmarked(erp_text.orders_table(world))
    for why in KEPT:
        for order in _ids(world, why):
            where = (pl.col("订单号") == order) & (pl.col("_file") == pl.col("_file").max().over("订单号"))
            table = mark(table, where, _fault(why, ORDERS, "kept", ""), "订单号", book)
    table = _shipped_all_the_same(world, table, book)
    base = template(table, pl.col("_file") == "orders_202305.csv")
    base |= {
        "订单日期": "2023-05-17",
        "确认时间": None,
        "订单净额": None,
        "开票时间": None,
        "收款时间": None,
        "取消时间": None,
    }
    rows: list[tuple[Row, Fault]] = [
        (
            base | {"订单号": "SX90000001", "状态": "待定"},
            _fault("unknown_status", ORDERS, "quarantined", "S11"),
        ),
        (
            base | {"订单号": "SX90000002", "发货时间": "2023-04-10 10:00:00"},
            _fault("shipped_before_ordered", ORDERS, "quarantined", "T01"),
        ),
    ]
    table = added(table, _keyed(rows, "订单号"), book)
    again = (pl.col("_file") == "orders_202408.csv") & (pl.col("状态") != "已取消")
    first = table.filter(again & pl.col("_fault").is_null()).head(2)["订单号"].to_list()
    return _resend(table, first, "订单号", _fault("sent_again", ORDERS, "duplicate", "S10"), "orders", book)


def _shipped_all_the_same(world: World, table: pl.DataFrame, book: FaultBook) -> pl.DataFrame:
    """The first drawn order cancelled days after it was placed, if any: the ERP says that it had been shipped."""
    later = (pl.col("cancelled") > pl.col("business") + 3) & pl.col("why").is_null()
    first = world.orders.filter(later)["id"].head(1).to_list()
    where = pl.col("订单号").is_in(first) & (pl.col("_file") == pl.col("_file").max().over("订单号"))
    table = mark(table, where, _fault("cancelled_and_shipped", ORDERS, "warned", "T04"), "订单号", book)
    shipped = pl.coalesce("确认时间", pl.col("订单日期") + " 20:00:00")
    return table.with_columns(发货时间=pl.when(where).then(shipped).otherwise("发货时间"))


def _keyed(rows: list[tuple[Row, Fault]], *keys: str) -> list[tuple[Row, Fault]]:
    """Each fault with the row's key."""
    for row, fault in rows:
        fault.key = "/".join(str(row[key]) for key in keys)
    return rows


def _resend(
    table: pl.DataFrame, keys: list[str], column: str, fault: Fault, prefix: str, book: FaultBook
) -> pl.DataFrame:
    where = pl.col(column).is_in(keys)
    single = table.filter(where).group_by(column).len().filter(pl.col("len") == 1)[column].to_list()
    where = pl.col(column).is_in(single) if prefix == "orders" else where
    return sent_again(table, where, f"{prefix}_{RESENT}.csv", fault, column, book)


def line_faults(world: World, book: FaultBook) -> pl.DataFrame:
    """订单明细: one wrong line of each kind, late lines, lines sent again, lines without a rate."""
    table = unmarked(erp_text.lines_table(world))
    held = _fault("rate_missing", LINES, "held", "S17")
    table = mark(table, pl.col("订单号").is_in(_ids(world, "rate_missing")), held, "订单号", book)
    orders = world.orders.with_columns(sent=erp_text.late_days(world.orders))
    late = orders.filter(pl.col("sent") != pl.col("placed"))["id"].head(5).to_list()
    table = mark(table, pl.col("订单号").is_in(late), _fault("late_row", LINES, "kept", ""), "订单号", book)
    changes: list[tuple[str, Row, str]] = [
        ("line_bad_number", {"数量": "十二"}, "S09"),
        ("line_excess_scale", {"单价": "50.125", "数量": "2", "净额": "100.25"}, "S09"),
        (
            "line_short_row",
            {"单价": SHORT, "折扣额": None, "净额": None, "单位成本": None, "币种": None},
            "S09",
        ),
        ("line_unknown_line_type", {"行类型": "赠券"}, "S11"),
        ("line_net_is_not_gross_less_discount", {"折扣额": "5.00", "净额": "40.00"}, "T02"),
        ("line_missing_key", {"行号": None}, "S10"),
        ("line_no_price", {"单价": None}, "T02"),
        ("line_two_contents", {"净额": "50.00"}, "S10"),
        ("line_two_contents", {"净额": "49.00", "折扣额": "1.00"}, "S10"),
    ]
    rows: list[tuple[Row, Fault]] = []
    for why, change, rule in changes:
        base = template(table, pl.col("订单号").is_in(_ids(world, why)))
        row = base | {"行号": "2"} | change
        rows.append((row, _fault(why.removeprefix("line_"), LINES, "quarantined", rule)))
    table = added(table, _keyed(rows, "订单号", "行号"), book)
    old = world.orders.filter((pl.col("order") % 997 == 5) & pl.col("why").is_null())["id"].head(4).to_list()
    return _resend(table, old, "订单号", _fault("sent_again", LINES, "duplicate", "S10"), "order_lines", book)


def return_faults(world: World, book: FaultBook) -> pl.DataFrame:
    """退货: of an unknown order, of more than was ordered, and two rows that are wrong."""
    table = unmarked(erp_text.returns_table(world))
    unknown = _fault("return_without_order", RETURNS, "kept", "")
    table = mark(table, pl.col("原订单号") == "SO77777777", unknown, "退货单号", book)
    too_much = pl.col("原订单号").is_in(_ids(world, "returned_too_much"))
    table = mark(table, too_much, _fault("returned_too_much", RETURNS, "held", "T03"), "退货单号", book)
    gone = pl.col("原订单号").is_in(_ids(world, "cancelled_then_returned"))
    table = mark(table, gone, _fault("cancelled_then_returned", RETURNS, "held", "T03"), "退货单号", book)
    base = template(table, pl.col("币种") == "CNY") | {"净额": "0.01"}
    rows: list[tuple[Row, Fault]] = [
        (
            base | {"退货单号": "RT9000001", "退货日期": "2023-13-45"},
            _fault("bad_date", RETURNS, "quarantined", "S09"),
        ),
    ]
    if len(table) > 500:
        wrong = base | {"退货单号": "RT9000002", "数量": "-1"}
        rows.append((wrong, _fault("negative_quantity", RETURNS, "quarantined", "T03")))
    return added(table, _keyed(rows, "退货单号"), book)


def payment_faults(world: World, book: FaultBook) -> pl.DataFrame:
    """收款: one that pays too much, one for nothing, one at no time."""
    table = unmarked(erp_text.payments_table(world))
    over = world.payments.filter(pl.col("why").is_not_null())["payment"].to_list()
    fault = _fault("payment_exceeds_invoice", PAYMENTS, "held", "T15")
    table = mark(table, pl.col("收款单号").is_in(over), fault, "收款单号", book)
    base = template(table, pl.col("币种") == "CNY") | {"金额": "10.00"}
    rows: list[tuple[Row, Fault]] = [
        (
            base | {"收款单号": "PY90000001", "收款时间": "2023年后"},
            _fault("bad_time", PAYMENTS, "quarantined", "S09"),
        ),
        (
            base | {"收款单号": "PY90000002", "订单号": None, "发票号": None},
            _fault("payment_for_nothing", PAYMENTS, "quarantined", "T15"),
        ),
    ]
    return added(table, _keyed(rows, "收款单号"), book)


def credit_faults(world: World, book: FaultBook) -> pl.DataFrame:
    """业绩分配: a share above one."""
    table = unmarked(erp_text.credits_table(world))
    order = _ids(world, "first_day")[0]
    row: Row = {
        "订单号": order,
        "行号": None,
        "类型": "主业绩",
        "归属人": "R004",
        "比例": "1.5000",
        "修改时间": None,
        "修改原因": None,
        "_file": "order_credits.csv",
    }
    fault = _fault("share_above_one", "orders__order_credits", "quarantined", "T17", order)
    return added(table, [(row, fault)], book)


def product_faults(book: FaultBook) -> pl.DataFrame:
    """物料: a negative catalogue price is warned of, a product without code is set aside."""
    table = unmarked(erp_text.products_table())
    base = template(table, pl.col("物料编码") == "M0001")
    rows: list[tuple[Row, Fault]] = [
        (
            base | {"物料编码": "M9001", "目录价": "-5.00"},
            _fault("negative_price", "orders__products", "kept", "S18"),
        ),
        (base | {"物料编码": None}, _fault("missing_key", "orders__products", "quarantined", "S10")),
    ]
    return added(table, _keyed(rows, "物料编码"), book)
