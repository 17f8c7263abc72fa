"""Suites over the landed feeds: what landing accepted is looked at again, by another tool.

Landing has set aside each row that breaks a row rule, so none may be left: these expectations bear nothing.
A feed that no source fills is not judged: its checks are not applicable.
"""

from __future__ import annotations

from quality.feeds import Feed, feeds
from quality.suites.spec import Suite, SuiteBuilder

LINEAGE = ("source_system", "row_id", "extract_id", "received_at", "row_hash")
_TYPES = {"string": "varchar"}

# Rules of two columns or of several rows that a contract's row rules do not say.
_PAIRS = {
    "orders__orders": ("T01", "invoiced_not_before_shipped", "invoiced_at", "shipped_at"),
    "crm__activities": ("T05", "logged_not_before_occurred", "logged_at", "occurred_at"),
    "crm__leads": ("T12", "converted_not_before_created", "converted_at", "created_at"),
    "crm__surveys": ("T18", "answered_not_before_sent", "answered_at", "sent_at"),
    "people__reps": ("D05", "exit_not_before_hire", "exit_date", "hire_date"),
}
_NOT_NEGATIVE = {
    "market__market_sizes": (("S12", "amount"),),
    "orders__products": (("S18", "catalogue_price"), ("S18", "unit_cost")),
    "orders__return_lines": (("T03", "quantity"), ("T03", "net_amount")),
}
_RATE_MOVE = """
    select source_system, from_currency, to_currency, rate_date, rate_type, rate
    from (
        select *, lag(rate) over (
            partition by source_system, from_currency, to_currency, rate_type order by rate_date, received_at
        ) as rate_before
        from {batch}
        where rate_type = 'spot'
    ) as moved
    where abs(rate - rate_before) >= rate_before * 0.2
"""
_QUOTA_OVERLAP = """
    select source_system, owner_type, owner_code, metric, version, valid_from
    from (
        select *, max(valid_to) over (
            partition by source_system, extract_id, owner_type, owner_code, metric, version order by valid_from
            rows between unbounded preceding and 1 preceding
        ) as ended_before
        from {batch}
    ) as ordered
    where valid_from <= ended_before
"""
_QUOTA_NOT_MONTHLY = """
    select source_system, owner_type, owner_code, metric, version, valid_from
    from {batch}
    where day(valid_from) <> 1 or (valid_to is not null and valid_to <> last_day(valid_to))
"""
_COST_OVER_PRICE = """
    select source_system, product_id, catalogue_price, unit_cost
    from {batch}
    where catalogue_price > 0 and unit_cost > 10 * catalogue_price
"""
_QUERIES = {
    "market__fx_rates": (("S17", "rate_moves_less_than_a_fifth_a_day", _RATE_MOVE),),
    "people__quotas": (
        ("S19", "quota_intervals_do_not_overlap", _QUOTA_OVERLAP),
        ("S19", "quota_intervals_are_whole_months", _QUOTA_NOT_MONTHLY),
    ),
    "orders__products": (("S18", "cost_at_most_ten_times_price", _COST_OVER_PRICE),),
}


def landed_columns(feed: Feed) -> dict[str, str]:
    """Columns of a landed feed in order, with DuckDB's name of their type."""
    canonical = {one.name: _TYPES.get(one.type, one.type) for one in feed.columns if not one.is_restricted}
    lineage = {name: "timestamp" if name == "received_at" else "varchar" for name in LINEAGE}
    return {**canonical, **lineage}


def _suite(feed: Feed) -> Suite:
    built = SuiteBuilder(feed.name, "landing")
    built.add("S02", "landed_columns_are_canonical", "column_set", columns=list(landed_columns(feed)))
    built.add("S02", "every_file_has_the_canonical_types", "no_rows", query=_drift(feed.name))
    built.add("S10", "row_id_is_unique", "unique", columns=["row_id"])
    built.add("S10", "key_is_unique_in_its_extract", "no_rows", query=_repeated(feed))
    for column in feed.columns:
        if column.required and not column.is_restricted:
            built.add("S10", f"{column.name}_is_not_null", "not_null", column=column.name)
        if column.valid_values and not column.is_restricted:
            values = list(column.valid_values)
            built.add("S11", f"{column.name}_is_in_its_list", "in_set", column=column.name, values=values)
    _special(feed.name, built)
    return Suite(
        feed.name, f"landed_{feed.name}", "landing", ("source_system", "row_id"), tuple(built.found), {}, True
    )


def _special(name: str, built: SuiteBuilder) -> None:
    if name in _PAIRS:
        rule, check, later, earlier = _PAIRS[name]
        built.add(rule, check, "greater", later=later, earlier=earlier)
    for rule, column in _NOT_NEGATIVE.get(name, ()):
        built.add(rule, f"{column}_is_not_negative", "between", column=column, least=0)
    for rule, check, query in _QUERIES.get(name, ()):
        built.add(rule, check, "no_rows", query=query)


def _drift(feed: str) -> str:
    return (
        f"select file_name, column_name, expected_type, found_type from landed_drift"
        f" where feed = '{feed}' and (select count(*) from {{batch}}) >= 0"
    )


def _repeated(feed: Feed) -> str:
    columns = ", ".join(("source_system", "extract_id", *feed.key))
    return f"select {columns} from {{batch}} group by {columns} having count(*) > 1"


def landed_suites() -> list[Suite]:
    """One suite for each canonical feed."""
    return [_suite(feed) for feed in feeds().values()]
