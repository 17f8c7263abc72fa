"""What must come out: computed event by event in Python integers, sharing nothing with landing or the warehouse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.demo.world import World


def truth_of(world: World) -> dict[str, list[dict[str, Any]]]:
    """Per mart its rows: the key without what is one for all (asof, reporting currency), and the values as text.

    Of bridge_order_credit the sums by territory.
    """
    from pipelines.demo.truth import (
        acquired,
        adoption,
        channel,
        cohort,
        collaboration,
        customer,
        executive,
        facts,
        forecast,
        funnel,
        integrity,
        manager,
        market,
        pipeline,
        pool,
        productivity,
        quota,
        ramp,
        rep,
        rep_accounts,
        rep_pipeline,
        rep_touches,
        rfm,
        territory,
        touches,
    )

    found = facts.facts_of(world)
    board = pipeline.Board(found)
    channels = channel.channel_rows(found.cells)
    acquired.add_acquired(found, channels)
    customers = customer.customer_rows(found.customers)
    contacts = touches.Contacts(found)
    touches.add_contacts(found, contacts, customers)
    pool.add_states(found, contacts, customers)
    rep_pipeline.add_open_deals(board, customers)
    weeks = adoption.weeks_of(found)
    rep_pipeline.add_deals(weeks, board)
    cohorts = rep_touches.cohorts_of(found)
    produced = productivity.team_months(found)
    covered = rep_accounts.coverage_values(found, contacts)
    return {
        "bridge_order_credit": territory.territory_rows(found),
        "mart_channel_performance": channels,
        "mart_collaboration": collaboration.collaboration_rows(found),
        "mart_crm_adoption": adoption.adoption_rows(weeks),
        "mart_customer_cohort": cohort.cohort_rows(found),
        "mart_customer_360": customers,
        "mart_executive_overview": executive.executive_rows(found, board, produced),
        "mart_forecast_accuracy": forecast.forecast_rows(forecast.cells_of(board)),
        "mart_funnel": funnel.funnel_rows(board),
        "mart_incentive_integrity": integrity.integrity_rows(found, board),
        "mart_lost_reason": funnel.lost_rows(board),
        "mart_manager_credit": manager.manager_rows(found),
        "mart_market_penetration": market.market_rows(world, found.sales, found.rates),
        "mart_pipeline_health": pipeline.pipeline_rows(board, pipeline.chosen_days()),
        "mart_quota_attainment": quota.quota_rows(found),
        "mart_rep_ramp": ramp.ramp_rows(found),
        "mart_rfm_migration": rfm.migration_rows(found),
        "mart_team_productivity": productivity.productivity_rows(produced),
        "mart_rep_scorecard": rep.rep_rows(
            found,
            rep_pipeline.month_end_values(board),
            covered,
            (
                adoption.adoption_values(weeks),
                adoption.device_values(found),
                rep_touches.touch_values(cohorts),
            ),
        ),
        "mart_touch_conversion": rep_touches.touch_rows(cohorts),
    }


def write_truth(path: Path, world: World) -> None:
    """Write the truth, one row a line."""
    parts = []
    for name, rows in truth_of(world).items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        parts.append(f"{json.dumps(name)}:[\n{lines}\n]")
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")
