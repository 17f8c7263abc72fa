{#- Grain: KPI x variant x entity x closed fiscal month where this release says
    something else than the newest carried row, or something for the first time (is_first_close).
    An entity of a month that was stated before, but without it, had nothing then; one
    that is gone has nothing now: 0 where the KPI is a sum of fact rows, else NULL. -#}

with today as (
    select * from {{ ref('int_kpi_months_closed') }}
),

carried as (
    select * from {{ ref('int_kpi_months_carried') }}
),

stated as (
    select distinct
        kpi_code,
        kpi_variant,
        entity_type,
        period_code
    from carried
),

keys as (
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code
    from today
    union
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code
    from carried
),

compared as (
    select
        keys.kpi_code,
        keys.kpi_variant,
        keys.entity_type,
        keys.entity_code,
        keys.period_code,
        stated.kpi_code is null as is_first_close,
        keys.kpi_code in ('K01', 'K02') as is_sum_of_rows,
        carried.kpi_code is not null as was_there,
        today.kpi_code is not null as is_there,
        carried.as_of_date as prior_as_of_date,
        carried.revision_no as prior_revision_no,
        carried.kpi_value as old_value,
        carried.kpi_numerator as old_numerator,
        carried.kpi_denominator as old_denominator,
        today.kpi_value as new_value,
        today.kpi_numerator as new_numerator,
        today.kpi_denominator as new_denominator,
        coalesce(today.kpi_status, 'no_data') as kpi_status
    from keys
    left join today
        on
            keys.kpi_code = today.kpi_code
            and keys.kpi_variant = today.kpi_variant
            and keys.entity_type = today.entity_type
            and keys.entity_code = today.entity_code
            and keys.period_code = today.period_code
    left join carried
        on
            keys.kpi_code = carried.kpi_code
            and keys.kpi_variant = carried.kpi_variant
            and keys.entity_type = carried.entity_type
            and keys.entity_code = carried.entity_code
            and keys.period_code = carried.period_code
    left join stated
        on
            keys.kpi_code = stated.kpi_code
            and keys.kpi_variant = stated.kpi_variant
            and keys.entity_type = stated.entity_type
            and keys.period_code = stated.period_code
),

filled as (
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code,
        is_first_close,
        is_sum_of_rows,
        coalesce(prior_as_of_date, {{ parent_as_of() }}) as prior_as_of_date,
        case
            when prior_as_of_date = {{ as_of() }} then prior_revision_no + 1 else 1
        end as revision_no,
        kpi_status,
        old_numerator,
        old_denominator,
        new_denominator,
        case
            when is_sum_of_rows and not was_there and not is_first_close
                then cast(0 as decimal(28, 8))
            else old_value
        end as old_value,
        case
            when is_sum_of_rows and not is_there then cast(0 as decimal(28, 8))
            else new_value
        end as new_value,
        case
            when is_sum_of_rows and not is_there then cast(0 as decimal(28, 8))
            else new_numerator
        end as new_numerator,
        is_there
    from compared
)

select
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    is_first_close,
    is_sum_of_rows,
    prior_as_of_date,
    cast(revision_no as bigint) as revision_no,
    old_value,
    old_numerator,
    old_denominator,
    new_value,
    new_numerator,
    new_denominator,
    case
        when not is_there and is_sum_of_rows then 'ok' else kpi_status
    end as kpi_status
from filled
where
    is_first_close
    or old_value is distinct from new_value
    or (
        old_numerator is distinct from new_numerator and not is_sum_of_rows
    )
    or old_denominator is distinct from new_denominator
