"""The portability lint: silent on the models, and not on what breaks on another engine."""

from pathlib import Path

import pytest

from quality.portable_sql import findings, lint, main, stubbed

HERE = Path(__file__).parent
MODELS = HERE.parent.parent / "dbt_project" / "models"
NOT_PORTABLE = [
    line
    for line in (HERE / "not_portable.txt").read_text(encoding="utf-8").splitlines()
    if line[:1] not in ("#", "")
]
PORTABLE = [
    "select cast(a as decimal(18, 4)) as x, cast(b as string) as y, cast(c as bigint) as z from t",
    "select row_number() over (partition by a order by b desc nulls last, c nulls last) as x from t",
    "select sum(a) over (partition by b order by c nulls last rows between 3 preceding and current row) as x from t",
    "select cast(date_trunc('month', d) as date) as x, extract(year from d) as y from t",
    "select coalesce(a, 'x') || b as x, nullif(c, '') as y, greatest(d, e) as z from t",
    "select count(distinct a) as n, sum(case when b > 0 then b else 0 end) as s, max(c) as m from t group by d",
    "select a from t where b is distinct from c and d in ('x', 'y') and e between 1 and 2 and f like 'x%'",
    "select a, b from t left join u on t.k = u.k and t.d >= u.valid_from and t.d < u.valid_to",
    "select {{ units('a') }} as x, {{ safe_ratio('a', 'b') }} as y from {{ ref('t') }}",
    "with a as ({{ scd2_versions(ref('t'), ['k'], ['v']) }}) select k from a",
    "select case a when 1 then 'x' end as x, substr(b, 1, 4) as y, split_part(c, '|', 1) as z from t",
]


def test_every_model_is_portable() -> None:
    assert [f"{one.where}: {one.what}" for one in lint(MODELS)] == []


def test_there_are_enough_counter_examples() -> None:
    assert len(NOT_PORTABLE) >= 70


@pytest.mark.parametrize("sql", NOT_PORTABLE)
def test_each_counter_example_is_caught(sql: str) -> None:
    assert findings(sql, "here")


@pytest.mark.parametrize("sql", PORTABLE)
def test_portable_sql_is_left_alone(sql: str) -> None:
    assert findings(sql, "here") == []


def test_macro_calls_are_stubbed_wherever_they_stand() -> None:
    source = (
        "{{ config(materialized='view') }}\nselect {{ money('a') }} as x from {{ source('landing', 't') }}"
    )
    assert stubbed(source).split() == ["select", "(select", "1)", "as", "x", "from", "t"]


def test_a_folder_with_a_finding_or_without_a_model_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    (tmp_path / "one.sql").write_text("select a / b as x from t", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert "one.sql: a bare /" in capsys.readouterr().out
    (tmp_path / "one.sql").write_text("select a as x from t", encoding="utf-8")
    assert main([str(tmp_path)]) == 0
