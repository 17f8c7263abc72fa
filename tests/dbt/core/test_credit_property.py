"""Credit of random orders, through the models themselves: what is handed out adds up, always.

Two to six payees per line, shares in units of 0.0001, amounts of up to 14 digits in CNY and at a crooked rate in USD.
A third of the lines keeps everything, a third comes back in one piece, a third in two to five pieces, some of them
only in part. Two in five orders have their split edited after the sale, once or twice, before or after the close of
the month and in between the returns. Every statement is asked of the warehouse in SQL; what payees should have comes
from the landed rows.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.fixtures.landing import write_frame, write_landing
from tests.fixtures.random_orders import random_orders
from tests.fixtures.warehouse import dbt, rows

ORDERS = 100_000
UNIT = Decimal("0.0001")
PRIMARY = "(select * from bridge_order_credit where credit_type = 'rep_primary')"
# The signed money of each line and return line, as the facts have it.
FACTS = """(
    select order_line_key as fact_key, business_date as fact_date, order_id, line_id, net_amount,
        net_amount_reporting
    from fct_order_line
    union all
    select return_line_key, business_date, order_id, order_line_id, -net_amount, -net_amount_reporting
    from fct_return_line
)"""
# Who holds each line and how much of it after the last edit, from the landed rows: its own split, else the order's.
HOLDERS = """(
    select line.order_line_key, line.order_id, line.line_id, split.payee_code, split.share
    from fct_order_line as line
    join stg_orders__order_credits as split on line.order_id = split.order_id
    where split.line_id is not distinct from (
            select max(own.line_id) from stg_orders__order_credits as own
            where own.order_id = line.order_id and own.line_id = line.line_id)
        and split.edited_at is not distinct from (
            select max(last.edited_at) from stg_orders__order_credits as last
            where last.order_id = line.order_id and last.line_id is not distinct from split.line_id)
)"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the credit of the random orders."""
    folder = tmp_path_factory.mktemp("credit")
    rate = {"from_currency": "USD", "to_currency": "CNY", "rate_date": "2026-01-05", "rate_type": "spot"}
    landing = write_landing(folder / "landing", {"market__fx_rates": [{**rate, "rate": "7.12345678"}]})
    for feed, frame in random_orders(ORDERS, seed=20261124).items():
        write_frame(landing, feed, frame)
    path = folder / "weir.duckdb"
    variables = {"as_of_date": "2026-03-31", "reporting_currency": "CNY"}
    dbt("run", path, landing, "--select", "+bridge_order_credit", **variables)
    return path


