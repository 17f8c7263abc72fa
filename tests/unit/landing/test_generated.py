"""Ten thousand generated files: whatever stands in them, every row written is found again, and every unit of money.

A file is made from a seed by the standard library alone, together with what it holds. Hypothesis chooses the dialect
and the seeds, and shrinks a batch that fails to the seeds at fault.
"""

import csv
import hashlib
import io
import random
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.landing import component_run
from pipelines.landing.component_run import ComponentRun
from pipelines.landing.plan import components
from pipelines.sources.definition import load_source
from pipelines.sources.receipt import Receipt
from tests.unit.landing.ground import PAYMENT

FILES, BATCHES = 200, 52
TEXTS = [
    "O1",
    "00123",
    "1E5",
    "NULL",
    "NA",
    "=1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "'",
    "OR",
    "1=1",
    "\\",
    '5"pipe',
    "Müller",
    "ñandú",
    "Ωmega",
    "заказ",
    "订单龘",
    "注文",
    "طلب",
    "🙂👩\u200d👩\u200d👧",
    "é",
    "\u200bx",
    "a\xa0b",
    "#1",
    "--",
    "%s",
    "{0}",
    "../x",
    "a, b",
    'say "hi"',
    "line\nbreak",
    "  outer  ",
    "x" * 5000,
    "tab\there",
    "semi;colon",
    "bar|bar",
]
SOUND = [
    "1",
    "0",
    "-1",
    "+2.5",
    "0.0001",
    "99999999.9999",
    "1.50000",
    ".5",
    "007",
    " 3 ",
    "-0.0",
    "12345678901.25",
]
UNSOUND = ["", "abc", "1,5", "NaN", "inf", "1e5", "(3)", "--1", "0x10", "1_000", "1 000", "¥5", "1.2.3", "."]
TOO_FINE = ["0.00001", "1.23456"]  # no amount of four decimals, yet part of a declared sum
DAYS = ["2026-10-01", "2026-10-31 23:59:59", "2026-10-01T08:00:00+08:00"]
NO_DAYS = ["", "2026-02-31", "01/10/2026", "soon", "0000-00-00"]
DIALECTS = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1", "big5"]),
        "delimiter": st.sampled_from([",", ";", "\t", "|", "\u0001"]),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)


@dataclass
class Written:
    """One file: its bytes, and the rows and money in it. `totals` counts every cell that is a number."""

    content: bytes = b""
    rows: int = 0
    money: dict = field(default_factory=dict)
    totals: dict = field(default_factory=dict)
    is_cut: bool = False
    is_declared: bool = False


def _add(sums, currency, amount):
    sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount.strip())


def _cells(dice, seed):
    currency = dice.choice(["CNY", "USD"]) if dice.random() < 0.98 else ""
    kind = dice.random()
    amount = dice.choice(SOUND if kind < 0.85 else UNSOUND if kind < 0.97 else TOO_FINE)
    day = dice.choice(DAYS if dice.random() < 0.95 else NO_DAYS)
    own = f"P{seed}-{dice.randrange(99)}"
    row = {
        "id": dice.choice([*TEXTS, "P1", "P2"]) if dice.random() < 0.1 else own,
        "order": dice.choice(TEXTS),
    }
    return (
        {**row, "paid": day, "amount": amount, "currency": currency, "mood": dice.choice(TEXTS)},
        currency,
        amount,
    )


def _row(dice, seed, names, made):
    """One row as fields; its money is entered unless the row has too few or too many fields."""
    cells, currency, amount = _cells(dice, seed)
    made.rows += 1
    fields = [cells[name] for name in names]
    shape = dice.random()
    if shape < 0.01:
        return fields[: dice.randrange(2, len(fields))]
    if shape < 0.02:
        return [*fields, "more"]
    if amount in SOUND:
        _add(made.money, currency, amount)
    if amount in SOUND or amount in TOO_FINE:
        _add(made.totals, currency, amount)
        _add(made.totals, "*", amount)
    return fields


def _again(row, names, made):
    """The same row once more."""
    cells = dict(zip(names, row, strict=True))
    made.rows += 1
    if cells["amount"] in SOUND:
        _add(made.money, cells["currency"], cells["amount"])
    if cells["amount"] in SOUND or cells["amount"] in TOO_FINE:
        _add(made.totals, cells["currency"], cells["amount"])
        _add(made.totals, "*", cells["amount"])


