"""Credit of 10,000 random orders, through the models themselves: what is handed out adds up, always.

Two to six payees per order, shares in units of 0.0001, amounts of up to 14 digits in CNY and at a crooked rate
in USD; a third of the orders keeps everything, a third comes back in one piece, a third in two to five pieces,
some of them only in part. Every statement below is asked of the warehouse in SQL.
"""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.landing import write_landing
from tests.fixtures.warehouse import dbt, rows

ORDERS = 10_000
UNIT = Decimal("0.0001")
PRIMARY = """
    select fact_key, fact_type, order_id, payee_code, currency, share, net_amount, net_amount_reporting
    from bridge_order_credit where credit_type = 'rep_primary'
"""


def _parts(generator: random.Random, total: int, count: int) -> list[int]:
    """`count` whole parts of `total`, each at least 1."""
    cuts = sorted(generator.sample(range(1, total), count - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


def _order(generator: random.Random, number: int, tables: dict[str, list[dict[str, Any]]]) -> None:
    order_id, currency = f"o{number}", generator.choice(("CNY", "USD"))
    units = generator.choice(
        (generator.randint(10, 99), generator.randint(100, 10**9), generator.randint(10**9, 10**13))
    )
    payees = generator.sample(range(20), generator.randint(2, 6))
    tables["orders__orders"].append(
        {
            "order_id": order_id,
            "order_date": "2026-01-05",
            "status": "paid",
            "currency": currency,
            "channel_code": "shop",
        }
    )
    tables["orders__order_lines"].append(
        {"order_id": order_id, "line_id": "1", "quantity": 10, "currency": currency}
        | {
            "gross_amount": (units + 7) * UNIT,
            "net_amount": units * UNIT,
            "unit_cost": generator.randint(0, 10**6) * UNIT,
        }
    )
    shares = _parts(generator, 10_000, len(payees))
    tables["orders__order_credits"] += [
        {
            "order_id": order_id,
            "credit_type": "rep_primary",
            "payee_code": f"r{payee:02}",
            "share": share * UNIT,
        }
        for payee, share in zip(payees, shares, strict=True)
    ]
    pieces = {0: 0, 1: 1, 2: generator.randint(2, 5)}[number % 3]
    for piece, returned in enumerate(_parts(generator, units, pieces) if pieces else ()):
        if number % 7 == 0 and piece == pieces - 1:
            continue  # the last piece never came back
        tables["orders__return_lines"].append(
            {"return_id": f"t{number}.{piece}", "line_id": "1", "order_id": order_id, "order_line_id": "1"}
            | {
                "return_date": f"2026-01-{10 + piece}",
                "quantity": 1,
                "net_amount": returned * UNIT,
                "currency": currency,
            }
        )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the credit of the random orders."""
    folder = tmp_path_factory.mktemp("credit")
    generator = random.Random(20261124)
    tables: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in ("orders__orders", "orders__order_lines", "orders__order_credits", "orders__return_lines")
    }
    for number in range(ORDERS):
        _order(generator, number, tables)
    rate = {"from_currency": "USD", "to_currency": "CNY", "rate_date": "2026-01-05", "rate_type": "spot"}
    landing = write_landing(
        folder / "landing", {**tables, "market__fx_rates": [{**rate, "rate": "7.12345678"}]}
    )
    path = folder / "weir.duckdb"
    dbt(
        "run",
        path,
        landing,
        "--select",
        "+bridge_order_credit",
        as_of_date="2026-01-31",
        reporting_currency="CNY",
    )
    return path


def test_every_order_is_credited_to_two_to_six_payees(warehouse: Path) -> None:
    ((orders, fewest, most),) = rows(
        warehouse,
        f"""select count(*), min(n), max(n) from (
            select fact_key, count(*) as n from ({PRIMARY}) where fact_type = 'order_line' group by fact_key)""",
    )
    assert (orders, fewest, most) == (ORDERS, 2, 6)


def test_credit_of_each_line_is_the_line_in_both_currencies(warehouse: Path) -> None:
    differing = rows(
        warehouse,
        f"""with facts as (
            select order_line_key as fact_key, net_amount, net_amount_reporting from fct_order_line
            union all select return_line_key, -net_amount, -net_amount_reporting from fct_return_line
        ), credits as (
            select fact_key, sum(net_amount) as net, sum(net_amount_reporting) as reported, sum(share) as share
            from ({PRIMARY}) group by fact_key
        )
        select facts.fact_key from facts left join credits using (fact_key)
        where net is distinct from net_amount or reported is distinct from net_amount_reporting or share <> 1""",
    )
    assert differing == []


def test_gross_cost_and_discount_of_each_line_add_up_too(warehouse: Path) -> None:
    differing = rows(
        warehouse,
        """select fact_key from bridge_order_credit join fct_order_line on fact_key = order_line_key
        where credit_type = 'rep_primary' group by fact_key
        having sum(bridge_order_credit.gross_amount) <> any_value(fct_order_line.gross_amount)
            or sum(bridge_order_credit.cost_amount_reporting) <> any_value(fct_order_line.cost_amount_reporting)
            or sum(bridge_order_credit.discount_amount_reporting)
                <> any_value(fct_order_line.discount_amount_reporting)""",
    )
    assert differing == []


def test_every_payee_of_a_line_is_within_one_unit_of_the_exact_part(warehouse: Path) -> None:
    ((worst,),) = rows(
        warehouse,
        f"""select max(abs(credit.net_amount - line.net_amount * credit.share))
        from ({PRIMARY}) credit join fct_order_line line on fact_key = order_line_key""",
    )
    assert worst < UNIT


def test_full_return_nets_every_payee_to_zero(warehouse: Path) -> None:
    """Returned in one piece or in several: exactly zero for each payee, in the order's currency and as reported.

    A line that comes back in pieces is converted cumulated, so that its pieces are the line in both currencies.
    """
    ((returned, unequal, unequal_reported),) = rows(
        warehouse,
        f"""with full_returns as (
            select order_id, count(*) as pieces from fct_return_line group by order_id
            having sum(net_amount) = (
                select any_value(net_amount) from fct_order_line as line where line.order_id = fct_return_line.order_id)
        ), netted as (
            select order_id, payee_code, any_value(pieces) as pieces, sum(net_amount) as net,
                sum(net_amount_reporting) as reported
            from ({PRIMARY}) join full_returns using (order_id) group by order_id, payee_code
        )
        select count(distinct order_id), count(*) filter (where net <> 0),
            count(*) filter (where reported <> 0)
        from netted""",
    )
    assert returned > 5_000
    assert (unequal, unequal_reported) == (0, 0)


def test_no_piece_has_the_wrong_sign_by_more_than_one_unit(warehouse: Path) -> None:
    """The known paradox of largest remainder may turn a piece by one unit, never by more."""
    ((pieces, wrong),) = rows(
        warehouse,
        f"""select count(*), count(*) filter (where net_amount > 0.0001 or net_amount_reporting > 0.0001)
        from ({PRIMARY}) where fact_type = 'return_line'""",
    )
    assert pieces > 30_000
    assert wrong == 0


def test_channel_of_record_has_the_whole_money(warehouse: Path) -> None:
    totals = rows(
        warehouse,
        """select credit_type, sum(net_amount), sum(net_amount_reporting) from bridge_order_credit
        where credit_type in ('rep_primary', 'channel_of_record') group by credit_type""",
    )
    assert len({total[1:] for total in totals}) == 1
