"""The example source: GB18030, Chinese headings, a control file, headers and lines in one file."""

from pathlib import Path

from pipelines.landing.trial import trial

EXAMPLE = Path(__file__).parent.parent.parent / "fixtures" / "sources" / "acme_erp"


def test_the_example_lands_without_a_problem():
    found = trial(EXAMPLE)
    assert found["problems"] == []
    lines, orders = next(one for one in found["files"] if one["file"] == "sales_2024-10.csv")["feeds"]
    # 21.00 + 5.00 + 1,234.50 + 31.50 = 1,292.00 on 4 lines of 3 orders
    assert lines["accepted"] == {"rows": 4, "money": {"CNY": "1292.0000"}, "unreadable": 0}
    assert orders["accepted"]["rows"] == 3
