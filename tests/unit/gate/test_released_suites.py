"""Each suite over a candidate's tables finds what it is there for. The tables are written as Parquet, without dbt."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from quality.gate import _judge
from quality.suites.released import contract_columns, declared, released_suites

RATIO = "cast({} as decimal(18, 8))"
# Table -> SQL of its rows. What is wrong with it stands in FOUND.
TABLES = {
    # the grain twice; a text that holds an e-mail address, and ones that only look like numbers of persons
    "mart_channel_performance": """
        select date '2024-01-31' as as_of_date, channel_code, '2024-01' as fiscal_month, 'CNY' as reporting_currency,
            channel_name, cast(5 as bigint) as customer_count, cast(1 as bigint) as order_line_count,
            cast(0 as bigint) as return_line_count,
            cast(10001 as decimal(18, 4)) as customer_hhi_index, cast(0 as decimal(18, 8)) as top10_customer_ratio
        from (values ('a', 'ask wang@example.com'), ('a', 'order 138001380001'), ('b', '4111111111111112'))
            as t (channel_code, channel_name)
    """,
    # a NULL in the grain, as_of of another day, an attainment and a score out of range
    "mart_rep_scorecard": """
        select date '2024-01-30' as as_of_date, cast(null as varchar) as rep_code, 't' as team_code,
            '2024-01' as fiscal_month, 'CNY' as reporting_currency, cast(1 as bigint) as active_day_count,
            cast(0 as bigint) as leave_day_count,
            cast(1 as bigint) as won_count, cast(-1 as bigint) as lost_count,
            cast(0.5 as decimal(18, 8)) as win_rate_ratio, cast(1 as decimal(18, 8)) as csat_ratio,
            cast(1 as decimal(18, 8)) as crm_adoption_ratio,
            cast(-101 as decimal(18, 4)) as nps_score, cast(5.1 as decimal(18, 8)) as attainment_ratio
    """,
    # more than the market; columns in another order than the contract, and one of another type
    "mart_market_penetration": """
        select date '2024-01-31' as as_of_date, 's' as segment_code, 'r' as region_code, '2024' as market_period,
            'v1' as estimate_version, 'CNY' as reporting_currency, cast(-1 as decimal(18, 4)) as market_size_amount,
            cast(1 as bigint) as addressable_customer_count, cast(1 as bigint) as served_customer_count,
            cast(1 as decimal(18, 4)) as customer_hhi_index, cast(1.1 as decimal(18, 8)) as market_share_ratio
    """,
    # names and message texts as columns
    "dim_customer": """
        select 'k' as customer_key, 'Wang' as customer_name, 'x' as contact_email, 'hello' as message_text,
            '+86 13800138000' as remark, '11010519491231002X' as remark_2, '4111111111111111' as remark_3
    """,
}
FOUND = {
    "M01.mart.mart_channel_performance.grain_is_unique": "channel_code=a",
    "P04.mart.mart_channel_performance.no_personal_data_in_text": "channel_code=a",
    "M03.mart.mart_channel_performance.customer_hhi_index_in_range": "channel_code=b",
    "M03.mart.mart_rep_scorecard.rep_code_is_not_null": "team_code=t",
    "M03.mart.mart_rep_scorecard.lost_count_in_range": "team_code=t",
    "M03.mart.mart_rep_scorecard.nps_score_in_range": "team_code=t",
    "M05.mart.mart_rep_scorecard.attainment_ratio_in_range": "team_code=t",
    "M25.mart.mart_rep_scorecard.as_of_date_is_the_run_s": "team_code=t",
    "M03.mart.mart_market_penetration.market_size_amount_in_range": "segment_code=s",
    "M10.mart.mart_market_penetration.market_share_ratio_in_range": "segment_code=s",
    "M02.mart.mart_market_penetration.columns_in_order": "Found=segment_code",
    "M02.mart.mart_market_penetration.types_of_the_contract": "expected_type=bigint, found_type=decimal(18,4)",
    "P01.mart.released_columns.no_message_content": "column_name=message_text",
    "P02.mart.released_columns.no_names_or_contacts": "column_name=customer_name",
    "P04.core.dim_customer.no_personal_data_in_text": "customer_key=k",
}


def model(name: str, columns: dict[str, str]) -> dict[str, Any]:
    described = {column: {"data_type": kind} for column, kind in columns.items()}
    return {
        "name": name,
        "resource_type": "model",
        "fqn": ["weir", "marts", "x", name],
        "columns": described,
    }


def write(folder: Path, tables: dict[str, str]) -> dict[str, Any]:
    """Write tables as Parquet; gives the manifest that describes them as they are."""
    nodes = {}
    with duckdb.connect() as connection:
        for name, sql in tables.items():
            connection.execute(f"copy ({sql}) to '{folder / name}.parquet' (format parquet)")
            described = connection.execute(f"describe {sql}").fetchall()
            nodes[name] = model(name, {row[0]: row[1].lower() for row in described})
    return {"nodes": nodes}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("candidate")
    manifest = write(folder, TABLES)
    columns = manifest["nodes"]["mart_market_penetration"]["columns"]
    first, second, *rest = columns
    swapped = {name: columns[name] for name in (second, first, *rest)}
    swapped["customer_hhi_index"] = {"data_type": "bigint"}
    manifest["nodes"]["mart_market_penetration"]["columns"] = swapped
    found, _, _ = _judge(released_suites(manifest), "2024-01-31", candidate=folder, manifest=manifest)
    return {one["check_id"]: one for one in found}


@pytest.mark.parametrize("check_id", sorted(FOUND))
def test_a_planted_violation_is_found_with_its_key(results: dict[str, dict[str, Any]], check_id: str) -> None:
    found = results[check_id]
    assert found["status"] == ("warned" if found["severity"] == "warn" else "failed"), found
    assert found["failing_count"] >= 1
    assert any(FOUND[check_id] in one for one in found["failing_keys"]), found["failing_keys"]


def test_nothing_else_is_found(results: dict[str, dict[str, Any]]) -> None:
    other = {
        check_id: (one["status"], one["observed"])
        for check_id, one in results.items()
        if check_id not in FOUND and one["status"] != "passed"
    }
    assert other == {}


@pytest.mark.parametrize(
    ("text", "is_personal"),
    [
        ("call 13812345678 now", True),
        ("13812345678", True),
        ("order 138123456789", False),  # twelve digits
        ("X13812345678", False),  # a code
        ("12812345678", False),  # no mobile prefix
        ("li.wei+crm@example.co", True),
        ("a @ b", False),
        # 11010519491231002X is the example of GB 11643: its check digit is X; with 1 it is not
        ("11010519491231002X", True),
        ("110105194912310021", False),
        # 4111 1111 1111 1111 is the common test card; Luhn sum 30. One digit more and it is 31.
        ("4111111111111111", True),
        ("4111111111111112", False),
        ("", False),
        (None, False),
    ],
)
def test_what_looks_personal(text: str | None, is_personal: bool) -> None:
    from quality.suites import ground

    with duckdb.connect() as connection:
        connection.execute(ground._MACROS)
        assert connection.execute("select looks_personal($1)", [text]).fetchone() == (is_personal,)


def test_a_mart_without_a_declared_type_has_no_contract(tmp_path: Path) -> None:
    manifest = write(tmp_path, {"mart_executive_overview": "select 1 as a"})
    manifest["nodes"]["mart_executive_overview"]["columns"] = {}
    found, _, _ = _judge(released_suites(manifest), "2024-01-31", candidate=tmp_path, manifest=manifest)
    failed = {one["check_id"] for one in found if one["status"] == "failed"}
    assert "M02.mart.mart_executive_overview.types_of_the_contract" in failed
    assert "M02.mart.mart_executive_overview.columns_in_order" in failed


def test_dbt_types_are_compared_as_duckdb_spells_them() -> None:
    columns = {"a": "string", "b": "decimal(18, 4)", "c": "BIGINT"}
    assert contract_columns(model("x", columns)) == {"a": "varchar", "b": "decimal(18,4)", "c": "bigint"}


def test_every_table_of_the_suites_has_a_grain() -> None:
    assert [name for name, said in declared().items() if not said.get("grain")] == []
