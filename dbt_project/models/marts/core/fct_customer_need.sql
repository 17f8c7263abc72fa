{#- Grain: recorded need of a customer, or of a segment where no single customer is
    meant (customer (none)). Source: market.customer_needs. -#}

with needs as (
    select
        source_system,
        need_id,
        row_id,
        customer_id,
        segment,
        need_code,
        product_family_code,
        business_date
    from {{ ref('int_customer_needs_judged') }}
    where verdict = 'accepted'
),

accounts as (
    select
        source_system,
        code,
        member_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
)

select
    {{ surrogate_key(['needs.source_system', 'needs.need_id']) }} as need_key,
    needs.source_system,
    needs.row_id,
    needs.need_id,
    coalesce(needs.customer_id, {{ none_code() }}) as customer_code,
    case
        when needs.customer_id is null then {{ none_code() }}
        else coalesce(accounts.master_code, {{ unknown_code() }})
    end as master_customer_code,
    coalesce(
        customers.customer_key,
        case when needs.customer_id is null then '0' else '-1' end
    ) as customer_key,
    coalesce(needs.segment, customers.segment_code) as segment_code,
    needs.need_code,
    needs.product_family_code,
    needs.business_date as recorded_date,
    {{ fiscal_month('needs.business_date') }} as fiscal_month
from needs
left join accounts
    on
        needs.source_system = accounts.source_system
        and needs.customer_id = accounts.code
left join {{ ref('dim_customer') }} as customers
    on
        accounts.member_source_system = customers.source_system
        and accounts.code = customers.customer_code
        and {{ version_on('customers', 'needs.business_date') }}
