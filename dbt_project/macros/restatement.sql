{#- Hash of a row of fct_kpi_snapshot, over every other column. -#}
{% macro snapshot_hash() -%}
    {{ surrogate_key([
        'kpi_snapshot_key', 'kpi_code', 'kpi_variant', 'entity_type', 'entity_code',
        'period_code', 'as_of_date', 'reporting_currency', 'kpi_value', 'kpi_numerator',
        'kpi_denominator', 'kpi_status', 'is_first_close', 'revision_no'
    ]) }}
{%- endmacro %}

{#- Revenue rows of company, channels, reps and teams, signed, from the facts of this release or of the
    carried one: a fact x entity x fiscal month, in the order's currency and in the reporting currency. -#}
{% macro revenue_rows(orders, lines, returns, credits) %}
    with facts as (
        select
            'order_line' as fact_type,
            entries.order_line_key as fact_key,
            entries.row_id,
            coalesce(headers.row_id, '') as header_row_id,
            entries.channel_code,
            entries.fiscal_month,
            entries.fx_rate,
            entries.gross_amount,
            entries.net_amount,
            entries.gross_amount_reporting,
            entries.net_amount_reporting
        from {{ lines }} as entries
        left join {{ orders }} as headers
            on
                entries.source_system = headers.source_system
                and entries.order_id = headers.order_id
        where
            entries.is_revenue_line
            and entries.reporting_currency = '{{ var("reporting_currency") }}'
        union all
        select
            'return_line' as fact_type,
            return_line_key as fact_key,
            row_id,
            '' as header_row_id,
            channel_code,
            fiscal_month,
            fx_rate,
            cast(0 as decimal(18, 4)) as gross_amount,
            cast(-net_amount as decimal(18, 4)) as net_amount,
            cast(0 as decimal(18, 4)) as gross_amount_reporting,
            cast(-net_amount_reporting as decimal(18, 4)) as net_amount_reporting
        from {{ returns }}
        where is_revenue_line and reporting_currency = '{{ var("reporting_currency") }}'
    ),

    credits as (
        select
            credits.fact_type,
            credits.fact_key,
            facts.row_id,
            facts.header_row_id,
            facts.fx_rate,
            credits.payee_code,
            credits.team_code,
            credits.fiscal_month,
            credits.gross_amount,
            credits.net_amount,
            credits.gross_amount_reporting,
            credits.net_amount_reporting
        from {{ credits }} as credits
        inner join facts
            on credits.fact_type = facts.fact_type and credits.fact_key = facts.fact_key
        where credits.credit_type = 'rep_primary'
    )

    {%- for entity_type, entity_code, rows in [
        ('company', "'company'", 'facts'), ('channel', 'channel_code', 'facts'),
        ('rep', 'payee_code', 'credits'), ('team', 'team_code', 'credits')
    ] %}
    select
        '{{ entity_type }}' as entity_type,
        {{ entity_code }} as entity_code,
        fact_type,
        fact_key,
        row_id,
        header_row_id,
        fiscal_month,
        fx_rate,
        gross_amount,
        net_amount,
        gross_amount_reporting,
        net_amount_reporting
    from {{ rows }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
