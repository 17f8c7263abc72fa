"""The ERP's export: GB18030 CSV files with Chinese headings, monthly and at last daily, with control files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.demo import erp_text, plant_erp
from pipelines.demo.extracts import Layout, write_contract, write_table, write_yaml
from pipelines.demo.faults import FaultBook
from pipelines.demo.world import World
from pipelines.demo.write_pay import write_invoices

FORMAT: dict[str, Any] = {"type": "csv", "encoding": "gb18030"}
CONTROLLED: dict[str, Any] = {**FORMAT, "control": {"kind": "file", "pattern": "{name}.ctl"}}


def _back(words: dict[str, str]) -> dict[str, str]:
    return {there: here for here, there in words.items()}


ORDERS = {
    "order_id": "订单号",
    "order_date": "订单日期",
    "confirmed_at": "确认时间",
    "shipped_at": "发货时间",
    "invoiced_at": "开票时间",
    "paid_at": "收款时间",
    "cancelled_at": "取消时间",
    "status": {"heading": "状态", "values": _back(erp_text.STATUSES)},
    "customer_id": "客户编号",
    "channel_code": "渠道",
    "owner_rep_code": "业务员",
    "partner_code": "伙伴",
    "currency": "币种",
    "header_discount": "整单折扣",
    "net_amount": "订单净额",
    "entry_method": {"heading": "录入方式", "values": _back(erp_text.ENTRIES)},
    "manual_edit_count": "修改次数",
}
LINES = {
    "order_id": "订单号",
    "line_id": "行号",
    "line_type": {"heading": "行类型", "values": _back(erp_text.KINDS)},
    "product_id": "物料编码",
    "quantity": "数量",
    "unit_price": "单价",
    "discount_amount": "折扣额",
    "net_amount": {"heading": "净额", "aliases": ["折后金额"]},
    "unit_cost": "单位成本",
    "currency": "币种",
}
RETURNS = {
    "return_id": "退货单号",
    "line_id": "行号",
    "order_id": "原订单号",
    "order_line_id": "原订单行",
    "return_date": "退货日期",
    "quantity": "数量",
    "net_amount": "净额",
    "currency": "币种",
    "reason": "原因",
    "channel_code": "渠道",
    "owner_rep_code": "业务员",
    "customer_id": "客户编号",
    "line_type": {"heading": "行类型", "values": _back(erp_text.KINDS)},
}
PAYMENTS = {
    "payment_id": "收款单号",
    "order_id": "订单号",
    "invoice_id": "发票号",
    "paid_at": "收款时间",
    "amount": "金额",
    "currency": "币种",
}
CREDITS = {
    "order_id": "订单号",
    "line_id": "行号",
    "credit_type": {"heading": "类型", "values": _back(erp_text.CREDITS)},
    "payee_code": "归属人",
    "share": "比例",
    "edited_at": "修改时间",
    "reason_code": "修改原因",
}
PRODUCTS = {
    "product_id": "物料编码",
    "name": "名称",
    "category_path": "类目",
    "product_family_code": "产品族",
    "catalogue_price": "目录价",
    "unit_cost": "标准成本",
    "currency": "币种",
    "valid_from": "生效日期",
}


def write_erp(folder: Path, world: World, book: FaultBook) -> None:
    """Write the source folder `erp`."""
    write_yaml(
        folder / "source.yaml",
        {"name": "erp", "kind": "files", "time_zone": "Asia/Shanghai", "path": "export"},
    )
    contracts: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        ("orders.orders", ORDERS, "orders_*.csv", CONTROLLED),
        ("orders.order_lines", LINES, "order_lines_*.csv", CONTROLLED),
        ("orders.return_lines", RETURNS, "returns_*.csv", CONTROLLED),
        ("orders.payments", PAYMENTS, "payments_*.csv", CONTROLLED),
        ("orders.order_credits", CREDITS, "order_credits.csv", FORMAT),
        ("orders.products", PRODUCTS, "products.csv", FORMAT),
    )
    for feed, columns, files, how in contracts:
        write_contract(folder, "erp", feed, columns, files=files, format=how, scale=2)
    out = folder / "export"
    plain = Layout("gb18030")
    write_table(out, plant_erp.order_faults(world, book), Layout("gb18030", sums="订单净额", by="币种"), book)
    write_table(out, plant_erp.line_faults(world, book), Layout("gb18030", sums="净额", by="币种"), book)
    write_table(out, plant_erp.return_faults(world, book), Layout("gb18030", sums="净额", by="币种"), book)
    write_table(out, plant_erp.payment_faults(world, book), Layout("gb18030", sums="金额", by="币种"), book)
    write_invoices(folder, out, world, book, CONTROLLED)
    write_table(out, plant_erp.credit_faults(world, book), plain, book)
    write_table(out, plant_erp.product_faults(book), plain, book)
