"""Rule R15: a release built again in a second home, from the archive alone, has the same content."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import PublishError
from pipelines.files import pretty_json, read_json
from pipelines.home import Home
from pipelines.reader import ask, connect, open_release
from pipelines.release.rebuild import rebuild
from pipelines.release.verify import verify
from pipelines.run import run
from pipelines.settings import Settings

Shop = tuple[Settings, list[str]]


def test_a_release_with_withdrawn_and_superseded_rows_is_built_again_on_the_one_that_it_carries_on(
    corrected_home: Shop, tmp_path: Path
) -> None:
    settings, (_, second) = corrected_home
    found = rebuild(settings.home, second, tmp_path / "again", run)
    assert (found.differing, found.are_same_definitions) == ({}, True)
    assert found.tables > 30
    assert found.rebuilt_id.split(".")[::2] == second.split(".")[::2]


def test_a_carried_release_that_was_changed_is_not_built_on(corrected_home: Shop, tmp_path: Path) -> None:
    settings, (first, second) = corrected_home
    path = settings.home.releases / first / "fct_order.parquet"
    kept = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(kept[:-1] + b"x")
    try:
        with pytest.raises(PublishError, match=f"fct_order.parquet of {first}, which is carried on, differs"):
            rebuild(settings.home, second, tmp_path / "again", run)
    finally:
        path.write_bytes(kept)
        path.chmod(0o444)


def test_an_earlier_release_is_built_again_and_another_setting_gives_another_content(
    corrected_home: Shop, tmp_path: Path
) -> None:
    settings, (first, _) = corrected_home
    manifest = open_release(settings.home, first).path / "manifest.json"
    kept = manifest.read_bytes()
    changed = read_json(manifest)
    changed["settings"]["fiscal_year_start_month"] = 4
    manifest.chmod(0o644)
    try:
        manifest.write_bytes(pretty_json(changed))
        found = rebuild(settings.home, first, tmp_path / "again", run)
    finally:
        manifest.write_bytes(kept)
        manifest.chmod(0o444)
    again = open_release(Home(tmp_path / "again"), found.rebuilt_id)
    with connect(again) as connection:  # as first told: what came later leaves it alone
        told = "select sum(net_amount), count(*), min(unit_price) from fct_order_line"
        assert ask(connection, told).rows == [(Decimal("212.7700"), 22, Decimal("5.0000"))]
    assert "dim_date" in found.differing
    assert not {"dim_channel", "dim_customer", "dim_product", "quarantine_row"} & found.differing.keys()


def test_both_releases_verify(corrected_home: Shop) -> None:
    settings, ids = corrected_home
    for release_id in ids:
        assert [proof.faults for proof in verify(settings.home, release_id) if not proof.holds] == []
