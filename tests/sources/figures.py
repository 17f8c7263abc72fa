"""Figures of the two real data sets, recomputed with plain Polars straight from the raw files.

Nothing here imports the product: what the tests compare are two independent ways from the same bytes.
Money is decimal from the first step on; Polars sums decimals exactly.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

MONEY = pl.Decimal(38, 4)
FREIGHT = ["POST", "DOT", "C2"]
FEES = ["AMAZONFEE", "BANK CHARGES", "CRUK"]
ADJUSTMENTS = ["M", "D", "S", "PADS", "B"]


def by_key(frame: pl.DataFrame) -> dict[Any, Any]:
    """The last column by the ones before it (a tuple where there are several)."""
    rows = frame.rows()
    return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in rows}


def total(frame: pl.DataFrame, column: str) -> Decimal:
    """Exact sum of a money column."""
    value = frame.get_column(column).sum()
    assert isinstance(value, Decimal)
    return value


class AdventureWorks:
    """Sales lines of both fact tables with their channel, seller, product and customer; quotas; people."""

    def __init__(self, shared: Path) -> None:
        self.folder = shared / "adventureworks"
        self.lines = pl.concat([self._resellers(), self._internet()])

    def table(self, name: str) -> pl.DataFrame:
        """One warehouse table."""
        return pl.read_parquet(self.folder / "dw" / f"{name}.parquet")

    def _resellers(self) -> pl.DataFrame:
        sold_to = self.table("DimReseller").select(
            "ResellerKey",
            customer="ResellerAlternateKey",
            channel="reseller_" + pl.col("BusinessType").str.to_lowercase().str.replace_all(" ", "_"),
        )
        sales = self.table("FactResellerSales").join(sold_to, on="ResellerKey", how="left")
        return self._shaped(sales.with_columns(rep=pl.col("EmployeeKey").cast(pl.String)))

    def _internet(self) -> pl.DataFrame:
        sold_to = self.table("DimCustomer").select("CustomerKey", customer="CustomerAlternateKey")
        sales = self.table("FactInternetSales").join(sold_to, on="CustomerKey", how="left")
        return self._shaped(sales.with_columns(channel=pl.lit("internet"), rep=pl.lit("(none)")))

    def _shaped(self, sales: pl.DataFrame) -> pl.DataFrame:
        categories = self.table("DimProductSubcategory").join(
            self.table("DimProductCategory"), on="ProductCategoryKey"
        )
        products = self.table("DimProduct").join(categories, on="ProductSubcategoryKey", how="left")
        quantity = pl.col("OrderQuantity").cast(MONEY)
        return sales.join(products, on="ProductKey", how="left").select(
            "channel",
            "customer",
            "rep",
            order="SalesOrderNumber",
            line="SalesOrderLineNumber",
            day=pl.col("OrderDate").cast(pl.Date),
            month=pl.col("OrderDate").dt.strftime("%Y-%m"),
            year=pl.col("OrderDate").dt.year().cast(pl.Int64),
            category="EnglishProductCategoryName",
            family="EnglishProductSubcategoryName",
            quantity=quantity,
            gross=(quantity * pl.col("UnitPrice")).cast(MONEY),
            net=pl.col("SalesAmount").cast(MONEY),
            own_discount=pl.col("DiscountAmount").round(4).cast(MONEY),
            cost=pl.col("TotalProductCost").cast(MONEY),
        )

    def summed(self, column: str, *keys: str) -> dict[Any, Decimal]:
        """A measure by keys."""
        return by_key(self.lines.group_by(keys).agg(pl.col(column).sum()).select(*keys, column))

    def counted(self, column: str, *keys: str) -> dict[Any, int]:
        """Distinct values of a column by keys."""
        counts = self.lines.group_by(keys).agg(pl.col(column).n_unique().cast(pl.Int64))
        return by_key(counts.select(*keys, column))

    def quotas(self) -> pl.DataFrame:
        """Quotas with the day after their last: the same person's next Date, else three months on."""
        following = pl.col("valid_from").shift(-1).over("rep", order_by="valid_from")
        return (
            self.table("FactSalesQuota")
            .select(
                rep=pl.col("EmployeeKey").cast(pl.String),
                valid_from=pl.col("Date").cast(pl.Date),
                quota=pl.col("SalesAmountQuota").cast(MONEY),
            )
            .with_columns(until=following.fill_null(pl.col("valid_from").dt.offset_by("3mo")))
        )

    def credited_in_quota(self) -> dict[tuple[str, date], tuple[Decimal, Decimal]]:
        """(net credited, quota) by rep and first day of the quota."""
        sold = self.quotas().join(self.lines, on="rep", how="left")
        inside = (pl.col("day") >= pl.col("valid_from")) & (pl.col("day") < pl.col("until"))
        credited = pl.when(inside).then("net").otherwise(pl.lit(Decimal(0), dtype=MONEY)).sum()
        sums = sold.group_by("rep", "valid_from").agg(credited.alias("credited"), pl.col("quota").first())
        return {(row[0], row[1]): (row[2], row[3]) for row in sums.rows()}

    def rates(self) -> dict[str, Decimal]:
        """Each rep's own commission rate: of the OLTP copy, by NationalIDNumber, as its dates are another calendar."""
        rates = self.oltp("SalesPerson").select("column_0", rate="column_4")
        numbers = self.oltp("Employee").select("column_0", national_id="column_1")
        people = self.employees().select("person", "national_id").unique()
        found = rates.join(numbers, on="column_0").join(people, on="national_id")
        return {person: Decimal(rate) for person, rate in found.select("person", "rate").rows()}

    def commissions(self) -> pl.DataFrame:
        """Rate x net of each line of a rep, half-up to the cent, in whole cents: in integers, as all are positive."""
        rates = [(rep, int(rate * 10_000)) for rep, rate in self.rates().items()]
        rated = self.lines.join(pl.DataFrame(rates, schema=["rep", "rate"], orient="row"), on="rep")
        units = (pl.col("net") * 10_000).cast(pl.Int64) * pl.col("rate")
        return rated.select(
            "rep", "order", pl.col("line").cast(pl.String), cents=(units + 500_000) // 1_000_000
        )

    def pay(self) -> dict[str, tuple[Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]]:
        """By rep: all quotas, credited in them, lowest and highest attainment, rate, commission (derived)."""
        rates, intervals = self.rates(), self.credited_in_quota()
        cents = by_key(self.commissions().group_by("rep").agg(pl.col("cents").sum()))
        found = {}
        for rep in {rep for rep, _ in intervals}:
            own = [value for (person, _), value in intervals.items() if person == rep]
            credited, quota = (sum((value[place] for value in own), Decimal(0)) for place in (0, 1))
            attained = [amount / of for amount, of in own]
            found[rep] = (
                quota,
                credited,
                min(attained),
                max(attained),
                rates[rep],
                Decimal(cents[rep]) / 100,
            )
        return found

    def employees(self) -> pl.DataFrame:
        """Versions of employees with the code of the person: the first key that the person had."""
        columns = [f"c{number}" for number in range(1, 32)]
        raw = pl.read_csv(
            self.folder / "dw" / "DimEmployee.csv",
            separator="|",
            has_header=False,
            new_columns=columns,
            infer_schema=False,
            quote_char=None,
        )
        return raw.select(
            key="c2",
            parent="c3",
            national_id="c4",
            department="c28",
            valid_from=pl.col("c29").str.to_date("%Y-%m-%d"),
            person=pl.col("c2").cast(pl.Int64).min().over("c4").cast(pl.String),
        )

    def oltp(self, name: str) -> pl.DataFrame:
        """One tab-separated table without header, all text."""
        path = self.folder / "oltp" / f"{name}.csv"
        return pl.read_csv(path, separator="\t", has_header=False, infer_schema=False, quote_char=None)


