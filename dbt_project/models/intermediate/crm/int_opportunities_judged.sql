{#- One landed opportunity and its verdict. What closed after as_of is still open.
    Rate: of the close date, of as_of while open (E4); none known: held (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        opportunity_id,
        account_id,
        owner_rep_code,
        channel_code,
        partner_code,
        pipeline,
        stage,
        status,
        amount,
        currency,
        expected_close_date,
        {{ local_date('created_at') }} as created_date,
        {{ local_date('closed_at') }} as closed_date,
        order_id,
        lost_reason,
        {{ natural_key(['opportunity_id']) }} as natural_key,
        {{ version_status(['source_system', 'opportunity_id'], 'state') }}
            as version_status
    from {{ ref('stg_crm__opportunities') }}
),

dated as (
    select
        source_system,
        row_id,
        extract_id,
        opportunity_id,
        account_id,
        owner_rep_code,
        channel_code,
        partner_code,
        pipeline,
        stage,
        case when closed_date > {{ as_of() }} then 'open' else status end as state,
        amount,
        currency,
        expected_close_date,
        created_date,
        created_date as business_date,
        case when closed_date <= {{ as_of() }} then closed_date end as closed_date,
        least(coalesce(closed_date, {{ as_of() }}), {{ as_of() }}) as member_date,
        order_id,
        lost_reason,
        natural_key,
        version_status
    from landed
),

rates as (
    select
        from_currency,
        rate_date,
        rate
    from {{ ref('int_fx_rates_daily') }}
),

rated as (
    select
        dated.source_system,
        dated.row_id,
        dated.extract_id,
        dated.opportunity_id,
        dated.account_id,
        dated.owner_rep_code,
        dated.channel_code,
        dated.partner_code,
        dated.pipeline,
        dated.stage,
        dated.state,
        dated.amount,
        dated.currency,
        dated.expected_close_date,
        dated.created_date,
        dated.business_date,
        dated.closed_date,
        dated.member_date,
        dated.order_id,
        dated.lost_reason,
        dated.natural_key,
        dated.version_status,
        case
            when
                dated.amount is null
                or dated.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as fx_rate
    from dated
    left join rates
        on
            dated.currency = rates.from_currency
            and dated.member_date = rates.rate_date
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        opportunity_id,
        account_id,
        owner_rep_code,
        channel_code,
        partner_code,
        pipeline,
        stage,
        state,
        amount,
        currency,
        expected_close_date,
        created_date,
        business_date,
        closed_date,
        member_date,
        order_id,
        lost_reason,
        natural_key,
        version_status,
        fx_rate,
        case when fx_rate is null then 'S17' end as held_rule,
        case
            when fx_rate is null
                then 'no rate for ' || currency || ' on ' || cast(member_date as string)
        end as held_reason
    from rated
)

select
    opportunity_id,
    account_id,
    owner_rep_code,
    channel_code,
    partner_code,
    pipeline,
    stage,
    state,
    expected_close_date,
    created_date,
    closed_date,
    member_date,
    order_id,
    lost_reason,
    fx_rate,
    {{ judged_columns('crm__opportunities') }}
from ruled
