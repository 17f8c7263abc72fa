"""`weir source check`, `weir source add`, `weir feeds`: what they print, change, and end with."""

import json
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from pipelines.commands.source import feeds, source
from pipelines.errors import UsageError
from pipelines.landing.foreseen import UNKNOWN_LIMIT
from pipelines.sources.archive import collect
from pipelines.sources.definition import load_source
from tests.unit.sources.conftest import Folder

ROOT = Path(__file__).parents[3]


def run(command, *arguments):
    result = CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, result.output


def test_check_tells_rows_money_and_columns_and_changes_nothing(folder):
    folder.file(
        "a.csv", b"id,paid,amount,currency,mood\nP1,2026-10-01,1.50,CNY,fine\nP1,2026-10-01,1.50,CNY,fine\n"
    )
    before = sorted(folder.path.rglob("*"))
    code, said = run(source, "check", folder.path)
    assert code == 2  # rule T15: a payment names an order or an invoice, and none of these does
    assert "orders.payments: read 2, accepted 0, quarantined 2; money 3.0000 CNY, accepted none" in said
    assert "2 x T15 order_or_invoice_given (line 2, 3)" in said
    assert "columns of payments that nothing reads: mood" in said
    assert "orders.payments: not mapped: order_id, invoice_id" in said
    assert sorted(folder.path.rglob("*")) == before


def test_a_new_folder_lands_as_it_is_and_an_order_without_channel_would_be_refused(tmp_path):
    folder = tmp_path / "shop"
    assert run(source, "new", "files", folder)[0] == 0
    code, said = run(source, "check", folder)
    assert code == 0
    # 20.00 + 4.00 + 30.00 on three lines of two orders
    assert "orders.order_lines: read 3, accepted 3; money 54.0000 EUR\n" in said
    assert (
        "orders.orders: read 3, accepted 2, duplicates 1\n" in said
    )  # an order without money of its own: none shown
    contract = folder / "orders.odcs.yaml"
    kept = [line for line in contract.read_text("utf-8").splitlines() if "channel_code" not in line]
    contract.write_text("\n".join(kept), "utf-8")
    code, said = run(source, "check", folder)
    assert code == 2
    assert "PROBLEM D11.orders__orders.shop: channel_code is empty in 2 of 2 orders" in said
    assert "customer_id is empty" not in said


@pytest.fixture
def shop(tmp_path):
    """The folder that `weir source new files` writes."""
    run(source, "new", "files", tmp_path / "shop")
    return tmp_path / "shop"


def test_check_names_what_orders_name_and_no_feed_lists(shop):
    contract = shop / "orders.odcs.yaml"
    rep = "      - {name: owner_rep_code, transformLogic: \"'R' || customer\"}\n"
    contract.write_text(contract.read_text("utf-8") + rep, "utf-8")
    _, said = run(source, "check", shop)
    # A1 of C1 has 20.00 + 4.00, A2 of C2 has 30.00
    assert (
        "note: 2 reps that 2 orders name (54.0000 EUR) are listed in no people.reps: the code stands" in said
    )
    assert "note: 2 customers that 2 orders name (54.0000 EUR) are listed in no crm.accounts" in said
    assert "channel" not in "".join(line for line in said.splitlines() if line.startswith("note"))
    lines = shop / "order_lines.odcs.yaml"
    freight = "      - {name: line_type, transformLogic: \"case sku when 'P2' then 'freight' else 'product' end\"}\n"
    lines.write_text(lines.read_text("utf-8") + freight, "utf-8")
    _, said = run(source, "check", shop)
    assert "2 reps that 2 orders name (50.0000 EUR)" in said  # freight is nobody's revenue
    assert "1 product that 2 order lines name (50.0000 EUR)" in said
    (shop / "reps.csv").write_text("code,team,hired\nRC1,T1,2020-01-01\n", "utf-8")
    columns = {"rep_code": "code", "team_code": "team", "hire_date": "hired"}
    mapped = [{"name": name, "physicalName": where} for name, where in columns.items()]
    mapped.append({"name": "role_code", "transformLogic": "'seller'"})
    schema = [{"name": "reps", "physicalName": "reps.csv", "properties": mapped}]
    (shop / "reps.odcs.yaml").write_text(yaml.safe_dump({"name": "people.reps", "schema": schema}), "utf-8")
    _, said = run(source, "check", shop)
    assert "note: 1 rep that 1 order names (30.0000 EUR) is listed in no people.reps" in said


def test_check_leaves_out_what_landing_makes_itself(shop):
    (shop / "accounts.csv").write_text("id\nC1\nC2\n", "utf-8")
    schema = [
        {
            "name": "accounts",
            "physicalName": "accounts.csv",
            "properties": [
                {"name": "account_id", "physicalName": "id"},
                {"name": "name", "transformLogic": "'x'"},
            ],
        }
    ]
    (shop / "accounts.odcs.yaml").write_text(
        yaml.safe_dump({"name": "crm.accounts", "schema": schema}), "utf-8"
    )
    _, said = run(source, "check", shop)
    assert "crm.accounts: not mapped: parent_account_id, registration_no, segment" in said
    assert "_hash" not in said
    assert "crm.accounts: read 2, accepted 2\n" in said


