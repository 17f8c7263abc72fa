"""What a row of variable pay rests on: its arithmetic, worked by hand in the docs block incentive_ledger (section 9),
and the rows of plan, tiers, order line and accrual that stand behind it."""

from decimal import Decimal

import duckdb
import pytest

from pipelines.audit import behind, pay_formula
from pipelines.audit.question import Question

COLUMNS = (
    "accrual_key", "entry_key", "event_no", "origin_accrual_key", "accrual_type", "component_code", "base_amount",
    "rate", "tier_from_attainment", "amount", "currency", "earn_date", "posting_date", "cause_code", "mode",
)  # fmt: skip
FLAT = "'2026-01-05', '2026-01-05', null, 'flat'"
EDIT = "'2026-02-10', '2026-02-10', null, 'flat'"
LEDGER = f"""
    ('one', 'e1', 1, null, 'accrual', 'flat', 1000.1000, 0.05, 0, 50.0100, 'CNY', {FLAT}),
    ('yen', 'e2', 1, null, 'accrual', 'flat', 1010.0000, 0.05, 0, 51.0000, 'JPY', {FLAT}),
    ('wrong', 'e3', 1, null, 'accrual', 'flat', 1000.1000, 0.05, 0, 50.0000, 'CNY', {FLAT}),
    ('back1', 'e4', 1, 'one', 'clawback', 'flat', -333.3300, 0.05, 0, -16.6700, 'CNY',
     '2026-01-20', '2026-01-20', null, 'flat'),
    ('back2', 'e5', 1, 'one', 'clawback', 'flat', -666.7700, 0.05, 0, -33.3400, 'CNY',
     '2026-01-25', '2026-02-28', 'late_return', 'flat'),
    ('lost', 'e6', 1, 'nothing', 'clawback', 'flat', -1.0000, 0.05, 0, -0.0500, 'CNY', {FLAT}),
    ('whole', 'e7', 1, null, 'accrual', 'whole', 6000.0000, 0.05, 0, 300.0000, 'CNY', {FLAT}),
    ('raised', 'e8', 1, 'whole', 'adjustment', 'whole', 6000.0000, 0.08, 1, 180.0000, 'CNY',
     '2026-01-05', '2026-01-09', null, 'whole'),
    ('first', 'e9', 1, null, 'accrual', 'capped', 2000.0000, 0.10, 0, 200.0000, 'CNY', {FLAT}),
    ('cut', 'e10', 1, null, 'accrual', 'capped', 1000.0000, 0.10, 0, 50.0000, 'CNY',
     '2026-01-05', '2026-01-05', 'cap', 'flat'),
    ('over', 'e11', 1, null, 'accrual', 'capped', 1000.0000, 0.10, 0, 100.0100, 'CNY', {FLAT}),
    ('cutback', 'e12', 1, 'cut', 'clawback', 'capped', -1000.0000, 0.10, 0, -50.0000, 'CNY',
     '2026-01-20', '2026-01-20', null, 'flat'),
    ('reserve', 'e13', 1, 'one', 'reserve', 'flat', 1000.1000, 0.05, 0, -5.0000, 'CNY',
     '2026-01-05', '2026-01-05', 'holdback', 'flat'),
    ('again', 'e1', 2, 'one', 'adjustment', 'flat', -400.0000, 0.05, 0, -20.0000, 'CNY',
     '2026-01-05', '2026-02-28', 'split_edit', 'flat'),
    ('draw', 'e14', 1, null, 'draw', 'flat', null, null, null, -600.0000, 'CNY', {FLAT}),
    ('edit1', 'e15', 1, null, 'accrual', 'flat', 800.0000, 0.05, 0, 40.0000, 'CNY', {FLAT}),
    ('edit2', 'e16', 1, null, 'accrual', 'flat', 560.0000, 0.05, 0, 0.0000, 'CNY', {EDIT}),
    ('part1', 'e17', 1, null, 'accrual', 'flat', 300.0000, 0.05, 0, 15.0000, 'CNY', {FLAT}),
    ('part2', 'e18', 1, null, 'accrual', 'flat', 100.0000, 0.05, 0, 2.5000, 'CNY', {EDIT}),
    ('part3', 'e19', 1, null, 'accrual', 'flat', 300.0000, 0.08, 1, 12.0000, 'CNY', {EDIT}),
    ('cash1', 'e20', 1, null, 'accrual', 'cash', 800.0000, 0.05, 0, 40.0000, 'CNY', {FLAT}),
    ('cash2', 'e21', 1, null, 'accrual', 'cash', 560.0000, 0.05, 0, 0.0000, 'CNY', {EDIT}),
    ('odds1', 'e22', 1, null, 'accrual', 'flat', 800.0000, 0.05, 0, 40.0000, 'CNY', {FLAT}),
    ('odds2', 'e23', 1, null, 'accrual', 'flat', 560.0000, 0.05, 0, 1.0000, 'CNY', {EDIT})
"""
# Credits of R1: an order, what came back of it, and the edit that takes the order away and gives the return back.
# The parts: 300 accrued, 500 came back, so that 200 wait when 400 come, cut into 100 and 300.
CREDITS = """
    ('SO2', '2026-01-05', 'order_line', 800), ('SO2', '2026-01-20', 'return_line', -560),
    ('SO2', '2026-02-10', 'order_line', -800), ('SO2', '2026-02-10', 'return_line', 560),
    ('SO3', '2026-01-05', 'order_line', 300), ('SO3', '2026-01-20', 'return_line', -500),
    ('SO3', '2026-02-10', 'order_line', 400),
    ('SO4', '2026-01-05', 'order_line', 800), ('SO4', '2026-01-20', 'return_line', -560),
    ('SO4', '2026-02-10', 'order_line', -800), ('SO4', '2026-02-10', 'return_line', 560),
    ('SO5', '2026-01-05', 'order_line', 800), ('SO5', '2026-01-20', 'return_line', -560),
    ('SO5', '2026-02-10', 'order_line', -800), ('SO5', '2026-02-10', 'return_line', 560)
"""


