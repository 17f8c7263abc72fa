"""All facts of the truth together, as the marts are computed from them."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.demo.truth.channel import Cells, cells_of
from pipelines.demo.truth.credit import Credit, credits_of
from pipelines.demo.truth.customer import History, histories
from pipelines.demo.truth.deals import Answer, Deal, Lead, answers_of, deals_of, leads_of
from pipelines.demo.truth.pay import Earned, earned_of
from pipelines.demo.truth.sales import Sales, sales_of
from pipelines.demo.truth.times import Rates
from pipelines.demo.world import World


@dataclass(frozen=True)
class Facts:
    """One company's facts."""

    world: World
    rates: Rates
    sales: Sales
    cells: Cells
    credited: list[Credit]
    earned: list[Earned]
    deals: list[Deal]
    leads: list[Lead]
    answers: list[Answer]
    customers: dict[str, History]


def facts_of(world: World) -> Facts:
    """Work them all out."""
    rates = Rates(world)
    sales = sales_of(world, rates)
    credited = credits_of(world, sales, rates)
    earned = earned_of(world, sales, credited, rates)
    deals, answers = deals_of(world, rates, sales.master_of), answers_of(world, sales.master_of)
    return Facts(
        world=world,
        rates=rates,
        sales=sales,
        cells=cells_of(world, sales, rates, earned),
        credited=credited,
        earned=earned,
        deals=deals,
        leads=leads_of(world),
        answers=answers,
        customers=histories(world, sales, deals, answers),
    )
