"""The Zoho server answers as the fact sheet says Zoho does: each error with its status and body."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import orjson
import pytest

from tests.servers.zoho import Zoho, serve
from tests.servers.zoho_data import fill

Asked = tuple[httpx.Client, Zoho]


def mint(http: httpx.Client, zoho: Zoho, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "refresh_token", "client_id": zoho.auth.client_id,
        "client_secret": zoho.auth.client_secret, "refresh_token": zoho.auth.refresh_token,
    }  # fmt: skip
    return http.post("/oauth/v2/token", data={**form, **changed})


def sign_in(http: httpx.Client, zoho: Zoho) -> None:
    http.headers["Authorization"] = f"Zoho-oauthtoken {mint(http, zoho).json()['access_token']}"


@pytest.fixture
def asked() -> Iterator[Asked]:
    with serve() as (url, zoho), httpx.Client(base_url=url) as http:
        fill(zoho.store, 2_001)
        sign_in(http, zoho)
        yield http, zoho


def said(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["status"] == "error"
    return answer.status_code, body["code"]


def get(http: httpx.Client, path: str, since: str | None = None, **query: Any) -> httpx.Response:
    return http.get(f"/crm/v8/{path}", params=query, headers={"If-Modified-Since": since} if since else None)


def walk(http: httpx.Client, path: str, since: str | None = None, **query: Any) -> list[dict[str, Any]]:
    found, token = [], {}
    while True:
        body = orjson.loads(get(http, path, since, **query, **token).content)
        found += body["data"]
        if not body["info"]["more_records"]:
            return found
        token = {"page_token": body["info"]["next_page_token"]}


def test_a_token_names_the_server_and_lives_an_hour(asked: Asked) -> None:
    http, zoho = asked
    body = mint(http, zoho).json()
    assert (body["api_domain"], body["expires_in"], body["token_type"]) == (
        str(http.base_url),
        3_600,
        "Bearer",
    )
    assert get(http, "Deals", fields="Stage").status_code == 200
    zoho.clock.advance(3_601)
    assert said(get(http, "Deals", fields="Stage")) == (401, "INVALID_TOKEN")


def test_bad_credentials_are_errors_under_http_200(asked: Asked) -> None:
    http, zoho = asked
    bad = mint(http, zoho, refresh_token="1000.other")
    assert (bad.status_code, bad.json()) == (200, {"error": "invalid_code"})
    assert mint(http, zoho, client_secret="no").json() == {"error": "invalid_client"}


def test_the_eleventh_token_in_ten_minutes_is_refused_and_asking_on_extends_it(asked: Asked) -> None:
    http, zoho = asked
    assert [mint(http, zoho).status_code for _ in range(10)] == [200] * 9 + [400]
    zoho.clock.advance(500)
    assert mint(http, zoho).json()["error"] == "Access Denied"
    zoho.clock.advance(500)
    assert mint(http, zoho).status_code == 400
    zoho.clock.advance(601)
    assert mint(http, zoho).status_code == 200


def test_the_thirty_first_token_kills_the_oldest(asked: Asked) -> None:
    http, zoho = asked
    zoho.auth.mints = None
    for _ in range(30):
        mint(http, zoho)
    assert said(get(http, "Deals", fields="Stage")) == (401, "INVALID_TOKEN")


def test_the_header_is_not_bearer_and_scopes_are_looked_at(asked: Asked) -> None:
    http, zoho = asked
    token = http.headers["Authorization"].split(" ")[1]
    for header in (f"Bearer {token}", "Zoho-oauthtoken x"):
        answer = http.get("/crm/v8/Deals", params={"fields": "Stage"}, headers={"Authorization": header})
        assert said(answer) == (401, "INVALID_TOKEN")
    zoho.auth.scopes = {"ZohoCRM.modules.deals.READ", "ZohoCRM.settings.ALL"}
    assert get(http, "Deals", fields="Stage").status_code == 200
    assert get(http, "settings/fields", module="Deals").status_code == 200
    assert said(get(http, "Leads", fields="Email")) == (401, "OAUTH_SCOPE_MISMATCH")
    del http.headers["Authorization"]
    assert said(get(http, "Deals", fields="Stage")) == (401, "AUTHENTICATION_FAILURE")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "REQUIRED_PARAM_MISSING"),
        ({"fields": ",".join(["Stage"] * 51)}, "LIMIT_EXCEEDED"),
        ({"fields": "Stage", "page": 11}, "DISCRETE_PAGINATION_LIMIT_EXCEEDED"),
        ({"fields": "Stage", "per_page": 201}, "INVALID_DATA"),
        ({"fields": "Stage", "sort_by": "Amount"}, "INVALID_DATA"),
        ({"fields": "Stage", "perpage": 5}, "INVALID_DATA"),
        ({"fields": "No_Such_Field"}, "INVALID_DATA"),
        ({"fields": "Stage", "page": 1, "page_token": "x"}, "AMBIGUITY_DURING_PROCESSING"),
        ({"fields": "Stage", "cvid": "1", "sort_by": "id"}, "AMBIGUITY_DURING_PROCESSING"),
        ({"fields": "Stage", "page_token": "unknown"}, "INVALID_DATA"),
    ],
)
def test_what_a_question_for_records_must_not_be(asked: Asked, query: dict[str, Any], code: str) -> None:
    assert said(get(asked[0], "Deals", **query)) == (400, code)


def test_the_2001st_record_comes_by_token_only(asked: Asked) -> None:
    http, _ = asked
    last = get(http, "Deals", fields="Stage", page=10).json()["info"]
    assert (last["count"], last["more_records"]) == (200, True)
    refused = get(http, "Deals", fields="Stage", page=11).json()
    assert refused["details"]["limit"] == 2_000
    found = walk(http, "Deals", fields="Deal_Name,Owner", sort_by="Modified_Time", sort_order="asc")
    assert len({one["id"] for one in found}) == len(found) == 2_001
    assert set(found[0]) == {"id", "Deal_Name", "Owner", "$approval", "$locked_for_me"}
    by_id = [int(one["id"]) for one in walk(http, "Deals", fields="Stage")]
    assert by_id == sorted(by_id, reverse=True)


def test_a_token_is_bound_to_every_parameter_and_to_the_header(asked: Asked) -> None:
    http, zoho = asked
    since = "2026-01-01T00:00:00+00:00"
    query = {"fields": "Stage", "sort_by": "Modified_Time", "sort_order": "asc"}
    token = get(http, "Deals", since, **query).json()["info"]["next_page_token"]
    wrong = [
        get(http, "Deals", since, **{**query, "fields": "Amount"}, page_token=token),
        get(http, "Deals", since, **query, per_page=100, page_token=token),
        get(http, "Deals", "2026-01-01T00:00:01+00:00", **query, page_token=token),
        get(http, "Deals", **query, page_token=token),
    ]
    assert {said(one) for one in wrong} == {(400, "TOKEN_BOUND_DATA_MISMATCH")}
    assert get(http, "Deals", since, **query, page_token=token).json()["info"]["page"] == 2
    zoho.clock.advance(86_400)
    sign_in(http, zoho)
    late = get(http, "Deals", since, **query, page_token=token)
    assert (*said(late), late.json()["details"]) == (400, "EXPIRED_VALUE", {"param_name": "page_token"})


def test_nothing_is_204_and_nothing_new_is_304_both_without_a_body(asked: Asked) -> None:
    http, zoho = asked
    empty = get(http, "Campaigns", fields="Status")
    assert (empty.status_code, empty.content) == (204, b"")
    new = zoho.store.now()
    unchanged = get(http, "Deals", new, fields="Stage")
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    zoho.store.change("Deals", next(iter(zoho.store.modules["Deals"].records)), Stage="Closed Won")
    assert get(http, "Deals", new, fields="Stage").json()["info"]["count"] == 1
    assert said(get(http, "Deals", "2026-01-01 00:00:00", fields="Stage")) == (400, "INVALID_DATA")


def test_a_record_edited_during_an_ascending_walk_is_met_again(asked: Asked) -> None:
    http, zoho = asked
    first = zoho.store.modules["Deals"].order("Modified_Time")[0][1]
    zoho.after("/Deals", 1, lambda: zoho.store.change("Deals", str(first), Stage="Closed Won"))
    found = walk(http, "Deals", fields="Stage", sort_by="Modified_Time", sort_order="asc")
    assert [one["Stage"] for one in found if one["id"] == str(first)][-1] == "Closed Won"
    assert len(found) == 2_002


def test_converted_leads_are_hidden_unless_both_are_asked_for(asked: Asked) -> None:
    http, zoho = asked
    zoho.store.put("Leads", {"Full_Name": "A", "Converted__s": True}, {"Full_Name": "B"})
    names = {
        given: [one["Full_Name"] for one in get(http, "Leads", fields="Full_Name", **query).json()["data"]]
        for given, query in {
            "absent": {}, "both": {"converted": "both"}, "true": {"converted": "true"},
        }.items()
    }  # fmt: skip
    assert names == {"absent": ["B"], "both": ["B", "A"], "true": ["A"]}


def test_deleted_records_lose_their_name_for_good(asked: Asked) -> None:
    http, zoho = asked
    assert get(http, "Deals/deleted").status_code == 204
    one, two = list(zoho.store.modules["Deals"].records)[:2]
    zoho.store.delete("Deals", one)
    zoho.store.delete("Deals", two, "permanent")
    found = get(http, "Deals/deleted", type="all").json()["data"]
    assert [(row["id"], row["display_name"] is None) for row in found] == [(one, False), (two, True)]
    assert get(http, "Deals/deleted", "2100-01-01T00:00:00+00:00").status_code == 304
    assert said(get(http, "Deals/deleted", page_token="x")) == (400, "INVALID_DATA")
    assert get(http, "Deals/actions/count").json() == {"count": 1_999}


def test_metadata_has_its_holes(asked: Asked) -> None:
    http, zoho = asked
    assert said(get(http, "settings/fields")) == (400, "REQUIRED_PARAM_MISSING")
    assert said(get(http, "settings/fields", module="Nothing")) == (400, "INVALID_MODULE")
    zoho.store.modules["Contacts"].describe("Odd__c", "text", json_type=None, length=None)
    odd = get(http, "settings/fields", module="Contacts").json()["fields"][-1]
    assert (odd["api_name"], odd["custom_field"], "json_type" in odd) == ("Odd__c", True, False)
    zoho.store.add_module("Visits", timed=False)
    zoho.store.put("Visits", {"Name": "one"})
    kinds = {
        one["api_name"]: one["generated_type"] for one in get(http, "settings/modules").json()["modules"]
    }
    assert (kinds["Visits"], kinds["DealHistory"], kinds["Ordered_Items"]) == ("custom", "linking", "subform")
    assert get(http, "Visits", fields="Name").json()["data"][0]["Name"] == "one"
    assert said(get(http, "Visits", fields="Name", sort_by="Modified_Time")) == (400, "INVALID_DATA")
    assert said(get(http, "settings/pipeline")) == (400, "REQUIRED_PARAM_MISSING")
    assert said(get(http, "settings/territories")) == (403, "FEATURE_NOT_ENABLED")
    assert get(http, "org").json()["org"][0]["iso_code"] == "USD"


def test_users_have_lower_case_keys_and_deleted_ones_are_a_list_of_their_own(asked: Asked) -> None:
    http, zoho = asked
    zoho.store.users[3]["status"] = "deleted"
    body = get(http, "users", type="AllUsers", per_page=5).json()
    assert (body["info"]["more_records"], "full_name" in body["users"][0]) == (True, True)
    assert len(get(http, "users", type="AllUsers").json()["users"]) == 8
    assert len(get(http, "users", type="DeletedUsers").json()["users"]) == 1
    assert get(http, "users", type="NotConfirmedUsers").status_code == 204
    assert said(get(http, "users", type="Everyone")) == (400, "INVALID_DATA")


def test_modules_that_are_hidden_or_not_there(asked: Asked) -> None:
    http, zoho = asked
    zoho.hidden, zoho.unavailable = {"Leads"}, {"Cases"}
    assert said(get(http, "Leads", fields="Email")) == (403, "NO_PERMISSION")
    assert get(http, "settings/fields", module="Leads").status_code == 204
    assert said(get(http, "Cases", fields="Subject")) == (400, "INVALID_MODULE")
    assert said(get(http, "settings/nothing/here")) == (404, "INVALID_URL_PATTERN")


def test_credits_show_after_half_and_end_in_429_until_a_day_has_passed(asked: Asked) -> None:
    http, zoho = asked
    zoho.credits, zoho.spent = 4, []
    shown = [get(http, "org").headers.get("X-API-CREDITS-REMAINING") for _ in range(4)]
    assert shown == [None, "2", "1", "0"]
    refused = get(http, "org")
    assert (*said(refused), "retry-after" in refused.headers) == (429, "TOO_MANY_REQUESTS", False)
    zoho.clock.advance(86_401)
    sign_in(http, zoho)
    assert get(http, "org").status_code == 200


def test_faults_come_when_they_are_asked_for(asked: Asked) -> None:
    http, zoho = asked
    zoho.fail("/Deals", "429", "500", "401", "reset", "truncated", "cut_json")
    codes = [said(get(http, "Deals", fields="Stage"))[0] for _ in range(3)]
    assert codes == [429, 500, 401]
    with pytest.raises(httpx.ReadError):
        get(http, "Deals", fields="Stage")
    with pytest.raises(httpx.RemoteProtocolError):
        get(http, "Deals", fields="Stage")
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(get(http, "Deals", fields="Stage").content)
    assert get(http, "Deals", fields="Stage").status_code == 200
    zoho.mix(3, 0.5)
    for _ in range(40):
        with suppress(httpx.TransportError):
            get(http, "org")
    assert 10 < sum(zoho.faults.values()) - 6 < 30


def test_a_hundred_thousand_records_by_token_and_not_one_more() -> None:
    with serve() as (url, zoho), httpx.Client(base_url=url) as http:
        fill(zoho.store, 100_000)
        sign_in(http, zoho)
        found = walk(http, "Deals", fields="Stage,Amount", sort_by="Modified_Time", sort_order="asc")
        assert len({one["id"] for one in found}) == len(found) == 100_000
        zoho.store.put("Deals", {"Deal_Name": "one more"})
        last = zoho.calls[-1].query["page_token"]
        query = {"fields": "Stage,Amount", "sort_by": "Modified_Time", "sort_order": "asc"}
        token = get(http, "Deals", **query, page_token=last).json()["info"]["next_page_token"]
        assert said(get(http, "Deals", **query, page_token=token)) == (400, "PAGINATION_LIMIT_EXCEEDED")
