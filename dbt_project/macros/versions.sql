{#- Versions of a dimension (SCD2): half-open [valid_from, valid_to), valid_to derived. -#}

{#- Versions from the landed rows of an `effective` feed.
    A row without valid_from holds from the beginning if it is the key's first, else from the day its
    extract was received (at most as_of). Of two rows for one key and day the newest received holds;
    an undated row that changes nothing is no version, a dated one is: its source says so. A version after
    as_of waits.
    Columns: keys, tracked, row_id, version_no, match_from, valid_from, valid_to, version_hash.
    match_from is the first day for which facts find this version: the first reaches back to the
    beginning, so that a fact dated before it still finds its member. -#}
{% macro scd2_versions(relation, keys, tracked) %}
{%- set columns = (keys + tracked) | join(', ') -%}
{%- set by_key = keys | join(', ') -%}
with dated as (
    select
        {{ columns }},
        received_at,
        row_id,
        {{ surrogate_key(tracked) }} as version_hash,
        case
            when valid_from is not null then valid_from
            when
                row_number() over (
                    partition by {{ by_key }} order by received_at nulls last, row_id nulls last
                ) = 1
                then {{ first_day_of_time() }}
            else least({{ local_date('received_at') }}, {{ as_of() }})
        end as effective_from,
        valid_from is not null as is_dated
    from {{ relation }}
),

ranked as (
    select
        {{ columns }},
        row_id,
        version_hash,
        effective_from,
        is_dated,
        row_number() over (
            partition by {{ by_key }}, effective_from
            order by received_at desc nulls last, row_id desc nulls last
        ) as newest_rank
    from dated
    where effective_from <= {{ as_of() }}
),

compared as (
    select
        {{ columns }},
        row_id,
        version_hash,
        effective_from,
        is_dated,
        lag(version_hash) over (
            partition by {{ by_key }} order by effective_from nulls last
        ) as prior_hash
    from ranked
    where newest_rank = 1
),

numbered as (
    select
        {{ columns }},
        row_id,
        version_hash,
        effective_from,
        row_number() over (
            partition by {{ by_key }} order by effective_from nulls last
        ) as version_no,
        lead(effective_from) over (
            partition by {{ by_key }} order by effective_from nulls last
        ) as next_from
    from compared
    where is_dated or prior_hash is null or prior_hash <> version_hash
)

select
    {{ columns }},
    row_id,
    version_no,
    version_hash,
    case when version_no = 1 then {{ first_day_of_time() }} else effective_from end as match_from,
    effective_from as valid_from,
    coalesce(next_from, {{ last_day_of_time() }}) as valid_to
from numbered
{% endmacro %}

{#- Key of a version. A key's first version has the key that its inferred member had, so that facts
    loaded before the member arrived keep their key. -#}
{% macro version_key(columns, version_no='version_no', valid_from='valid_from') -%}
    case
        when {{ version_no }} = 1 then {{ surrogate_key(columns) }}
        else {{ surrogate_key(columns + [valid_from]) }}
    end
{%- endmacro %}

{#- Whether `day` falls into the version `alias`. -#}
{% macro version_on(alias, day) -%}
    {{ day }} >= {{ alias }}.match_from and {{ day }} < {{ alias }}.valid_to
{%- endmacro %}

{#- Joins of a rep version to its managers on the version's first day: boss_1 up to boss_<hops>. -#}
{% macro managers_joined(alias, hops) %}
    {%- for hop in range(1, hops + 1) %}
    {%- set below = alias if hop == 1 else 'boss_' ~ (hop - 1) %}
inner join {{ ref('dim_sales_rep') }} as boss_{{ hop }}
    on
        {{ below }}.manager_code = boss_{{ hop }}.rep_code
        and {{ version_on('boss_' ~ hop, alias ~ '.valid_from') }}
    {%- endfor %}
{% endmacro %}

{#- Every ancestor of a member over time: ancestor_code, code, valid_from, valid_to, depth (0: itself), from a relation
    of versions whose column `parent` names the member above. An interval is that of all versions on the way; unrolled
    to `hops` levels. -#}
{% macro ancestors_dated(relation, code, parent, hops) %}
with level_0 as (
    select
        {{ code }} as ancestor_code,
        {{ code }} as code,
        {{ parent }} as above_code,
        match_from as valid_from,
        valid_to
    from {{ relation }}
)
{%- for hop in range(1, hops + 1) %},

level_{{ hop }} as (
    select
        higher.{{ code }} as ancestor_code,
        lower.code,
        higher.{{ parent }} as above_code,
        greatest(lower.valid_from, higher.match_from) as valid_from,
        least(lower.valid_to, higher.valid_to) as valid_to
    from level_{{ hop - 1 }} as lower
    inner join {{ relation }} as higher
        on
            lower.above_code = higher.{{ code }}
            and higher.match_from < lower.valid_to
            and higher.valid_to > lower.valid_from
)
{%- endfor %}
{% for hop in range(hops + 1) %}
select
    ancestor_code,
    code,
    valid_from,
    valid_to,
    {{ hop }} as depth
from level_{{ hop }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}

{#- Text by which the versions of a figure sort: whole numbers, with or without a v before
    them, by their value; other texts after them, as texts. -#}
{% macro version_order(version) -%}
    {%- set number -%}
        case
            when lower(left({{ version }}, 1)) = 'v' then substring({{ version }}, 2)
            else {{ version }}
        end
    {%- endset -%}
    case
        when
            length({{ number }}) between 1 and 18
            and translate({{ number }}, '0123456789', '') = ''
            then '0' || right('000000000000000000' || {{ number }}, 18)
        else '1' || {{ version }}
    end
{%- endmacro %}
