{{ config(meta={'rule': 'D05'}) }}
select
    earlier.rep_code as failing_key,
    later.valid_from,
    earlier.team_code,
    later.team_code as other_team_code
from {{ ref('dim_sales_rep') }} as earlier
inner join {{ ref('dim_sales_rep') }} as later
    on
        earlier.rep_code = later.rep_code
        and earlier.valid_from < later.valid_from
        and earlier.valid_to > later.valid_from
        and earlier.team_code <> later.team_code
