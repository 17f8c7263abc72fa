import json

import polars as pl
import pytest
from click.testing import CliRunner

from pipelines.commands import dictionaries, query
from pipelines.commands.explain import shortened
from pipelines.commands.quarantine import quarantine
from pipelines.errors import UsageError
from tests.fixtures import release as fixture

RAW = "SO1;张伟;13812345678;1.2.3"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    root = fixture.home_with_releases(tmp_path_factory.mktemp("home"))
    folder = root / "quarantine" / "erp"
    folder.mkdir(parents=True)
    pl.DataFrame(
        {
            "source_system": ["erp", "erp"], "extract_id": ["orders-2024-02"] * 2,
            "feed": ["orders__order_lines"] * 2, "rule_id": ["S09", "S10"],
            "reason": ["unit_price: '1.2.3' is not a number", "an identical row came before"],
            "file_name": ["orders.csv"] * 2, "line_no": [30, 31], "raw_hash": ["a" * 64, "b" * 64],
            "row_id": ["erp|orders-2024-02|30", "erp|orders-2024-02|31"], "amount": [None, None],
            "currency": [None, None], "kind": ["quarantined", "duplicate"], "natural_key": ["张伟", "SO2"],
            "raw_text": [RAW, "SO2;x"],
        }
    ).write_parquet(folder / "orders-2024-02.parquet")  # fmt: skip
    return root


