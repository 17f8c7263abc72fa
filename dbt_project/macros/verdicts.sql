{#- How one landed row is judged in the warehouse: accepted, held, after_as_of or duplicate. -#}

{#- Which of several landed rows of one key holds.
    event: the same content again is a duplicate, other content a conflict (nobody can say which holds);
    state and effective: the row of the newest extract holds. -#}
{% macro version_status(keys, versioning) -%}
    case
    {%- if versioning == 'event' %}
        when
            min(row_hash) over (partition by {{ keys | join(', ') }})
            <> max(row_hash) over (partition by {{ keys | join(', ') }})
            then 'conflict'
        when
            row_number() over (
                partition by {{ keys | join(', ') }}
                order by received_at nulls last, row_id nulls last
            ) > 1
            then 'duplicate'
    {%- else %}
        when
            row_number() over (
                partition by {{ keys | join(', ') }}
                order by received_at desc nulls last, row_id desc nulls last
            ) > 1
            then 'duplicate'
    {%- endif %}
        else 'kept'
    end
{%- endmacro %}

{#- The verdict from a version's status, its business date and the rule that holds it, if any. -#}
{% macro verdict(business_date='business_date', held_rule='held_rule') -%}
    case
        when version_status = 'duplicate' then 'duplicate'
        when {{ business_date }} > {{ as_of() }} then 'after_as_of'
        when version_status = 'conflict' or {{ held_rule }} is not null then 'held'
        else 'accepted'
    end
{%- endmacro %}

{#- The closing columns of every int_<feed>_judged model, from a CTE that has source_system, row_id,
    extract_id, natural_key, version_status, business_date, amount, currency, held_rule, held_reason. -#}
{% macro judged_columns(feed) -%}
    source_system,
    '{{ feed }}' as feed,
    row_id,
    extract_id,
    natural_key,
    {{ verdict() }} as verdict,
    case
        when {{ verdict() }} = 'held' then
            case when version_status = 'conflict' then 'S10' else held_rule end
    end as rule_id,
    case
        when {{ verdict() }} = 'held' then
            case
                when version_status = 'conflict' then 'same key, other content'
                else held_reason
            end
    end as reason,
    cast(amount as decimal(18, 4)) as amount,
    currency
{%- endmacro %}

{#- Order of the canonical stages; NULL for any other text. -#}
{% macro stage_rank(stage) -%}
    cast(case {{ stage }}
        when 'prospecting' then 1
        when 'qualified' then 2
        when 'proposal' then 3
        when 'negotiation' then 4
        when 'closed' then 5
    end as bigint)
{%- endmacro %}

{#- The open stage of a rank. -#}
{% macro stage_code(rank) -%}
    case {{ rank }}
        when 1 then 'prospecting'
        when 2 then 'qualified'
        when 3 then 'proposal'
        when 4 then 'negotiation'
    end
{%- endmacro %}
