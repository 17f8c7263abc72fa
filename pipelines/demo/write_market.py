"""The market desk's files: UTF-8 CSV with a byte order mark, exchange rates, holidays, market sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.demo import company
from pipelines.demo.calendar import holidays, month_bounds
from pipelines.demo.columns import date_text, money_text
from pipelines.demo.extracts import Layout, write_contract, write_table, write_yaml
from pipelines.demo.faults import Fault, FaultBook
from pipelines.demo.plant import added, template, unmarked
from pipelines.demo.world import World

BOM: dict[str, Any] = {"type": "csv", "encoding": "utf-8-sig"}


def rate_text(rates: pl.Series) -> pl.Series:
    """Rates in 1/100,000,000 as text with eight decimals."""
    whole = (rates // 100_000_000).cast(pl.String)
    return pl.select(whole + "." + (rates % 100_000_000).cast(pl.String).str.zfill(8)).to_series()


def _rates(world: World, book: FaultBook) -> pl.DataFrame:
    spot = world.rates.with_columns(type=pl.lit("即期"))
    plan = pl.DataFrame(
        [
            {"currency": currency, "day": month_bounds(year, 1)[0], "rate": rate, "type": "计划"}
            for year, rates in company.PLAN_RATES.items()
            for currency, rate in rates.items()
        ]
    )
    both = pl.concat([plan.select(spot.columns), spot], how="vertical_relaxed")
    table = unmarked(
        both.select(
            pl.col("currency").alias("原币"),
            pl.lit("CNY").alias("目标币"),
            date_text(both["day"]).alias("日期"),
            pl.col("type").alias("类型"),
            rate_text(both["rate"]).alias("汇率"),
            (pl.lit("fx_") + date_text(both["day"], "%Y") + ".csv").alias("_file"),
        ).sort("_file", maintain_order=True)
    )
    base = template(table, pl.col("_file") == "fx_2023.csv") | {"原币": "GBP"}
    rows = [
        (base | {"汇率": "0.00000000"}, Fault("zero_rate", "market", "market__fx_rates", "quarantined", "S17", "GBP")),
        (base | {"汇率": "八点五", "日期": "2023-01-03"},
         Fault("bad_number", "market", "market__fx_rates", "quarantined", "S09", "GBP")),
    ]  # fmt: skip
    return added(table, rows, book)


def _holidays() -> pl.DataFrame:
    found = holidays()
    return unmarked(
        pl.DataFrame(
            {
                "地区": ["CN"] * len(found),
                "日期": date_text(pl.Series([number for number, _, _ in found])),
                "是否上班": ["是" if working else "否" for _, working, _ in found],
                "名称": [name for _, _, name in found],
                "_file": ["holidays.csv"] * len(found),
            }
        )
    )


def _sizes(world: World, book: FaultBook) -> pl.DataFrame:
    found = world.sizes
    table = unmarked(
        pl.DataFrame(
            {
                "细分市场": [one.segment for one in found],
                "区域": [one.region for one in found],
                "期间": [one.period for one in found],
                "版本": [one.version for one in found],
                "规模": money_text(pl.Series([one.amount for one in found])),
                "币种": [one.currency for one in found],
                "口径": ["终端"] * len(found),
                "可触达客户数": [str(one.addressable) for one in found],
                "可信度": ["中"] * len(found),
                "来源": ["行业协会"] * len(found),
                "估计日": date_text(pl.Series([one.estimated for one in found])),
                "_file": ["market_sizes.csv"] * len(found),
            }
        )
    )
    wrong = template(table, pl.lit(True)) | {"期间": "2021", "规模": "-1.00"}
    return added(
        table,
        [(wrong, Fault("negative_size", "market", "market__market_sizes", "quarantined", "S12", "2021"))],
        book,
    )


RATES = {
    "from_currency": "原币",
    "to_currency": "目标币",
    "rate_date": "日期",
    "rate_type": {"heading": "类型", "values": {"即期": "spot", "计划": "plan"}},
    "rate": "汇率",
}
HOLIDAYS = {"region": "地区", "holiday_date": "日期", "is_workday": "是否上班", "name": "名称"}
SIZES = {
    "segment": "细分市场",
    "region": "区域",
    "period": "期间",
    "version": "版本",
    "amount": "规模",
    "currency": "币种",
    "basis": {"heading": "口径", "values": {"终端": "end_user", "渠道": "trade"}},
    "addressable_count": "可触达客户数",
    "confidence": {"heading": "可信度", "values": {"高": "high", "中": "medium", "低": "low"}},
    "source_name": "来源",
    "estimate_date": "估计日",
}


NEEDS = {
    "need_id": "需求编号",
    "customer_id": "客户编号",
    "need_code": "需求",
    "product_family_code": "产品族",
    "recorded_at": "记录时间",
}


def _needs(world: World) -> pl.DataFrame:
    found = world.crm.needs
    return unmarked(
        pl.DataFrame(
            {
                "需求编号": found["id"],
                "客户编号": found["account"],
                "需求": found["need"],
                "产品族": found["family"],
                "记录时间": date_text(found["day"]),
                "_file": ["customer_needs.csv"] * len(found),
            }
        )
    )


def write_market(folder: Path, world: World, book: FaultBook) -> None:
    """Write the source folder `market`."""
    write_yaml(folder / "source.yaml", {"name": "market", "kind": "files", "time_zone": "Asia/Shanghai"})
    write_contract(folder, "market", "market.fx_rates", RATES, files="fx_*.csv", format=BOM)
    write_contract(folder, "market", "market.holidays", HOLIDAYS, files="holidays.csv", format=BOM)
    write_contract(
        folder, "market", "market.market_sizes", SIZES, files="market_sizes.csv", format=BOM, scale=2
    )
    write_contract(folder, "market", "market.customer_needs", NEEDS, files="customer_needs.csv", format=BOM)
    for table in (_rates(world, book), _holidays(), _sizes(world, book), _needs(world)):
        write_table(folder, table, Layout("utf-8-sig"), book)
