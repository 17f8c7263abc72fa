"""A build that fails says what and where: the model, dbt's own words, and the SQL that was sent."""

from pathlib import Path

import polars as pl
import pytest

from pipelines import steps
from pipelines.errors import WeirError
from pipelines.gate_process import GateProcess
from pipelines.home import Home
from pipelines.landing.write import write_empty
from pipelines.run_folder import RunFolder
from pipelines.settings import load


def test_a_model_that_cannot_be_built_is_named_with_its_sql(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    write_empty(home)
    (orders,) = (home.landing / "orders__orders").rglob("*.parquet")
    pl.read_parquet(orders).drop("channel_code").write_parquet(orders)
    folder = RunFolder(home.runs / "run-1", "run-1", None)
    plan = {"as_of": "2026-01-31", "reporting_currency": "CNY", "carried_from": None, "inputs": {}}
    folder.write("plan", plan)
    with GateProcess(tmp_path / "gate.log") as gate, pytest.raises(WeirError) as broken:
        steps.build(load(home), folder, gate)
    assert "first model.weir.stg_orders__orders: Runtime Error" in broken.value.what
    assert 'Referenced column "channel_code" not found' in broken.value.what
    assert '"landing"."orders__orders"' in Path(broken.value.where).read_text(encoding="utf-8")
    assert broken.value.todo.startswith("nothing was published; mend the model")
