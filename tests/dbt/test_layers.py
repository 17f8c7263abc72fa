"""The layers of the dbt project: feed -> staging -> intermediate -> core -> kpi, read from the parsed manifest.

No model skips a layer or looks back. The baseline of tolerated exceptions is empty; the limits that some models
exceed for a reason are listed with that reason, and a reason that no longer holds is itself a failure.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from quality.feeds import feeds
from tests.fixtures.warehouse import manifest

MOST_PARENTS = 5
DEEPEST = 44  # the ledger of pay lies before the cost of a channel, and what was restated before its causes

# One entry per model with more than five parents: why it needs them.
MANY_PARENTS = {
    "int_members_delivered": "the union of all dimension feeds",
    "int_members_referenced": "the union of every feed that names a member",
    "int_rows_judged": "the union of all judged feeds",
    "int_credit_payees": "five rules of credit in a row: split, team of the deal, owner, account, nobody",
    "fct_order": "an order meets five dimensions, its lines and its returns",
    "int_commission_earned": "an entry is told by its part, its event, its move, what is held of it and its term",
    "int_commission_moves": "a position moves by its own event, by tiers reached and by returns, at a price",
    "int_commission_paid": "draws and payouts: months, terms, reps, rates, what was earned and what was paid",
    "int_commission_released": "what terms wait for: lines, returns, invoices and payments of their orders",
    "int_revenue_rows_told": "four tables of the carried release beside the same four of this one",
    "int_feeds_filled": "asks of every optional feed whether any source fills it",
    "int_kpi_pipeline_months": "quota, credit, wins and open deals of a month, and which of them are known",
    "mart_executive_overview": "the union of all KPIs of the company, with their catalogue",
    "mart_rep_scorecard": "one list of columns over what each part prepares for the month of a rep",
    "int_rep_months_keyed": "a rep's month exists as soon as one of several kinds of fact has it",
}

# What a model of a layer may read. `kpi` holds the marts and the intermediates that prepare them; `parent` is
# staging too, of what an earlier release said: released tables, which every layer after staging may carry on.
MAY_READ = {
    "staging": {"source"},
    "parent": {"source"},
    "intermediate": {"staging", "parent", "intermediate"},
    "core": {"parent", "intermediate", "core"},
    "kpi": {"parent", "core", "kpi"},
}


@cache
def _manifest() -> dict[str, Any]:
    return manifest(Path(mkdtemp(prefix="weir-layers-")))


def _models() -> dict[str, dict[str, Any]]:
    nodes = {**_manifest()["nodes"], **_manifest()["sources"]}
    return {key: node for key, node in nodes.items() if node["resource_type"] in ("model", "source", "seed")}


def _layer(node: dict[str, Any]) -> str:
    if node["resource_type"] == "source":
        return "source"
    parts = set(node["fqn"])
    return next(
        layer for layer in ("kpi", "core", "intermediate", "parent", "staging", "weir") if layer in parts
    )


def _parents(node: dict[str, Any]) -> list[dict[str, Any]]:
    known = _models()
    return [known[key] for key in node.get("depends_on", {}).get("nodes", []) if key in known]


def test_no_model_skips_a_layer_or_looks_back() -> None:
    wrong = {
        f"{node['name']} ({_layer(node)}) reads {parent['name']} ({_layer(parent)})"
        for node in _models().values()
        if node["resource_type"] == "model"
        for parent in _parents(node)
        if parent["resource_type"] != "seed" and _layer(parent) not in MAY_READ[_layer(node)]
    }
    assert wrong == set()


def test_staging_is_one_to_one_with_the_feeds() -> None:
    staged = {node["name"]: node for node in _models().values() if _layer(node) == "staging"}
    expected = {f"stg_{name}" for name in [*feeds(), "ops__batch", "ops__quarantine_row", "ops__source_feed"]}
    assert set(staged) == expected
    for name, node in staged.items():
        assert [f"stg_{parent['name']}" for parent in _parents(node)] == [name]


def test_staging_of_the_carried_release_is_one_to_one_with_released_tables() -> None:
    released = {node["name"]: node for node in _models().values() if "marts" in node["fqn"]}
    staged = [node for node in _models().values() if _layer(node) == "parent"]
    assert staged
    for node in staged:
        (parent,) = _parents(node)
        assert (parent["source_name"], node["name"]) == ("parent", f"stg_parent__{parent['name']}")
        declared = {name: column["data_type"] for name, column in parent["columns"].items()}
        columns = released[parent["name"]]["columns"]
        assert declared == {name: columns[name]["data_type"] for name in declared}


def test_names_say_the_layer() -> None:
    prefixes = {"staging": ("stg_",), "parent": ("stg_parent__",)}
    prefixes["intermediate"] = ("int_",)
    prefixes["kpi"] = ("mart_", "int_", "fct_kpi_snapshot", "fct_restatement_row", "snap_customer_month")
    prefixes["core"] = ("dim_", "fct_", "bridge_", "snap_", "int_", "ops_batch", "quarantine_row")
    wrong = [
        node["name"]
        for node in _models().values()
        if node["resource_type"] == "model" and not node["name"].startswith(prefixes[_layer(node)])
    ]
    assert wrong == []


def test_models_have_few_parents() -> None:
    many = {
        node["name"]
        for node in _models().values()
        if node["resource_type"] == "model" and len(_parents(node)) > MOST_PARENTS
    }
    assert many == set(MANY_PARENTS)


def test_the_way_from_a_feed_to_a_mart_is_not_longer_than_stated() -> None:
    @cache
    def depth(key: str) -> int:
        node = _models()[key]
        return 1 + max((depth(parent["unique_id"]) for parent in _parents(node)), default=0)

    deepest = max(_models(), key=depth)
    assert depth(deepest) <= DEEPEST, deepest


def test_every_column_of_a_released_table_is_described_in_both_languages_with_its_additivity() -> None:
    gaps = [
        f"{node['name']}.{column['name']}"
        for node in _models().values()
        if "marts" in node["fqn"]
        for column in node["columns"].values()
        if not (column["description"] and {"description_zh", "additivity"} <= set(column["meta"]))
    ]
    assert gaps == []


def test_every_released_table_has_an_enforced_contract() -> None:
    loose = [
        node["name"]
        for node in _models().values()
        if "marts" in node["fqn"]
        and node["resource_type"] == "model"
        and not node["config"]["contract"]["enforced"]
    ]
    assert loose == []


def test_every_data_test_names_its_rule() -> None:
    unnamed = [
        node["name"]
        for node in _manifest()["nodes"].values()
        if node["resource_type"] == "test"
        and not node["name"].startswith(str(node["meta"].get("rule", "-")).lower())
    ]
    assert unnamed == []
