"""The list of planted faults: something of every kind, each with its place, and what stands there."""

from collections import Counter
from pathlib import Path

import pytest

from pipelines.demo import DemoPaths, generate
from tests.fixtures.truth import planted

KINDS = {
    "quarantined": {
        "bad_number", "excess_scale", "short_row", "unknown_line_type", "net_is_not_gross_less_discount", "missing_key",
        "no_price", "two_contents", "unknown_status", "shipped_before_ordered", "bad_date", "bad_time",
        "payment_for_nothing", "share_above_one", "exit_before_hire", "ends_before_start", "zero_rate", "negative_size",
        "cost_of_nobody", "unknown_stage", "won_but_not_closed", "converted_before_created",
        "logged_before_it_happened", "score_off_the_scale", "answered_before_sent", "negative_quantity",
        "plan_ends_before_start", "negative_rate", "resolved_before_opened", "leave_ends_before_start",
        "negative_invoice", "case_closed_before_it_was_opened",
    },
    "duplicate": {"sent_again"},
    "held": {
        "event_of_nobody", "award_of_nobody", "rate_missing", "returned_too_much", "payment_exceeds_invoice",
        "left_its_close", "hold_overlaps", "cancelled_then_returned",
    },
    "warned": {"cancelled_and_shipped", "undeclared_over_assignment"},
    "kept": {
        "late_row", "unknown_rep", "return_without_order", "before_team_move", "after_team_move", "fully_returned",
        "channel_after_its_end", "cancelled_before_close", "cancelled_after_close", "no_customer", "orphan_customer",
        "orphan_product", "free_goods_only", "freight_only", "header_discount_in_thirds", "confirmed_next_month",
        "unknown_channel", "negative_price", "rate_three_days_old", "returned_then_cancelled",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPaths:
    return generate(tmp_path_factory.mktemp("demo"), scale=1, with_truth=False)


@pytest.mark.parametrize("outcome", sorted(KINDS))
def test_every_kind_is_planted(demo: DemoPaths, outcome: str) -> None:
    assert {fault["kind"] for fault in planted(demo.truth) if fault["outcome"] == outcome} == KINDS[outcome]


def test_every_fault_has_a_place_and_a_rule_unless_it_is_kept(demo: DemoPaths) -> None:
    for fault in planted(demo.truth):
        path = demo.sources / fault["source"] / "export" / fault["file"]
        assert path.exists() or (demo.sources / fault["source"] / fault["file"]).exists(), fault
        assert fault["line"] > 0
        assert fault["rule"] or fault["outcome"] == "kept"


def test_no_two_faults_share_a_line(demo: DemoPaths) -> None:
    places = Counter((fault["source"], fault["file"], fault["line"]) for fault in planted(demo.truth))

    assert max(places.values()) == 1


def test_the_line_named_is_the_line_planted(demo: DemoPaths) -> None:
    export = demo.sources / "erp" / "export"
    faults = {fault["kind"]: fault for fault in planted(demo.truth) if fault["feed"] == "orders__order_lines"}

    def line(kind: str) -> str:
        fault = faults[kind]
        text = (export / fault["file"]).read_text(encoding="gb18030")
        return text.split("\n")[fault["line"] - 1]

    assert ",十二," in line("bad_number")
    assert ",50.125," in line("excess_scale")
    assert line("short_row").count(",") == 4
    assert "赠券" in line("unknown_line_type")
    assert faults["missing_key"]["key"].startswith("SX")


def test_unreadable_rows_are_left_out_of_small_tables(tmp_path: Path) -> None:
    paths = generate(tmp_path, scale=0.02, with_truth=False)

    found = {(fault["feed"], fault["rule"]) for fault in planted(paths.truth)}
    assert ("crm__accounts", "S09") not in found
    assert ("orders__order_lines", "S09") in found
