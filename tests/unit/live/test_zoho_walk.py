"""Records of a Zoho org come through complete and once, whatever happens on the way."""

import pytest

from pipelines.cli import main
from pipelines.errors import REJECTED
from pipelines.files import sha256_of
from pipelines.home import Home
from pipelines.inputs import receipts
from pipelines.landing.land import land_source, write_empty
from pipelines.release.rebuild import _restore_source
from pipelines.sources.collect import collect_source
from pipelines.sources.definition import load_source
from pipelines.sources.live.failures import SourceFaultError, SourceStoppedError
from pipelines.sources.model import Source
from pipelines.sources.receipt import receipts_of
from pipelines.sources.state import read_state
from tests.servers.zoho_data import deals, fill
from tests.unit.live.ground import Ground


def test_2001_records_come_past_the_2000_that_page_numbers_reach(ground: Ground) -> None:
    fill(ground.zoho.store, 2_001)
    ground.fetch()
    assert set(ground.ids().values()) == {1}
    assert ground.ids().keys() == ground.zoho.store.modules["Deals"].records.keys()
    assert all(int(call.query.get("page", "1")) == 1 for call in ground.zoho.calls)


def test_an_amount_keeps_its_digits(ground: Ground) -> None:
    (deal,) = deals(1)
    ground.zoho.store.put("Deals", {**deal, "Amount": 1234567.1})
    ground.fetch()
    (receipt,) = [one for one in receipts_of(ground.home, "crm") if one.extract_id == "Deals/000001.jsonl"]
    assert b'"Amount":1234567.1,' in (ground.home.blobs / receipt.sha256).read_bytes()
    assert receipt.declared == {"rows": 1, "sums": {}}


def test_the_same_again_makes_no_extract(ground: Ground) -> None:
    fill(ground.zoho.store, 300)
    ground.fetch()
    again = ground.fetch()
    assert [one.new for one in again.streams] == [0, 0]
    assert len(ground.extracts()) == 1


def test_a_change_brings_one_record(ground: Ground) -> None:
    fill(ground.zoho.store, 300)
    ground.fetch()
    key = next(iter(ground.zoho.store.modules["Deals"].records))
    ground.zoho.store.change("Deals", key, Stage="Closed Won")
    ground.fetch()
    assert [[record["id"] for record in extract] for extract in ground.extracts()[1:]] == [[key]]
    assert ground.latest()[key]["Stage"] == "Closed Won"


def test_a_record_that_became_visible_late_is_inside_the_overlap(ground: Ground) -> None:
    first, late = deals(2)
    ground.zoho.store.put("Deals", late)
    ground.fetch()
    ground.zoho.store.put("Deals", first)  # a minute older than the newest one that was seen
    ground.fetch()
    assert ground.ids() == {first["id"]: 1, late["id"]: 1}


def test_the_header_stays_the_same_over_a_walk(ground: Ground) -> None:
    fill(ground.zoho.store, 300)
    ground.fetch()
    for key in list(ground.zoho.store.modules["Deals"].records)[:250]:
        ground.zoho.store.change("Deals", key, Stage="Closed Lost")
    ground.zoho.calls.clear()
    ground.fetch()
    asked = [call for call in ground.zoho.calls if call.path == "/crm/v8/Deals"]
    assert len(asked) == 2
    assert len({call.headers["if-modified-since"] for call in asked}) == 1


def test_no_answer_and_nothing_modified_are_no_errors(ground: Ground) -> None:
    told = ground.fetch()
    assert [(one.got, one.is_complete) for one in told.streams] == [(0, True), (0, True)]
    assert ground.extracts() == [[]]  # it was asked, and had none
    ground.fetch()
    assert len(ground.extracts()) == 1


def test_a_wide_module_is_walked_in_slices_and_merged(ground: Ground) -> None:
    wide = {f"Field_{number}": f"v{number}" for number in range(120)}
    ground.zoho.store.put("Deals", *({**deal, **wide} for deal in deals(450)))
    ground.fetch()
    assert len(ground.latest()) == 450
    assert all(wide.items() <= record.items() for record in ground.latest().values())
    assert set(ground.ids().values()) == {1}


def test_a_wide_record_that_changes_between_two_slices_is_whole_in_the_end(ground: Ground) -> None:
    wide = {f"Field_{number}": "old" for number in range(80)}
    ground.zoho.store.put("Deals", *({**deal, **wide} for deal in deals(450)))
    key = deals(450)[0]["id"]
    fresh = dict.fromkeys(wide, "new")
    ground.zoho.after("/crm/v8/Deals", 1, lambda: ground.zoho.store.change("Deals", key, **fresh))
    ground.fetch()
    ground.fetch()
    assert set(ground.ids()) == {deal["id"] for deal in deals(450)}
    assert fresh.items() <= ground.latest()[key].items()


