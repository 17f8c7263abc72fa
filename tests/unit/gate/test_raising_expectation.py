"""An expectation that cannot be asked, in a verdict: first it seems only not to hold, then it is told as an error."""

from dataclasses import replace

import pytest

from quality import gate
from quality.checks import Check
from quality.suites import run
from quality.suites.spec import Expectation
from tests.fixtures.candidate import ground

BROKEN = Expectation(
    Check("M01.mart.fct_payment.of_no_column", "M01", "of_no_column", "gx", "core", "fct_payment"),
    "not_null",
    {"column": "no_such_column"},
)
QUERY = Expectation(
    Check("S18.core.fct_payment.of_no_table", "S18", "of_no_table", "gx", "core", "fct_payment"),
    "no_rows",
    {"query": "select * from no_such_table"},
)


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """A verdict over a table with two more expectations that raise, and the forms in which each was asked."""
    plain, forms = gate.released_suites, []
    validate = run._validate

    def suites(manifest):
        return [
            replace(one, expectations=(*one.expectations, BROKEN, QUERY))
            if one.table == "fct_payment"
            else one
            for one in plain(manifest)
        ]

    def heard(gx, batch, expectations, form, as_of):
        names = {one.check.check_id for one in expectations}
        forms.extend((name, form["result_format"]) for name in names)
        return validate(gx, batch, expectations, form, as_of)

    monkeypatch.setattr(gate, "released_suites", suites)
    monkeypatch.setattr(run, "_validate", heard)
    made = ground(tmp_path)
    made.stage()
    return gate.evaluate(made.request()), forms


def test_an_expectation_that_raises_refuses_by_name_in_both_phases_whatever_its_rule_does(asked):
    verdict, forms = asked
    found = {one["check_id"]: one for one in verdict["results"]}
    for one, second, said in ((BROKEN, "SUMMARY", "no_such_column"), (QUERY, "COMPLETE", "no_such_table")):
        name = one.check.check_id
        assert {form for asked_of, form in forms if asked_of == name} == {"BOOLEAN_ONLY", second}
        assert (
            found[name]["status"] == "error"
        )  # S18 only warns: what could not be judged is no warning either
        assert said in found[name]["observed"]
        assert [reason for reason in verdict["reasons"] if reason.startswith(f"{name} error: ")] != []
    assert found[QUERY.check.check_id]["severity"] == "warn"
    assert verdict["verdict"] == "refused"
    assert found["G02.fct_payment"]["status"] == "failed"  # fewer were evaluated than the suite has
