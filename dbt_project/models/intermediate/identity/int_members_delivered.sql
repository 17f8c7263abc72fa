{{ config(materialized='view') }}
{#- One member of a dimension as some source's dimension feed delivers it.
    More than five parents: it is the union of all dimension feeds. -#}

select distinct
    'channel' as dimension,
    source_system,
    channel_code as code
from {{ ref('stg_channel__channels') }}
union all
select distinct
    'partner' as dimension,
    source_system,
    partner_code as code
from {{ ref('stg_channel__partners') }}
union all
select distinct
    'customer' as dimension,
    source_system,
    account_id as code
from {{ ref('stg_crm__accounts') }}
union all
select distinct
    'product' as dimension,
    source_system,
    product_id as code
from {{ ref('stg_orders__products') }}
union all
select distinct
    'rep' as dimension,
    source_system,
    rep_code as code
from {{ ref('stg_people__reps') }}
union all
select distinct
    'team' as dimension,
    source_system,
    team_code as code
from {{ ref('stg_people__teams') }}