class OnlineRetail:
    """Every row of the file, with what it is."""

    def __init__(self, shared: Path) -> None:
        raw = pl.read_parquet(shared / "online_retail" / "online_retail.parquet")
        price = pl.col("UnitPrice").round(3).cast(MONEY)
        self.raw = raw
        self.rows = raw.with_columns(
            code=pl.col("StockCode").str.to_uppercase(),
            price=price,
            net=(pl.col("Quantity").cast(MONEY) * price).cast(MONEY),
            day=pl.col("InvoiceDate").cast(pl.Date),
            month=pl.col("InvoiceDate").dt.strftime("%Y-%m"),
            customer=pl.col("CustomerID").cast(pl.Int64).cast(pl.String),
            is_return=pl.col("InvoiceNo").str.starts_with("C"),
        ).with_columns(line_type=self._line_type())

    @staticmethod
    def _line_type() -> pl.Expr:
        in_invoice = ["InvoiceNo"]
        priceless = (pl.col("price") == 0).all().over(in_invoice)
        nameless = pl.col("customer").is_null().all().over(in_invoice)
        stock = (pl.col("price") == 0) & ((pl.col("Quantity") < 0) | (priceless & nameless))
        return (
            pl.when(pl.col("code").is_in(FREIGHT))
            .then(pl.lit("freight"))
            .when(pl.col("code").is_in(FEES))
            .then(pl.lit("fee"))
            .when(pl.col("code").is_in(ADJUSTMENTS) | stock)
            .then(pl.lit("adjustment"))
            .otherwise(pl.lit("product"))
        )

    @property
    def sold(self) -> pl.DataFrame:
        """Lines of invoices that are no cancellation."""
        return self.rows.filter(~pl.col("is_return"))

    @property
    def returned(self) -> pl.DataFrame:
        """Lines of cancellations, quantity and money as the file signs them: negative."""
        return self.rows.filter("is_return")

    def classes(self) -> dict[tuple[str, str, str], tuple[int, Decimal]]:
        """Rows and money by first letter of the invoice, sign of the price and sign of the quantity."""
        letter = pl.col("InvoiceNo").str.extract("^([A-Z])").fill_null("")

        def sign(column: str) -> pl.Expr:
            signs = pl.when(pl.col(column) > 0).then(pl.lit("+")).when(pl.col(column) < 0).then(pl.lit("-"))
            return signs.otherwise(pl.lit("0"))

        found = self.rows.group_by(
            letter=letter, price_sign=sign("UnitPrice"), quantity_sign=sign("Quantity")
        )
        counted = found.agg(pl.len(), pl.col("net").sum())
        return {(row[0], row[1], row[2]): (row[3], row[4]) for row in counted.rows()}
