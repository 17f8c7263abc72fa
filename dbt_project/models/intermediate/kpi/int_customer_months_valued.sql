{#- Grain: master customer x fiscal month. K28: historic = margin to date; forward =
    margin of twelve months x (q + q^2 + ... over clv_horizon_years), q = r / (1 +
    clv_discount_rate), r = K22 of the segment (fewer than low_n in its denominator, or
    no segment: of the company). Whole numbers of 10^-18 until the one rounding. RFM
    beside it. -#}
with retained as (
    select
        master_customer_code,
        fiscal_month,
        logo_retention_numerator,
        logo_retention_denominator
    from {{ ref('int_customer_months_retained') }}
),

described as (
    select
        master_customer_code,
        fiscal_month,
        coalesce(segment_code, {{ none_code() }}) as segment_code
    from {{ ref('int_customer_months_described') }}
),

windowed as (
    select
        master_customer_code,
        fiscal_month,
        is_unknown_customer,
        line_count_total,
        costed_line_count_total,
        gross_margin_amount_total,
        line_count_12m,
        costed_line_count_12m,
        gross_margin_amount_12m
    from {{ ref('int_customer_months_windowed') }}
),

company as (
    select
        fiscal_month,
        {{ safe_ratio(
            'sum(logo_retention_numerator)', 'sum(logo_retention_denominator)'
        ) }} as retention_ratio
    from retained
    group by fiscal_month
),

segments as (
    select
        described.fiscal_month,
        described.segment_code,
        case
            when
                described.segment_code <> {{ none_code() }}
                and sum(retained.logo_retention_denominator)
                >= {{ definition('low_n') }}
                then
                    {{ safe_ratio(
                        'sum(retained.logo_retention_numerator)',
                        'sum(retained.logo_retention_denominator)'
                    ) }}
        end as retention_ratio
    from described
    inner join retained
        on
            described.master_customer_code = retained.master_customer_code
            and described.fiscal_month = retained.fiscal_month
    group by described.fiscal_month, described.segment_code
),

discounted as (
    select
        segments.fiscal_month,
        segments.segment_code,
        {{ yearly_factor(
            'coalesce(segments.retention_ratio, company.retention_ratio)'
        ) }} as factor
    from segments
    inner join company on segments.fiscal_month = company.fiscal_month
),

worth as (
    select
        fiscal_month,
        segment_code,
        {{ annuity('factor', definition('clv_horizon_years')) }} as annuity
    from discounted
)

select
    windowed.master_customer_code,
    windowed.fiscal_month,
    case
        when windowed.costed_line_count_total > 0 or windowed.line_count_total = 0
            then windowed.gross_margin_amount_total
    end as clv_historic_amount,
    case
        when windowed.is_unknown_customer or worth.annuity is null then null
        when
            windowed.costed_line_count_12m = 0 and windowed.line_count_12m > 0
            then null
        when windowed.gross_margin_amount_12m <= 0 then 0
        else
            {{ money(rounded_div(
                wide_int(units('windowed.gross_margin_amount_12m')) ~ ' * worth.annuity',
                wide_int('1000000000000000000')
            )) }}
    end as clv_forward_amount,
    scored.recency_days as rfm_recency_days,
    coalesce(scored.order_count, 0) as rfm_order_count_24m,
    scored.recency_score as rfm_recency_score,
    scored.frequency_score as rfm_frequency_score,
    scored.monetary_score as rfm_monetary_score,
    coalesce(scored.segment_code, {{ none_code() }}) as rfm_segment_code,
    coalesce(scored.fixed_segment_code, {{ none_code() }}) as rfm_segment_fixed_code
from windowed
inner join described
    on
        windowed.master_customer_code = described.master_customer_code
        and windowed.fiscal_month = described.fiscal_month
inner join worth
    on
        described.fiscal_month = worth.fiscal_month
        and described.segment_code = worth.segment_code
left join {{ ref('int_customer_months_scored') }} as scored
    on
        windowed.master_customer_code = scored.master_customer_code
        and windowed.fiscal_month = scored.fiscal_month
