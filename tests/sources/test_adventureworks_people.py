"""AdventureWorks' people through the main job: credit, quotas, attainment, versions, managers, rates.

What is compared comes from plain Polars over the raw files; a number written out has beside it how it was found.
"""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl

from tests.sources.conftest import Released
from tests.sources.figures import AdventureWorks, by_key


def test_each_sale_is_credited_to_its_seller(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    credited = adventureworks.by(
        """
        select rep_code, fiscal_month, sum(credited_net_revenue) from mart_rep_scorecard
        group by rep_code, fiscal_month having sum(credited_net_revenue) <> 0
        """
    )
    rules = adventureworks.by(
        "select credit_rule, count(distinct payee_code) from bridge_order_credit where credit_type = 'rep_primary'"
        " group by credit_rule"
    )

    assert credited == raw_adventureworks.summed("net", "rep", "month")
    assert rules == {"c": 17, "e": 1}  # order owners, and nobody for the internet


def test_quotas_hold_by_their_dates(adventureworks: Released, raw_adventureworks: AdventureWorks) -> None:
    found = adventureworks.rows("select owner_code, valid_from, valid_to, amount from fct_quota")

    quotas = raw_adventureworks.quotas().select("rep", "valid_from", "until", "quota").rows()
    assert sorted(found) == sorted(quotas)
    assert (len(found), sum(row[3] for row in found)) == (163, Decimal("95714000.0000"))
    # the OLTP copy has other dates and the same amounts
    copy = raw_adventureworks.oltp("SalesPersonQuotaHistory").get_column("column_2").cast(pl.Decimal(38, 4))
    assert (copy.len(), copy.sum()) == (163, Decimal("95714000.0000"))


def test_attainment_of_each_rep_over_the_quota_intervals(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    found = adventureworks.rows(
        """
        select owner_code, valid_from, attainment_numerator, attainment_denominator, attainment_ratio
        from mart_quota_attainment where owner_type = 'rep'
        """
    )

    attained = {(rep, day): (credited, quota) for rep, day, credited, quota, _ in found}
    assert attained == raw_adventureworks.credited_in_quota()
    assert [ratio for *_, ratio in found] == [
        (credited / quota).quantize(Decimal("0.00000001"), ROUND_HALF_UP)
        for credited, quota in attained.values()
    ]
    assert sum(credited for credited, _ in attained.values()) == Decimal("80450596.9823")
    # Read by its label, 282 attains between 0.9 % and 115 %; by its dates between
    # 459,057.3369 / 637,000 = 72 % and 851,503.5759 / 894,000 = 95 %.
    of_282 = [credited / quota for (rep, _), (credited, quota) in attained.items() if rep == "282"]
    assert (round(min(of_282), 4), round(max(of_282), 4)) == (Decimal("0.7207"), Decimal("0.9525"))


def test_people_have_their_versions_and_managers(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    people = raw_adventureworks.employees()
    boss = dict(
        people.join(people.select(parent="key", boss="person"), on="parent").select("person", "boss").rows()
    )
    kept = set(people.filter(pl.col("person").is_duplicated() | (pl.col("department") == "Sales"))["person"])
    while above := {boss[person] for person in kept if person in boss} - kept:
        kept |= above

    versions = adventureworks.rows(
        "select rep_code, valid_from from dim_sales_rep where rep_code not like '(%' and not is_inferred"
    )
    several = adventureworks.by(
        "select rep_code, count(*) from dim_sales_rep group by rep_code having count(*) > 1"
    )
    managers = adventureworks.by(
        "select rep_code, manager_code from dim_sales_rep where is_current and rep_code not like '(%'"
    )

    expected = people.filter(pl.col("person").is_in(list(kept))).select("person", "valid_from")
    assert sorted(versions) == sorted(expected.rows())
    assert (len(versions), len(managers)) == (35, 29)  # of 296 versions of 290 people
    # Walters, Bradley, Vong, Norman twice, Word three times; nothing but their dates differs
    assert several == {"4": 2, "7": 2, "98": 2, "143": 2, "278": 3}
    assert managers == {person: boss.get(person) for person in kept}
    assert [managers[rep] for rep in ("281", "272", "277", "112")] == ["272", "277", "112", None]


def test_commission_rates_come_by_national_id(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    found = adventureworks.by(
        "select rep_code, commission_rate from dim_sales_rep where commission_rate is not null"
    )

    assert found == raw_adventureworks.rates()
    assert len(found) == 17
    assert [rep for rep, rate in sorted(found.items()) if rate == 0] == ["272", "290", "294"]  # the managers


def test_commission_at_each_reps_own_rate_is_derived(
    adventureworks: Released, raw_adventureworks: AdventureWorks
) -> None:
    """Each line's net x its seller's rate, to the cent. The source has rates, but no plans and no payouts: the ledger
    says so by plan (none), and nothing is paid."""
    found = adventureworks.by(
        """
        select payee_code, order_id, line_id, cast(sum(amount) * 100 as bigint)
        from fct_commission_accrual group by payee_code, order_id, line_id
        """
    )
    kinds = adventureworks.rows(
        "select distinct plan_code, component_code, accrual_type, mode from fct_commission_accrual"
    )

    assert found == by_key(raw_adventureworks.commissions())
    assert (len(found), sum(found.values())) == (60_855, 110_098_715)
    assert kinds == [("(none)", "rate", "accrual", "flat")]
    assert adventureworks.one("select count(*) from fct_commission_payment") == 0


def test_the_table_of_the_readme_is_what_the_files_give(raw_adventureworks: AdventureWorks) -> None:
    """Quota and credit in dollars, attainment by quota in per cent, commission to the cent."""
    text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    table = text.split("| rep | quotas |")[1].split("\n\n")[0].splitlines()[2:]
    told = {
        cells[0]: cells[1:] for cells in ([cell.strip() for cell in row.split("|")[1:-1]] for row in table)
    }

    assert told == {
        rep: [
            f"{quota:,.0f}",
            f"{cents(credited):,}",
            f"{low:.1%}",
            f"{high:.1%}",
            f"{rate:.1%}",
            f"{cents(paid):,}",
        ]
        for rep, (quota, credited, low, high, rate, paid) in raw_adventureworks.pay().items()
    }


def cents(amount: Decimal) -> Decimal:
    """Half away from zero: what a payroll would do."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