def test_the_orders_are_all_there_with_splits_returns_and_edits(warehouse: Path) -> None:
    """Nothing was held: what follows is said of every order, and of enough of each kind."""
    (counts,) = rows(
        warehouse,
        f"""select count(*), min(payees), max(payees), count(*) filter (where edits = 1),
            count(*) filter (where edits = 2) from (
                select fact_key, max(edit_no) as edits,
                    count(distinct payee_code) filter (where edit_no = 0) as payees
                from {PRIMARY} where fact_type = 'order_line' group by fact_key)""",
    )
    lines, fewest, most, edited, twice = counts
    assert (lines, fewest, most) == (ORDERS * 9 // 8, 2, 6)
    assert min(edited, twice) > lines // 6
    landed = rows(warehouse, "select count(*) from stg_orders__return_lines")
    assert rows(warehouse, "select count(*) from fct_return_line") == landed
    assert landed[0][0] > ORDERS


def test_credit_of_each_line_is_the_line_in_both_currencies(warehouse: Path) -> None:
    """Originals alone, and again with all edits: lines and return lines, to the last unit."""
    differing = rows(
        warehouse,
        f"""with credits as (
            select fact_key, sum(net_amount) as net, sum(net_amount_reporting) as reported, sum(share) as share,
                sum(case when edit_no = 0 then net_amount end) as original_net,
                sum(case when edit_no = 0 then net_amount_reporting end) as original_reported,
                sum(case when edit_no = 0 then share end) as original_share
            from {PRIMARY} group by fact_key
        )
        select facts.fact_key from {FACTS} as facts left join credits using (fact_key)
        where net is distinct from net_amount or reported is distinct from net_amount_reporting or share <> 1
            or original_net is distinct from net_amount
            or original_reported is distinct from net_amount_reporting or original_share <> 1""",
    )
    assert differing == []


def test_gross_cost_and_discount_of_each_line_add_up_too(warehouse: Path) -> None:
    differing = rows(
        warehouse,
        f"""select fact_key from {PRIMARY} as credit join fct_order_line as line on fact_key = order_line_key
        group by fact_key
        having sum(credit.gross_amount) <> any_value(line.gross_amount)
            or sum(credit.cost_amount_reporting) <> any_value(line.cost_amount_reporting)
            or sum(credit.discount_amount_reporting) <> any_value(line.discount_amount_reporting)""",
    )
    assert differing == []


def test_every_payee_of_a_line_is_within_one_unit_of_the_exact_part(warehouse: Path) -> None:
    """By the share of each row, be it the original, what an edit took back or what it gave."""
    ((worst, worst_reported),) = rows(
        warehouse,
        f"""select max(abs(credit.net_amount - line.net_amount * credit.share)),
            max(abs(credit.net_amount_reporting - line.net_amount_reporting * credit.share))
        from {PRIMARY} as credit join fct_order_line as line on fact_key = order_line_key""",
    )
    assert 0 < worst < UNIT
    assert 0 < worst_reported < UNIT


def test_after_an_edit_the_old_payees_have_nothing_and_the_new_have_all(warehouse: Path) -> None:
    """Per line and return line: whoever is in the last landed split has its share of it, everyone else exactly 0."""
    ((payees, left, wrong),) = rows(
        warehouse,
        f"""with held as (
            select credit.fact_key, any_value(facts.order_id) as order_id, any_value(facts.line_id) as line_id,
                credit.payee_code, sum(share) as share, sum(credit.net_amount) as net,
                sum(credit.net_amount_reporting) as reported, sum(credit.gross_amount) as gross,
                sum(credit.cost_amount_reporting) as cost
            from {PRIMARY} as credit join {FACTS} as facts using (fact_key)
            group by credit.fact_key, credit.payee_code
        )
        select count(*), count(*) filter (where holders.share is null),
            count(*) filter (
                where held.share <> coalesce(holders.share, 0)
                or (holders.share is null and (net <> 0 or reported <> 0 or gross <> 0 or cost <> 0)))
        from held left join {HOLDERS} as holders using (order_id, line_id, payee_code)""",
    )
    assert payees > 6 * ORDERS
    assert left > ORDERS  # who had credit once and has none now
    assert wrong == 0


def test_every_holder_has_its_row(warehouse: Path) -> None:
    """The other way round: nobody of the last landed split is missing."""
    missing = rows(
        warehouse,
        f"""select order_line_key, payee_code from {HOLDERS}
        except select fact_key, payee_code from {PRIMARY} where fact_type = 'order_line'""",
    )
    assert missing == []


def test_a_full_return_nets_every_payee_to_zero(warehouse: Path) -> None:
    """In one piece or in several, edited in between or not: exactly zero for each payee, in both currencies."""
    ((returned, edited, unequal),) = rows(
        warehouse,
        f"""with fully as (
            select order_id, line_id, max(fact_key) as any_key from {FACTS} group by order_id, line_id
            having sum(net_amount) = 0 and count(*) > 1
        ), netted as (
            select facts.order_id, facts.line_id, credit.payee_code, max(credit.edit_no) as edits,
                sum(credit.net_amount) as net, sum(credit.net_amount_reporting) as reported
            from {PRIMARY} as credit join {FACTS} as facts using (fact_key)
            join fully on facts.order_id = fully.order_id and facts.line_id = fully.line_id
            group by facts.order_id, facts.line_id, credit.payee_code
        )
        select count(distinct order_id || '|' || line_id),
            count(distinct case when edits > 0 then order_id || '|' || line_id end),
            count(*) filter (where net <> 0 or reported <> 0)
        from netted""",
    )
    assert returned > ORDERS // 2
    assert edited > ORDERS // 6
    assert unequal == 0


def test_no_piece_has_the_wrong_sign_by_more_than_one_unit(warehouse: Path) -> None:
    """The known paradox of largest remainder may turn a piece by one unit, never by more."""
    ((pieces, wrong),) = rows(
        warehouse,
        f"""select count(*), count(*) filter (
            where (net_amount > {UNIT} or net_amount_reporting > {UNIT}) and not is_edit_reversal
            or (net_amount < -{UNIT} or net_amount_reporting < -{UNIT}) and is_edit_reversal)
        from {PRIMARY} where fact_type = 'return_line'""",
    )
    assert pieces > 4 * ORDERS
    assert wrong == 0


def test_an_edit_after_the_close_leaves_the_closed_month_alone(warehouse: Path) -> None:
    """January is closed on 5 February: it keeps the split of that day, and the rest counts on the day of the edit."""
    ((lines, late, wrong),) = rows(
        warehouse,
        f"""with january as (
            select fact_key, payee_code, sum(share) as share,
                max(case when edited_date > date '2026-02-05' then 1 else 0 end) as is_late
            from {PRIMARY} where fact_type = 'order_line' and fiscal_month = '2026-01'
            group by fact_key, payee_code
        ), then_held as (
            select line.order_line_key as fact_key, split.payee_code, split.share
            from fct_order_line as line join stg_orders__order_credits as split on line.order_id = split.order_id
            where split.line_id is not distinct from (
                    select max(own.line_id) from stg_orders__order_credits as own
                    where own.order_id = line.order_id and own.line_id = line.line_id)
                and split.edited_at is not distinct from (
                    select max(last.edited_at) from stg_orders__order_credits as last
                    where last.order_id = line.order_id and last.line_id is not distinct from split.line_id
                        and last.edited_at < timestamp '2026-02-06')
        )
        select count(distinct fact_key), max(is_late), count(*) filter (
            where coalesce(january.share, 0) <> coalesce(then_held.share, 0))
        from january full join then_held using (fact_key, payee_code)""",
    )
    assert (lines, late, wrong) == (ORDERS * 9 // 8, 0, 0)


def test_what_comes_after_an_edit_goes_to_the_new_payees_at_once(warehouse: Path) -> None:
    """No row is edited by an edit before it, and nothing is posted before the edit or the row's own day."""
    ((returns, wrong),) = rows(
        warehouse,
        f"""with first_edits as (
            select order_id, line_id, min(edited_date) as first_date
            from {PRIMARY} where fact_type = 'order_line' group by order_id, line_id
        )
        select count(distinct case when facts.fact_date >= first_date then fact_key end), count(*) filter (
            where edited_date <= facts.fact_date
            or posting_date <> coalesce(edited_date, facts.fact_date))
        from {PRIMARY} as credit join {FACTS} as facts using (fact_key)
        join first_edits on facts.order_id = first_edits.order_id and facts.line_id = first_edits.line_id""",
    )
    assert returns > ORDERS // 10
    assert wrong == 0


def test_channel_of_record_has_the_whole_money(warehouse: Path) -> None:
    totals = rows(
        warehouse,
        """select credit_type, sum(net_amount), sum(net_amount_reporting) from bridge_order_credit
        where credit_type in ('rep_primary', 'channel_of_record') group by credit_type""",
    )
    assert len({total[1:] for total in totals}) == 1
