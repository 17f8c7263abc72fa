{#- What the KPI models share: definitions of quality/metrics.yml, medians, concentration, prices. -#}

{#- Value of a definition: the run's own, else that of the catalogue. -#}
{% macro definition(name) -%}
    {{ return(var(name, definition_defaults()[name])) }}
{%- endmacro %}

{#- SQL list of text values. -#}
{% macro text_list(values) -%}
    ({%- for value in values -%} '{{ value }}'{{ ', ' if not loop.last }} {%- endfor -%})
{%- endmacro %}

{#- Factor that lifts a channel's revenue to the price level of the market estimate. -#}
{% macro price_level_factor(channel) -%}
    {%- set factors = definition('price_level_factors') -%}
    {%- if factors -%}
        case {{ channel }}
        {%- for code, factor in factors.items() %}
            when '{{ code }}' then cast({{ factor }} as decimal(9, 4))
        {%- endfor %}
            else cast(1 as decimal(9, 4)) end
    {%- else -%}
        cast(1 as decimal(9, 4))
    {%- endif -%}
{%- endmacro %}

{#- Quota factor of a tenure month (start month = 1); 1 for a rep without a profile. -#}
{% macro ramp_factor(profile, tenure_month) -%}
    {%- set profiles = definition('ramp_profiles') -%}
    case
        when {{ profile }} is null or {{ tenure_month }} is null
            then cast(1 as decimal(9, 4))
    {%- for code, factors in profiles.items() if code != 'default' %}
        {%- for factor in factors %}
        when {{ profile }} = '{{ code }}' and {{ tenure_month }} <= {{ loop.index }}
            then cast({{ factor }} as decimal(9, 4))
        {%- endfor %}
        when {{ profile }} = '{{ code }}' then cast(1 as decimal(9, 4))
    {%- endfor %}
    {%- for factor in profiles['default'] %}
        when {{ tenure_month }} <= {{ loop.index }} then cast({{ factor }} as decimal(9, 4))
    {%- endfor %}
        else cast(1 as decimal(9, 4))
    end
{%- endmacro %}

{#- Target of a KPI: the run's own, else the catalogue's. -#}
{% macro target_of(kpi, catalogued) -%}
    {%- set targets = definition('targets') -%}
    {%- if targets -%}
        case {{ kpi }}
        {%- for code, target in targets.items() %}
            when '{{ code }}' then cast({{ target }} as decimal(28, 8))
        {%- endfor %}
            else {{ catalogued }} end
    {%- else -%}
        {{ catalogued }}
    {%- endif -%}
{%- endmacro %}

{#- Herfindahl index with 4 decimals from whole units: 10000 x sum of squares / square of the sum. -#}
{% macro concentration(sum_of_squares, total) -%}
    {{ money(rounded_div(
        sum_of_squares ~ ' * 100000000',
        wide_int(total) ~ ' * ' ~ wide_int(total)
    )) }}
{%- endmacro %}

{#- Middle of whole numbers from their ranks: use over rows with `rank_no` and `rank_count`. -#}
{% macro is_middle_rank(rank_no='rank_no', rank_count='rank_count') -%}
    (2 * {{ rank_no }} between {{ rank_count }} and {{ rank_count }} + 2)
{%- endmacro %}

{#- Mean of the one or two middle values, 4 decimals. -#}
{% macro middle_of(x) -%}
    {{ money(int_div('sum(' ~ x ~ ') * 10000', 'count(*)')) }}
{%- endmacro %}

{#- An average: num / den at 4 decimals, by way of the 8-decimal ratio. -#}
{% macro average_of(num, den) -%}
    cast({{ safe_ratio(num, den) }} as decimal(18, 4))
{%- endmacro %}

{#- Whether K54 judges a rep's week: active, and not on leave for more days than allowed. -#}
{% macro is_adoption_due() -%}
    (is_active and coalesce(leave_day_count, 0) <= {{ definition('adoption_leave_days') }})
{%- endmacro %}

{#- Estimate of the hours that a process saves: its count x the minutes assumed for each. -#}
{% macro hours_saved(count, process) -%}
    {{ average_of(count ~ ' * ' ~ definition('automation_minutes')[process], '60') }}
{%- endmacro %}

{#- First day after which a window of n months that ends at as_of begins (exclusive). Whole months
    where as_of is a month end. -#}
{% macro as_of_minus_months(n) -%}
    case
        when {{ as_of() }} = {{ month_end(as_of()) }}
            then {{ month_end(add_months(as_of(), -n)) }}
        else {{ add_months(as_of(), -n) }}
    end
{%- endmacro %}

{#- The interpolated quantile of whole units, `tenths` of 10, 4 decimals (E16): use over rows with `rank_no` and
    `rank_count`, grouped. Between the two neighbours of 1 + tenths / 10 x (count - 1), in whole numbers. -#}
{% macro quantile_of_units(x, tenths, rank_no='rank_no', rank_count='rank_count') -%}
    {%- set place = '(' ~ tenths ~ ' * (' ~ rank_count ~ ' - 1))' -%}
    {%- set lower = int_div(place, 10) -%}
    {{ money(rounded_div(
        'sum(' ~ x ~ ' * case ' ~ rank_no ~ ' - 1 when ' ~ lower ~ ' then 10 - (' ~ place ~ ' - 10 * ' ~ lower
        ~ ') when ' ~ lower ~ ' + 1 then ' ~ place ~ ' - 10 * ' ~ lower ~ ' else 0 end)',
        10
    )) }}
{%- endmacro %}

{#- Probability that a deal in this stage is won, where its own is not known; 0 for no known stage. -#}
{% macro stage_probability(stage) -%}
    case {{ stage }}
    {%- for name, share in definition('stage_probability').items() %}
        when '{{ name }}' then cast({{ share }} as decimal(9, 4))
    {%- endfor %}
        else cast(0 as decimal(9, 4)) end
{%- endmacro %}

{#- Pearson's correlation of whole numbers, 8 decimals: `products`, `spread` and `reach` are n x the sum of products
    less the product of sums. NULL where one of them does not vary. The engine's root loses nothing that 8 decimals
    would show: its radicand is a whole number below 2^53 for ranks of up to a hundred members. -#}
{% macro correlation(products, spread, reach) -%}
    cast(
        case
            when ({{ spread }}) > 0 and ({{ reach }}) > 0
                then round(({{ products }}) / sqrt(({{ spread }}) * ({{ reach }})), 8)
        end as decimal(18, 8)
    )
{%- endmacro %}

{#- Status of what counts new customers: near the month of the first order in the data,
    which is month 1, customers who bought before the data begin look new. -#}
{% macro new_customer_status(order_month_count) -%}
    case
        when {{ order_month_count }} is null then 'no_data'
        when {{ order_month_count }} <= {{ definition('new_customer_blind_months') }} + 1
            then 'partial'
        else 'ok'
    end
{%- endmacro %}
