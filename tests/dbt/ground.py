"""A few rows in every feed, clean under every rule: the ground on which violations are planted."""

from __future__ import annotations

from typing import Any

_CNY = {"currency": "CNY"}
CLEAN: dict[str, list[dict[str, Any]]] = {
    "channel__channels": [
        {"channel_code": "direct", "name": "Direct", "channel_type": "direct"},
        {"channel_code": "agent", "name": "Agents", "channel_type": "agent"},
    ],
    "channel__partners": [{"partner_code": "P1", "partner_type": "agent", "channel_code": "agent"}],
    "channel__channel_costs": [
        {"channel_code": "direct", "cost_type": "rent", "period": "2026-01", "amount": 30, **_CNY},
        {
            "pool_code": "pool",
            "cost_type": "it",
            "period": "2026-01",
            "amount": 10,
            "is_shared": True,
            **_CNY,
        },
    ],
    "crm__accounts": [
        {"account_id": "C1", "segment": "mid", "region": "east", "owner_rep_code": "R1"},
        {"account_id": "C2", "segment": "mid", "region": "east", "owner_rep_code": "R2"},
    ],
    "crm__campaigns": [
        {"campaign_id": "M1", "name": "Fair", "valid_from": "2026-01-01", "cost_amount": 10, **_CNY}
    ],
    "crm__account_owners": [
        {"account_id": "C1", "role_code": "owner", "rep_code": "R1", "valid_from": "2025-06-01"},
        {"account_id": "C2", "role_code": "owner", "rep_code": "R2", "valid_from": "2025-06-01"},
    ],
    "crm__customer_cases": [
        {"case_id": "K1", "account_id": "C1", "rep_code": "R1", "opened_at": "2026-01-08T03:00"}
        | {"first_reply_at": "2026-01-08T05:00", "closed_at": "2026-01-09T03:00"}
    ],
    "market__customer_needs": [
        {"need_id": "N1", "customer_id": "C1", "need_code": "speed", "recorded_at": "2026-01-08T03:00"}
    ],
    "crm__leads": [
        {"lead_id": "L1", "created_at": "2026-01-02T03:00", "status": "converted", "owner_rep_code": "R1"}
        | {
            "converted_at": "2026-01-09T03:00",
            "opportunity_id": "O1",
            "account_id": "C1",
            "campaign_id": "M1",
        }
    ],
    "crm__opportunities": [
        {
            "opportunity_id": "O1",
            "account_id": "C1",
            "owner_rep_code": "R1",
            "stage": "closed",
            "status": "won",
        }
        | {"amount": 100, "created_at": "2026-01-02T03:00", "closed_at": "2026-01-10T03:00", **_CNY}
    ],
    "crm__opportunity_team": [{"opportunity_id": "O1", "member_code": "R1", "share": "1"}],
    "crm__opportunity_stages": [
        {"opportunity_id": "O1", "changed_at": "2026-01-05T03:00", "field": "stage"}
        | {"old_value": "prospecting", "new_value": "closed"}
    ],
    "crm__forecasts": [
        {"owner_type": "team", "owner_code": "T1", "period": "2026-Q1", "submitted_at": "2026-01-01T03:00"}
        | {"category": "commit", "amount": 90, **_CNY}
    ],
    "crm__activities": [
        {"activity_id": "A1", "occurred_at": "2026-01-05T03:00", "activity_type": "call", "rep_code": "R1"}
        | {"party_type": "customer", "party_id": "C1"}
    ],
    "crm__surveys": [
        {"survey_id": "S1", "invitation_id": "1", "respondent_type": "customer", "respondent_id": "C1"}
        | {"question": "overall", "kind": "csat", "scale_min": 1, "scale_max": 5, "score": 5}
        | {"sent_at": "2026-01-12T03:00", "answered_at": "2026-01-13T03:00", "rep_code": "R1"}
    ],
    "market__market_sizes": [
        {"segment": "mid", "region": "east", "period": "2026-01", "version": "1", "amount": 1000, **_CNY}
        | {"basis": "end_user"}
    ],
    "market__fx_rates": [
        {"from_currency": "USD", "to_currency": "CNY", "rate_date": f"2026-01-{day:02d}", "rate": 7}
        | {"rate_type": "spot"}
        for day in range(1, 32)
    ],
    "orders__products": [
        {"product_id": "X", "product_family_code": "f", "catalogue_price": 20, "unit_cost": 5, **_CNY}
    ],
    "orders__orders": [
        {
            "order_id": "SO1",
            "order_date": "2026-01-05",
            "status": "paid",
            "customer_id": "C1",
            "net_amount": 90,
        }
        | {"channel_code": "direct", "owner_rep_code": "R1", **_CNY},
        {
            "order_id": "SO2",
            "order_date": "2026-01-06",
            "status": "paid",
            "customer_id": "C2",
            "net_amount": 50,
        }
        | {"channel_code": "agent", "partner_code": "P1", "owner_rep_code": "R2", "currency": "USD"},
    ],
    "orders__order_lines": [
        {"order_id": "SO1", "line_id": "1", "product_id": "X", "quantity": 5, "gross_amount": 100, **_CNY}
        | {"discount_amount": 10, "net_amount": 90, "unit_cost": 5},
        {"order_id": "SO2", "line_id": "1", "product_id": "X", "quantity": 2, "gross_amount": 50}
        | {"net_amount": 50, "unit_cost": 5, "currency": "USD"},
    ],
    "orders__order_credits": [
        {"order_id": "SO1", "credit_type": "rep_primary", "payee_code": "R1", "share": "0.6"},
        {"order_id": "SO1", "credit_type": "rep_primary", "payee_code": "R2", "share": "0.4"},
        *(
            {"order_id": "SO1", "credit_type": "rep_primary", "payee_code": rep, "share": "0.5"}
            | {"edited_at": "2026-01-25T03:00", "reason_code": "agreed"}
            for rep in ("R1", "R2")
        ),
    ],
    "orders__return_lines": [
        {"return_id": "RT1", "line_id": "1", "order_id": "SO1", "order_line_id": "1", "quantity": 1, **_CNY}
        | {"return_date": "2026-01-20", "net_amount": 18}
    ],
    "orders__payments": [
        {"payment_id": "PM1", "order_id": "SO1", "paid_at": "2026-01-15T03:00", "amount": 72, **_CNY}
    ],
    "orders__invoices": [
        {"invoice_id": "IN1", "order_id": "SO1", "invoiced_at": "2026-01-08T03:00", "amount": 90, **_CNY}
    ],
    "people__comp_plans": [
        {"plan_code": "P1", "component_code": "main", "kind": "commission", "base": "net_revenue", **_CNY}
        | {"mode": "flat", "due_on": "booking", "period_type": "month", "valid_from": "2025-01-01"}
    ],
    "people__comp_rate_tiers": [
        {"plan_code": "P1", "component_code": "main", "from_attainment": 0, "rate": "0.05"}
        | {"valid_from": "2025-01-01"}
    ],
    "people__comp_payouts": [
        {"payout_id": "PO1", "payee_code": "R1", "plan_code": "P1", "component_code": "main", "amount": 1}
        | {"paid_at": "2026-01-25T03:00", "state": "paid", **_CNY}
    ],
    "people__comp_disputes": [
        {"dispute_id": "DI1", "payee_code": "R1", "order_id": "SO1", "amount": 1, "state": "open", **_CNY}
        | {"opened_at": "2026-01-26T03:00"}
    ],
    "people__hr_events": [
        {"rep_code": "R1", "event_type": "leave", "valid_from": "2026-01-12", "valid_to": "2026-01-13"},
        {"rep_code": "R1", "event_type": "promotion", "valid_from": "2026-01-15"},
    ],
    "people__recognitions": [
        {
            "award_id": "AW1",
            "recipient_code": "R1",
            "recognition_type": "star",
            "awarded_on": "2026-01-20",
            "points": 5,
        }
    ],
    "people__teams": [{"team_code": "T1", "name": "East"}, {"team_code": "T2", "name": "West"}],
    "people__reps": [
        {"rep_code": "R1", "role_code": "rep", "team_code": "T1", "hire_date": "2025-01-01"}
        | {"plan_code": "P1"},
        {"rep_code": "R2", "role_code": "rep", "team_code": "T1", "hire_date": "2025-01-01"}
        | {"manager_code": "R1", "plan_code": "P1", "valid_from": "2025-01-01"},
        {"rep_code": "R2", "role_code": "rep", "team_code": "T2", "hire_date": "2025-01-01"}
        | {"manager_code": "R1", "plan_code": "P1", "valid_from": "2025-07-01"},
    ],
    "people__territory_assignments": [
        {"territory_code": "east", "rep_code": "R1", "valid_from": "2025-01-01"}
    ],
    "people__quotas": [
        {"owner_type": "rep", "owner_code": "R1", "valid_from": "2026-01-01", "valid_to": "2026-01-31"}
        | {"metric": "net_revenue", "version": "1", "amount": 60, **_CNY}
    ],
}