def test_leads_that_were_converted_come_too(ground: Ground) -> None:
    ground.live(modules=["Leads"])
    ground.zoho.store.put("Leads", {"Company": "A"}, {"Company": "B", "Converted__s": True})
    ground.fetch()
    assert sorted(record["Company"] for record in ground.latest("Leads").values()) == ["A", "B"]


def test_a_module_without_a_time_of_change_is_compared_whole(ground: Ground) -> None:
    ground.live(modules=["Plain"])
    ground.zoho.store.add_module("Plain", timed=False, names=("Colour",))
    one, _ = ground.zoho.store.put("Plain", {"Colour": "red"}, {"Colour": "blue"})
    ground.fetch()
    ground.fetch()
    assert len(ground.extracts("Plain")) == 1
    ground.zoho.store.change("Plain", one, Colour="green")
    ground.fetch()
    assert [[record["Colour"] for record in extract] for extract in ground.extracts("Plain")][1:] == [
        ["green"]
    ]


def test_deleted_records_leave_a_tombstone_once(ground: Ground) -> None:
    fill(ground.zoho.store, 5)
    ground.fetch()
    key = deals(5)[2]["id"]
    ground.zoho.store.delete("Deals", key)
    ground.fetch()
    ground.fetch()
    assert ground.ids("Deals/deleted") == {key: 1}


def test_more_deletions_than_zoho_tells_of_are_found_by_comparing_ids(ground: Ground) -> None:
    fill(ground.zoho.store, 10_000)
    ground.fetch()
    gone = [deal["id"] for deal in deals(10_000)[:60]]
    for key in gone:
        ground.zoho.store.delete("Deals", key)
    ground.zoho.deleted_at_most = 100  # in place of 2,000
    ground.fetch()
    assert ground.ids("Deals/deleted") == dict.fromkeys(gone, 1)


def test_a_page_token_that_is_a_day_old_begins_again_from_what_was_seen(ground: Ground) -> None:
    fill(ground.zoho.store, 1_000)
    ground.zoho.after("/crm/v8/Deals", 4, lambda: ground.zoho.clock.advance(90_000))
    told = ground.fetch()
    assert told.streams[0].restarts == ["EXPIRED_VALUE"]
    assert set(ground.ids().values()) == {1}
    assert len(ground.ids()) == 1_000


@pytest.mark.parametrize("status", [400, 401])
def test_a_mismatch_of_the_token_is_no_fault_of_the_credentials(ground: Ground, status: int) -> None:
    ground.zoho.pages.mismatch_status = status
    fill(ground.zoho.store, 700)
    ground.zoho.after("/crm/v8/Deals", 2, lambda: _rebind(ground))
    ground.fetch()
    assert len(ground.ids()) == 700
    assert ground.zoho.count("/oauth/v2/token") == 1


def _rebind(ground: Ground) -> None:
    for token in ground.zoho.pages.tokens.values():
        token.bound = ("another walk",)


def test_a_dead_token_is_renewed_once_and_the_call_replayed(ground: Ground) -> None:
    fill(ground.zoho.store, 1_000)
    ground.zoho.after("/crm/v8/Deals", 2, ground.zoho.auth.expire)
    ground.fetch()
    assert set(ground.ids().values()) == {1}
    assert len(ground.ids()) == 1_000
    assert ground.zoho.count("/oauth/v2/token") == 2


def test_bursts_of_429_and_500_and_broken_connections_pass(ground: Ground) -> None:
    fill(ground.zoho.store, 1_000)
    ground.zoho.fail("/crm/v8/Deals", "429", "500", "reset", "503", "truncated")
    ground.zoho.after("/crm/v8/Deals", 7, lambda: ground.zoho.fail("Deals", "reset_after", "cut_json", "502"))
    ground.fetch()
    assert set(ground.ids().values()) == {1}
    assert len(ground.ids()) == 1_000


