-- Calls and meetings that were deleted.
select _row_id, id as activity_id from calls_deleted
union all
select _row_id, id from events_deleted
