"""The Fxiaoke server answers as the fact sheet says Fxiaoke does: every error under HTTP 200, by its code."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.servers.fxiaoke import Fxiaoke, serve
from tests.servers.fxiaoke_data import fill

Asked = tuple[httpx.Client, Fxiaoke]
QUERY = "/cgi/crm/v2/data/query"
SIMPLE = "/cgi/crm/custom/v2/data/findSimple"
PROJECTION = ["_id", "name", "amount", "owner", "last_modified_time"]


@pytest.fixture
def asked() -> Iterator[Asked]:
    with serve() as (url, fxiaoke), httpx.Client(base_url=url) as http:
        fill(fxiaoke.store, 450)
        yield http, fxiaoke


def secrets(fxiaoke: Fxiaoke, **changed: str) -> dict[str, str]:
    auth = fxiaoke.auth
    return {
        "appId": auth.app_id,
        "appSecret": auth.app_secret,
        "permanentCode": auth.permanent_code,
        **changed,
    }


def old_token(http: httpx.Client, fxiaoke: Fxiaoke, **changed: str) -> dict[str, Any]:
    return http.post("/cgi/corpAccessToken/get/V2", json=secrets(fxiaoke, **changed)).json()


def signed(http: httpx.Client, fxiaoke: Fxiaoke) -> dict[str, Any]:
    made = old_token(http, fxiaoke)
    return {
        "corpAccessToken": made["corpAccessToken"], "corpId": made["corpId"], "currentOpenUserId": "FSUID_admin",
    }  # fmt: skip


def post(http: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = http.post(path, json=body)
    assert answer.status_code == 200
    return orjson.loads(answer.content)


def query(
    asked: Asked,
    name: str = "NewOpportunityObj",
    path: str = QUERY,
    top: dict[str, Any] | None = None,
    **info: Any,
) -> dict[str, Any]:
    http, fxiaoke = asked
    data = {"dataObjectApiName": name, "find_explicit_total_num": False, "search_query_info": info}
    return post(http, path, {**signed(http, fxiaoke), **(top or {}), "data": data})


def condition(name: str, sign: str, *values: str) -> dict[str, Any]:
    return {"field_name": name, "operator": sign, "field_values": list(values)}


def walk(asked: Asked, *filters: dict[str, Any], **info: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    http, fxiaoke = asked
    top = signed(http, fxiaoke)
    while True:
        behind = [condition("_id", "GT", found[-1]["_id"])] if found else []
        search = {"limit": 100, "offset": 0, "filters": [*filters, *behind],
                  "orders": [{"fieldName": "_id", "isAsc": True}], **info}  # fmt: skip
        data = {
            "dataObjectApiName": "NewOpportunityObj",
            "search_query_info": search,
            "find_explicit_total_num": False,
        }
        rows = post(http, QUERY, {**top, "data": data})["data"]["dataList"]
        found += rows
        if len(rows) < 100:
            return found


def test_a_token_is_given_again_until_it_is_6600_seconds_old_and_dies_at_7200(asked: Asked) -> None:
    http, fxiaoke = asked
    first = signed(http, fxiaoke)
    fxiaoke.clock.advance(6_590)
    assert signed(http, fxiaoke) == first
    fxiaoke.clock.advance(20)
    second = signed(http, fxiaoke)
    assert second != first
    listing = {name: post(http, "/cgi/crm/v2/object/list", {**top, "includeNull": False})["errorCode"]
               for name, top in {"first": first, "second": second}.items()}  # fmt: skip
    assert listing == {"first": 0, "second": 0}
    fxiaoke.clock.advance(600)
    assert post(http, "/cgi/crm/v2/object/list", first)["errorCode"] == 20016
    assert post(http, "/cgi/crm/v2/object/list", second)["errorCode"] == 0


def test_both_generations_of_authentication_and_no_mixture(asked: Asked) -> None:
    http, fxiaoke = asked
    made = http.post("/oauth2.0/token", json={**secrets(fxiaoke), "grantType": "app_secret"}).json()
    headers = {"authorization": f"Bearer {made['accessToken']}", "x-fs-ea": made["ea"], "x-fs-userid": "1000"}
    url = "/cgi/crm/v2/object/list?thirdTraceId=1"
    assert http.post(url, json={}, headers=headers).json()["errorCode"] == 0
    assert http.post(url, json=signed(http, fxiaoke), headers=headers).json()["errorCode"] == 20016
    assert http.post(url, json={}, headers={**headers, "x-fs-ea": "other"}).json()["errorCode"] == 20016


def test_what_is_wrong_with_credentials(asked: Asked) -> None:
    http, fxiaoke = asked
    assert old_token(http, fxiaoke, appSecret="no")["errorCode"] == 10006
    none = post(http, QUERY, {"data": {}})
    assert (none["errorCode"], none["errorMessage"]) == (20017, "corpAccessToken为必填项，不能为空")
    top = signed(http, fxiaoke)
    wrong = post(http, QUERY, {**top, "corpAccessToken": "x"})
    assert (wrong["errorCode"], "cropAccessToken" in wrong["errorMessage"]) == (20016, True)
    assert post(http, QUERY, {**top, "currentOpenUserId": "FSUID_x"})["errorCode"] == 32000
    mobile = {"corpId": top["corpId"], "corpAccessToken": top["corpAccessToken"], "mobile": "13800000000"}
    assert post(http, "/cgi/user/getByMobile", mobile)["empList"][0]["openUserId"] == "FSUID_admin"
    codes = [old_token(http, fxiaoke)["errorCode"] for _ in range(10)]
    assert (codes[0], codes[-1]) == (0, 30004)
    assert http.get(QUERY).status_code == 405


@pytest.mark.parametrize(
    ("info", "code"),
    [
        ({"limit": 101}, 32000),
        ({"limit": 100, "offset": 50}, 32000),
        ({"limit": 100, "offset": 10_100}, 10013),
        ({"limit": 100, "offset": 10_000}, 0),
        ({"limit": 10, "filters": [condition("last_modified_time", "GTE", "x")]}, 32000),
        ({"limit": 10, "filters": [{"field_name": "_id", "operator": "GT", "field_values": [5]}]}, 32000),
        ({"limit": 10, "filters": [condition("nothing", "EQ", "1")]}, 32000),
        ({"limit": 10, "filters": [condition("name", "MATCHES", "1")]}, 32000),
        ({"limit": 10, "orders": [{"fieldName": "_id", "isAsc": "true"}]}, 32000),
        ({"limit": 10, "field_projection": ["_id"]}, 32000),
        ({"limit": 10, "fieldProjection": ["nothing"]}, 32000),
    ],
)
def test_what_a_query_must_not_be(asked: Asked, info: dict[str, Any], code: int) -> None:
    assert query(asked, **info)["errorCode"] == code


def test_where_things_stand_in_the_body(asked: Asked) -> None:
    http, fxiaoke = asked
    fxiaoke.store.add_thing("Visit__c", "拜访")
    beside = {
        **signed(http, fxiaoke),
        "dataObjectApiName": "NewOpportunityObj",
        "data": {"search_query_info": {}},
    }
    assert post(http, QUERY, beside)["errorCode"] == 32000
    assert query(asked, "Visit__c", limit=10)["errorCode"] == 32000
    assert query(asked, "Visit__c", "/cgi/crm/custom/v2/data/query", limit=10)["errorCode"] == 0
    assert query(asked, "NewOpportunityObj", "/cgi/crm/custom/v2/data/query", limit=10)["errorCode"] == 32000
    assert query(asked, "Visit__c", SIMPLE, limit=10)["errorCode"] == 0
    assert query(asked, "NoSuchObj", limit=10)["errorCode"] == 32000


def test_a_record_tells_numbers_as_texts_owners_as_lists_and_no_nulls(asked: Asked) -> None:
    full = query(asked, limit=1, filters=[condition("name", "EQ", "商机1")])["data"]
    (row,) = full["dataList"]
    assert (row["owner"], row["owner__r"]["name"], full["total"]) == (["FSUID_1"], "员工1", 0)
    assert isinstance(row["amount"], str)
    bare = query(asked, limit=1, filters=[condition("name", "EQ", "商机0")])["data"]["dataList"][0]
    assert "amount" not in bare
    filled = query(asked, top={"includeNull": True}, limit=1, filters=[condition("name", "EQ", "商机0")])
    assert filled["data"]["dataList"][0]["amount"] is None
    cut = query(asked, limit=1, fieldProjection=["_id", "owner"])["data"]["dataList"][0]
    assert set(cut) == {"_id", "owner", "owner__r"}
    assert query(asked, top={"returnTotalNum": 1}, limit=1)["data"]["total"] == 450
    assert query(asked, top={"returnTotalNum": 3}, limit=1)["data"]["total"] == 0


def test_a_walk_by_id_meets_each_record_once_even_when_they_change(asked: Asked) -> None:
    _, fxiaoke = asked
    thing, middle = fxiaoke.store.things["NewOpportunityObj"], 1_767_225_600_000 + 300 * 60_000
    some = thing.ids()[3]
    fxiaoke.after(QUERY, 2, lambda: fxiaoke.store.change("NewOpportunityObj", some, sales_stage="9"))
    found = walk(asked)
    assert len({row["_id"] for row in found}) == len(found) == 450
    late = {row["_id"] for row in walk(asked, condition("last_modified_time", "GTE", str(middle)))}
    assert late == {key for key, row in thing.records.items() if row["last_modified_time"] >= middle}
    assert (some in late, len(late) in (150, 151)) == (True, True)
    assert thing.records[some]["stg_changed_time"] == thing.records[some]["last_modified_time"]


def test_invalid_records_are_hidden_or_shown_and_deleted_ones_are_gone(asked: Asked) -> None:
    _, fxiaoke = asked
    one, two = fxiaoke.store.things["NewOpportunityObj"].ids()[:2]
    fxiaoke.store.invalidate("NewOpportunityObj", one)
    fxiaoke.store.delete("NewOpportunityObj", two)
    assert len(walk(asked)) == 448
    fxiaoke.shows_invalid = True
    assert [row["_id"] for row in walk(asked) if row["life_status"] == "invalid"] == [one]


def test_describe_lists_people_and_departments(asked: Asked) -> None:
    http, fxiaoke = asked
    top = signed(http, fxiaoke)
    fxiaoke.store.add_thing("OpportunityObj", "商机1.0", active=False)
    fxiaoke.hidden = {"CasesObj"}
    objects = {one["describeApiName"]: one["isActive"] for one in
               post(http, "/cgi/crm/v2/object/list", top)["data"]["objects"]}  # fmt: skip
    assert (objects["NewOpportunityObj"], objects["OpportunityObj"], "CasesObj" in objects) == (
        True,
        False,
        False,
    )
    about = {**top, "includeDetail": False, "data": {"apiName": "NewOpportunityObj"}}
    fields = post(http, "/cgi/crm/v2/object/describe", about)["data"]["describe"]["fields"]
    assert (fields["close_date"]["type"], fields["close_date"]["time_zone"]) == ("date", "GMT+8")
    assert query(asked, "CasesObj", limit=1)["errorCode"] == 20014
    people = post(http, "/cgi/user/list", {**top, "departmentId": 999_999, "fetchChild": True})
    assert len(people["userList"]) == 9
    assert post(http, "/cgi/user/list", {**top, "data": {"departmentId": 999_999}})["errorCode"] == 30007
    fxiaoke.store.departments += [
        {"id": 1002, "name": "华东", "parentId": 1001, "isStop": False, "order": 1},
        {"id": 1003, "name": "上海", "parentId": 1002, "isStop": False, "order": 1},
    ]
    fxiaoke.store.people[4]["departmentIds"] = [1003]
    for asked_for, count in (
        ({"departmentId": 999_999}, 0),  # nobody stands in the company itself
        ({"departmentId": 1001}, 8),
        ({"departmentId": 1001, "fetchChild": True}, 9),
        ({"departmentId": 1002, "fetchChild": True}, 1),
    ):
        assert len(post(http, "/cgi/user/list", {**top, **asked_for})["userList"]) == count
    assert post(http, "/cgi/user/list", {**top, "departmentId": 7})["errorCode"] == 30007
    assert post(http, "/cgi/user/list", {**top, "departmentId": 0, "fetchChilds": True})["errorCode"] == 32000
    page = post(http, "/cgi/user/get/batchByUpdTime", {**top, "pageSize": 5, "pageNumber": 2})
    assert (len(page["empList"]), page["pageCount"]) == (4, 2)
    assert post(http, "/cgi/department/list", top)["departments"][0]["name"] == "销售部"


def test_a_hundred_calls_in_twenty_seconds_on_one_path(asked: Asked) -> None:
    http, fxiaoke = asked
    top = signed(http, fxiaoke)
    codes = [post(http, "/cgi/crm/v2/object/list", top)["errorCode"] for _ in range(101)]
    assert (set(codes[:100]), codes[100]) == ({0}, 30004)
    assert query(asked, limit=1)["errorCode"] == 0
    fxiaoke.clock.advance(20)
    assert post(http, "/cgi/crm/v2/object/list", top)["errorCode"] == 0


def test_a_daily_quota_ends_at_midnight_in_beijing(asked: Asked) -> None:
    http, fxiaoke = asked
    top = signed(http, fxiaoke)
    fxiaoke.quota = 2
    codes = [post(http, "/cgi/crm/v2/object/list", top)["errorCode"] for _ in range(3)]
    assert codes == [0, 0, 30002]
    fxiaoke.clock.advance(86_400)
    assert post(http, "/cgi/crm/v2/object/list", signed(http, fxiaoke))["errorCode"] == 0


def test_faults_come_when_they_are_asked_for(asked: Asked) -> None:
    http, fxiaoke = asked
    top = signed(http, fxiaoke)
    path = "/cgi/crm/v2/object/list"
    fxiaoke.fail(path, "busy", "timeout", "20016", "500", "html", "reset", "truncated")
    assert [post(http, path, top)["errorCode"] for _ in range(3)] == [-1, 50009, 20016]
    assert [http.post(path, json=top).status_code for _ in range(2)] == [500, 302]
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            http.post(path, json=top)
    assert post(http, path, top)["errorCode"] == 0


def test_a_hundred_thousand_records_by_keyset() -> None:
    with serve(rate=None) as (url, fxiaoke), httpx.Client(base_url=url) as http:
        fill(fxiaoke.store, 100_000)
        found = walk((http, fxiaoke), fieldProjection=PROJECTION)
        assert len({row["_id"] for row in found}) == len(found) == 100_000
        assert fxiaoke.count(QUERY) == 1_001
