{#- Written from quality/metrics.yml by `python -m quality.metrics`: change it there. -#}
{% macro definition_defaults() -%}
{{ return({
    "close_days": 5,
    "low_n": 5,
    "lead_window_days": 90,
    "touch_window_days": 30,
    "stage_window_days": 90,
    "adoption_min_events": 5,
    "correlation_minimum": 8,
    "period_end_workday_percent": 10,
    "period_end_days": 10,
    "reply_window_days": 7,
    "win_window_days": 180,
    "stale_days": 30,
    "stage_probability": {"prospecting": "0.1", "qualified": "0.25", "proposal": "0.5", "negotiation": "0.75"},
    "at_risk_gap_factor": 2,
    "at_risk_min_days": 60,
    "pool_reclaim_days": 90,
    "pool_due_days": 14,
    "key_touch_days": 30,
    "clv_discount_rate": "0.10",
    "clv_horizon_years": 5,
    "cost_coverage_minimum": "0.95",
    "acquisition_cost_types": ["marketing", "prospecting", "onboarding"],
    "price_level_factors": {},
    "ramp_months": 6,
    "ramp_profiles": {"default": ["0", "0.25", "0.5", "0.75", "1", "1"]},
    "target_near": "0.05",
    "targets": {}
}) }}
{%- endmacro %}
