{#- Shares of rows that data tests hold against a limit. Each returns failing_key first. -#}

{#- Share that a source declares to expect of a rule: the highest of the feeds behind a fact. -#}
{% macro expected_share(rule, feeds) -%}
    select
        source_system,
        max(expected_share) as expected_share
    from {{ ref('int_shares_expected') }}
    where rule_id = '{{ rule }}'
        {%- if feeds %} and feed in ('{{ feeds | join("', '") }}'){% endif %}
    group by source_system
{%- endmacro %}

{#- Keys of facts whose share of unknown (-1) members is above `limit` more than was expected. -#}
{% macro unknown_shares_above(limit) %}
    {%- set orders = ['orders__orders', 'orders__order_lines'] -%}
    {%- set facts = [
        ('fct_order_line', ['channel', 'customer', 'product', 'partner'], orders),
        ('fct_order', ['channel', 'customer', 'rep', 'partner'], orders),
        ('fct_return_line', ['channel', 'customer', 'product'], ['orders__return_lines']),
        ('fct_payment', ['customer'], ['orders__payments']),
        ('fct_opportunity', ['customer', 'rep'], ['crm__opportunities']),
        ('fct_activity', ['customer', 'rep'], ['crm__activities']),
        ('fct_lead', ['rep'], ['crm__leads']),
        ('fct_satisfaction_response', ['customer', 'rep'], ['crm__surveys']),
    ] -%}
    {%- for fact, keys, feeds in facts %}
        {%- set outer_loop = loop %}
        {%- for key in keys %}
select
    facts.source_system || '|{{ fact }}.{{ key }}_key' as failing_key,
    facts.unknown_count,
    facts.row_count
from (
    select
        source_system,
        sum(case when {{ key }}_key = '-1' then 1 else 0 end) as unknown_count,
        count(*) as row_count
    from {{ ref(fact) }}
    group by source_system
) as facts
left join ({{ expected_share('D11', feeds) }}) as expected
    on facts.source_system = expected.source_system
where
    facts.unknown_count
    > facts.row_count * (
        coalesce(expected.expected_share, 0)
        + cast('{{ var(limit) }}' as decimal(9, 4))
    )
{{ '' if outer_loop.last and loop.last else 'union all' }}
        {%- endfor %}
    {%- endfor %}
{% endmacro %}

{#- Dimensions of which more than `limit` of a source's fact rows name a member that is nowhere delivered,
    though that source fills the dimension's feed. -#}
{% macro orphan_shares_above(limit) %}
select
    source_system || '|' || dimension as failing_key,
    orphan_count,
    row_count
from (
    select
        referenced.source_system,
        referenced.dimension,
        sum(case when resolved.is_inferred then referenced.row_count else 0 end)
            as orphan_count,
        sum(referenced.row_count) as row_count
    from {{ ref('int_members_referenced') }} as referenced
    inner join {{ ref('int_members_resolved') }} as resolved
        on
            referenced.dimension = resolved.dimension
            and referenced.source_system = resolved.source_system
            and referenced.code = resolved.code
    inner join (
        select distinct
            dimension,
            source_system
        from {{ ref('int_members_delivered') }}
    ) as filled
        on
            referenced.dimension = filled.dimension
            and referenced.source_system = filled.source_system
    where referenced.feed not in ('people__reps', 'crm__accounts', 'crm__contacts')
    group by referenced.source_system, referenced.dimension
) as orphans
where orphan_count > row_count * cast('{{ limit }}' as decimal(9, 4))
{% endmacro %}

{#- Feeds of which rows held or quarantined under `rule` are above the limit, in rows or in absolute money,
    by more than the source declared to expect. -#}
{% macro held_shares_above(rule, feeds) %}
with judged as (
    select
        source_system,
        feed,
        case when rule_id = '{{ rule }}' then 1 else 0 end as is_held,
        abs(coalesce(amount, 0)) as amount
    from {{ ref('int_rows_judged') }}
    where verdict <> 'duplicate'
    union all
    select
        source_system,
        feed,
        case when rule_id = '{{ rule }}' then 1 else 0 end as is_held,
        abs(coalesce(amount, 0)) as amount
    from {{ ref('quarantine_row') }}
    where kind = 'quarantined'
),

summed as (
    select
        source_system,
        feed,
        count(*) as row_count,
        sum(is_held) as held_count,
        sum(amount) as amount,
        sum(is_held * amount) as held_amount
    from judged
    where
        feed in (select rows_judged.feed from {{ ref('int_rows_judged') }} as rows_judged)
        {%- if feeds %} and feed in ('{{ feeds | join("', '") }}'){% endif %}
    group by source_system, feed
)

select
    summed.source_system || '|' || summed.feed as failing_key,
    summed.held_count,
    summed.row_count,
    summed.held_amount,
    summed.amount
from summed
left join {{ ref('int_shares_expected') }} as expected
    on
        summed.source_system = expected.source_system
        and summed.feed = expected.feed
        and expected.rule_id = '{{ rule }}'
where
    summed.held_count > summed.row_count * (
        coalesce(expected.expected_share, 0)
        + cast('{{ var("hold_share_limit") }}' as decimal(9, 4))
    )
    or summed.held_amount > summed.amount * (
        coalesce(expected.expected_share, 0)
        + cast('{{ var("hold_share_limit") }}' as decimal(9, 4))
    )
{% endmacro %}
