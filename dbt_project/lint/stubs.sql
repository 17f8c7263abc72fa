{#- What sqlfluff reads in place of the macros, which need dbt's adapter: SQL of the same shape, no more. -#}
{% macro int_div(a, b) %}(({{ a }}) // ({{ b }})){% endmacro %}
{% macro wide_int(x) %}cast({{ x }} as bigint){% endmacro %}
{% macro list_text(x, s, o) %}string_agg({{ x }}){% endmacro %}
{% macro days_between(a, b) %}({{ b }} - {{ a }}){% endmacro %}
{% macro season_days(a, b) %}({{ b }} - {{ a }}){% endmacro %}
{% macro season_weight(d) %}1{% endmacro %}
{% macro add_days(d, n) %}cast({{ d }} as date){% endmacro %}
{% macro add_months(d, n) %}cast({{ d }} as date){% endmacro %}
{% macro iso_weekday(d) %}extract(isodow from {{ d }}){% endmacro %}
{% macro local_date(ts) %}cast({{ ts }} as date){% endmacro %}
{% macro month_start(d) %}cast({{ d }} as date){% endmacro %}
{% macro month_end(d) %}cast({{ d }} as date){% endmacro %}
{% macro fiscal_year(d) %}cast({{ d }} as bigint){% endmacro %}
{% macro fiscal_month(d) %}cast({{ d }} as string){% endmacro %}
{% macro fiscal_quarter(d) %}cast({{ d }} as string){% endmacro %}
{% macro units(x) %}cast({{ x }} as bigint){% endmacro %}
{% macro money(x) %}cast({{ x }} as decimal(18, 4)){% endmacro %}
{% macro as_money(x) %}cast({{ x }} as decimal(18, 4)){% endmacro %}
{% macro rounded_div(a, b) %}({{ a }} + {{ b }}){% endmacro %}
{% macro safe_ratio(a, b) %}({{ a }} + {{ b }}){% endmacro %}
{% macro surrogate_key(c) %}md5({{ c[0] }}){% endmacro %}
{% macro none_code() %}'(none)'{% endmacro %}
{% macro unknown_code() %}'(unknown)'{% endmacro %}
{% macro all_code() %}'(all)'{% endmacro %}
{% macro first_day_of_time() %}cast('1900-01-01' as date){% endmacro %}
{% macro last_day_of_time() %}cast('9999-12-31' as date){% endmacro %}
{% macro as_of() %}cast('2026-01-31' as date){% endmacro %}
{% macro parent_as_of() %}cast('2026-01-31' as date){% endmacro %}
{% macro version_on(a, d) %}{{ d }} >= {{ a }}.match_from{% endmacro %}
{% macro definition(n) %}5{% endmacro %}
{% macro text_list(v) %}('a'){% endmacro %}
{% macro price_level_factor(c) %}cast(1 as decimal(9, 4)){% endmacro %}
{% macro ramp_factor(p, t) %}cast({{ t }} as decimal(9, 4)){% endmacro %}
{% macro target_of(k, c) %}{{ c }}{% endmacro %}
{% macro concentration(s, t) %}({{ s }} + {{ t }}){% endmacro %}
{% macro is_middle_rank() %}(2 * rank_no between rank_count and rank_count + 2){% endmacro %}
{% macro middle_of(x) %}sum({{ x }}){% endmacro %}
{% macro average_of(a, b) %}({{ a }} + {{ b }}){% endmacro %}
{% macro is_adoption_due() %}(is_active and leave_day_count <= 2){% endmacro %}
{% macro hours_saved(count, process) %}cast({{ count }} as decimal(18, 4)){% endmacro %}
{% macro as_of_minus_months(n) %}cast('2026-01-31' as date){% endmacro %}
{% macro times(a, b) %}cast({{ a }} + {{ b }} as decimal(18, 4)){% endmacro %}
{% macro at_plan_rate(r, f, y) %}select * from {{ r }}{% endmacro %}
{% macro plan_rates(r) %}select 1 as a from {{ r }}{% endmacro %}
{% macro scd2_versions(r, k, t) %}select 1 as a{% endmacro %}
{% macro version_status(k, v) %}'kept'{% endmacro %}
{% macro verdict(a, b) %}'accepted'{% endmacro %}
{% macro judged_columns(f) %}natural_key{% endmacro %}
{% macro stage_rank(s) %}length({{ s }}){% endmacro %}
{% macro natural_key(c) %}md5({{ c[0] }}){% endmacro %}
{% macro fixed_rows(c) %}union all
    select 1 as a{% endmacro %}
{% macro always() %}cast('1900-01-01' as date){% endmacro %}
{% macro line_of(a, b, c) %}{{ a }}{% endmacro %}
{% macro version_key(c) %}md5({{ c[0] }}){% endmacro %}
{% macro returned_so_far(a) %}{{ a }}{% endmacro %}
{% macro cost_in_line_currency(q) %}{{ q }}{% endmacro %}
{% macro close_date(d) %}cast({{ d }} as date){% endmacro %}
{% macro date_key(d) %}cast({{ d }} as bigint){% endmacro %}
{% macro day_spine(a, b) %}select cast('2026-01-31' as date) as date_day{% endmacro %}
{% macro add_days_to_time(t, n) %}{{ t }}{% endmacro %}
{% macro allocate(relation, b, c, d, e, f, g) %}select 1 as a from {{ relation }}{% endmacro %}
{% macro unknown_shares_above(l) %}select 1 as a{% endmacro %}
{% macro orphan_shares_above(l) %}select 1 as a{% endmacro %}
{% macro held_shares_above(r, f) %}select 1 as a{% endmacro %}
{% macro expected_share(r, f) %}0{% endmacro %}
{% macro regex_like(a, b) %}({{ a }} = {{ b }}){% endmacro %}
{% macro sign_of(x) %}{{ x }}{% endmacro %}
{% macro rate_units(x) %}{{ x }}{% endmacro %}
{% macro managers_joined(a, n) %}inner join dim_sales_rep as boss_{{ n }} on {{ a }}.manager_code = boss_{{ n }}.rep_code{% endmacro %}
{% macro log_units(n) %}cast({{ n }} as bigint){% endmacro %}
{% macro km_medians(r, k, d, e) %}select {{ k | join(', ') }}, 1 as km_median, 1 as longest_observed, 1 as member_count, 1 as event_count from {{ r }} group by {{ k | join(', ') }}{% endmacro %}
{% macro pay_units(b, r, f) %}({{ b }}){% endmacro %}
{% macro period_code(p, d) %}{{ p }}{% endmacro %}
{% macro seconds_between(a, b) %}cast({{ a }} = {{ b }} as bigint){% endmacro %}
{% macro local_second(ts) %}cast({{ ts }} as bigint){% endmacro %}
{% macro business_clock(d, ts) %}({{ d }}.workday_no + cast({{ ts }} as bigint)){% endmacro %}
{% macro seconds_as(s, n) %}cast({{ s }} as decimal(18, 4)){% endmacro %}
{% macro snapshot_hash() %}md5(kpi_code){% endmacro %}
{% macro revenue_rows(o, l, r, c) %}select 1 as a from {{ l }}{% endmacro %}
{% macro quantile_of_units(x, t) %}sum({{ x }}){% endmacro %}
{% macro stage_code(r) %}cast({{ r }} as string){% endmacro %}
{% macro match_rule_version() %}'2'{% endmacro %}
{% macro fiscal_quarter_no(d) %}cast({{ d }} as bigint){% endmacro %}
{% macro stage_probability(s) %}cast({{ s }} as decimal(9, 4)){% endmacro %}
{% macro rfm_segment(r, f, m) %}cast({{ r }} + {{ f }} + {{ m }} as string){% endmacro %}
{% macro frozen_score(x, c, s, b) %}cast({{ x }} as bigint){% endmacro %}
{% macro yearly_factor(r) %}cast({{ r }} as bigint){% endmacro %}
{% macro annuity(f, n) %}cast({{ f }} + {{ n }} as bigint){% endmacro %}
{% macro fifth_score(r, n) %}cast({{ r }} + {{ n }} as bigint){% endmacro %}
{% macro correlation(p, s, r) %}({{ p }} + {{ s }} + {{ r }}){% endmacro %}
{% macro ancestors_dated(r, c, p, n) %}select {{ c }} as ancestor_code, {{ c }} as code, match_from as valid_from, valid_to, 0 as depth from {{ r }}{% endmacro %}
{% macro version_order(v) %}cast({{ v }} as string){% endmacro %}
{% macro cause_of_change() %}case when known_lines.order_id is null or known_payees.order_id is null then 'x' end{% endmacro %}
{% macro cause_of_absence() %}case when credited_lines.order_id is null or credited_payees.order_id is null then 'x' end{% endmacro %}
{% macro new_customer_status(c) %}case when {{ c }} is null then 'x' end{% endmacro %}
{% macro group_size_no(m) %}row_number() over (partition by {{ m }} order by team_code nulls last){% endmacro %}
{% macro is_group_hidden(g) %}({{ g }}.is_small and {{ g }}.size_no + {{ g }}.small_count > 0){% endmacro %}
