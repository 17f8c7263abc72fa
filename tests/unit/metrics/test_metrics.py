"""The KPI catalogue: complete, and the one source of what the dbt project says about a KPI."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from quality.feeds import feeds
from quality.metrics import (
    KPI_COUNT,
    PROJECT,
    SEED_COLUMNS,
    catalogue,
    definitions,
    generated,
    later,
    marts,
    metric,
    metrics,
    metrics_of,
    seed_text,
)

PUBLISHED = [
    *(f"K{number:02d}" for number in (*range(1, 34), 35, 36, 37)),
    "K40",
    "K41",
    "K54",
    "K57",
    "K58",
    "K62",
    "K63",
    "K64",
    "K65",
    "K66",
    "K67",
    "K68",
    "K69",
    "K70",
    "K71",
    "K72",
    "K93",
    "K94",
]
KPI_MODELS = PROJECT / "models" / "marts" / "kpi"
ADDITIVITY = {"A", "S", "N", "L"}


def contract_of(mart: str) -> dict[str, Any]:
    """The mart's model of its YAML file."""
    document = yaml.safe_load((KPI_MODELS / f"_{mart}.yml").read_text(encoding="utf-8"))
    model: dict[str, Any] = document["models"][0]
    return model


def columns_of(mart: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in contract_of(mart)["columns"]}


def test_every_kpi_of_the_release_is_in_the_catalogue() -> None:
    assert list(metrics()) == PUBLISHED


@pytest.mark.parametrize("path", list(generated()), ids=lambda path: path.name)
def test_generated_files_say_what_the_catalogue_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == generated()[path]


def test_seed_has_a_row_per_variant_and_no_empty_cell() -> None:
    rows = list(csv.DictReader(io.StringIO(seed_text())))

    assert len(rows) == sum(len(one.variants) for one in metrics().values())
    assert {tuple(row) for row in rows} == {SEED_COLUMNS}
    assert all(cell for row in rows for cell in row.values())
    assert len({(row["kpi_code"], row["kpi_variant"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("kpi", PUBLISHED)
def test_a_kpi_is_described_in_full(kpi: str) -> None:
    one = metrics()[kpi]

    assert one.formula_en
    assert all(
        re.search("[\u4e00-\u9fff]", text) for text in (one.name_zh, one.formula_zh) if kpi not in text
    )
    assert one.unit in {"money", "ratio", "count", "days", "hours", "score"}
    assert {one.additivity, *(variant.additivity for variant in one.variants)} <= ADDITIVITY
    assert one.direction in {"up", "down", "target", "none"}
    assert set(one.edges) <= set(catalogue()["edges"])
    assert one.target_kind in {"sourced", "plan", "own", "none"}
    assert (one.target_value is None) == (one.target_kind in {"plan", "none"})


@pytest.mark.parametrize("kpi", PUBLISHED)
def test_every_form_but_the_main_one_has_a_name_in_both_languages(kpi: str) -> None:
    for one in metrics()[kpi].variants:
        named = (bool(one.name_en), bool(re.search("[\u4e00-\u9fff]", one.name_zh)))
        assert named == ((False, False) if one.code == "main" else (True, True))
    names = [one.name_en for one in metrics()[kpi].variants]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kpi", PUBLISHED)
def test_a_kpi_names_feeds_that_exist(kpi: str) -> None:
    one = metrics()[kpi]
    known = {name.replace("__", ".") for name in feeds()}

    assert one.required_feeds
    assert set(one.required_feeds) | set(one.optional_feeds) <= known


@pytest.mark.parametrize("kpi", PUBLISHED)
def test_a_kpi_stands_in_columns_that_exist_and_name_it(kpi: str) -> None:
    for place in metrics()[kpi].columns:
        mart, column = place.split(".")
        meta = columns_of(mart)[column]["config"]["meta"]

        assert meta.get("kpi") in {kpi, {"K25": "K22"}.get(kpi), {"K25": "K23"}.get(kpi), "K25"}
        assert metrics_of(mart, column)


def test_a_kpi_that_waits_has_names_and_waits_for_what_is_not_there() -> None:
    known = {name.replace("__", ".") for name in feeds()}
    for one in later().values():
        waits_for = set(re.findall(r"\b[a-z]+\.[a-z_]+\b", one.why))

        assert re.search("[\u4e00-\u9fff]", one.name_zh), one.id
        assert one.name_en, one.id
        assert one.why, one.id
        assert not waits_for & known, one.id
    assert not set(later()) & set(metrics())
    assert set(later()) | set(metrics()) == {f"K{number:02d}" for number in range(1, KPI_COUNT + 1)}


@pytest.mark.parametrize("mart", list(marts()))
def test_a_mart_has_its_grain_and_says_what_a_column_is(mart: str) -> None:
    columns = columns_of(mart)

    assert contract_of(mart)["config"]["contract"] == {"enforced": True}
    assert next(iter(columns)) == "as_of_date"
    assert {name for name, one in columns.items() if one["config"]["meta"]["additivity"] == "key"} == set(
        marts()[mart].grain
    )
    for name, one in columns.items():
        meta = one["config"]["meta"]
        assert one["description"], name
        assert one["data_type"], name
        assert meta["description_zh"], name
        assert meta["unit"], name
        assert bool(meta.get("is_locked")) == (meta["additivity"] == "L"), name


@pytest.mark.parametrize("mart", list(marts()))
def test_a_ratio_stands_beside_its_parts(mart: str) -> None:
    columns = columns_of(mart)
    for name in columns:
        if name.endswith("_ratio"):
            base = name.removesuffix("_ratio")
            assert columns[name]["data_type"] == "decimal(18,8)"
            assert columns[f"{base}_numerator"]["data_type"] == "decimal(18,4)"
            assert columns[f"{base}_denominator"]["data_type"] == "decimal(18,4)"


def test_a_kpi_is_found_in_any_case_and_an_unknown_one_is_told() -> None:
    assert metric("k08").id == "K08"
    with pytest.raises(KeyError, match="no KPI is called K99"):
        metric("K99")


def test_a_kpi_that_waits_says_what_for() -> None:
    with pytest.raises(KeyError, match=r"K44 Training completion is not published yet: people\.courses"):
        metric("k44")


def test_definitions_have_words_in_both_languages() -> None:
    for one in definitions().values():
        assert one.en
        assert re.search("[\u4e00-\u9fff]", one.zh), one.name
