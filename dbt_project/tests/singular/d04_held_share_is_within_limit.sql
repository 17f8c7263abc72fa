{{ config(meta={'rule': 'D04', 'table': 'crm__account_owners'}) }}
{{ held_shares_above('D04', ['crm__account_owners']) }}
