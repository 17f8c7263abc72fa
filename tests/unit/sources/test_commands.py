"""`weir source check`, `weir source add`, `weir feeds`: what they print, change, and end with."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from pipelines.commands.source import feeds, source
from pipelines.errors import UsageError
from pipelines.landing.foreseen import UNKNOWN_LIMIT
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
    assert "orders__payments: read 2, accepted 0, quarantined 2, duplicates 0, rejected 0" in said
    assert "money read 3.0000 CNY" in said
    assert "2 x T15 order_or_invoice_given (line 2, 3)" in said
    assert "columns of payments that nothing reads: mood" in said
    assert "orders__payments: not mapped: order_id, invoice_id" in said
    assert sorted(folder.path.rglob("*")) == before


def test_a_new_folder_lands_as_it_is_and_an_order_without_channel_would_be_refused(tmp_path):
    folder = tmp_path / "shop"
    assert run(source, "new", "files", folder)[0] == 0
    code, said = run(source, "check", folder)
    assert code == 0
    # 20.00 + 4.00 + 30.00 on three lines of two orders
    assert "orders__order_lines: read 3, accepted 3, quarantined 0" in said
    assert "accepted 54.0000 EUR" in said
    assert "orders__orders: read 3, accepted 2, quarantined 0, duplicates 1" in said
    contract = folder / "orders.odcs.yaml"
    kept = [line for line in contract.read_text("utf-8").splitlines() if "channel_code" not in line]
    contract.write_text("\n".join(kept), "utf-8")
    code, said = run(source, "check", folder)
    assert code == 2
    assert "PROBLEM D11.orders__orders.shop: channel_code is empty in 2 of 2 orders" in said
    assert "customer_id is empty" not in said


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
