"""The ERP's tables as text, with its Chinese headings: orders, lines, returns, payments, credit splits, products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import LAST_WEEKS
from pipelines.demo.columns import date_text, money_text, time_text
from pipelines.demo.payroll import invoice_number
from pipelines.demo.world import World

STATUSES = {
    "open": "待确认", "confirmed": "已确认", "shipped": "已发货", "invoiced": "已开票", "paid": "已收款",
    "cancelled": "已取消",
}  # fmt: skip
KINDS = {"product": "商品", "service": "服务", "freight": "运费", "fee": "手续费"}
ENTRIES = {"manual": "手工", "edi": "EDI", "web": "网站", "api": "接口"}
CREDITS = {"rep_primary": "主业绩", "rep_overlay": "协同", "partner_influenced": "伙伴影响"}
_MOMENTS = ("confirmed", "shipped", "invoiced", "paid", "cancelled")


def file_names(prefix: str, days: pl.Series) -> pl.Series:
    """The monthly file of each day, or the daily one in the last weeks."""
    day_name, month_name = date_text(days, "%Y%m%d"), date_text(days, "%Y%m")
    name = pl.when(days >= LAST_WEEKS).then(day_name).otherwise(month_name)
    return pl.select(pl.lit(prefix) + "_" + name + ".csv").to_series()


def amount_text(units: pl.Series, currency: pl.Series) -> pl.Series:
    """Two decimals, none for yen."""
    yen = currency == "JPY"
    return pl.select(pl.when(yen).then(money_text(units, 0)).otherwise(money_text(units, 2))).to_series()


def renamed(values: pl.Series, names: dict[str, str]) -> pl.Series:
    """Codes replaced by the words of the source; what is absent stays absent."""
    return values.replace_strict(names, default=None, return_dtype=pl.String)


def _moment(days: pl.Series, order: pl.Series, offset: int) -> pl.Series:
    """A time of day between 8 and 20 o'clock that depends on the order alone."""
    second = 8 * 3_600 + (order * 7_919 + offset * 3_571) % (12 * 3_600)
    return time_text(days * 86_400 + second)


