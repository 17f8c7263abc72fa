"""Rule S14 on what live sources bring: walks touch, whatever they are of, and a lost one is found."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.home import Home
from pipelines.landing.check_model import Finding
from pipelines.landing.checks import check_results
from pipelines.landing.land import land_source
from pipelines.landing.records import records
from pipelines.landing.windows import windows
from pipelines.sources.definition import load_source
from pipelines.sources.model import Source
from pipelines.sources.receipt import receipts_of
from tests.fixtures.fxiaoke_source import fxiaoke_credentials
from tests.servers.fxiaoke import serve
from tests.servers.fxiaoke_data import fill as fill_tenant
from tests.servers.zoho_data import fill
from tests.unit.live.ground import Ground
from tests.unit.live.test_fxiaoke_walk import OPPORTUNITIES
from tests.unit.live.test_fxiaoke_walk import Ground as Tenant


def judged(home: Home, source: Source, without: str = "") -> Finding:
    """S14 over all extracts of a source, those of deleted records too, as if one table read them."""
    sections = [
        (vars(one), {"rejection": None, "tables": {"all": {}}})
        for one in receipts_of(home, source.name)
        if one.extract_id != without
    ]
    subject: Any = SimpleNamespace(
        source=source, sections=sections, mapping=SimpleNamespace(tables=("all",)), replacing=set()
    )
    return windows(subject)


@pytest.fixture
def tenant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    with serve(rate=None) as (url, fxiaoke):
        fill_tenant(fxiaoke.store, 30)
        for name, value in fxiaoke_credentials(fxiaoke.auth).items():
            monkeypatch.setenv(name, value)
        yield Tenant(tmp_path, url, fxiaoke)


def test_the_walks_of_a_zoho_org_touch(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.sources.live.walk.EXTRACT_ROWS", 40)
    ground.live(modules=["Deals", "Plain"], page_size=20)
    ground.zoho.store.add_module("Plain", timed=False, names=("Colour",))
    (plain,) = ground.zoho.store.put("Plain", {"Colour": "red"})
    fill(ground.zoho.store, 100)
    for step in range(4):
        ground.fetch()
        keys = list(ground.zoho.store.modules["Deals"].records)
        ground.zoho.store.change("Deals", keys[step], Stage="Closed Won")
        ground.zoho.store.delete("Deals", keys[-1])
        ground.zoho.store.change("Plain", plain, Colour=f"blue {step}")
        ground.zoho.clock.advance(3_600)
    source = load_source(ground.folder)
    extracts = [one.extract_id for one in receipts_of(ground.home, "crm")]
    assert {one.rpartition("/")[0] for one in extracts} == {"Deals", "Deals/deleted", "Plain"}
    assert len(extracts) > 9
    assert judged(ground.home, source).status == "passed"
    land_source(ground.home, source)
    found = check_results(ground.home, [source], list(records(ground.home)), date(2026, 11, 30))
    assert [one["status"] for one in found if one["rule"] == "S14"] == ["passed"]


def test_the_walks_of_a_fxiaoke_tenant_touch_and_a_lost_one_is_found(tenant: Tenant) -> None:
    for step in range(4):
        tenant.fetch()
        key = sorted(tenant.records)[step]
        kept = dict(tenant.records[key])
        tenant.fxiaoke.store.put(OPPORTUNITIES, {**kept, "last_modified_time": tenant.fxiaoke.store.now()})
        tenant.fxiaoke.store.delete(OPPORTUNITIES, sorted(tenant.records)[-1])
        tenant.advance(25)
    tenant.fetch()
    source = load_source(tenant.folder)
    assert judged(tenant.home, source).status == "passed"
    changes = [one for one in receipts_of(tenant.home, "fx") if "deleted" not in one.extract_id]
    found = judged(tenant.home, source, without=changes[2].extract_id)
    assert (found.status, found.keys) == ("failed", [changes[3].extract_id])
    assert f"a gap in {OPPORTUNITIES}: nothing covers" in found.observed
