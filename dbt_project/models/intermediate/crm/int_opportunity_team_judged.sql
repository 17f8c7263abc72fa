{#- One landed membership in the team of a deal and its verdict; without valid_from it
    holds since the deal was created. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        opportunity_id,
        member_code,
        role_code,
        share,
        valid_from,
        valid_from as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ natural_key(['opportunity_id', 'member_code', 'role_code', 'valid_from']) }}
            as natural_key,
        {{ version_status(
            ['source_system', 'opportunity_id', 'member_code', 'role_code', 'valid_from'],
            'event'
        ) }} as version_status
    from {{ ref('stg_crm__opportunity_team') }}
)

select
    opportunity_id,
    member_code,
    role_code,
    share,
    valid_from,
    {{ judged_columns('crm__opportunity_team') }}
from landed
