{{ config(meta={'rule': 'M20'}) }}
{#- Each row of the carried snapshot is there, with the hash that it was released with,
    and that hash is the one of its columns. -#}

with rows_now as (
    select
        kpi_snapshot_key,
        row_hash,
        {{ snapshot_hash() }} as content_hash
    from {{ ref('fct_kpi_snapshot') }}
)

select
    carried.kpi_snapshot_key as failing_key,
    carried.row_hash as released_hash,
    rows_now.content_hash as hash_now
from {{ ref('stg_parent__fct_kpi_snapshot') }} as carried
left join rows_now on carried.kpi_snapshot_key = rows_now.kpi_snapshot_key
where
    rows_now.kpi_snapshot_key is null
    or carried.row_hash is distinct from rows_now.row_hash
    or carried.row_hash is distinct from rows_now.content_hash
