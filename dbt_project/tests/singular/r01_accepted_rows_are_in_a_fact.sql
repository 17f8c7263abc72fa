{{ config(meta={'rule': 'R01', 'table': 'all facts'}) }}
{#- Each accepted row of a feed is exactly one row of its fact or dimension, by
    row_id. -#}
{%- set facts = {
    'orders__orders': 'fct_order',
    'orders__return_lines': 'fct_return_line',
    'orders__payments': 'fct_payment',
    'orders__invoices': 'fct_invoice',
    'people__comp_payouts': 'fct_commission_payment',
    'people__comp_disputes': 'fct_commission_dispute',
    'people__hr_events': 'fct_hr_event',
    'people__recognitions': 'fct_recognition',
    'people__quotas': 'fct_quota',
    'crm__opportunities': 'fct_opportunity',
    'crm__opportunity_stages': 'fct_opportunity_stage',
    'crm__opportunity_team': 'bridge_opportunity_team',
    'crm__forecasts': 'fct_forecast',
    'crm__activities': 'fct_activity',
    'crm__leads': 'fct_lead',
    'crm__campaigns': 'dim_campaign',
    'crm__surveys': 'fct_satisfaction_response',
    'channel__channel_costs': 'fct_channel_cost',
    'market__market_sizes': 'fct_market_size',
    'market__fx_rates': 'fct_fx_rate',
    'crm__account_owners': 'fct_customer_ownership',
    'crm__customer_cases': 'fct_customer_case',
    'market__customer_needs': 'fct_customer_need',
} %}

with facts as (
    select
        'orders__order_lines' as feed,
        row_id
    from {{ ref('fct_order_line') }}
    where entry_no = 1
    {%- for feed, fact in facts.items() %}
        union all
        select
            '{{ feed }}' as feed,
            row_id
        from {{ ref(fact) }}
        where row_id is not null
    {%- endfor %}
),

counted as (
    select
        feed,
        row_id,
        count(*) as row_count
    from facts
    group by feed, row_id
),

accepted as (
    select
        feed,
        row_id
    from {{ ref('int_rows_judged') }}
    where
        verdict = 'accepted'
        and feed not in (
            'orders__order_credits', 'people__comp_plans', 'people__comp_rate_tiers'
        )
)

select
    coalesce(accepted.feed, counted.feed)
    || '|'
    || coalesce(accepted.row_id, counted.row_id)
        as failing_key,
    counted.row_count
from accepted
full outer join counted
    on
        accepted.feed = counted.feed
        and accepted.row_id = counted.row_id
where accepted.row_id is null or counted.row_count is distinct from 1
