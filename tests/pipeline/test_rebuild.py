"""Rule R15: a release built again in a second home, from the archive alone, has the same content."""

import shutil
from pathlib import Path

import pytest

from pipelines.errors import PublishError
from pipelines.files import pretty_json, read_json
from pipelines.home import Home
from pipelines.reader import open_release
from pipelines.release.rebuild import rebuild
from pipelines.release.verify import verify
from pipelines.run import Outcome, run
from pipelines.settings import Settings
from tests.fixtures.small_company import deliver, write_source


def released(settings: Settings, folder: Path) -> Outcome:
    ended = run(settings, [folder])
    assert ended.error is None, ended.error
    assert ended.release_id
    return ended


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path, list[str]]:
    """Two releases of one source; the second has a day more. The source is gone by then, files and definition."""
    root = tmp_path_factory.mktemp("world")
    settings = Settings(home=Home(root / "home"))
    folder = write_source(root / "shop")
    deliver(folder, "2026-01-05")
    first = released(settings, folder)
    deliver(folder, "2026-01-06")
    second = released(settings, folder)
    shutil.rmtree(folder)
    return settings, folder, [str(first.release_id), str(second.release_id)]


def test_an_earlier_release_is_built_again_from_the_archive(
    world: tuple[Settings, Path, list[str]], tmp_path: Path
) -> None:
    settings, _, (first, second) = world
    found = rebuild(settings.home, first, tmp_path / "again", run)
    assert (found.differing, found.are_same_definitions) == ({}, True)
    assert found.tables > 30
    assert found.rebuilt_id.split(".")[::2] == first.split(".")[::2]
    assert first.split(".")[2] != second.split(".")[2]


def test_a_carried_release_that_was_changed_is_not_built_on(
    world: tuple[Settings, Path, list[str]], tmp_path: Path
) -> None:
    settings, _, (first, second) = world
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


def test_another_setting_gives_another_content(
    world: tuple[Settings, Path, list[str]], tmp_path: Path
) -> None:
    settings, _, (first, _) = world
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
    assert "dim_date" in found.differing


def test_both_releases_verify(world: tuple[Settings, Path, list[str]]) -> None:
    settings, _, ids = world
    for release_id in ids:
        assert [proof.faults for proof in verify(settings.home, release_id) if not proof.holds] == []
