{{ config(materialized='view') }}
{#- One landed row of a feed that facts are made of, with its verdict.
    More than five parents: it is the union of all judged feeds. -#}
{%- set judged = [
    'int_orders_judged', 'int_order_lines_judged', 'int_return_lines_judged',
    'int_payments_judged', 'int_order_credits_judged', 'int_opportunities_judged',
    'int_opportunity_stages_judged', 'int_activities_judged', 'int_leads_judged', 'int_campaigns_judged',
    'int_surveys_judged', 'int_hr_events_judged', 'int_recognitions_judged',
    'int_quotas_judged', 'int_channel_costs_judged',
    'int_market_sizes_judged', 'int_fx_rates_judged', 'int_invoices_judged',
    'int_comp_plans_judged', 'int_comp_rate_tiers_judged', 'int_comp_payouts_judged',
    'int_comp_disputes_judged', 'int_opportunity_team_judged',
    'int_account_owners_judged', 'int_customer_cases_judged', 'int_customer_needs_judged',
    'int_forecasts_judged',
] %}

{% for model in judged %}
    select
        source_system,
        feed,
        row_id,
        extract_id,
        natural_key,
        verdict,
        rule_id,
        reason,
        amount,
        currency
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