def test_credits_of_the_day_stop_the_run_and_what_came_stays(ground: Ground) -> None:
    ground.live(patience_seconds=1)
    fill(ground.zoho.store, 2_000)
    ground.zoho.credits = 8
    with pytest.raises(SourceStoppedError) as stopped:
        ground.fetch()
    assert stopped.value.exit_code == REJECTED
    assert "go" in stopped.value.todo
    (partial,) = [one for one in receipts_of(ground.home, "crm") if one.tables]
    assert partial.window
    assert partial.window["complete"] == "no"
    had = len(ground.ids())
    assert 0 < had < 2_000
    ground.zoho.credits, before = None, ground.zoho.count("/crm/v8/Deals")
    ground.fetch()
    assert len(ground.ids()) == 2_000
    assert set(ground.ids().values()) == {1}
    assert ground.zoho.count("/crm/v8/Deals") - before <= (2_000 - had) // 200 + 3


def test_the_budget_of_a_run_stops_it(ground: Ground) -> None:
    ground.live(calls_per_run=7)
    fill(ground.zoho.store, 2_000)
    with pytest.raises(SourceStoppedError, match="budget of this run"):
        ground.fetch()
    ground.live()
    ground.fetch()
    assert len(ground.ids()) == 2_000


def test_a_page_lost_without_a_word_is_not_taken_for_complete(ground: Ground) -> None:
    fill(ground.zoho.store, 1_000)
    module = ground.zoho.store.modules["Deals"]
    hidden = [module.records[deal["id"]] for deal in deals(1_000)[-200:]]
    ground.zoho.after(
        "/actions/count", 1, lambda: [ground.zoho.store.delete("Deals", one["id"]) for one in hidden]
    )
    with pytest.raises(SourceFaultError, match="1000 records by its own count, 800 came"):
        ground.fetch()
    ground.zoho.store.put("Deals", *hidden)
    ground.fetch()
    assert len(ground.ids()) == 1_000
    assert set(ground.ids().values()) == {1}


def test_a_module_that_is_not_given_is_told_and_the_others_come(ground: Ground) -> None:
    ground.live(modules=["Deals", "Quotes", "Cases", "No_Such"])
    fill(ground.zoho.store, 10)
    ground.zoho.hidden, ground.zoho.unavailable = {"Quotes"}, {"Cases"}
    told = ground.fetch()
    assert {name: said.split(":")[0] for name, said in told.unavailable.items()} == {
        "Quotes": "NO_FIELDS", "Cases": "INVALID_MODULE", "No_Such": "INVALID_MODULE",
    }  # fmt: skip
    assert len(ground.ids()) == 10


def test_a_module_that_a_contract_reads_and_zoho_does_not_give_is_waited_for(ground: Ground) -> None:
    ground.live(modules=["Deals", "Quotes"])
    ground.zoho.hidden = {"Deals", "Quotes"}
    ground.fetch()
    assert list(read_state(ground.home, "crm").unready) == ["Deals"]
    ground.zoho.hidden = set()
    ground.fetch()
    assert read_state(ground.home, "crm").unready == {}


def test_a_run_whose_credits_are_spent_says_so_in_three_lines(
    ground: Ground, capfd: pytest.CaptureFixture[str]
) -> None:
    ground.live(patience_seconds=1)
    fill(ground.zoho.store, 2_000)
    ground.zoho.credits = 8
    with pytest.raises(SystemExit) as ended:
        main(["run", "--source", str(ground.folder), "--home", str(ground.home.root)])
    assert ended.value.code == REJECTED
    shown = capfd.readouterr().err
    assert "Traceback" not in shown
    assert "crm: a limit of the system did not pass in 1 s" in shown
    assert "what was fetched stays, and the next run goes on" in shown


def test_what_was_fetched_is_laid_out_for_a_rebuild_and_lands_the_same_without_asking(ground: Ground) -> None:
    fill(ground.zoho.store, 300)
    ground.fetch()
    ground.zoho.store.change("Deals", deals(300)[0]["id"], Amount=5)
    ground.fetch()
    first = landed(ground.home, load_source(ground.folder))
    second = Home(ground.root / "second")
    second.prepare()
    manifest = {"inputs": {"extracts": receipts(ground.home)}}
    folder = _restore_source(ground.home, second, ground.folder, manifest)
    ground.zoho.calls.clear()
    again = load_source(folder)
    collect_source(again, second)
    assert landed(second, again) == first
    assert len(first) == 2
    assert ground.zoho.calls == []


def landed(home: Home, source: Source) -> dict[str, str]:
    """Digest of each landed file of opportunities."""
    write_empty(home)
    land_source(home, source)
    folder = home.landing / "crm__opportunities" / source.name
    return {path.name: sha256_of(path) for path in sorted(folder.glob("*.parquet"))}
