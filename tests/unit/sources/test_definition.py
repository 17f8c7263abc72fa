"""A source folder that is wrong says what, where and what to do; one that is right says what it means."""

import pytest

from pipelines.errors import UsageError
from pipelines.sources.definition import load_source
from tests.unit.sources.conftest import CONTRACT


def problem(folder):
    with pytest.raises(UsageError) as caught:
        load_source(folder.path)
    return caught.value


def test_defaults(folder):
    source = load_source(folder.path)
    assert (source.name, source.kind, source.time_zone) == ("shop", "files", "Asia/Shanghai")
    table = source.table("payments")
    assert (table.files, table.format.type, table.format.delimiter, table.format.encoding) == (
        "*.csv",
        "csv",
        ",",
        "utf-8",
    )


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("*.tsv", ("csv", "\t", "none")),
        ("*.csv.gz", ("csv", ",", "gzip")),
        ("*.jsonl", ("jsonl", ",", "none")),
        ("*.parquet", ("parquet", ",", "none")),
        ("*.dat", ("csv", ",", "none")),
    ],
)
def test_the_suffix_tells_the_format(folder, glob, expected):
    folder.contract(CONTRACT.replace("*.csv", glob))
    how = load_source(folder.path).table("payments").format
    assert (how.type, how.delimiter, how.compression) == expected


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"name": "Shop!"}, "name is made of"),
        ({"name": None}, "name is missing"),
        ({"time_zone": None}, "time_zone is missing"),
        ({"time_zone": "Mars/Base"}, "no time zone is called"),
        ({"kind": "ftp"}, "kind 'ftp' is not known"),
        ({"default_currency": "yuan"}, "default_currency must be an ISO 4217 code"),
        ({"rhythm": "hourly"}, "rhythm is daily, weekly or monthly"),
        ({"sla_hours": "24"}, "sla_hours must be a whole number"),
        ({"pathh": "x"}, "unknown key pathh"),
        ({"exclude": [{"file": "a.csv"}]}, "reason is missing"),
        ({"tables": {"x": {"files": "*.csv"}}}, "no contract reads table x"),
        ({"tables": {"X y": {"files": "*.csv"}}}, "a table's name is made of"),
    ],
)
def test_a_wrong_source_yaml(folder, keys, said):
    folder.source(**keys)
    found = problem(folder)
    assert said in found.what
    assert found.where.endswith("source.yaml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("orders.payments", "orders.paymentz", "which is no canonical feed"),
        ("physicalName: id", "physicalname: id", "unknown key physicalname"),
        (", physicalName: id", "", "payment_id comes from nowhere"),
        ("{name: payment_id", "{name: amount", "maps amount twice"),
        ('    physicalName: "*.csv"\n', "", "does not say which file it reads"),
        (
            "    properties:",
            "    customProperties: [{property: tabel, value: x}]\n    properties:",
            "unknown property tabel",
        ),
        (
            "    properties:",
            "    customProperties: [{property: table, value: x}]\n    properties:",
            "reads table x, which",
        ),
        ("    properties:", "    properties: []\n    tags:", "maps no column"),
        ("name: orders", "name: [orders", "cannot be read"),
    ],
)
def test_a_wrong_contract(folder, old, new, said):
    folder.contract(CONTRACT.replace(old, new, 1))
    found = problem(folder)
    assert said in found.what
    assert "payments.odcs.yaml" in found.where


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{encoding: utf-9}", "no encoding is called"),
        ("{type: xls}", "type is csv, json, jsonl, parquet, xlsx"),
        ("{header: false}", "needs the names of its columns"),
        ("{header: false, columns: [a, a]}", "columns names one column twice"),
        ("{control: {kind: mail}}", "kind is file, trailer or flag"),
        ("{control: {kind: trailer}}", "a trailer needs its marker"),
        ("{delimeter: ';'}", "unknown key delimeter"),
        ("{compression: rar}", "compression is none, gzip or zip"),
        ("{member: a.csv}", "these files are none"),
        ("{schema: {amount: decimal}}", "schema names the kinds of Parquet columns"),
        ("{type: parquet, schema: {amount: money}}", "kinds are integer"),
    ],
)
def test_a_wrong_format(folder, given, said):
    option = f"    customProperties: [{{property: format, value: {given}}}]\n    properties:"
    folder.contract(CONTRACT.replace("    properties:", option))
    assert said in problem(folder).what


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(UsageError, match="is no source folder"):
        load_source(tmp_path)


def test_a_folder_without_contracts(folder):
    (folder.path / "payments.odcs.yaml").unlink()
    assert "fills no feed" in problem(folder).what


def test_two_contracts_for_one_feed(folder):
    folder.contract(
        CONTRACT.replace("*.csv", "*.tsv").replace("- name: payments", "- name: payments2"), "second"
    )
    assert "table payments" in problem(folder).what or "two contracts fill" in problem(folder).what


def test_sql_reads_the_tables_that_it_names(folder):
    folder.source(tables={"a": {"files": "a*.csv"}, "b": {"files": "b*.csv"}})
    folder.contract(CONTRACT.replace('    physicalName: "*.csv"\n', ""))
    (folder.path / "payments.sql").write_text("select * from a join b using (id)", encoding="utf-8")
    assert load_source(folder.path).feeds[0].tables == ("a", "b")
    (folder.path / "payments.sql").write_text("select * from a", encoding="utf-8")
    assert "no contract reads table b" in problem(folder).what
    said = """select 'b' as "it's" from a -- as in b\n/* b\n*/ where x = 'it''s b'"""
    (folder.path / "payments.sql").write_text(said, encoding="utf-8")
    assert "no contract reads table b" in problem(folder).what
    (folder.path / "payments.sql").write_text('select * from a join "b" using (id)', encoding="utf-8")
    assert load_source(folder.path).feeds[0].tables == ("a", "b")
    (folder.path / "payments.sql").write_text("select 1", encoding="utf-8")
    assert "reads no table of the source" in problem(folder).what


def test_the_digest_follows_the_definition_and_not_the_data(folder):
    before = load_source(folder.path).digest
    folder.file("a.csv")
    assert load_source(folder.path).digest == before
    folder.source(default_currency="CNY")
    assert load_source(folder.path).digest != before