@pytest.fixture
def weir(home):
    def run(command, *arguments):
        done = CliRunner().invoke(command, [*arguments, "--home", str(home)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_sql_prints_a_table(weir):
    printed = weir(
        query.sql,
        "select channel_type, sum(order_count) as n from mart_channel_performance group by 1 order by 1",
    )
    # 26 months x 3 orders for each of the four channels.
    assert printed.splitlines()[2].split() == ["agent", "78"]
    assert printed.endswith("(4 rows)\n")


def test_sql_as_json_gives_decimals_as_strings(weir):
    printed = json.loads(
        weir(query.sql, "select sum(net_revenue) as net from mart_channel_performance", "--json")
    )
    assert printed["rows"] == [{"net": "191360.0000"}]
    assert printed["release_id"] == fixture.RELEASE_ID
    assert printed["is_cut"] is False


def test_sql_cuts_long_answers_and_says_so(weir):
    printed = weir(query.sql, "select 1 from fct_order_line", "--limit", "2")
    assert printed.endswith("(2 rows, more with --limit 0)\n")
    everything = weir(query.sql, "select 1 as x from fct_order_line", "--limit", "0", "--json")
    assert len(json.loads(everything)["rows"]) == 624


def test_sql_on_an_older_release(weir):
    printed = weir(
        query.sql, "select max(fiscal_month) as m from fct_order", "--release", fixture.PARENT_ID, "--json"
    )
    assert json.loads(printed)["rows"] == [{"m": "2024-01"}]


def test_sql_refuses_to_write(weir):
    with pytest.raises(UsageError, match="read-only"):
        weir(query.sql, "drop view fct_order")


def test_marts_lists_questions_and_columns(weir):
    assert "Which channel grows and at what margin?" in weir(dictionaries.marts)
    printed = weir(dictionaries.marts, "channel_performance")
    assert "末级渠道" in printed
    assert [one["name"] for one in json.loads(weir(dictionaries.marts, "--json"))["marts"]]


def test_one_column_of_a_mart_is_told_in_full(weir):
    one = json.loads(weir(dictionaries.marts, "channel_performance", "net_revenue", "--json"))
    assert (one["mart"], one["additivity"], one["kpis"]) == ("mart_channel_performance", "A", ["K02"])
    assert one["description_zh"] in weir(dictionaries.marts, "channel_performance", "net_revenue")
    with pytest.raises(UsageError, match="has no column nothing"):
        weir(dictionaries.marts, "channel_performance", "nothing")


def test_marts_work_without_a_release(tmp_path):
    done = CliRunner().invoke(
        dictionaries.marts, ["mart_channel_performance", "--json", "--home", str(tmp_path)]
    )
    assert json.loads(done.output)["grain"] == ["channel_code", "fiscal_month", "reporting_currency"]


def test_an_unknown_mart_is_a_usage_error(weir):
    with pytest.raises(UsageError, match="no mart nothing"):
        weir(dictionaries.marts, "nothing")


def test_metrics_list_and_one_of_them(weir):
    assert "销售净额" in weir(dictionaries.metrics)
    one = json.loads(weir(dictionaries.metrics, "k04", "--json"))
    assert (one["id"], one["denominator"]) == ("K04", "orders")
    assert one["edges"]["E1"].startswith("A zero denominator")
    with pytest.raises(UsageError, match="K999"):
        weir(dictionaries.metrics, "K999")
    with pytest.raises(UsageError, match="K44 Training completion is not published yet"):
        weir(dictionaries.metrics, "K44")


def test_a_kpi_is_found_by_its_name_and_its_forms_are_named(weir):
    printed = weir(dictionaries.metrics, "pipeline coverage")
    assert "K16" in printed
    assert "a: over what is left of the quota 相对剩余目标; b: over the full quota 相对全额目标" in printed
    with pytest.raises(UsageError, match="no KPI is called revenue") as caught:
        weir(dictionaries.metrics, "revenue")
    assert "did you mean K01 Gross revenue, K02 Net revenue, K08" in caught.value.where


def test_names_that_do_not_exist_are_answered_with_those_that_were_meant(weir):
    with pytest.raises(UsageError) as caught:
        weir(dictionaries.marts, "mart_chanel_performance")
    assert caught.value.where.startswith("did you mean mart_channel_performance")
    with pytest.raises(UsageError) as caught:
        weir(dictionaries.marts, "channel_performance", "net_revenu")
    assert caught.value.where.startswith("did you mean net_revenue")
    explain = ("channel_performance", "net_revenue")
    with pytest.raises(UsageError, match="no row") as caught:
        weir(query.explain, *explain, "channel_code=direct", "fiscal_month=2030-01")
    assert caught.value.where == (
        "channel_code is never direct: there is direct_cn; fiscal_month is never 2030-01: there is 2022-01 to 2024-02"
    )
    with pytest.raises(UsageError, match="no mart mart_fct_order") as caught:
        weir(query.explain, "fct_order", "net_amount")
    assert "weir sql" in caught.value.todo


def test_quarantine_filters_that_leave_nothing_say_what_there_is(weir):
    said = weir(quarantine, "list", "--rule", "Z99", "--feed", "orders.order_lines")
    assert "no such row is held back; there are rows of feed orders__order_lines; of rule S09, S10" in said


def test_status_tells_the_release_and_what_is_held(weir):
    found = json.loads(weir(query.status, "--json"))
    assert found["current"]["release_id"] == fixture.RELEASE_ID
    assert found["releases"] == 2
    assert found["quarantine"] == {"quarantined": 1, "duplicate": 1}
    said = weir(query.status)
    assert fixture.RELEASE_ID in said
    assert "1 row (1 quarantined at landing); apart: 1 delivered again and counted once" in said


def test_status_of_an_empty_home(tmp_path):
    done = CliRunner().invoke(query.status, ["--home", str(tmp_path / "none")])
    assert "(empty)" in done.output
    assert not (tmp_path / "none").exists()


def test_status_names_every_rule(weir):
    found = json.loads(weir(query.status, "--rules", "--json"))
    assert found["named"] == 97
    assert len([one for one in found["rules"] if one["rule"][0] in "SDTRMP"]) == 97
    assert found["implemented"] <= sum(one["is_implemented"] for one in found["rules"])
    assert all(one["reason"] for one in found["rules"])
    not_judged = {one["rule"]: one["not_judged_yet"] for one in found["rules"] if one["not_judged_yet"]}
    assert "eligibility of products" in not_judged["D07"]
    assert found["in_part"] == len(not_judged) < found["implemented"]
    printed = weir(query.status, "--rules")
    assert f"rules are implemented, {found['in_part']} of them in part" in printed
    assert [one["named"] for one in found["kinds"]] == [20, 12, 18, 16, 25, 6]
    assert {one["state"] for one in found["rules"]} == {"implemented", "in part", "later"}
    assert any(line.split()[:2] == ["P05", "later"] for line in printed.splitlines())


def test_metrics_tell_which_kpis_are_published_and_what_the_others_wait_for(weir):
    found = json.loads(weir(dictionaries.metrics, "--coverage", "--json"))
    assert (found["named"], [one["kpi"] for one in found["kpis"]]) == (
        94,
        [f"K{no:02d}" for no in range(1, 95)],
    )
    assert found["implemented"] == sum(one["is_implemented"] for one in found["kpis"])
    by_id = {one["kpi"]: one for one in found["kpis"]}
    assert "mart_rep_scorecard" in by_id["K02"]["marts"]
    assert by_id["K44"]["why"] == "people.courses, people.enrollments are not canonical yet"
    assert all(bool(one["marts"]) != bool(one["why"]) for one in found["kpis"])
    printed = weir(dictionaries.metrics, "--coverage")
    assert "培训完成率" in printed
    assert printed.endswith(f"{found['implemented']} of 94 KPIs are published\n")


def test_report_of_a_release(weir, home):
    printed = weir(query.report, fixture.RELEASE_ID)
    assert "pass" in printed
    assert str(home / "releases" / fixture.RELEASE_ID / "report.html") in printed
    assert json.loads(weir(query.report, "--json"))["format"] == "weir.report/1"


def test_report_that_is_not_there(weir):
    with pytest.raises(UsageError, match="no report"):
        weir(query.report, "--run", "nothing")


def test_quarantine_list_counts_and_masks(weir):
    groups = json.loads(weir(quarantine, "list", "--json"))["groups"]
    assert [(one["rule_id"], one["row_count"]) for one in groups] == [("S09", 1), ("S10", 1)]
    rows = weir(quarantine, "list", "--rows", "--feed", "orders.order_lines", "--rule", "S09")
    assert "张伟" not in rows
    assert "13812345678" not in rows
    assert "erp|orders-2024-02|30" in rows


def test_quarantine_show_is_masked_unless_raw_is_asked_for(weir):
    assert RAW not in weir(quarantine, "show", "erp|orders-2024-02|30")
    assert RAW in weir(quarantine, "show", "erp|orders-2024-02|30", "--raw")
    with pytest.raises(UsageError, match="was held back"):
        weir(quarantine, "show", "x")


def test_explain_prints_formula_rows_and_export(weir, tmp_path):
    file = tmp_path / "rows.csv"
    printed = weir(
        query.explain, "mart_channel_performance", "net_revenue", "channel_code=direct_cn", "fiscal_month=2024-02",
        "--export", str(file),
    )  # fmt: skip
    assert "K02 Net revenue 销售净额" in printed
    assert "rows add up to 1715.0000, agrees with the mart" in printed
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 7
    assert lines[0].startswith("role,fact,row_id,amount")


def test_explain_of_a_ratio_tells_its_two_parts(weir):
    keys = ("channel_code=direct_cn", "fiscal_month=2024-02")
    assert "25.0000 / 1760.0000" in weir(query.explain, "channel_performance", "discount_ratio", *keys)


def test_explain_wants_keys_as_pairs(weir):
    with pytest.raises(UsageError, match="is no key"):
        weir(query.explain, "mart_channel_performance", "net_revenue", "direct")


@pytest.mark.parametrize("name", query.__all__)
def test_every_command_helps_with_an_example(name):
    command = getattr(query, name)
    found = [command, *getattr(command, "commands", {}).values()]
    for one in found:
        assert "Example: weir" in CliRunner().invoke(one, ["--help"]).output


def test_a_long_filter_is_shown_by_its_beginning() -> None:
    assert shortened("a = 1") == "a = 1"
    assert shortened("x" * 601) == "x" * 600 + "... (601 characters: --json)"
