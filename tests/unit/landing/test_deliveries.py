"""Files that arrive, come again, supersede each other, are deleted and restored: landing and an oracle agree."""

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.home import Home
from tests.unit.landing.deliveries import File, Oracle
from tests.unit.landing.ground import Ground, payments
from tests.unit.landing.withdrawals import gone, keys

EXAMPLES = 8
KEYS = ("P1", "P2")
AMOUNTS = ("1", "1", "2.0001", "2.0001", "-3.5", "x")
GOOD = (("P1", "1"),)
KINDS = ("accepted", "quarantined", "duplicates", "rejected")
ORDER = {"order_id": "id", "order_date": "paid", "currency": "currency", "net_amount": "amount"}
FEEDS = {
    "orders__payments": ("orders.payments", {}, "payment_id", "amount"),
    "orders__orders": (
        "orders.orders",
        {"columns": {**ORDER, "status": {"transformLogic": "'paid'"}}},
        "order_id",
        "net_amount",
    ),
}


def delivered(seed):
    """Seven files or more: rows, the same rows again under another name, or keys that are deleted."""
    dice, files, came = random.Random(seed), [], 0
    for number in range(dice.randint(7, 9)):
        came += dice.random() < 0.8
        kind = dice.choice(["rows", "rows", "again", "deleted"])
        same = [one for one in files if bool(one.deletes) == (kind == "deleted")]
        earlier = dice.choice(same) if same else None
        old = earlier.name if earlier and kind != "again" and dice.random() < 0.5 else ""
        rows = tuple((key, dice.choice(AMOUNTS)) for key in KEYS for _ in range(dice.choice([0, 1, 1, 1, 2])))
        if kind == "deleted":
            one = File(f"gone_{number}.csv", came, deletes=(dice.choice(KEYS),), replaces=old)
        else:
            again = earlier and kind == "again"
            one = File(f"p_{number}.csv", came, earlier.rows if again else rows or GOOD, replaces=old)
        files.append(one)
    return files


def ground_for(folder, feed, files):
    made = Ground(folder / "shop", Home(folder / "home"))
    made.files.mkdir(parents=True)
    made.home.prepare()
    claims = [{"file": one.name, "replaces": one.replaces, "reason": "r"} for one in files if one.replaces]
    made.source(supersedes=claims)
    name, more, key, _ = FEEDS[feed]
    made.contract(name, files="p_*.csv", **more)
    limit = {"share": 1, "reason": "all may go"}
    made.contract(f"{name}.deleted", files="gone_*.csv", columns={key: "id"}, vanish_limit=limit)
    return made


def deliver(ground, one):
    lines = [f"{key},O1,2026-10-01,{amount},CNY" for key, amount in one.rows]
    ground.file(one.name, keys(*one.deletes) if one.deletes else payments(*lines))


def current(ground, feed):
    """Keys and amounts as the warehouse takes them: the row received last, without those that are withdrawn."""
    _, _, key, amount = FEEDS[feed]
    rows = sorted(ground.rows(feed), key=lambda row: (row["received_at"], row["row_id"]))
    without = set(gone(ground))
    return {row[key]: row[amount] for row in rows if row[key] not in without}


def agree(ground, feed, files):
    found = ground.land()
    (told,) = [one for one in found["feeds"] if one["feed"] == feed] or [None]
    oracle = Oracle(files, is_state=feed == "orders__orders")
    if told is None:
        assert not oracle.counts
        return
    counted = {kind: told[kind]["rows"] for kind in KINDS}
    assert sum(counted.values()) == told["read"]["rows"] == oracle.counts["read"]
    assert counted == {kind: oracle.counts[kind] for kind in KINDS}
    assert current(ground, feed) == oracle.current
    assert sum(current(ground, feed).values(), Decimal(0)) == sum(oracle.current.values(), Decimal(0))


@pytest.mark.parametrize("feed", sorted(FEEDS))
def test_any_deliveries_leave_the_rows_and_the_money_that_the_oracle_has(feed, tmp_path_factory):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(seed=st.integers(0, 2**40), first=st.integers(2, 5))
    def check(seed, first):
        files = delivered(seed)
        ground = ground_for(tmp_path_factory.mktemp("shop"), feed, files)
        for came in range(max(one.came for one in files) + 1):
            arriving = [one for one in files if one.came == came]
            for one in arriving:
                deliver(ground, one)
            if came == first:
                agree(ground, feed, [one for one in files if one.came <= came])
            else:
                ground.collect()
        agree(ground, feed, files)

    check()