def _status(orders: pl.DataFrame) -> pl.Series:
    chosen = (
        pl.when(pl.col("cancelled").is_not_null()).then(pl.lit("cancelled"))
        .when(pl.col("paid").is_not_null()).then(pl.lit("paid"))
        .when(pl.col("invoiced").is_not_null()).then(pl.lit("invoiced"))
        .when(pl.col("shipped").is_not_null()).then(pl.lit("shipped"))
        .when(pl.col("confirmed").is_not_null()).then(pl.lit("confirmed"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip
    return orders.select(chosen).to_series()


def _as_known(orders: pl.DataFrame, cut: pl.Series) -> pl.DataFrame:
    """The orders as they stood on the evening of each `cut` day."""
    seen = [pl.when(pl.col(name) <= cut).then(pl.col(name)).alias(name) for name in _MOMENTS]
    return orders.with_columns(seen)


def _deliveries(world: World) -> pl.DataFrame:
    """Orders by file: once when placed; again, in their final state, if cancelled or (some) paid later on."""
    orders = world.orders.with_columns(sent=late_days(world.orders))
    ends = _period_end(orders["sent"])
    cancelled = (pl.col("cancelled") > ends).fill_null(False)
    paid = (pl.col("paid") > ends).fill_null(False) & (pl.col("order") % 10 == 3)
    again = orders.select(cancelled | paid).to_series()
    first = _as_known(orders.filter(again), ends.filter(again))
    last = orders.filter(again).with_columns(sent=pl.coalesce("cancelled", "paid"))
    return pl.concat([orders.filter(~again), first, last]).sort("sent", "order", maintain_order=True)


def late_days(orders: pl.DataFrame) -> pl.Series:
    """The day of the file in which an order comes: its own, or for a late few 60 days after."""
    late = (pl.col("order") % 397 == 11) & (pl.col("placed") < LAST_WEEKS - 120) & pl.col("why").is_null()
    return orders.select(pl.when(late).then(pl.col("placed") + 60).otherwise(pl.col("placed"))).to_series()


def _period_end(days: pl.Series) -> pl.Series:
    """Last day that the file of each day covers."""
    last = days.cast(pl.Int32).cast(pl.Date).dt.month_end().cast(pl.Int32).cast(pl.Int64)
    return pl.select(pl.when(days >= LAST_WEEKS).then(days).otherwise(last)).to_series()


def orders_table(world: World) -> pl.DataFrame:
    """订单."""
    orders = _deliveries(world)
    number = orders["order"]
    return pl.DataFrame(
        {
            "订单号": orders["id"],
            "订单日期": date_text(orders["placed"]),
            "确认时间": _moment(orders["confirmed"], number, 1),
            "发货时间": _moment(orders["shipped"], number, 2),
            "开票时间": _moment(orders["invoiced"], number + 43_200, 2),
            "收款时间": _moment(orders["paid"], number, 4),
            "取消时间": _moment(orders["cancelled"], number, 5),
            "状态": renamed(_status(orders), STATUSES),
            "客户编号": orders["customer_id"],
            "渠道": orders["channel"],
            "业务员": orders["owner"],
            "伙伴": orders["partner"],
            "币种": orders["currency"],
            "整单折扣": amount_text(orders["header"], orders["currency"]),
            "订单净额": orders.select(
                pl.when(pl.col("bill").fill_null(True)).then(amount_text(orders["net"], orders["currency"]))
            ).to_series(),
            "录入方式": renamed(orders["entry"], ENTRIES),
            "修改次数": (number % 7 // 5).cast(pl.String),
            "_file": file_names("orders", orders["sent"]),
        }
    )


def lines_table(world: World) -> pl.DataFrame:
    """订单明细, in the file of its order."""
    head = world.orders.select("order", "id", "currency", sent=late_days(world.orders))
    lines = world.lines.join(head, on="order", maintain_order="left").sort("sent", "order", "line")
    currency = lines["currency"]
    return pl.DataFrame(
        {
            "订单号": lines["id"],
            "行号": lines["line"].cast(pl.String),
            "行类型": renamed(lines["kind"], KINDS),
            "物料编码": lines["product"],
            "数量": lines["quantity"].cast(pl.String),
            "单价": amount_text(lines["unit_price"], currency),
            "折扣额": amount_text(lines["discount"], currency),
            "净额": amount_text(lines["net"], currency),
            "单位成本": amount_text(lines["unit_cost"], currency),
            "币种": currency,
            "_file": file_names("order_lines", lines["sent"]),
        }
    )


def returns_table(world: World) -> pl.DataFrame:
    """退货, month by month; only a return of unknown origin says whose it was."""
    back = world.returns
    strange = back["why"].fill_null("") == "return_without_order"

    def only_strange(value: str) -> pl.Series:
        return pl.select(pl.when(strange).then(pl.lit(value))).to_series()

    return pl.DataFrame(
        {
            "退货单号": back["id"],
            "行号": back["line"].cast(pl.String),
            "原订单号": back["order_id"],
            "原订单行": back["order_line"].cast(pl.String),
            "退货日期": date_text(back["day"]),
            "数量": back["quantity"].cast(pl.String),
            "净额": amount_text(back["net"], back["currency"]),
            "币种": back["currency"],
            "原因": pl.Series(np.resize(np.array(["质量", "错发", "多发", "客户取消"]), len(back))),
            "渠道": only_strange("dist_cn"),
            "业务员": only_strange("R002"),
            "客户编号": only_strange(str(world.buyers["id"][3])),
            "行类型": only_strange("商品"),
            "_file": monthly("returns", back["day"]),
        }
    )


def monthly(prefix: str, days: pl.Series) -> pl.Series:
    """The monthly file of each day."""
    return pl.select(pl.lit(prefix) + "_" + date_text(days, "%Y%m") + ".csv").to_series()


def payments_table(world: World) -> pl.DataFrame:
    """收款, month by month."""
    paid = world.payments
    number = paid["payment"].str.slice(2).cast(pl.Int64)
    return pl.DataFrame(
        {
            "收款单号": paid["payment"],
            "订单号": paid["id"],
            "发票号": _invoice_of(world),
            "收款时间": _moment(paid["day"], number, 6),
            "金额": amount_text(paid["amount"], paid["currency"]),
            "币种": paid["currency"],
            "_file": monthly("payments", paid["day"]),
        }
    )


def _invoice_of(world: World) -> pl.Series:
    """The invoice that a payment names: none where the order has two of them."""
    paid = world.payments
    two = world.pay.invoices.filter(pl.col("invoice").str.ends_with("-2"))["id"].implode()
    return paid.select(pl.when(~pl.col("id").is_in(two)).then(invoice_number("id"))).to_series()


def credits_table(world: World) -> pl.DataFrame:
    """业绩分配, one file: splits as they first were, then every change of one."""
    first = world.credits.with_columns(day=pl.lit(None, dtype=pl.Int64), reason=pl.lit(None, dtype=pl.String))
    later = world.pay.edits.with_columns(type=pl.lit("rep_primary"))
    shared = pl.concat([first, later.select(first.columns)])
    return pl.DataFrame(
        {
            "订单号": shared["order_id"],
            "行号": shared["line"],
            "类型": renamed(shared["type"], CREDITS),
            "归属人": shared["payee"],
            "比例": money_text(shared["share"], 4),
            "修改时间": time_text(shared["day"] * 86_400 + 11 * 3_600),
            "修改原因": shared["reason"],
            "_file": pl.Series(["order_credits.csv"] * len(shared), dtype=pl.String),
        }
    )


def products_table() -> pl.DataFrame:
    """物料, one file with every version."""
    found = company.products()
    money: Sequence[tuple[str, list[int | None]]] = (
        ("目录价", [one.price for one in found]),
        ("标准成本", [one.cost for one in found]),
    )
    return pl.DataFrame(
        {
            "物料编码": [one.id for one in found],
            "名称": [one.name for one in found],
            "类目": [one.path for one in found],
            "产品族": [one.family for one in found],
            **{name: money_text(pl.Series(values, dtype=pl.Int64)) for name, values in money},
            "币种": ["CNY"] * len(found),
            "生效日期": date_text(pl.Series([one.valid_from for one in found])),
            "_file": ["products.csv"] * len(found),
        }
    )
