"""A list in which much lacks is let through once, by name: with a reason and two names, and no other list with it."""

import json

import pytest
from click.testing import CliRunner

from pipelines.commands import quarantine
from pipelines.errors import UsageError
from pipelines.landing.approved import keep_approvals
from pipelines.release.waivers import waivers
from quality.waivers import apply
from tests.unit.landing.ground import payments
from tests.unit.landing.withdrawals import gone, keys, many, names

CHECK = "S13.orders__payments.shop"
KEYS = {"payment_id": "id"}


def waive(ground, *more, monkeypatch):
    """`weir quarantine waive`, of what the last landing says."""
    monkeypatch.setattr(quarantine, "last_result", lambda home, check_id: ground.check("S13"))
    given = ["--reason", "a branch was closed", "--author", "Li Wei", "--approver", "Chen Jing"]
    given += ["--until", "2026-12-31", "--home", str(ground.home.root), "--json", *more]
    ended = CliRunner().invoke(quarantine.quarantine, ["waive", CHECK, *given], standalone_mode=False)
    if ended.exception:
        raise ended.exception
    return json.loads(ended.output)


def run(ground):
    """What a run does: it takes the waivers of the ledger along."""
    keep_approvals(ground.home, waivers(ground.home))
    ground.land()
    return ground.check("S13")


@pytest.fixture(params=["deleted", "keys"])
def held(ground, request):
    """200 payments; list_1.csv says that 20 of them are gone."""
    ground.contract(files="p_*.csv")
    ground.contract(f"orders.payments.{request.param}", files="list_*.csv", columns=KEYS)
    ground.file("p_1.csv", payments(*many(1, 200)))
    ground.land()
    ground.told = lambda first, last: (
        keys(*names(first, last))
        if request.param == "deleted"
        else keys(*names(1, 200, *range(first, last + 1)))
    )
    ground.file("list_1.csv", ground.told(1, 20))
    assert run(ground)["status"] == "warned"
    assert gone(ground) == []
    return ground


def test_the_named_list_withdraws_and_says_who_let_it_in_ledger_check_and_report(held, monkeypatch):
    body = waive(held, "--extract", "list_1.csv", monkeypatch=monkeypatch)
    assert (body["extract"], body["most"], body["expires"]) == ("list_1.csv", 20, "2026-12-31")
    found = run(held)
    assert len(gone(held)) == 20
    assert (found["status"], found["observed"]) == (
        "passed",
        "20 of 200 keys are gone by list_1.csv (asked by Li Wei, approved by Chen Jing: a branch was closed)",
    )
    (waiver,) = waivers(held.home)
    assert waiver["extract"] == "list_1.csv"
    _, (shown,) = apply([found], [waiver], "2026-12-31")
    assert (shown["extract"], shown["is_used"]) == ("list_1.csv", True)
    assert apply([found], [waiver], "2027-01-01")[1] == []
    assert held.land()["new_extracts"] == 0
    assert len(gone(held)) == 20  # what is deleted does not come back on a day


def test_the_next_list_is_held_again(held, monkeypatch):
    waive(held, "--extract", "list_1.csv", monkeypatch=monkeypatch)
    run(held)
    held.file("list_2.csv", held.told(1, 60))
    found = run(held)
    assert (found["status"], found["failing_keys"]) == ("warned", ["list_2.csv"])
    assert len(gone(held)) == 20


def test_a_list_that_comes_to_withdraw_more_than_was_approved_is_held(held, monkeypatch):
    waive(held, "--extract", "list_1.csv", "--most", "19", monkeypatch=monkeypatch)
    assert run(held)["status"] == "warned"
    assert gone(held) == []


def test_a_list_has_to_be_named_and_to_be_held(held, monkeypatch):
    with pytest.raises(UsageError, match="is waived for one list at a time"):
        waive(held, monkeypatch=monkeypatch)
    with pytest.raises(UsageError, match=r"holds no list list_9\.csv"):
        waive(held, "--extract", "list_9.csv", monkeypatch=monkeypatch)
    assert waivers(held.home) == []
