"""Records of a Fxiaoke tenant come through complete and once, whatever happens on the way."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.settings import now
from pipelines.sources.definition import load_source
from pipelines.sources.live import sweep
from pipelines.sources.live.failures import SourceFaultError, SourceStoppedError
from pipelines.sources.live.fetch import Fetched, fetch
from pipelines.sources.live.fxiaoke.api import Window
from pipelines.sources.receipt import receipts_of
from pipelines.sources.state import read_state
from tests.fixtures.fxiaoke_source import fxiaoke_credentials, write_fxiaoke_source
from tests.servers.fxiaoke import Fxiaoke, serve
from tests.servers.fxiaoke_data import fill

OPPORTUNITIES = "NewOpportunityObj"
QUERY, SIMPLE = "/cgi/crm/v2/data/query", "/cgi/crm/custom/v2/data/findSimple"


class Ground:
    """A home, a tenant, and a source that asks it; `later` is how far our clock is turned forward."""

    def __init__(self, root: Path, url: str, fxiaoke: Fxiaoke) -> None:
        self.url, self.fxiaoke, self.later = url, fxiaoke, timedelta()
        self.home = Home(root / "home")
        self.home.prepare()
        self.folder = write_fxiaoke_source(root / "fx", url)

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        return self.fxiaoke.store.things[OPPORTUNITIES].records

    def live(self, **keys: Any) -> None:
        write_fxiaoke_source(self.folder, self.url, **keys)

    def advance(self, hours: float) -> None:
        """Both clocks."""
        self.fxiaoke.clock.advance(hours * 3_600)
        self.later += timedelta(hours=hours)

    def fetch(self) -> Fetched:
        return fetch(load_source(self.folder), self.home, lambda: now() + self.later)

    def lines(self, name: str = OPPORTUNITIES) -> list[dict[str, Any]]:
        """All archived lines of an object in the order of their extracts."""
        found = [one for one in receipts_of(self.home, "fx") if one.extract_id.rpartition("/")[0] == name]
        return [
            orjson.loads(line)
            for one in found
            for line in (self.home.blobs / one.sha256).read_bytes().splitlines()
        ]

    def ids(self) -> Counter[str]:
        return Counter(str(record["_id"]) for record in self.lines())


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    with serve(rate=None) as (url, fxiaoke):
        fill(fxiaoke.store, 450)
        for name, value in fxiaoke_credentials(fxiaoke.auth).items():
            monkeypatch.setenv(name, value)
        yield Ground(tmp_path, url, fxiaoke)


def test_every_record_comes_once_with_its_own_digits_and_fields(ground: Ground) -> None:
    ground.fetch()
    assert ground.ids() == dict.fromkeys(ground.records, 1)
    (line,) = [one for one in ground.lines() if one["name"] == "商机1"]
    source = ground.records[line["_id"]]
    assert (line["amount"], line["owner"], line["last_modified_time"]) == (
        source["amount"], ["FSUID_1"], source["last_modified_time"],
    )  # fmt: skip
    assert {one.get("cost_time", "absent") for one in ground.lines()} == {None}


def test_nothing_new_makes_no_extract_and_a_change_brings_one_record(ground: Ground) -> None:
    ground.fetch()
    assert [one.new for one in ground.fetch().streams] == [0]
    key = next(iter(ground.records))
    ground.fxiaoke.store.change(OPPORTUNITIES, key, sales_stage="9")
    ground.advance(0.2)
    ground.fetch()
    assert ground.ids()[key] == 2
    assert ground.lines()[-1]["stg_changed_time"] == ground.records[key]["last_modified_time"]


def test_what_changes_during_a_walk_is_the_next_walks(ground: Ground) -> None:
    early, late = sorted(ground.records)[0], sorted(ground.records)[-1]
    change = ground.fxiaoke.store.change
    ground.fxiaoke.after(
        QUERY, 3, lambda: [change(OPPORTUNITIES, key, sales_stage="9") for key in (early, late)]
    )
    ground.fetch()
    assert ground.ids()[late] == 0
    ground.advance(0.2)
    ground.fetch()
    newest = {record["_id"]: record for record in ground.lines()}
    assert newest == {key: {**newest[key], **record} for key, record in ground.records.items()}


def test_a_token_that_dies_is_renewed_once_and_the_call_replayed(ground: Ground) -> None:
    ground.fxiaoke.after(QUERY, 2, ground.fxiaoke.auth.expire)
    ground.fetch()
    assert ground.ids() == dict.fromkeys(ground.records, 1)
    assert ground.fxiaoke.count("corpAccessToken") == 2
    tokens = {call.json().get("corpAccessToken") for call in ground.fxiaoke.calls if call.path == QUERY}
    assert len(tokens) == 2


def test_a_token_that_is_refused_again_is_a_fault(ground: Ground) -> None:
    ground.fxiaoke.fail("object/list", "20016", "20016")
    with pytest.raises(SourceFaultError, match="just given"):
        ground.fetch()


def test_errors_under_http_200_pass_or_end_the_run(ground: Ground) -> None:
    ground.fxiaoke.fail(QUERY, "busy", "timeout", "30004", "14001")
    ground.fxiaoke.after(
        QUERY, 5, lambda: ground.fxiaoke.fail(QUERY, "500", "reset", "truncated", "cut_json")
    )
    told = ground.fetch()
    assert sum(told.calls["retried"].values()) == 8
    assert ground.ids() == dict.fromkeys(ground.records, 1)
    ground.fxiaoke.fail("object/list", *["busy"] * 6)
    with pytest.raises(SourceFaultError, match="6 tries"):
        ground.fetch()


def test_a_spent_quota_keeps_what_came_and_the_next_day_goes_on(ground: Ground) -> None:
    ground.fxiaoke.quota = 5  # list, describe, count, two pages
    with pytest.raises(SourceStoppedError, match="this day"):
        ground.fetch()
    assert len(ground.ids()) == 200
    ground.fxiaoke.quota = None
    calls = ground.fxiaoke.count(QUERY)
    ground.advance(24)
    ground.fetch()
    assert ground.ids() == dict.fromkeys(ground.records, 1)
    assert ground.fxiaoke.count(QUERY) - calls == 4  # a count, and the pages that were left


def test_wrong_credentials_are_an_error_of_use_without_a_secret(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FXIAOKE_APP_SECRET", "planted-secret-5791")
    with pytest.raises(UsageError, match="10006") as caught:
        ground.fetch()
    assert "planted-secret" not in f"{caught.value!s} {caught.value.lines()}"
    monkeypatch.delenv("FXIAOKE_APP_SECRET")
    with pytest.raises(UsageError, match="FXIAOKE_APP_SECRET"):
        ground.fetch()


def test_nothing_secret_is_left_behind_or_logged(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    ground.fxiaoke.fail("object/list", "20016")
    ground.fetch()
    monkeypatch.setenv("FXIAOKE_PERMANENT_CODE", "planted-secret-5791")
    with pytest.raises(UsageError) as caught:
        ground.fetch()
    secrets = [
        ground.fxiaoke.auth.app_secret,
        ground.fxiaoke.auth.permanent_code,
        "planted-secret-5791",
        "TOKEN0000",
    ]
    left = [path.read_bytes() for path in ground.home.root.rglob("*") if path.is_file()]
    told = "".join([*caplog.messages, *caught.value.lines(), repr(caught.value)])
    assert len(left) > 3
    assert [one for one in secrets if one in told or any(one.encode() in content for content in left)] == []


def test_an_object_that_is_not_used_or_not_given_is_told_and_the_others_come(ground: Ground) -> None:
    ground.fxiaoke.store.add_thing("OpportunityObj", "商机1.0", active=False)
    ground.fxiaoke.fail("object/describe", "20014")
    ground.live(modules=["CasesObj", "OpportunityObj", OPPORTUNITIES, "users", "departments"])
    told = ground.fetch()
    assert told.unavailable.keys() == {"CasesObj", "OpportunityObj"}
    assert ground.ids() == dict.fromkeys(ground.records, 1)
    assert len(ground.lines("users")) == 9
    assert [one["name"] for one in ground.lines("departments")] == ["销售部"]


def test_a_host_that_is_no_gateway_says_so(ground: Ground) -> None:
    ground.fxiaoke.fail("corpAccessToken", "html")
    with pytest.raises(SourceFaultError, match="not its gateway"):
        ground.fetch()


def test_a_path_is_asked_no_oftener_than_the_gateway_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    window, sent = Window(calls=3, seconds=20), []
    for step in (0, 1, 1, 0, 0, 30, 0):
        clock[0] += step
        window.wait("/one")
        sent.append(clock[0])
    window.wait("/other")
    assert sent == [0, 1, 2, 20, 21, 51, 51]
    assert clock[0] == 51


def test_what_vanished_is_found_by_its_id_and_may_come_back(ground: Ground) -> None:
    ground.fetch()
    one, two = sorted(ground.records)[:2]
    kept = dict(ground.records[one])
    ground.fxiaoke.store.delete(OPPORTUNITIES, one)
    ground.fxiaoke.store.invalidate(OPPORTUNITIES, two)
    ground.fetch()
    assert ground.lines(f"{OPPORTUNITIES}/deleted") == []  # a sweep a day is enough
    ground.advance(25)
    ground.fetch()
    assert [line["_id"] for line in ground.lines(f"{OPPORTUNITIES}/deleted")] == [one, two]
    ground.fxiaoke.store.put(OPPORTUNITIES, {**kept, "last_modified_time": ground.fxiaoke.store.now()})
    ground.advance(25)
    ground.fetch()
    assert len(ground.lines(f"{OPPORTUNITIES}/deleted")) == 2
    source = load_source(ground.folder)
    live = sweep.known_ids(ground.home, source, OPPORTUNITIES, "_id")
    assert (one in live, two in live) == (True, False)


def test_too_many_that_vanish_are_a_lost_right_and_an_error_is_none(ground: Ground) -> None:
    ground.fetch()
    for key in list(ground.records)[:40]:
        ground.fxiaoke.store.delete(OPPORTUNITIES, key)
    ground.advance(25)
    assert "40 of 450" in ground.fetch().held[OPPORTUNITIES]
    assert (
        "40 of 450" in read_state(ground.home, load_source(ground.folder).name).held[OPPORTUNITIES]
    )  # S13 warns
    assert ground.lines(f"{OPPORTUNITIES}/deleted") == []
    ground.fxiaoke.fail(SIMPLE, *["busy"] * 6)
    with pytest.raises(SourceFaultError):
        ground.fetch()
    assert ground.lines(f"{OPPORTUNITIES}/deleted") == []


@pytest.mark.parametrize(
    ("known", "gone", "is_held"),
    [(1_000, 10, False), (1_000, 11, True), (30, 10, False), (20, 10, True), (0, 0, False)],
)
def test_how_many_may_vanish(known: int, gone: int, is_held: bool) -> None:
    assert sweep.Swept(known, tuple(map(str, range(gone)))).is_held is is_held
