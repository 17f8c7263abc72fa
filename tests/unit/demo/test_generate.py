"""The generator: the same seed gives the same bytes, the company has its size, every scale works."""

from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import generate
from pipelines.demo.calendar import AS_OF, START
from pipelines.demo.world import World, simulate


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole() -> World:
    return simulate(1, 7)


def test_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    generate(tmp_path / "a", scale=0.05, seed=7)
    generate(tmp_path / "b", scale=0.05, seed=7)
    generate(tmp_path / "c", scale=0.05, seed=8)

    first, again, other = (digests(tmp_path / name) for name in "abc")

    assert first == again
    assert (
        first["sources/erp/export/order_lines_202203.csv"]
        != other["sources/erp/export/order_lines_202203.csv"]
    )
    assert first["truth/truth.json"] != other["truth/truth.json"]


def test_company_has_the_size_of_scale_one(whole: World) -> None:
    assert len(whole.buyers) == 3_000
    assert 16_000 <= len(whole.orders) <= 16_100
    assert 39_000 <= len(whole.lines) <= 42_000
    assert set(whole.orders["currency"]) == {"CNY", "USD", "EUR", "JPY"}
    assert whole.orders["placed"].min() == START
    assert whole.orders["business"].max() == AS_OF


def test_every_month_and_every_selling_channel_has_orders(whole: World) -> None:
    months = whole.orders["business"].cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m").unique()
    channels = set(whole.orders["channel"].drop_nulls())

    assert len(months) == 36
    assert channels == {
        "direct_field", "direct_key", "agent_cn", "agent_intl", "agent_legacy", "dist_cn", "dist_emea", "dist_apac",
        "ec_own", "ec_tmall", "ec_amazon",
    }  # fmt: skip


def test_net_is_gross_less_discount_on_every_line(whole: World) -> None:
    gross = whole.lines["quantity"] * whole.lines["unit_price"]

    assert (gross - whole.lines["discount"] == whole.lines["net"]).all()
    assert (whole.lines["net"] >= 0).all()


def test_order_total_is_its_lines_less_the_discount_on_the_whole(whole: World) -> None:
    sums = whole.lines.group_by("order").agg(pl.col("net").sum().alias("sum"))
    both = whole.orders.join(sums, on="order")

    assert len(both) == len(whole.orders)
    assert (both["sum"] - both["header"].fill_null(0) == both["net"]).all()


def test_shares_of_an_explicit_split_sum_to_one(whole: World) -> None:
    sums = (
        whole.credits.filter(pl.col("type") == "rep_primary")
        .group_by("order_id", "line")
        .agg(pl.col("share").sum(), pl.len())
    )

    assert (sums["share"] == 10_000).all()
    assert set(sums["len"]) == {2, 3, 4}


def test_nothing_happens_after_the_last_day(whole: World) -> None:
    for frame, column in ((whole.orders, "cancelled"), (whole.payments, "day"), (whole.returns, "day")):
        assert frame[column].max() <= AS_OF
    for frame, column in ((whole.deals, "closed"), (whole.surveys, "answered"), (whole.leads, "converted")):
        assert frame[column].max() < (AS_OF + 1) * 86_400 - 8 * 3_600


@pytest.mark.parametrize("scale", [0.02, 3])
def test_other_scales_work(tmp_path: Path, scale: float) -> None:
    paths = generate(tmp_path, scale=scale, seed=11, with_truth=False)

    lines = sum(
        path.read_bytes().count(b"\n") - 1
        for path in (paths.sources / "erp" / "export").glob("order_lines_*.csv")
    )
    assert lines > 37_000 * scale
    assert [folder.name for folder in paths.source_folders] == [
        "channel", "erp", "fxiaoke", "hr", "market", "zoho",
    ]  # fmt: skip
    assert not (paths.truth / "truth.json").exists()


def test_months_come_as_months_and_the_last_one_day_by_day(tmp_path: Path) -> None:
    paths = generate(tmp_path, scale=0.05, with_truth=False)

    names = {path.name for path in (paths.sources / "erp" / "export").glob("orders_*.csv")}
    assert len([name for name in names if len(name) == len("orders_202111.csv")]) == 35
    assert len([name for name in names if name.startswith("orders_202410")]) >= 20
    assert all((paths.sources / "erp" / "export" / f"{name}.ctl").exists() for name in names)