@pytest.fixture(scope="module")
def ledger():
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create view fct_commission_accrual as
            select
                accrual_key, entry_key, event_no, origin_accrual_key, accrual_type, 'P' as plan_code, component_code,
                date '2026-01-01' as plan_valid_from, base_amount::decimal(18, 4) as base_amount,
                rate::decimal(18, 8) as rate, tier_from_attainment::decimal(18, 8) as tier_from_attainment,
                amount::decimal(18, 4) as amount, currency, earn_date::date as earn_date,
                posting_date::date as posting_date, left(posting_date, 7) as posting_month, cause_code, mode,
                date '2026-02-28' as posted_as_of,
                'R1' as payee_code, 'k1' as payee_key, 'erp' as source_system,
                case
                    when accrual_type = 'draw' then null
                    when accrual_key like 'edit_' then 'SO2'
                    when accrual_key like 'part_' then 'SO3'
                    when accrual_key like 'cash_' then 'SO4'
                    when accrual_key like 'odds_' then 'SO5'
                    else 'SO1'
                end as order_id,
                case when accrual_type <> 'draw' then '1' end as line_id,
                if(accrual_key in ('edit2', 'cash2', 'odds2'), 'return_line', 'order_line') as fact_type,
                if(fact_type = 'return_line', 'r' || order_id, 'f') as fact_key,
                case when accrual_type <> 'draw' then 'erp|lines.csv|2' end as row_id,
                0.9::decimal(18, 8) as attainment_before, 1.2::decimal(18, 8) as attainment_after
            from (values {LEDGER}) as rows ({", ".join(COLUMNS)});
            create view dim_comp_plan as
            select
                'P' as plan_code, code as component_code, date '2026-01-01' as valid_from,
                date '9999-12-31' as valid_to, if(code = 'cash', 'cash', 'net_revenue') as base, 'CNY' as currency,
                case code when 'capped' then 250::decimal(18, 4) end as cap_amount, 'month' as period_type,
                0.1::decimal(9, 4) as holdback_share, 90 as holdback_days, 600::decimal(18, 4) as draw_amount,
                'recoverable' as draw_type, 'booking' as due_on,
                'hr|plans.csv|' || line as row_id
            from (values ('flat', 2), ('whole', 3), ('capped', 4), ('cash', 5)) as plans (code, line);
            create view bridge_order_credit as
            select
                'erp' as source_system, order_id, if(fact_type = 'return_line', '9', '1') as line_id, fact_type,
                if(fact_type = 'return_line', 'r' || order_id, 'f') as fact_key, 'rep_primary' as credit_type,
                true as is_revenue_line, 'R1' as payee_code, day::date as business_date,
                date '2026-01-05' as credit_date, 'CNY' as currency, 'CNY' as reporting_currency,
                0 as edit_no, amount::decimal(18, 4) as net_amount, net_amount as net_amount_reporting,
                0::decimal(18, 4) as cost_amount_reporting
            from (values {CREDITS}) as credits (order_id, day, fact_type, amount);
            create view fct_return_line as
            select
                'r' || code as return_line_key, 'RT' || code as return_id, '9' as line_id, '1' as order_line_id,
                true as is_original_known, 'erp' as source_system, code as order_id,
                date '2026-01-20' as business_date
            from (values ('SO2'), ('SO3'), ('SO4'), ('SO5')) as returns (code);
            create view fct_commission_payment as select null as payment_key, null as period where false;
            create view bridge_comp_plan_tier as
            select
                'P' as plan_code, 'whole' as component_code, date '2026-01-01' as valid_from, *,
                'hr|tiers.csv|' || (tier_no + 1) as row_id
            from (values (1, 0.0::decimal(18, 8), 1.0::decimal(18, 8), 0.05), (2, 1.0, null, 0.08))
                as tiers (tier_no, from_attainment, to_attainment, rate);
            create view dim_currency as
            select * from (values ('CNY', 2), ('JPY', 0)) as currencies (currency_code, minor_unit);
            create view fct_order_line as
            select 'erp' as source_system, 'SO1' as order_id, '1' as line_id, 1 as entry_no,
                1000.1::decimal(18, 4) as net_amount, date '2026-01-05' as business_date, 'erp|lines.csv|2' as row_id;
            create view dim_date as
            select d::date as date_day, strftime(d, '%Y-%m') as fiscal_month, '2026-Q1' as fiscal_quarter,
                2026 as fiscal_year
            from generate_series(date '2026-01-01', date '2026-03-31', interval 1 day) as days (d);
            """
        )
        yield connection


def told(ledger, key):
    return pay_formula.steps(pay_formula.case(ledger, key))


@pytest.mark.parametrize(
    ("key", "said", "agrees"),
    [
        ("one", "1000.10 x 0.05 = 50.005, rounded to 2 decimals = 50.01", True),
        ("yen", "1010.00 x 0.05 = 50.50, rounded to 0 decimals = 51.00", True),
        ("wrong", "rounded to 2 decimals = 50.01", False),
        (
            "back1",
            "what came back: 333.33 x 0.05, at most what accrued = 16.67, less 50.01 of the rows before = -16.67",
            True,
        ),
        # 1,000.10 x 5 % is 50.005, but no more than 50.01 comes back: 16.67 of it had before
        (
            "back2",
            "1000.10 x 0.05, at most what accrued = 50.01, less 33.34 of the rows before = -33.34",
            True,
        ),
        ("lost", "its accrual is not in this ledger", False),
        ("raised", "accrued at 0.08: 480.00, less 300.00 of the rows before = 180.00", True),
        ("cut", "= 100.00; the cap of 250.00 a month leaves 50.00", True),
        ("over", "= 100.00", False),
        (
            "cutback",
            "1000.00 x 0.10, at most what accrued = 50.00, less 50.00 of the rows before = -50.00",
            True,
        ),
        ("again", "the facts give 30.01 for this entry now; 50.01 was posted before", None),
        ("draw", "on its first day: -600.00", True),
        # Example 15: 1,360 came back, 800 of it from the first accrual; the 560 that waited take all of the second
        (
            "edit2",
            "= 28.00, less 560.00 x 0.05 = 28.00 that had come back before "
            "(of the line 1360.00, 800.00 of it taken from earlier accruals) = 0.00",
            True,
        ),
        # 200 wait for an event of 400: 50 fall to the part of 100, 150 to that of 300
        ("part2", "= 5.00, less 50.00 x 0.05 = 2.50 that had come back before", True),
        ("part3", "= 24.00, less 150.00 x 0.08 = 12.00 that had come back before", True),
        ("odds2", "taken from earlier accruals) = 0.00", False),
        ("cash2", "something of the line had come back before and is taken off first", None),
    ],
)
def test_the_arithmetic_of_a_row_is_that_worked_by_hand(ledger, key, said, agrees):
    step = told(ledger, key)[0]
    assert said in step.en
    assert step.agrees is agrees


def test_a_holdback_is_that_worked_by_hand(ledger):
    # Example 9: 50.01 x 10 % = 5.001
    step = told(ledger, "reserve")[-1]
    assert (step.en, step.agrees) == ("held before less held now: 0.00 - 5.00 = -5.00", True)


def test_a_late_row_tells_its_day_its_release_and_its_cause(ledger):
    late = told(ledger, "back2")[1]
    assert late.en == (
        "posted on 2026-02-28 by the release as of 2026-02-28, not in its own month (earned 2026-01-25), "
        "which was closed: late_return"
    )
    assert len(told(ledger, "back1")) == 1


def question(ledger, key):
    row = ledger.execute(f"select * from fct_commission_accrual where accrual_key = '{key}'")
    names = [column[0] for column in row.description]
    return Question("mart_incentive_statement", "amount", dict(zip(names, row.fetchone(), strict=True)))


def test_a_row_leads_to_its_plan_tier_order_line_and_accrual(ledger):
    found = behind.behind(ledger, question(ledger, "raised"), 9, lambda row_id: {"text": row_id})
    by_table = {one["en"]: one["rows"] for one in found}
    assert list(by_table) == [
        "row of the ledger",
        "version of the plan component",
        "tiers of that version",
        "order line",
        "the accrual that it belongs to, and all that became of it",
    ]
    assert by_table["version of the plan component"][0]["source"] == {"text": "hr|plans.csv|3"}
    tiers = [
        (row["rate"], row["applies"], row["source"]["text"]) for row in by_table["tiers of that version"]
    ]
    assert tiers == [(Decimal("0.05"), False, "hr|tiers.csv|2"), (Decimal("0.08"), True, "hr|tiers.csv|3")]
    assert by_table["order line"][0]["net_amount"] == Decimal("1000.1")
    life = list(by_table.values())[-1]
    assert [(row["accrual_key"], row["applies"]) for row in life] == [("whole", False), ("raised", True)]


def test_a_draw_has_no_order_line_and_no_source_line(ledger):
    found = behind.behind(ledger, question(ledger, "draw"), 9, lambda row_id: {"text": row_id})
    assert [one["en"] for one in found] == ["row of the ledger", "version of the plan component"]
    assert found[0]["rows"][0]["source"] is None


def test_codes_of_a_row_are_told_in_both_languages(ledger):
    (code,) = behind.codes(question(ledger, "cut"), [])
    assert (code["code"], code["zh"]) == ("cap", "受方案上限约束")
