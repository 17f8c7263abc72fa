{#- Grain: one row. Which feeds beside orders any source fills: an empty one is no_data,
    never zero. has_plan_rates: every currency sold in has a plan rate of the fiscal
    year of as_of, no spot in its place. -#}
with flags as (
    select
        count(case when feed = 'opportunities' then 1 end) as opportunity_count,
        count(case when feed = 'activities' then 1 end) as activity_count,
        count(case when feed = 'leads' then 1 end) as lead_count,
        count(case when feed = 'csat' then 1 end) as csat_count,
        count(case when feed = 'nps' then 1 end) as nps_count,
        count(case when feed = 'quotas' then 1 end) as quota_count,
        count(case when feed = 'company_quotas' then 1 end) as company_quota_count,
        count(case when feed = 'market_sizes' then 1 end) as market_size_count,
        count(case when feed = 'owners' then 1 end) as owner_count,
        count(case when feed = 'cases' then 1 end) as case_count,
        count(case when feed = 'needs' then 1 end) as need_count,
        count(case when feed = 'key_accounts' then 1 end) as key_account_count,
        count(case when feed = 'recognitions' then 1 end) as recognition_count,
        count(case when feed = 'hr_events' then 1 end) as hr_event_count
    from (
        select distinct 'opportunities' as feed from {{ ref('fct_opportunity') }}
        union all
        select distinct 'activities' as feed from {{ ref('fct_activity') }}
        union all
        select distinct 'leads' as feed from {{ ref('fct_lead') }}
        union all
        select distinct kind as feed from {{ ref('fct_satisfaction_response') }}
        union all
        select distinct 'quotas' as feed from {{ ref('fct_quota') }}
        union all
        select distinct 'company_quotas' as feed
        from {{ ref('fct_quota') }}
        where owner_type = 'company' and is_current_version and metric <> 'units'
        union all
        select distinct 'market_sizes' as feed from {{ ref('fct_market_size') }}
        union all
        select distinct 'owners' as feed from {{ ref('fct_customer_ownership') }}
        union all
        select distinct 'cases' as feed from {{ ref('fct_customer_case') }}
        union all
        select distinct 'needs' as feed from {{ ref('fct_customer_need') }}
        union all
        select distinct 'key_accounts' as feed
        from {{ ref('dim_customer') }}
        where is_key_account is not null or tier_code is not null
        union all
        select distinct 'recognitions' as feed from {{ ref('fct_recognition') }}
        union all
        select distinct 'hr_events' as feed from {{ ref('fct_hr_event') }}
    ) as filled
),

planned as (
    select from_currency
    from {{ ref('int_plan_rates_chosen') }}
    where fiscal_year = {{ fiscal_year(as_of()) }} and not is_spot_fallback
),

rateless as (
    select count(distinct sold.currency) as currency_count
    from {{ ref('fct_order_line') }} as sold
    left join planned on sold.currency = planned.from_currency
    where sold.currency <> sold.reporting_currency and planned.from_currency is null
)

select
    flags.opportunity_count > 0 as has_opportunities,
    flags.activity_count > 0 as has_activities,
    flags.lead_count > 0 as has_leads,
    flags.csat_count > 0 as has_csat,
    flags.nps_count > 0 as has_nps,
    flags.quota_count > 0 as has_quotas,
    flags.company_quota_count > 0 as has_company_quotas,
    flags.market_size_count > 0 as has_market_sizes,
    flags.owner_count > 0 as has_owners,
    flags.case_count > 0 as has_cases,
    flags.need_count > 0 as has_needs,
    flags.key_account_count > 0 as has_key_accounts,
    flags.recognition_count > 0 as has_recognitions,
    flags.hr_event_count > 0 as has_hr_events,
    rateless.currency_count = 0 as has_plan_rates
from flags
cross join rateless
