"""Rows 68 and 70: texts that a reader's tool would run, and texts that look alike."""

import csv

from pipelines.commands.explain import _safe
from tests.unit.landing.ground import payments
from tests.unit.landing.hostile.claims import set_aside, warned

FORMULAS = ["=HYPERLINK(1)", "@SUM(A1)", "+1", "-1", "\tx"]


def test_68_a_formula_is_landed_as_text_and_escaped_only_where_it_is_exported(ground, tmp_path):
    rows = [f'"P{number}","{text}",2026-10-01,1,CNY' for number, text in enumerate(FORMULAS)]
    ground.file("a.csv", payments(*rows))
    ground.land()
    landed = [row["order_id"] for row in ground.rows()]
    assert landed == [text.strip() for text in FORMULAS]
    exported = [_safe(text) for text in FORMULAS]
    with (tmp_path / "out.csv").open("w", newline="") as stream:
        csv.writer(stream).writerow(exported)
    assert exported == [f"'{text}" for text in FORMULAS]


def test_70_one_code_in_several_forms_is_one_code_and_told(ground):
    # composed and decomposed, with outer spaces, a no-break space, a zero-width space, a mark within
    forms = ["é 1", "e\u0301 1", "  é 1 ", "é\u00a01", "\u200bé 1\u3000", "é\u200b 1"]
    ground.file(
        "a.csv", payments(*[f"P{number},{form},2026-10-01,1,CNY" for number, form in enumerate(forms)])
    )
    ground.land()
    assert {row["order_id"] for row in ground.rows()} == {"é 1"}
    warned(ground, "S10", "5 accepted with a warning: order_id was written with other spaces or forms")


def test_one_key_in_two_forms_with_other_content_is_set_aside(ground):
    set_aside(ground, "P1,O1,2026-10-01,x,CNY", "S09", "amount is not a number")
    ground.file("b.csv", payments("é,O1,2026-10-01,1,CNY", "e\u0301,O1,2026-10-01,2,CNY"))
    ground.land()
    assert [one["rule_id"] for one in ground.held() if one["file_name"] == "b.csv"] == ["S10", "S10"]
