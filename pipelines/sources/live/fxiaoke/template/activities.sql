-- 销售记录. Whom one concerns stands in a list of references: the first of each kind counts.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from activities
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join activities_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as activity_id,
    "create_time" as occurred_at,
    "create_time" as logged_at,
    "interactive_types__r" as activity_type,
    json_extract_string("owner", '$[0]') as rep_code,
    json_extract_string("related_object_data", '$[*].id')[
        list_position(json_extract_string("related_object_data", '$[*].describe_api_name'), 'AccountObj')
    ] as customer_id,
    json_extract_string("related_object_data", '$[*].id')[
        list_position(json_extract_string("related_object_data", '$[*].describe_api_name'), 'ContactObj')
    ] as contact_id,
    json_extract_string("related_object_data", '$[*].id')[
        list_position(json_extract_string("related_object_data", '$[*].describe_api_name'), 'LeadsObj')
    ] as lead_id,
    json_extract_string("related_object_data", '$[*].id')[
        list_position(json_extract_string("related_object_data", '$[*].describe_api_name'), 'NewOpportunityObj')
    ] as opportunity_id
from activities
where
    "_id" not in (select record_id from gone)
