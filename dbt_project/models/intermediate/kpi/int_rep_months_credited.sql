{#- Grain: payee x team (of the credit date) x fiscal month with a credit as rep.
    Primary amounts (E5), the overlay as memo, order credit as shares of the order's
    first product or service line, and the primary amounts at plan rate (rate of the
    fiscal year; as reported where there is none) for K10: all of them (planned) and on
    days inside a quota of the payee (attained). -#}
with credits as (
    select
        source_system,
        fact_type,
        order_id,
        line_id,
        entry_no,
        credit_type,
        payee_code,
        team_code,
        business_date,
        fiscal_month,
        share,
        currency,
        reporting_currency,
        gross_amount,
        net_amount,
        gross_amount_reporting,
        discount_amount_reporting,
        net_amount_reporting,
        cost_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where is_revenue_line and credit_type in ('rep_primary', 'rep_overlay')
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_plan_rates_chosen') }}
),

first_lines as (
    select
        fact_type,
        source_system,
        order_id,
        min(line_id) as line_id
    from credits
    where fact_type = 'order_line'
    group by fact_type, source_system, order_id
),

quotas as (
    select distinct
        quota_key,
        rep_code,
        valid_from,
        valid_to
    from {{ ref('int_rep_quotas_overlapped') }}
),

converted as (
    select
        credits.*,
        quotas.quota_key,
        case
            when
                plan_rates.rate is null or credits.currency = credits.reporting_currency
                then credits.gross_amount_reporting
            else {{ times('credits.gross_amount', 'plan_rates.rate') }}
        end as gross_amount_planned,
        case
            when
                plan_rates.rate is null or credits.currency = credits.reporting_currency
                then credits.net_amount_reporting
            else {{ times('credits.net_amount', 'plan_rates.rate') }}
        end as net_amount_planned,
        case
            when first_lines.line_id is null then 0
            when credits.entry_no > 1 then -credits.share
            else credits.share
        end as order_share
    from credits
    left join plan_rates
        on
            credits.currency = plan_rates.from_currency
            and {{ fiscal_year('credits.business_date') }} = plan_rates.fiscal_year
    left join first_lines
        on
            credits.fact_type = first_lines.fact_type
            and credits.source_system = first_lines.source_system
            and credits.order_id = first_lines.order_id
            and credits.line_id = first_lines.line_id
    left join quotas
        on
            credits.payee_code = quotas.rep_code
            and credits.business_date >= quotas.valid_from
            and credits.business_date < quotas.valid_to
)

select
    payee_code as rep_code,
    team_code,
    fiscal_month,
    coalesce(sum(gross_amount_reporting) filter (where credit_type = 'rep_primary'), 0)
        as credited_gross_revenue,
    coalesce(
        sum(discount_amount_reporting) filter (where credit_type = 'rep_primary'), 0
    )
        as credited_discount_amount,
    coalesce(-sum(net_amount_reporting) filter (
        where credit_type = 'rep_primary' and fact_type = 'return_line'
    ), 0) as credited_return_amount,
    coalesce(sum(net_amount_reporting) filter (where credit_type = 'rep_primary'), 0)
        as credited_net_revenue,
    case
        when count(case when credit_type = 'rep_primary' then 1 end) = 0 then 0
        else sum(net_amount_reporting - cost_amount_reporting) filter (
            where credit_type = 'rep_primary'
        )
    end as credited_margin_amount,
    coalesce(sum(order_share) filter (where credit_type = 'rep_primary'), 0)
        as order_credit_count,
    coalesce(sum(net_amount_reporting) filter (where credit_type = 'rep_overlay'), 0)
        as overlay_net_revenue_memo,
    coalesce(sum(gross_amount_planned) filter (where credit_type = 'rep_primary'), 0)
        as planned_gross_revenue,
    coalesce(sum(net_amount_planned) filter (where credit_type = 'rep_primary'), 0)
        as planned_net_revenue,
    coalesce(sum(gross_amount_planned) filter (
        where credit_type = 'rep_primary' and quota_key is not null
    ), 0) as attained_gross_revenue,
    coalesce(sum(net_amount_planned) filter (
        where credit_type = 'rep_primary' and quota_key is not null
    ), 0) as attained_net_revenue,
    coalesce(sum(net_amount_reporting - cost_amount_reporting) filter (
        where credit_type = 'rep_primary' and quota_key is not null
    ), 0) as attained_margin_amount
from converted
group by payee_code, team_code, fiscal_month
