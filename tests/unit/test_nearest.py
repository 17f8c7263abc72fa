"""Names that were meant: by spelling, by a shared word, and none where nothing is alike."""

import pytest

from pipelines.nearest import meant, nearest

KNOWN = ["dim_channel", "fct_order", "mart_channel_performance", "mart_funnel", "mart_rep_scorecard"]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("channel_performance", "mart_channel_performance"),
        ("mart_chanel_performance", "mart_channel_performance"),
        ("Mart_Funel", "mart_funnel"),
        ("scorecard", "mart_rep_scorecard"),
        ("fct_orders", "fct_order"),
    ],
)
def test_the_best_comes_first(name, first):
    assert nearest(name, KNOWN)[0] == first


def test_nothing_alike_is_nothing_said():
    assert meant("zzz", KNOWN) == ""
    assert meant("mart", KNOWN) == ""
    assert meant("mart_funel", KNOWN) == "did you mean mart_funnel?"
