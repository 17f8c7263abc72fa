{#- One landed quota and its verdict, with its interval made half-open. An end that the
    source leaves out is the owner's next start; for the last interval the length of the
    one before it, for an only one three months. Plan rate of the fiscal year of its
    start (E4); units have no currency. Held: no rate (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        owner_type,
        owner_code,
        valid_from,
        valid_to,
        metric,
        version,
        amount,
        currency,
        over_assignment_share,
        {{ natural_key(
            ['owner_type', 'owner_code', 'metric', 'version', 'valid_from']
        ) }}
            as natural_key,
        {{ version_status(
            [
                'source_system', 'owner_type', 'owner_code', 'metric', 'version',
                'valid_from'
            ],
            'effective'
        ) }} as version_status
    from {{ ref('stg_people__quotas') }}
),

kept as (
    select
        row_id,
        valid_from,
        lead(valid_from) over (
            partition by source_system, owner_type, owner_code, metric, version
            order by valid_from nulls last
        ) as next_from,
        lag(valid_from) over (
            partition by source_system, owner_type, owner_code, metric, version
            order by valid_from nulls last
        ) as prior_from
    from landed
    where version_status = 'kept'
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_fx_rates_planned') }}
),

rated as (
    select
        landed.source_system,
        landed.row_id,
        landed.extract_id,
        landed.owner_type,
        landed.owner_code,
        landed.valid_from,
        case
            when landed.valid_to is not null then {{ add_days('landed.valid_to', 1) }}
            when kept.next_from is not null then kept.next_from
            when kept.prior_from is not null then {{ add_days(
                'landed.valid_from',
                days_between('kept.prior_from', 'landed.valid_from')
            ) }}
            else {{ add_months('landed.valid_from', 3) }}
        end as valid_to,
        landed.metric,
        landed.version,
        landed.amount,
        landed.currency,
        landed.over_assignment_share,
        landed.natural_key,
        landed.version_status,
        cast(null as date) as business_date,
        case
            when
                landed.metric = 'units'
                or coalesce(landed.currency, '') in (
                    '', '{{ var("reporting_currency") }}'
                )
                then cast(1 as decimal(18, 8))
            else plan_rates.rate
        end as fx_rate
    from landed
    left join kept on landed.row_id = kept.row_id
    left join plan_rates
        on
            landed.currency = plan_rates.from_currency
            and {{ fiscal_year('landed.valid_from') }} = plan_rates.fiscal_year
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        owner_type,
        owner_code,
        valid_from,
        valid_to,
        metric,
        version,
        amount,
        currency,
        over_assignment_share,
        natural_key,
        version_status,
        business_date,
        fx_rate,
        case when fx_rate is null then 'S17' end as held_rule,
        case
            when fx_rate is null
                then
                    'no plan or spot rate for ' || currency || ' in the year of '
                    || cast(valid_from as string)
        end as held_reason
    from rated
)

select
    owner_type,
    owner_code,
    valid_from,
    valid_to,
    metric,
    version,
    {{ version_order('version') }} as version_order,
    fx_rate,
    over_assignment_share,
    {{ judged_columns('people__quotas') }}
from ruled
