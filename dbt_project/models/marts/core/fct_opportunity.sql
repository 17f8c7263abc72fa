{#- Grain: opportunity, in its state at as_of (accumulating snapshot). Not additive:
    cycle_days (mean = sum over won deals / their number). Converted at the rate of the
    close date, of as_of while open (E4); amount missing: NULL and flagged. Rep and team
    are those of the close date or as_of, and so are segment and region: those of the
    master customer (E12), while customer_key is the record that the deal names.
    Source: crm.opportunities. -#}

with opportunities as (
    select
        source_system,
        row_id,
        opportunity_id,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        owner_rep_code,
        channel_code,
        partner_code,
        pipeline,
        stage,
        stage_rank,
        state,
        expected_close_date,
        created_date,
        qualified_date,
        closed_date,
        member_date,
        order_id,
        lost_reason,
        currency,
        amount,
        fx_rate
    from {{ ref('int_opportunities_resolved') }}
)

select
    {{ surrogate_key(['opportunities.source_system', 'opportunities.opportunity_id']) }}
        as opportunity_key,
    opportunities.source_system,
    opportunities.opportunity_id,
    opportunities.row_id,
    opportunities.created_date,
    opportunities.qualified_date,
    opportunities.expected_close_date,
    opportunities.closed_date,
    opportunities.state,
    opportunities.stage,
    opportunities.stage_rank,
    opportunities.state = 'open' and coalesce(opportunities.stage_rank >= 2, false)
        as is_qualified,
    opportunities.pipeline,
    opportunities.owner_rep_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    opportunities.channel_code,
    opportunities.customer_code,
    opportunities.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    opportunities.partner_code,
    opportunities.order_id,
    opportunities.currency,
    opportunities.amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    {{ times('opportunities.amount', 'opportunities.fx_rate') }} as amount_reporting,
    opportunities.amount is null as is_amount_missing,
    cast(
        {{ days_between(
            'opportunities.created_date', 'opportunities.closed_date'
        ) }} as bigint
    ) as cycle_days,
    coalesce(masters.segment_code, {{ unknown_code() }}) as segment_code,
    coalesce(masters.region_code, {{ unknown_code() }}) as region_code,
    case
        when opportunities.state in ('lost', 'abandoned')
            then coalesce(opportunities.lost_reason, {{ none_code() }})
    end as lost_reason_code
from opportunities
left join {{ ref('dim_sales_rep') }} as reps
    on
        opportunities.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'opportunities.member_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        opportunities.customer_source_system = customers.source_system
        and opportunities.customer_code = customers.customer_code
        and {{ version_on('customers', 'opportunities.member_date') }}
left join {{ ref('dim_customer') }} as masters
    on
        opportunities.master_source_system = masters.source_system
        and opportunities.master_customer_code = masters.customer_code
        and {{ version_on('masters', 'opportunities.member_date') }}
