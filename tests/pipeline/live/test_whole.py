"""The chain as a whole: nothing new is no release, no secret stays anywhere, the last release is built again.

What was printed is searched for secrets when the world ends (conftest.py), so that no question is left out.
"""

from pipelines.errors import DONE
from tests.fixtures.live_world import TOLD, Said, World, holding


def test_the_same_again_is_nothing_new(again: Said, first: str) -> None:
    assert (again.code, again.err) == (DONE, "")
    assert again.out.startswith(f"nothing new: release {first}")


def test_no_secret_is_anywhere_in_the_home(live_world: World, second: str) -> None:
    assert live_world.zoho.auth.issued >= 3  # so many access tokens there were to be left behind
    assert live_world.fxiaoke.auth.issued >= 1
    assert holding(live_world.home.root, *TOLD) == set()
    # the search finds what is there, packed or not
    for row in ("Deals/000001.jsonl|3", "NewOpportunityObj/000001.jsonl|2"):
        found = holding(live_world.home.root, row)
        assert {f"releases/{second}/fct_opportunity.parquet", "warehouse/weir.duckdb"} <= found


def test_the_last_release_is_built_again_when_both_crms_and_all_folders_are_gone(
    live_world: World, rebuilt: Said, second: str
) -> None:
    assert rebuilt.code == DONE, rebuilt.err
    assert (rebuilt.found["release_id"], rebuilt.found["differing"]) == (second, {})
    assert rebuilt.found["tables"] > 60
    assert (rebuilt.found["is_same_code"], rebuilt.found["are_same_definitions"]) == (True, True)
    assert holding(live_world.root / "second_home", *TOLD) == set()
    assert live_world.weir("verify").code == DONE
