import re
from decimal import Decimal

import pytest

from pipelines.audit.charts import check_matrix, held_share_by_feed, revenue_by_channel_type, short


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", "0"), ("940", "940"), ("18300", "18.3 k"), ("1240000", "1.24 m"), ("-2500000000", "−2.50 bn")],
)
def test_short_numbers(value, expected):
    assert short(Decimal(value)) == expected


def rows(values):
    return [
        {"reporting_currency": "CNY", "channel_type": kind, "fiscal_month": month, "net_revenue": value}
        for kind, month, value in values
    ]


def test_largest_channel_type_comes_first_and_every_panel_has_the_same_scale():
    series = rows([("agent", "2024-01", "10"), ("agent", "2024-02", "20"), ("direct", "2024-01", "100"),
                   ("direct", "2024-02", "0")])  # fmt: skip
    drawn = revenue_by_channel_type(series, "CNY")
    assert drawn.index(">direct<") < drawn.index(">agent<")
    curves = re.findall(r'<polyline points="([^"]+)"', drawn)
    # Scale 0..100 over 42 px of a 58 px panel that has 8 px above and below: 100 stands at y = 8, 0 at y = 50.
    assert curves[0] == "150.0,8.0 664.0,50.0"
    # The second panel starts 58 px lower; 10 of 100 stands 4.2 px above its own zero line at y = 108.
    assert curves[1] == "150.0,103.8 664.0,99.6"


def test_negative_months_stay_inside_the_panel():
    drawn = revenue_by_channel_type(rows([("agent", "2024-01", "-50"), ("agent", "2024-02", "50")]), "CNY")
    curve = re.search(r'<polyline points="([^"]+)"', drawn)[1]
    assert curve == "150.0,50.0 664.0,8.0"


def test_the_way_to_a_month_that_is_not_closed_is_dashed():
    series = rows([("agent", "2024-01", "0"), ("agent", "2024-02", "100"), ("agent", "2024-03", "50")])
    closed = revenue_by_channel_type(series, "CNY")
    assert "so-far" not in closed
    drawn = revenue_by_channel_type(series, "CNY", frozenset({"2024-03"}))
    # Three months over 514 px: x = 150, 407, 664; 0, 100 and 50 of 100 stand at y = 50, 8 and 29.
    assert re.search(r'<polyline points="([^"]+)"', drawn)[1] == "150.0,50.0 407.0,8.0"
    assert '<line x1="407.0" y1="8.0" x2="664.0" y2="29.0" class="curve so-far"/>' in drawn
    assert revenue_by_channel_type(series, "CNY", frozenset({"2024-02"})) == closed


def test_one_month_is_no_picture():
    assert revenue_by_channel_type(rows([("agent", "2024-01", "1")]), "CNY") == ""


def test_every_check_is_a_square_and_states_differ_in_shape():
    results = [
        {"check_id": "A", "status": "failed", "layer": "core"},
        {"check_id": "B", "status": "passed", "layer": "core"},
        {"check_id": "C", "status": "not_run", "layer": "mart"},
    ]
    drawn = check_matrix(results)
    assert drawn.count("<rect") == 3
    assert drawn.count('class="cross"') == 2
    assert "<title>C: NOT RUN</title>" in drawn
    assert "1 passed, 1 failed, 1 NOT RUN." in drawn


def test_share_held_back_is_drawn_against_its_limit():
    landing = [{"feed": "orders__orders", "rows_read": 100, "rows_quarantined": 4, "rows_rejected": 0,
                "rows_duplicate": 1}]  # fmt: skip
    drawn = held_share_by_feed(landing)
    widths = [float(one) for one in re.findall(r'<rect [^>]*width="([^"]+)"', drawn)]
    assert widths[0] == pytest.approx(4 * widths[1], rel=0.01)
    assert "orders.orders" in drawn
    assert 'class="limit"' in drawn
