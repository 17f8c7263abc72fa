{#- Grain: fact x entity x fiscal month where its revenue differs from what the carried
    release had: with the cause of the difference, and the part of it that a changed rate
    alone explains. A fact that was not there is late, or a return; one whose amount in
    the order's currency is the same in the month went to another entity; one that came
    again in a newer delivery, contradicts it (S10), was withdrawn by its source (S13) or
    lay in a delivery that another one replaced, was corrected late; what remains is a
    changed rule. -#}

with told as (
    select * from {{ ref('int_revenue_rows_concerned') }}
),

contradicted as (
    select distinct row_id
    from {{ ref('quarantine_row') }}
    where rule_id in ('S10', 'S13')
),

sides as (
    select
        entity_type,
        entity_code,
        fiscal_month,
        fact_type,
        fact_key,
        max(is_before) as was_there,
        1 - min(is_before) as is_there,
        max(case when is_before = 1 then fx_rate end) as old_rate,
        max(case when is_before = 0 then fx_rate end) as new_rate,
        max(case when is_before = 1 then row_id end) as old_row_id,
        max(case when is_before = 0 then row_id end) as new_row_id,
        max(case when is_before = 1 then header_row_id end) as old_header_row_id,
        max(case when is_before = 0 then header_row_id end) as new_header_row_id,
        sum(case when is_before = 1 then gross_amount else 0 end) as old_gross,
        sum(case when is_before = 0 then gross_amount else 0 end) as new_gross,
        sum(case when is_before = 1 then net_amount else 0 end) as old_net,
        sum(case when is_before = 0 then net_amount else 0 end) as new_net,
        sum(case when is_before = 1 then gross_amount_reporting else 0 end)
            as old_gross_reporting,
        sum(case when is_before = 0 then gross_amount_reporting else 0 end)
            as new_gross_reporting,
        sum(case when is_before = 1 then net_amount_reporting else 0 end)
            as old_net_reporting,
        sum(case when is_before = 0 then net_amount_reporting else 0 end)
            as new_net_reporting
    from told
    group by entity_type, entity_code, fiscal_month, fact_type, fact_key
),

facts as (
    select
        entity_type,
        fact_type,
        fact_key,
        max(was_there) as fact_was_there,
        max(is_there) as fact_is_there,
        max(old_row_id) as old_row_id,
        max(new_row_id) as new_row_id,
        max(old_header_row_id) as old_header_row_id,
        max(new_header_row_id) as new_header_row_id
    from sides
    group by entity_type, fact_type, fact_key
),

extracts as (
    select distinct source_system || '|' || extract_id || '|' as row_prefix
    from {{ ref('ops_batch') }}
),

replaced as (
    select facts.old_row_id
    from facts
    left join extracts
        on
            substr(facts.old_row_id, 1, length(extracts.row_prefix))
            = extracts.row_prefix
    where facts.fact_is_there = 0 and extracts.row_prefix is null
    group by facts.old_row_id
),

fact_months as (
    select
        entity_type,
        fact_type,
        fact_key,
        fiscal_month,
        sum(old_gross) as old_gross,
        sum(new_gross) as new_gross,
        sum(old_net) as old_net,
        sum(new_net) as new_net
    from sides
    group by entity_type, fact_type, fact_key, fiscal_month
),

joined as (
    select
        sides.*,
        sides.old_gross = sides.new_gross and sides.old_net = sides.new_net
            as is_same_amount,
        sides.was_there = 1 and sides.is_there = 1 and sides.old_rate <> sides.new_rate
            as is_other_rate,
        facts.fact_was_there,
        facts.fact_is_there,
        contradicted.row_id is not null
        or contradicted_headers.row_id is not null
        or replaced.old_row_id is not null
        or facts.old_row_id <> facts.new_row_id
        or facts.old_header_row_id <> facts.new_header_row_id
            as is_delivered_again,
        fact_months.old_gross = fact_months.new_gross
        and fact_months.old_net = fact_months.new_net
            as is_same_in_month
    from sides
    inner join facts
        on
            sides.entity_type = facts.entity_type
            and sides.fact_type = facts.fact_type
            and sides.fact_key = facts.fact_key
    inner join fact_months
        on
            sides.entity_type = fact_months.entity_type
            and sides.fact_type = fact_months.fact_type
            and sides.fact_key = fact_months.fact_key
            and sides.fiscal_month = fact_months.fiscal_month
    left join contradicted on facts.old_row_id = contradicted.row_id
    left join contradicted as contradicted_headers
        on facts.old_header_row_id = contradicted_headers.row_id
    left join replaced on facts.old_row_id = replaced.old_row_id
    where
        sides.old_gross_reporting <> sides.new_gross_reporting
        or sides.old_net_reporting <> sides.new_net_reporting
)

select
    entity_type,
    entity_code,
    fiscal_month,
    fact_type,
    fact_key,
    coalesce(new_row_id, old_row_id) as row_id,
    new_gross_reporting - old_gross_reporting as gross_delta,
    new_net_reporting - old_net_reporting as net_delta,
    case
        when not is_other_rate then 0
        when is_same_amount then new_gross_reporting - old_gross_reporting
        else {{ times('old_gross', 'new_rate') }} - old_gross_reporting
    end as gross_fx,
    case
        when not is_other_rate then 0
        when is_same_amount then new_net_reporting - old_net_reporting
        else {{ times('old_net', 'new_rate') }} - old_net_reporting
    end as net_fx,
    case
        when fact_was_there = 0 or (is_delivered_again and not is_same_in_month)
            then case when fact_type = 'return_line' then 'return' else 'late_row' end
        when fact_is_there = 1 and is_same_in_month then 'owner_change'
        else 'rule_change'
    end as cause_code
from joined
