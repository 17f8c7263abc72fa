"""Each of the 74 hostile inputs has one test of its number, wherever the layer lives that has to withstand it."""

import re
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[3]
HOSTILE = (
    Path(__file__).parent,
    TESTS / "pipeline" / "test_restatement.py",
    TESTS / "dbt" / "core" / "test_landing_to_core.py",
    TESTS / "unit" / "audit" / "test_page.py",
)


def test_every_hostile_input_has_one_test():
    files = [
        file for place in HOSTILE for file in ([place] if place.is_file() else sorted(place.glob("*.py")))
    ]
    numbers = [
        int(number)
        for file in files
        for number in re.findall(r"^def test_(\d\d)_", file.read_text(), re.MULTILINE)
    ]
    assert Counter(numbers) == Counter(range(1, 75))
