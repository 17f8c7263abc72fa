{{ config(materialized='view') }}
{#- One member as the rows of one feed and source name it, with the number of such rows.
    More than five parents: it is the union of every feed that names a member. -#}
{%- set naming = [
    ('customer', 'orders__orders', 'customer_id', "1 = 1"),
    ('channel', 'orders__orders', 'channel_code', "1 = 1"),
    ('rep', 'orders__orders', 'owner_rep_code', "1 = 1"),
    ('partner', 'orders__orders', 'partner_code', "1 = 1"),
    ('product', 'orders__order_lines', 'product_id', "1 = 1"),
    ('customer', 'orders__return_lines', 'customer_id', "1 = 1"),
    ('channel', 'orders__return_lines', 'channel_code', "1 = 1"),
    ('rep', 'orders__return_lines', 'owner_rep_code', "1 = 1"),
    ('product', 'orders__return_lines', 'product_id', "1 = 1"),
    (
        'rep', 'orders__order_credits', 'payee_code',
        "credit_type in ('rep_primary', 'rep_overlay')"
    ),
    (
        'partner', 'orders__order_credits', 'payee_code',
        "credit_type in ('partner_sourced', 'partner_influenced')"
    ),
    ('customer', 'crm__opportunities', 'account_id', "1 = 1"),
    ('channel', 'crm__opportunities', 'channel_code', "1 = 1"),
    ('rep', 'crm__opportunities', 'owner_rep_code', "1 = 1"),
    ('partner', 'crm__opportunities', 'partner_code', "1 = 1"),
    ('rep', 'crm__activities', 'rep_code', "1 = 1"),
    ('customer', 'crm__activities', 'party_id', "party_type = 'customer'"),
    (
        'customer', 'crm__contacts', 'account_id',
        "coalesce(party_type, 'customer') = 'customer'"
    ),
    ('rep', 'crm__leads', 'owner_rep_code', "1 = 1"),
    ('customer', 'crm__leads', 'account_id', "1 = 1"),
    ('rep', 'crm__surveys', 'rep_code', "1 = 1"),
    ('customer', 'crm__surveys', 'respondent_id', "respondent_type = 'customer'"),
    ('channel', 'crm__surveys', 'channel_code', "1 = 1"),
    ('channel', 'channel__channel_costs', 'channel_code', "1 = 1"),
    ('channel', 'market__market_sizes', 'channel_code', "1 = 1"),
    ('rep', 'people__quotas', 'owner_code', "owner_type = 'rep'"),
    ('team', 'people__quotas', 'owner_code', "owner_type = 'team'"),
    ('channel', 'people__quotas', 'owner_code', "owner_type = 'channel'"),
    ('partner', 'people__quotas', 'owner_code', "owner_type = 'partner'"),
    ('rep', 'people__territory_assignments', 'rep_code', "1 = 1"),
    ('team', 'people__reps', 'team_code', "1 = 1"),
    ('rep', 'crm__accounts', 'owner_rep_code', "1 = 1"),
    ('customer', 'crm__account_owners', 'account_id', "1 = 1"),
    ('rep', 'crm__account_owners', 'rep_code', "1 = 1"),
    ('customer', 'crm__customer_cases', 'account_id', "1 = 1"),
    ('rep', 'crm__customer_cases', 'rep_code', "1 = 1"),
    ('customer', 'market__customer_needs', 'customer_id', "1 = 1"),
    ('channel', 'crm__accounts', 'acquisition_channel_code', "1 = 1"),
] %}

{% for dimension, feed, column, condition in naming %}
    select
        '{{ dimension }}' as dimension,
        '{{ feed }}' as feed,
        source_system,
        {{ column }} as code,
        count(*) as row_count
    from {{ ref('stg_' ~ feed) }}
    where {{ column }} is not null and {{ condition }}
    group by source_system, {{ column }}
    {{ 'union all' if not loop.last }}
{% endfor %}
