-- 员工. Days are those of China, told as text or as the milliseconds of their midnight there.
select
    _row_id,
    "openUserId" as rep_code,
    "name" as name,
    "position" as role_code,
    "mainDepartmentId" as team_code,
    "leaderId" as manager_code,
    case
        when try_cast("hireDate" as bigint) > 0
            then strftime(epoch_ms(try_cast("hireDate" as bigint) + 28800000), '%Y-%m-%d')
        when "hireDate" is not null and "hireDate" not in ('', '0') then "hireDate"
        else strftime(epoch_ms(try_cast("createTime" as bigint) + 28800000), '%Y-%m-%d')
    end as hire_date
from users
