"""The other two ways of reading: Bulk Read for what is large, queries for subforms."""

import pytest

from pipelines.sources.live import walk
from pipelines.sources.live.failures import SourceFaultError
from tests.servers.zoho_data import deals, fill
from tests.unit.live.ground import Ground


def test_a_large_module_comes_by_bulk_read_in_the_shape_of_pages(ground: Ground) -> None:
    fill(ground.zoho.store, 1_000)
    ground.fetch()
    paged = ground.latest()
    ground.live(bulk_above=500, poll_ms=1)
    ground.home = type(ground.home)(ground.root / "second")
    ground.home.prepare()
    ground.zoho.bulk.page_rows, ground.zoho.bulk.polls = 300, 3
    ground.zoho.calls.clear()
    ground.fetch()
    assert ground.zoho.count("/crm/v8/Deals", 200) == 1  # the count
    assert set(ground.ids().values()) == {1}
    assert ground.latest().keys() == paged.keys()
    for key, record in ground.latest().items():
        assert record["Owner"] == {"id": paged[key]["Owner"]["id"]}
        for name in ("Amount", "Stage", "Modified_Time", "Closing_Date", "Probability", "Type"):
            assert record[name] == paged[key][name]


def test_after_a_bulk_read_changes_come_by_pages(ground: Ground) -> None:
    ground.live(bulk_above=500, poll_ms=1)
    fill(ground.zoho.store, 1_000)
    ground.fetch()
    key = deals(1_000)[0]["id"]
    ground.zoho.store.change("Deals", key, Stage="Closed Won")
    ground.fetch()
    assert ground.latest()[key]["Stage"] == "Closed Won"
    assert ground.zoho.count("/crm/bulk/v8/read") == 3  # made, asked, downloaded


def test_a_killed_bulk_read_goes_on_with_the_same_job(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.live(bulk_above=500, poll_ms=1)
    fill(ground.zoho.store, 5_000)
    real, calls = walk.Walker._take, 0

    def killed(self, page, now):
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        real(self, page, now)

    monkeypatch.setattr(walk.Walker, "_take", killed)
    with pytest.raises(KeyboardInterrupt):
        ground.fetch()
    monkeypatch.setattr(walk.Walker, "_take", real)
    ground.fetch()
    assert len(ground.zoho.bulk.jobs) == 1
    assert set(ground.ids().values()) == {1}
    assert len(ground.ids()) == 5_000


def test_a_job_that_is_gone_is_made_again(ground: Ground) -> None:
    ground.live(bulk_above=500, poll_ms=1)
    fill(ground.zoho.store, 1_000)
    ground.zoho.bulk.page_rows = 600
    ground.zoho.after("/result", 1, lambda: ground.zoho.clock.advance(90_000))
    ground.zoho.bulk.polls = 2
    ground.fetch()
    assert set(ground.ids().values()) == {1}
    assert len(ground.ids()) == 1_000


def test_a_failed_job_leaves_the_pages(ground: Ground) -> None:
    ground.live(bulk_above=500, poll_ms=1)
    fill(ground.zoho.store, 1_000)
    ground.zoho.bulk.failing = 1
    ground.fetch()
    assert len(ground.ids()) == 1_000


def test_rows_that_a_bulk_read_leaves_out_are_missed_by_the_count(ground: Ground) -> None:
    ground.live(bulk_above=500, poll_ms=1)
    ground.zoho.store.put(
        "Deals", *deals(900), *({**deal, "Account_Name": None} for deal in deals(1_000)[900:])
    )
    ground.zoho.bulk.without_parent = "Account_Name"
    with pytest.raises(SourceFaultError, match="by its own count"):
        ground.fetch()


def test_more_changes_in_one_second_than_a_walk_may_bring_come_by_bulk_read(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.zoho_pages.BY_TOKEN", 1_000)
    at = "2026-03-01T09:00:00-05:00"
    ground.zoho.store.put("Deals", *({**deal, "Modified_Time": at} for deal in deals(2_500)))
    ground.live(poll_ms=1)
    told = ground.fetch()
    assert len(ground.ids()) == 2_500
    assert "PAGINATION_LIMIT_EXCEEDED" in told.streams[0].restarts


def test_rows_of_a_subform_come_by_query(ground: Ground) -> None:
    ground.live(modules=["Ordered_Items"])
    wide = {f"Field_{number}": f"v{number}" for number in range(60)}
    lines = [{"Parent_Id": {"id": "1", "name": "SO"}, "Quantity": number, **wide} for number in range(4_100)]
    ground.zoho.store.put("Ordered_Items", *lines)
    ground.fetch()
    found = ground.latest("Ordered_Items")
    assert sorted(record["Quantity"] for record in found.values()) == list(range(4_100))
    assert all(
        wide.items() <= record.items() and record["Parent_Id"] == {"id": "1"} for record in found.values()
    )
    ground.fetch()
    assert len(ground.extracts("Ordered_Items")) == 1