def test_check_against_a_home_foresees_other_bytes_under_the_same_name(shop, home):
    assert "\nhome " not in run(source, "check", shop)[1]
    code, said = run(source, "check", shop, "--home", home.root)
    assert code == 0
    assert f"home {home.root}: 2 not there yet" in said
    collect(load_source(shop), home, datetime(2026, 11, 1, tzinfo=UTC))
    before = sorted(home.root.rglob("*"))
    assert f"home {home.root}: 2 there as they are" in run(source, "check", shop, "--home", home.root)[1]

    sales = shop / "sales.csv"
    text = sales.read_text("utf-8")
    sales.write_text(text.replace("10.00", "11.00", 1), "utf-8")
    code, said = run(source, "check", shop, "--home", home.root)
    assert code == 4
    assert "1 there as they are, 1 there with other bytes" in said
    assert f"PROBLEM S06.sales.csv.shop: {home.root} has archived sales.csv with other bytes" in said
    assert sorted(home.root.rglob("*")) == before

    sales.write_text(text, "utf-8")
    (shop / "sales_again.csv").write_text(text.replace("10.00", "11.00", 1), "utf-8")
    definition = shop / "source.yaml"
    supersedes = '\nsupersedes:\n  - {file: sales_again.csv, replaces: sales.csv, reason: "price"}\n'
    definition.write_text(
        definition.read_text("utf-8").replace("sales.csv", "sales*.csv") + supersedes, "utf-8"
    )
    sales.write_text(text.replace("10.00", "12.00", 1), "utf-8")
    said = run(source, "check", shop, "--home", home.root)[1]
    assert "PROBLEM" not in said  # what is superseded lands no more, whatever its bytes


def test_check_against_no_home(shop, tmp_path):
    with pytest.raises(UsageError, match="there is no such home"):
        run(source, "check", shop, "--home", tmp_path / "nowhere")


def test_the_limit_of_the_trial_is_the_limit_of_the_gate():
    project = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text("utf-8"))
    assert Decimal(project["vars"]["unknown_share_block"]) == UNKNOWN_LIMIT


def test_check_ends_with_4_when_a_file_is_rejected(folder):
    folder.file("a.csv", b"id,paid,amount\nP1,2026-10-01,1\n")
    code, said = run(source, "check", folder.path)
    assert code == 4
    assert "REJECTED S02: no column currency" in said


def test_check_in_json(folder):
    folder.file("a.csv")
    _, said = run(source, "check", folder.path, "--json")
    found = json.loads(said)
    assert found["files"][0]["feeds"][0]["read"]["money"] == {"CNY": "1.0000"}


def test_check_of_a_pattern_without_files(folder):
    code, said = run(source, "check", folder.path)
    assert code == 2
    assert "S01.orders__payments.shop: no file matches *.csv" in said


def test_add_enters_the_folder_once_and_keeps_the_rest(folder, home):
    settings = home.root / "weir.toml"
    settings.write_text('# ours\nreporting_currency = "CNY"\n\n[definitions]\nx = 1\n', encoding="utf-8")
    for _ in range(2):
        assert run(source, "add", folder.path, "--home", home.root)[0] == 0
    text = settings.read_text(encoding="utf-8")
    found = tomllib.loads(text)
    assert [(home.root / one).resolve() for one in found["sources"]] == [folder.path]
    assert (found["reporting_currency"], found["definitions"]) == ("CNY", {"x": 1})
    assert "# ours" in text


def test_add_refuses_another_source_of_the_same_name(folder, home, tmp_path):
    run(source, "add", folder.path, "--home", home.root)
    with pytest.raises(UsageError, match="a source named shop is there already"):
        run(source, "add", Folder(tmp_path / "other").path, "--home", home.root)


def test_add_of_a_second_source(folder, home, tmp_path):
    other = Folder(tmp_path / "other")
    other.source(name="other")
    run(source, "add", folder.path, "--home", home.root)
    run(source, "add", other.path, "--home", home.root)
    assert len(tomllib.loads((home.root / "weir.toml").read_text(encoding="utf-8"))["sources"]) == 2


def test_feeds_lists_all_and_shows_one():
    assert "orders.order_lines" in run(feeds)[1]
    code, said = run(feeds, "orders.order_lines")
    assert code == 0
    assert "line_type" in said
    assert "折后金额" in said
    found = json.loads(run(feeds, "order_lines", "--json")[1])
    assert found["feed"] == "orders.order_lines"
    assert len(json.loads(run(feeds, "--json")[1])["feeds"]) == 36


def test_feeds_of_an_unknown_name():
    with pytest.raises(UsageError, match="no canonical feed is called nothing"):
        run(feeds, "nothing")
