{#- Grain: master customer x fiscal month. Attributes of the master's own account as
    valid on the day the month is judged, the customer's owner, the owner's team and the
    open deals on that day. Where several sources know the account, the first
    by name that is no inferred member is believed. -#}
with spine as (
    select
        master_customer_code,
        fiscal_month,
        month_index,
        month_end_date,
        judged_date,
        is_latest_month,
        is_unknown_customer
    from {{ ref('int_customer_months_spined') }}
),

accounts as (
    select
        customer_key,
        master_customer_code,
        customer_code,
        source_system,
        segment_code,
        industry_code,
        region_code,
        tier_code,
        is_key_account,
        acquisition_channel_code,
        created_date,
        match_rule_version,
        is_inferred,
        match_from,
        valid_to
    from {{ ref('dim_customer') }}
),

sources as (
    select
        master_customer_code,
        source_system,
        row_number() over (
            partition by master_customer_code
            order by
                min(case when is_inferred then 1 else 0 end) nulls last,
                source_system nulls last
        ) as source_rank
    from accounts
    where customer_code = master_customer_code
    group by master_customer_code, source_system
),

records as (
    select
        master_customer_code,
        count(distinct source_system || '|' || customer_code)
        - 1 as merged_record_count,
        min(created_date) as created_date
    from accounts
    group by master_customer_code
),

masters as (
    select accounts.*
    from accounts
    inner join sources
        on
            accounts.master_customer_code = sources.master_customer_code
            and accounts.source_system = sources.source_system
    where
        sources.source_rank = 1
        and accounts.customer_code = accounts.master_customer_code
),

owners as (
    select
        master_customer_code,
        fiscal_month,
        owner_rep_code,
        owner_since_date
    from {{ ref('int_customer_months_owned') }}
),

reps as (
    select
        rep_key,
        rep_code,
        team_code,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
),

open_deals as (
    select
        master_customer_code,
        fiscal_month,
        open_opportunity_count,
        open_pipeline_amount,
        is_amount_known
    from {{ ref('int_customer_months_opened') }}
)

select
    spine.master_customer_code,
    spine.fiscal_month,
    spine.month_index,
    spine.judged_date,
    spine.is_latest_month,
    masters.source_system,
    masters.customer_key,
    masters.segment_code,
    masters.industry_code,
    masters.region_code,
    masters.tier_code,
    masters.is_key_account,
    owners.owner_rep_code,
    reps.rep_key,
    reps.team_code as owner_team_code,
    masters.acquisition_channel_code,
    masters.match_rule_version,
    coalesce(records.merged_record_count, 0) as merged_record_count,
    records.created_date,
    owners.owner_since_date,
    coalesce(open_deals.open_opportunity_count, 0) as open_opportunity_count,
    case
        when coalesce(open_deals.is_amount_known, true)
            then coalesce(open_deals.open_pipeline_amount, 0)
    end as open_pipeline_amount
from spine
left join masters
    on
        spine.master_customer_code = masters.master_customer_code
        and {{ version_on('masters', 'spine.judged_date') }}
left join owners
    on
        spine.master_customer_code = owners.master_customer_code
        and spine.fiscal_month = owners.fiscal_month
left join reps
    on
        owners.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'spine.judged_date') }}
left join records on spine.master_customer_code = records.master_customer_code
left join open_deals
    on
        spine.master_customer_code = open_deals.master_customer_code
        and spine.fiscal_month = open_deals.fiscal_month
