"""Rules M20 and M21 on real runs: what was told of a closed month stays, and each difference has its causes.

January by the first delivery (net, CNY): SO1 30 (R1), SO2 50 USD at 7.00 = 350 (R2), SO3 20 (R1), SO5 30 (R2), all on
the web: company 430, R1 50, R2 380. The second delivery, after the close: SO4 of 100 gross, 90 net (R1) came late;
SO1 was returned for 10; the rate of SO2's own day came, 7.10 (355: +5), where that of the day before had stood in for
it; SO3 went from R1 to R2, SO5 from the web to the app.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.audit.explain import explain
from pipelines.audit.question import find
from pipelines.home import Home
from pipelines.reader import ask, connect, open_release
from pipelines.release.rebuild import rebuild
from pipelines.run import run
from pipelines.settings import Settings, load
from tests.fixtures.restated_company import deliver, write_source

CAUSES = ("late_row", "return", "fx", "owner_change", "merge", "rule_change")


def configured(folder: Path, zone: str) -> Settings:
    """The home with these settings in its weir.toml, where the job reads them."""
    home = Home(folder)
    home.prepare()
    (folder / "weir.toml").write_text(f'reporting_currency = "CNY"\nbusiness_timezone = "{zone}"\n')
    return load(home)


def released(settings: Settings, folder: Path, as_of: str) -> str:
    ended = run(settings, [folder], date.fromisoformat(as_of))
    assert ended.error is None, ended.error
    return str(ended.release_id)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    """Four releases: January as closed, corrected, corrected again on the same day, and by another time zone."""
    root = tmp_path_factory.mktemp("world")
    settings = configured(root / "home", "Asia/Shanghai")
    folder = write_source(root / "shop")
    ids = []
    for name, as_of in (("first", "2026-02-10"), ("second", "2026-02-12"), ("third", "2026-02-12")):
        deliver(folder, name)
        ids.append(released(settings, folder, as_of))
    return settings, [*ids, released(configured(root / "home", "UTC"), folder, "2026-02-13")]


def rows(world: tuple[Settings, list[str]], number: int, sql: str) -> list[tuple[Any, ...]]:
    settings, ids = world
    with connect(open_release(settings.home, ids[number])) as connection:
        return ask(connection, sql).rows


def restated(
    world: tuple[Settings, list[str]], number: int, kpi: str, as_of: str, revision: int = 1
) -> dict[str, list[Decimal]]:
    """Old, new, and the causes of one KPI in January, by entity."""
    causes = ", ".join(f"{cause}_amount" for cause in CAUSES)
    found = rows(
        world,
        number,
        f"select entity_type || ' ' || entity_code, old_value, new_value, {causes} from mart_restatement "
        f"where kpi_code = '{kpi}' and kpi_variant = 'main' and period_code = '2026-01' "
        f"and restated_as_of_date = '{as_of}' and revision_no = {revision}",
    )
    return {one[0]: list(one[1:]) for one in found}


def test_the_first_close_is_no_restatement(world: tuple[Settings, list[str]]) -> None:
    assert rows(world, 0, "select count(*) from mart_restatement") == [(0,)]
    assert rows(
        world,
        0,
        "select entity_type, entity_code, kpi_value, is_first_close from fct_kpi_snapshot where kpi_code = 'K02' "
        "and period_code = '2026-01' and kpi_value <> 0 order by all",
    ) == [
        ("channel", "web", 430, True),
        ("company", "company", 430, True),
        ("rep", "R1", 50, True),
        ("rep", "R2", 380, True),
        ("team", "T1", 50, True),
        ("team", "T2", 380, True),
    ]


def test_causes_of_net_revenue_are_those_worked_by_hand(world: tuple[Settings, list[str]]) -> None:
    #                       old  new  late return fx owner merge rule
    expected = {
        "company company": [430, 515, 90, -10, 5, 0, 0, 0],
        "channel web": [430, 485, 90, -10, 5, -30, 0, 0],
        "channel app": [0, 30, 0, 0, 0, 30, 0, 0],
        "rep R1": [50, 110, 90, -10, 0, -20, 0, 0],
        "rep R2": [380, 405, 0, 0, 5, 20, 0, 0],
        "team T1": [50, 110, 90, -10, 0, -20, 0, 0],
        "team T2": [380, 405, 0, 0, 5, 20, 0, 0],
    }
    assert restated(world, 1, "K02", "2026-02-12") == expected


def test_causes_of_gross_revenue_know_no_return(world: tuple[Settings, list[str]]) -> None:
    # 430 + SO4 100 + 5 of the rate
    assert restated(world, 1, "K01", "2026-02-12")["company company"] == [430, 535, 100, 0, 5, 0, 0, 0]


def test_a_second_run_on_the_same_day_is_a_revision(world: tuple[Settings, list[str]]) -> None:
    # RT2 takes 10 of SO3 back from R2, who owns it now; the restatement of before still stands beside it.
    again = restated(world, 2, "K02", "2026-02-12", 2)
    assert again["company company"] == [515, 505, 0, -10, 0, 0, 0, 0]
    assert again["rep R2"] == [405, 395, 0, -10, 0, 0, 0, 0]
    assert "rep R1" not in again
    assert restated(world, 2, "K02", "2026-02-12") == restated(world, 1, "K02", "2026-02-12")


def test_another_setting_is_a_changed_rule(world: tuple[Settings, list[str]]) -> None:
    # SO7 was confirmed on 1 February in Shanghai, on 31 January in UTC: its 12 move into the closed month.
    assert restated(world, 3, "K02", "2026-02-13")["company company"] == [505, 517, 0, 0, 0, 0, 0, 12]


def test_rows_of_a_closed_month_never_change(world: tuple[Settings, list[str]]) -> None:
    snapshots = [set(rows(world, number, "select * from fct_kpi_snapshot")) for number in range(4)]
    assert snapshots[0] < snapshots[1] < snapshots[2] < snapshots[3]


def test_causes_add_up_wherever_they_are_given(world: tuple[Settings, list[str]]) -> None:
    total = " + ".join(f"{cause}_amount" for cause in CAUSES)
    sql = f"select count(*), count(*) filter (where {total} = delta_value), count(delta_value) from mart_restatement"
    ((count, equal, known),) = rows(world, 3, f"{sql} where decomposition_status = 'decomposed'")
    assert count == equal == known > 20
    assert rows(
        world,
        3,
        "select count(*) from mart_restatement "
        "where decomposition_status <> 'decomposed' and late_row_amount is not null",
    ) == [(0,)]


def test_a_restated_figure_is_explained_down_to_its_rows(world: tuple[Settings, list[str]]) -> None:
    settings, ids = world
    keys = {"kpi_code": "K02", "entity_type": "company", "period_code": "2026-01"}
    release = open_release(settings.home, ids[1])
    with connect(release) as connection:
        question = find(connection, release, "mart_restatement", "delta_value", keys)
        told = explain(connection, release, question, 9, None)
    (group,) = told["groups"]
    assert (group["agrees"], group["rows_total"]) == (True, 85)
    found = {row["row_id"].split("|")[1]: row["amount"] for part in group["parts"] for row in part["rows"]}
    assert found == {"order_lines_second.csv": 90, "return_lines_second.csv": -10, "order_lines_first.csv": 5}


def test_a_release_with_restatements_is_built_again_alike(
    world: tuple[Settings, list[str]], tmp_path: Path
) -> None:
    settings, ids = world
    assert rebuild(settings.home, ids[2], tmp_path / "again", run).differing == {}