def written(seed, dialect):
    """A file of that dialect."""
    dice, made = random.Random(seed), Written()
    names = list(PAYMENT.values()) + (["mood"] if dice.random() < 0.3 else [])
    dice.shuffle(names)
    stream = io.StringIO()
    quoting = dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(stream, delimiter=dialect["delimiter"], lineterminator="\n", quoting=quoting)
    writer.writerow(names)
    for _ in range(dice.randrange(1, 12)):
        row = _row(dice, seed, names, made)
        writer.writerow(row)
        if len(row) == len(names) and dice.random() < 0.05:
            _again(row, names, made)
            writer.writerow(row)
    text = stream.getvalue()
    if dialect["end"] != "\n":
        text = text.replace("line\nbreak", "line break").replace("\n", dialect["end"])
    made.content = text.encode(dialect["encoding"], "replace")
    made.is_declared = dice.random() < 0.5
    if made.is_declared and dice.random() < 0.3:
        made.is_cut = True
        made.content = made.content[: dice.randrange(len(made.content))]
    return made


class Counting(ComponentRun):
    """The real landing, less the files that it writes."""

    def _write(self, outcome):
        pass

    def _hold(self, outcome, rows):
        pass


def land(ground, source, files):
    """What became of each file."""
    (component,) = components(source)
    receipts = []
    for number, one in enumerate(files):
        sha256 = hashlib.sha256(one.content).hexdigest()
        (ground.home.blobs / sha256).write_bytes(one.content)
        sums = {currency: str(amount) for currency, amount in one.totals.items()}
        declared = {"rows": one.rows, "sums": {"amount": sums}} if one.is_declared else None
        when = f"2026-11-01T00:00:00.{number:06d}Z"
        table = component.tables[0].name
        receipts.append(
            Receipt("shop", f"{number}.csv", sha256, len(one.content), [table], [], when, declared=declared)
        )
    run = Counting(ground.home, component, receipts, lambda feed: [])
    run.land({}, {one.slug: "" for one in receipts}, {})
    return run.outcomes


def figures(outcome):
    """Rows and money read, and the same summed over what became of them."""
    result = outcome.results["orders__payments"]
    parts = {kind: count.rows for kind, count in result.parts.items()}
    found = {}
    for count in result.parts.values():
        for currency, tally in count.by.items():
            found[currency] = found.get(currency, Decimal(0)) + tally.money
    return result.read.rows, parts, {currency: amount for currency, amount in found.items() if amount}


@pytest.fixture
def dry(ground, monkeypatch):
    monkeypatch.setattr(component_run, "commit", lambda *_: None)
    monkeypatch.setattr(component_run, "write_accepted", lambda *_: {})
    ground.home.blobs.mkdir(parents=True, exist_ok=True)
    return ground


def test_ten_thousand_generated_files_lose_no_row_and_no_unit_of_money(dry, capsys):
    told = {"files": 0, "rows": 0, "accepted": 0, "quarantined": 0, "duplicates": 0, "rejected": 0, "cut": 0}

    @settings(
        max_examples=BATCHES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
    @given(dialect=DIALECTS, first=st.integers(0, 2**40), count=st.just(FILES))
    def check(dialect, first, count):
        how = {"encoding": dialect["encoding"], "delimiter": dialect["delimiter"]}
        dry.contract(format=how, scale=4)
        files = [written(first + number, dialect) for number in range(count)]
        for made, outcome in zip(files, land(dry, load_source(dry.folder), files), strict=True):
            told["files"] += 1
            told["cut"] += made.is_cut
            if made.is_cut and outcome.rejection:
                continue  # how many rows a file without its end has is not known
            read, parts, money = figures(outcome)
            for kind, rows in parts.items():
                told[kind] += rows
            told["rows"] += read
            assert read == sum(parts.values()) == made.rows, (outcome.rejection, made.content)
            assert money == {key: one for key, one in made.money.items() if one}, (
                outcome.rejection,
                made.content,
            )
            if outcome.rejection:
                assert parts["rejected"] == made.rows
                assert outcome.rejection.startswith("S09|"), outcome.rejection

    check()
    with capsys.disabled():
        print(f"\n{told}")
    assert told["files"] >= 10_000
    assert min(told.values()) > 500
