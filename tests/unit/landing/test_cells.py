"""What one cell may say: each spelling is read exactly, or is a fault with a reason."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from pipelines.errors import UsageError
from pipelines.landing.cells import Reading
from pipelines.landing.typed import cell_of
from pipelines.sources.definition import load_source
from quality.feeds import feed

AMOUNT, PAID = "amount", "paid_at"


@pytest.fixture
def read(ground):
    """Read one text as a column of a feed, as landing does; gives (value, fault)."""

    def reading(text, column=AMOUNT, canonical="orders.payments", **options):
        columns = {one.name: "x" for one in feed(canonical).columns if one.required}
        own = {column: {"physicalName": "x", "customProperties": _properties(options)}}
        ground.contract(canonical, columns={**columns, **own})
        if canonical != "orders.payments":
            ground.contract(files="none*.csv")
        source = load_source(ground.folder)
        mapping = next(one for one in source.feeds if one.feed == feed(canonical).name)
        given = next(one for one in mapping.columns if one.name == column)
        cell = cell_of(Reading(source, mapping, feed(canonical).column(column), given, ("", "NULL")))
        with duckdb.connect() as connection:
            return connection.execute(
                f'with raw as (select cast(? as varchar) as "{column}"), '
                f'cleaned as (select {cell.clean} as "t_{column}" from raw), '
                f'prepared as (select *, {cell.prepared} as "n_{column}" from cleaned), '
                f'valued as (select *, {cell.value} as "{column}" from prepared) '
                f'select "{column}", {cell.fault} from valued',
                [text],
            ).fetchone()

    return reading


def _properties(options):
    return [{"property": name, "value": value} for name, value in options.items()]


@pytest.mark.parametrize(
    ("text", "value", "options"),
    [
        ("10.50", "10.5000", {}),
        (" -10.5 ", "-10.5000", {}),
        ("+7", "7.0000", {}),
        (".5", "0.5000", {}),
        ("１２．５", "12.5000", {}),
        ("1,234.50", "1234.5000", {"thousands_mark": ","}),
        ("1234.50", "1234.5000", {"thousands_mark": ","}),
        ("1.234,50", "1234.5000", {"decimal_mark": ",", "thousands_mark": "."}),
        ("10,5", "10.5000", {"decimal_mark": ","}),
        ("(10.50)", "-10.5000", {"negative": "parentheses"}),
        ("10.50-", "-10.5000", {"negative": "trailing"}),
        ("¥10.50", "10.5000", {"currency_signs": ["¥", "￥"]}),
    ],
)
def test_a_number_in_a_declared_spelling(read, text, value, options):
    assert read(text, **options) == (Decimal(value), None)


@pytest.mark.parametrize(
    "text",
    [
        "1,234.50",
        "(10.50)",
        "10.50-",
        "¥10.50",
        "1_000",
        "0x10",
        "1e3",
        "NaN",
        "Infinity",
        "-",
        "1.2.3",
        "12,3,4",
    ],
)
def test_an_undeclared_spelling_is_no_number(read, text):
    assert read(text) == (None, "S09|amount is not a number")


def test_thousands_marks_in_the_wrong_place_are_no_number(read):
    assert read("12,34.50", thousands_mark=",")[1] == "S09|amount is not a number"


def test_a_point_is_no_decimal_mark_where_a_comma_is(read):
    assert read("10.50", decimal_mark=",")[1] == "S09|amount is not a number"


def test_more_decimals_than_declared(read):
    assert read("10.555", scale=2)[1] == "S09|amount has more than 2 decimals"


def test_a_number_too_large_for_its_type(read):
    assert read("100000000000000.00")[1] == "S09|amount is too large for decimal(18,4)"


@pytest.mark.parametrize("token", ["", "   ", "NULL", "\u3000"])
def test_null_tokens_are_absent_and_no_fault(read, token):
    assert read(token) == (None, None)


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("3.0", 3), ("-2", -2)])
def test_whole_numbers(read, text, value):
    assert read(text, "manual_edit_count", "orders.orders") == (value, None)


def test_a_fraction_is_no_whole_number(read):
    assert (
        read("2.5", "manual_edit_count", "orders.orders")[1] == "S09|manual_edit_count is not a whole number"
    )


@pytest.mark.parametrize(
    ("text", "value"), [("Yes", True), ("是", True), ("1", True), ("FALSE", False), ("否", False)]
)
def test_yes_and_no(read, text, value):
    assert read(text, "is_shared", "channel.channel_costs") == (value, None)


def test_yes_by_a_value_map_and_neither(read):
    found = read("共用", "is_shared", "channel.channel_costs", values={"共用": True, "专用": False})
    assert found == (True, None)
    assert read("maybe", "is_shared", "channel.channel_costs")[1] == "S09|is_shared is neither yes nor no"


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("2026-03-04", ["%Y-%m-%d"]),
        ("2026年3月4日", ["%Y-%m-%d", "%Y年%m月%d日"]),
        ("04/03/2026", ["%d/%m/%Y"]),
        ("20260304", ["%Y%m%d"]),
        ("46085", ["excel"]),  # 1899-12-30 + 46,085 days
    ],
)
def test_a_date_in_a_declared_format(read, text, formats):
    assert read(text, "order_date", "orders.orders", date_formats=formats) == (date(2026, 3, 4), None)


@pytest.mark.parametrize(
    "text",
    ["03/04/2026", "2026-02-30", "26-03-04", "0001-01-01", "9999-12-31", "2026-03-04x", "46085", "2026-3"],
)
def test_no_date_in_the_declared_formats(read, text):
    fault = "S09|order_date is no date in the declared formats"
    assert read(text, "order_date", "orders.orders") == (None, fault)


@pytest.mark.parametrize(
    ("text", "value", "options"),
    [
        ("2026-10-01 08:00:00", datetime(2026, 10, 1), {}),  # Shanghai is 8 hours ahead of UTC
        ("2026-10-01T08:00:00.250", datetime(2026, 10, 1, 0, 0, 0, 250000), {}),
        ("2026-10-01", datetime(2026, 9, 30, 16), {}),
        ("2026-10-01T08:00:00Z", datetime(2026, 10, 1, 8), {}),
        ("2026-10-01T08:00:00+01:00", datetime(2026, 10, 1, 7), {}),
        ("2026-10-01 08:00:00 -0530", datetime(2026, 10, 1, 13, 30), {}),
        ("2026-10-01T08:00:00+0800", datetime(2026, 10, 1), {"timestamp_formats": ["%Y-%m-%dT%H:%M:%S%z"]}),
        ("1790812800000", datetime(2026, 10, 1), {"timestamp_formats": ["epoch_ms"]}),
        ("1790812800", datetime(2026, 10, 1), {"timestamp_formats": ["epoch"]}),
        ("2026-10-01 08:00:00", datetime(2026, 10, 1, 6), {"time_zone": "Europe/Berlin"}),
    ],
)
def test_an_instant_in_utc(read, text, value, options):
    assert read(text, PAID, **options) == (value, None)


@pytest.mark.parametrize("text", ["2026-10-01 25:00:00", "8:00", "2026-10-01 08:00:00 CST", "1790812800000"])
def test_no_instant_in_the_declared_formats(read, text):
    assert read(text, PAID) == (None, "S09|paid_at is no time in the declared formats")


def test_an_hour_that_the_clocks_leave_out_is_no_instant(read):
    # On 29 March 2026 Berlin goes from 02:00 straight to 03:00.
    assert read("2026-03-29 02:30:00", PAID, time_zone="Europe/Berlin")[1] is not None
    assert read("2026-03-29 03:30:00", PAID, time_zone="Europe/Berlin")[0] == datetime(2026, 3, 29, 1, 30)


def test_an_unknown_directive_names_the_ones_there_are(read):
    with pytest.raises(UsageError, match="no directive %Q"):
        read("2026", PAID, timestamp_formats=["%Q"])


@pytest.mark.parametrize("text", ["00123", "1E5", "12345678901234567890123", "=HYPERLINK(1)", "#1"])
def test_codes_stay_the_text_they_are(read, text):
    assert read(text, "order_id") == (text, None)


@pytest.mark.parametrize("text", ["Cafe\u0301", " Café\u200b", "\u00a0Café\u3000", "\ufeffCafé"])
def test_text_is_composed_and_without_outer_spaces_of_any_kind(read, text):
    assert read(text, "order_id") == ("Café", None)


STATUS = {"已发货": "shipped", "作废": None}


@pytest.mark.parametrize(("text", "value"), [("已发货", "shipped"), ("paid", "paid"), ("作废", None)])
def test_a_value_map(read, text, value):
    assert read(text, "status", "orders.orders", values=STATUS) == (value, None)


def test_a_value_that_neither_map_nor_contract_knows(read):
    said = "S11|status is a value that no map knows"
    assert read("已退款", "status", "orders.orders", values=STATUS) == (None, said)
    assert read("Paid", "status", "orders.orders")[1] == said


def test_the_rest_of_a_value_map(read):
    assert read("x", "status", "orders.orders", values={**STATUS, "*": "open"}) == ("open", None)


def test_a_map_without_canonical_values_still_knows_its_own(read):
    assert read("甲", "owner_rep_code", "orders.orders", values={"甲": "R1"}) == ("R1", None)
    assert read("乙", "owner_rep_code", "orders.orders", values={"甲": "R1"})[1].startswith("S11|")
