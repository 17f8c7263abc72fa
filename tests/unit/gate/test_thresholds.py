"""thresholds.yml is complete: every rule is implemented or waits, and whatever stands there has a check behind it."""

from collections.abc import Iterator

import pytest

from pipelines.landing.check_rules import RULES as LANDING_RULES
from quality.commission import LEDGER
from quality.gate import own_checks
from quality.suites.landed import landed_suites
from quality.suites.released import declared, released_suites
from quality.thresholds import all_rule_ids, thresholds


def suite_rules() -> Iterator[str]:
    models = {
        name: {
            "name": name,
            "resource_type": "model",
            "fqn": ["weir", "marts", "kpi", name],
            "columns": {"as_of_date": {"data_type": "date"}, "channel_name": {"data_type": "string"}},
        }
        for name in declared()
    }
    for suite in (*landed_suites(), *released_suites({"nodes": models})):
        yield from (one.check.rule for one in suite.expectations)


def test_every_rule_is_implemented_or_waits_for_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    known = thresholds()
    assert len(all_rule_ids()) == 97
    assert known.rules.keys() & known.later.keys() == set()
    assert (known.rules.keys() | known.later.keys()) - {"G01", "G02", "Q"} == set(all_rule_ids())
    with capsys.disabled():
        waiting = [rule for rule in all_rule_ids() if rule in known.later]
        parts = [rule for rule in all_rule_ids() if rule in known.rules and known.rules[rule].part]
        print(
            f"\n{97 - len(waiting)} of 97 rules implemented, {len(parts)} of them in part: {' '.join(parts)}"
        )
        print(f"not yet: {' '.join(waiting)}")


@pytest.mark.parametrize("rule", sorted(thresholds().rules))
def test_each_row_says_how_hard_how_much_and_why(rule: str) -> None:
    found = thresholds().rules[rule]
    assert found.limit
    assert found.scope
    assert len(found.reason) > 20
    assert isinstance(found.part, str)


def test_great_expectations_runs_exactly_the_rules_that_name_it() -> None:
    assert set(suite_rules()) == {rule for rule, one in thresholds().rules.items() if "gx" in one.tools}


def test_landing_runs_exactly_the_rules_that_name_it() -> None:
    assert set(LANDING_RULES) == {rule for rule, one in thresholds().rules.items() if "landing" in one.tools}


def test_the_gate_runs_its_own() -> None:
    ledger = {
        "name": LEDGER,
        "resource_type": "model",
        "fqn": ["weir", "marts", "core", LEDGER],
        "columns": {"posted_as_of": {"data_type": "date"}},
    }
    suites = released_suites({"nodes": {LEDGER: ledger}})
    own = {check.rule for check in own_checks(suites)}
    assert own == {rule for rule, one in thresholds().rules.items() if "gate" in one.tools}


def test_the_severity_of_a_case_holds_for_its_checks_alone() -> None:
    known = thresholds()
    assert known.severity("S17", "rate_moves_less_than_a_fifth_a_day") == "warn"
    assert known.severity("S17", "rate_is_positive") == "quarantine"
    assert known.severity("D11", "d11_unknown_customers_block") == "block"
    assert known.severity("D11", "d11_unknown_customers") == "warn"


def test_a_rule_that_nobody_wrote_down_blocks() -> None:
    assert thresholds().severity("X99", "anything") == "block"
