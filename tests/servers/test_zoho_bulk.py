"""The Zoho server's Bulk Read and COQL, and the demo company behind it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers.test_zoho_server import Asked, get, said, sign_in
from tests.servers.zoho import serve
from tests.servers.zoho_data import fill
from tests.servers.zoho_demo import load


@pytest.fixture
def asked() -> Iterator[Asked]:
    with serve() as (url, zoho), httpx.Client(base_url=url) as http:
        fill(zoho.store, 300)
        sign_in(http, zoho)
        yield http, zoho


def job(http: httpx.Client, **query: Any) -> httpx.Response:
    body = {"query": {"module": {"api_name": "Deals"}, **query}, "file_type": "csv"}
    return http.post("/crm/bulk/v8/read", json=body)


def job_id(answer: httpx.Response) -> str:
    made = answer.json()["data"][0]
    assert (answer.status_code, made["code"], made["details"]["state"]) == (
        201,
        "ADDED_SUCCESSFULLY",
        "ADDED",
    )
    return made["details"]["id"]


def state(http: httpx.Client, number: str) -> dict[str, Any]:
    return http.get(f"/crm/bulk/v8/read/{number}").json()["data"][0]


def rows(http: httpx.Client, number: str) -> list[list[str]]:
    answer = http.get(f"/crm/bulk/v8/read/{number}/result")
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == [f"{number}.csv"]
    return list(csv.reader(io.StringIO(archive.read(f"{number}.csv").decode())))


def test_a_job_takes_its_time_and_ends_as_a_zip(asked: Asked) -> None:
    http, zoho = asked
    zoho.bulk.polls = 4
    number = job_id(job(http, fields=["id", "Stage", "Account_Name", "Amount"]))
    assert http.get(f"/crm/bulk/v8/read/{number}/result").status_code == 404
    assert [state(http, number)["state"] for _ in range(4)] == ["ADDED", "QUEUED", "IN PROGRESS", "COMPLETED"]
    shown = state(http, number)["result"]
    assert (shown["count"], shown["more_records"]) == (300, False)
    head, first, *_ = found = rows(http, number)
    assert (head, len(found)) == (["Id", "Stage", "Account_Name", "Amount"], 301)
    deal = zoho.store.modules["Deals"].records[first[0]]
    assert first[2] == deal["Account_Name"]["id"]
    zoho.clock.advance(86_401)
    sign_in(http, zoho)
    assert said(http.get(f"/crm/bulk/v8/read/{number}")) == (404, "RESOURCE_NOT_FOUND")


def test_pages_of_a_job_and_its_criteria(asked: Asked) -> None:
    http, zoho = asked
    zoho.bulk.page_rows = 200
    first = state(http, job_id(job(http, fields=["id"])))["result"]
    assert (first["count"], first["more_records"]) == (200, True)
    second = job_id(job(http, fields=["id"], page_token=first["next_page_token"]))
    assert state(http, second)["result"]["count"] == 100
    assert said(job(http, fields=["Stage"], page_token=first["next_page_token"])) == (
        400,
        "TOKEN_BOUND_DATA_MISMATCH",
    )
    assert said(job(http, page=51)) == (400, "PAGE_RANGE_EXCEEDED")
    leaf = {
        "field": {"api_name": "Modified_Time"},
        "comparator": "greater_equal",
        "value": "2026-01-01T04:00:00Z",
    }
    won = {"field": {"api_name": "Stage"}, "comparator": "in", "value": ["Closed Won"]}
    number = job_id(job(http, criteria={"group_operator": "and", "group": [leaf, won]}))
    deals = zoho.store.modules["Deals"].records.values()
    late = [deal for deal in deals if deal["Modified_Time"] >= "2026-01-01T00:00:00-04:00"]
    expected = sum(deal["Stage"] == "Closed Won" for deal in late)
    assert 0 < state(http, number)["result"]["count"] == expected < 60


def test_what_bulk_refuses(asked: Asked) -> None:
    http, zoho = asked
    text = {"query": {"module": "Deals"}}
    assert said(http.post("/crm/bulk/v8/read", json=text)) == (400, "MANDATORY_NOT_FOUND")
    notes = {"query": {"module": {"api_name": "Notes"}}}
    assert said(http.post("/crm/bulk/v8/read", json=notes)) == (403, "NOT_SUPPORTED")
    assert said(job(http, fields=["Nothing"])) == (400, "INVALID_DATA")
    assert said(job(http, filter="x")) == (400, "INVALID_DATA")
    zoho.bulk.failing = 1
    assert state(http, job_id(job(http)))["state"] == "FAILURE"
    number = job_id(job(http))
    state(http, number)
    codes = [http.get(f"/crm/bulk/v8/read/{number}/result").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def coql(http: httpx.Client, text: str) -> httpx.Response:
    return http.post("/crm/v8/coql", json={"select_query": text})


def test_coql_finds_pages_and_costs_by_its_limit(asked: Asked) -> None:
    http, zoho = asked
    text = "select id, Stage, Account_Name, Account_Name.id from Deals where {} order by id limit {}"
    body = coql(
        http, text.format("(Stage = 'Closed Won' or Stage = 'Closed Lost') and (Amount is not null)", 50)
    ).json()
    assert body["info"] == {"count": 50, "more_records": True}
    assert {row["Stage"] for row in body["data"]} == {"Closed Won", "Closed Lost"}
    assert set(body["data"][0]["Account_Name"]) == {"id"}
    last = body["data"][-1]["id"]
    rest = coql(http, text.format(f"id > {last}", "2000")).json()["data"]
    assert min(int(row["id"]) for row in rest) > int(last)
    assert [cost for _, cost in zoho.spent] == [1, 3]
    assert coql(http, text.format("Stage = 'None'", "1000")).status_code == 204
    assert coql(http, text.format("Stage in ('Closed Won', 'Nothing')", "10, 20")).status_code == 400


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("update Deals set Stage = 'x'", "SYNTAX_ERROR"),
        ("select id from Deals", "SYNTAX_ERROR"),
        ("select id from Nothing where id is not null", "INVALID_MODULE"),
        ("select Nothing from Deals where id is not null", "INVALID_QUERY"),
        ("select id, id from Deals where id is not null", "DUPLICATE_DATA"),
        ("select id from Deals where id is not null limit 2001", "LIMIT_EXCEEDED"),
        ("select id from Deals where id is not null limit 2000 offset 99000", "LIMIT_EXCEEDED"),
        ("select id from Deals where id is not null and Stage = 'a' and Stage = 'b'", "SYNTAX_ERROR"),
        (f"select id from Deals where id in ({', '.join(['1'] * 51)})", "LIMIT_EXCEEDED"),
    ],
)
def test_what_coql_refuses(asked: Asked, text: str, code: str) -> None:
    assert said(coql(asked[0], text)) == (400, code)


def test_stage_history_of_one_deal_and_as_a_module(asked: Asked) -> None:
    http, zoho = asked
    deal = next(iter(zoho.store.modules["Deals"].records))
    zoho.store.put(
        "DealHistory",
        {
            "Potential_Name": {"id": deal, "name": "D"},
            "Stage": "A",
            "Modified_Time": "2026-01-01T09:00:00-05:00",
        },
        {
            "Potential_Name": {"id": deal, "name": "D"},
            "Stage": "B",
            "Modified_Time": "2026-01-02T09:00:00-05:00",
        },
        {"Potential_Name": None, "Stage": "orphan"},
    )
    own = get(http, f"Deals/{deal}/Stage_History", fields="Stage,Modified_Time").json()["data"]
    assert [row["Stage"] for row in own] == ["B", "A"]
    assert said(get(http, f"Deals/{deal}/Stage_History")) == (400, "REQUIRED_PARAM_MISSING")
    all_rows = get(http, "DealHistory", fields="Potential_Name,Stage").json()["data"]
    assert [row["Potential_Name"] is None for row in all_rows].count(True) == 1


def test_subforms_come_with_one_record_and_not_with_a_list(asked: Asked) -> None:
    http, zoho = asked
    (key,) = zoho.store.put("Quotes", {"Subject": "Q", "Quoted_Items": [{"id": "1", "Quantity": 2}]})
    assert "Quoted_Items" not in get(http, "Quotes", fields="Subject,Quoted_Items").json()["data"][0]
    assert get(http, f"Quotes/{key}").json()["data"][0]["Quoted_Items"] == [{"id": "1", "Quantity": 2}]


EXPORTS = {
    "Accounts": "Record Id,Account Name,Registration Number,Account Owner.id,Market Segment,Industry,Sales Region,"
    "Billing Country,Rating,Key Account,Account Source,Merged Into.id,Created Time,Effective From\n"
    "zcrm_11,Old,,zcrm_R1,,,,US,A,true,web,,2023-01-05 09:00:00,2023-01-05\n"
    "zcrm_11,New,,zcrm_R2,,,,US,A,true,web,,2023-01-05 09:00:00,2023-07-01\n",
    "Deals": "Record Id,Deal Name,Deal Owner.id,Account Name.id,Stage,Amount,Currency,Closing Date,Sales Channel,"
    "Pipeline,Probability,Forecast Category,Reason For Loss,Sales Order,Created Time,Closed Time\n"
    "zcrm_21,D,zcrm_R1,zcrm_11,Closed Won,$10.50,USD,07/04/2023,web,Standard,1.00,Closed,,SO1,"
    "2023-07-01 09:00:00,2023-12-01 09:00:00\n"
    "zcrm_22,E,zcrm_R2,,Qualification,n/a,USD,,web,Standard,,Pipeline,,,2023-07-01 09:00:00,\n",
    "Deal_History": "Deal Name.id,Field,From,To,Modified Time\n"
    "zcrm_21,Stage,Qualification,Closed Won,2023-12-01 09:00:00\n"
    "zcrm_21,Amount,9.00,10.50,2023-11-01 09:00:00\n",
}  # fmt: skip


def test_the_demo_company_in_the_shapes_of_the_api(tmp_path: Path) -> None:
    for name, text in EXPORTS.items():
        (tmp_path / f"{name}_2024_10_31.csv").write_text(text)
    with serve() as (_, zoho):
        load(zoho.store, tmp_path)
        held = {
            name: list(zoho.store.modules[name].records.values())
            for name in ("Accounts", "Deals", "DealHistory")
        }
        assert [(one["Account_Name"], one["Modified_Time"]) for one in held["Accounts"]] == [
            ("New", "2023-07-01T00:00:00-04:00")
        ]
        won, other = held["Deals"]
        assert (won["Amount"], won["Closing_Date"], won["Probability"], won["Owner"]["id"]) == (
            10.5, "2023-07-04", 100, "R1",
        )  # fmt: skip
        assert (won["Created_Time"], won["Modified_Time"]) == (
            "2023-07-01T09:00:00-04:00", "2023-12-01T09:00:00-05:00",
        )  # fmt: skip
        assert (other["Amount"], other["Account_Name"], other["Closing_Date"]) == (None, None, None)
        assert [(row["Stage"], row["Moved_To__s"], row["Modified_Time"][:10]) for row in held["DealHistory"]] == [
            ("Qualification", "Closed Won", "2023-07-01"), ("Closed Won", None, "2023-12-01"),
            ("Qualification", None, "2023-07-01"),
        ]  # fmt: skip
        assert [user["id"] for user in zoho.store.users] == ["R1", "R2"]
