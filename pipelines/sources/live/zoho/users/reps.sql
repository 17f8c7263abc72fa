-- One user as it was when it was read last; a role is the place in the tree of roles, and that is the team too. A user
-- without a role is set aside. Keys of users are in lower case but for two.
select
    _row_id,
    id as rep_code,
    full_name as name,
    json_extract_string("role", '$.name') as role_code,
    json_extract_string("role", '$.id') as team_code,
    json_extract_string("Reporting_To", '$.id') as manager_code,
    substr(created_time, 1, 10) as hire_date
from users
