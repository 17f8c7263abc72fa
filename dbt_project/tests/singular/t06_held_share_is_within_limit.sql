{{ config(meta={'rule': 'T06', 'table': 'crm__opportunity_stages'}) }}
{{ held_shares_above('T06', ['crm__opportunity_stages']) }}
