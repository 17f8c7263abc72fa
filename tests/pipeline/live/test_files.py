"""Lines of files go the whole way beside two live CRMs: bad ones refused, exported, mended, replayed, one waived.

The files hold (net, EUR): 20.00 + 4.00 + 30.00 + 18.00 = 72.00; then 50.00, two lines whose price or amount cannot be
read (13.35 and 10.99 once mended) and one without a price (14.50), which nobody can mend:
72.00 + 50.00 + 13.35 + 10.99 = 146.34.
"""

from decimal import Decimal

from pipelines.errors import DONE, REFUSED
from pipelines.files import read_json
from pipelines.release import ledger
from pipelines.release.waivers import waivers
from quality.waivers import apply
from tests.fixtures.live_world import FAILING, WAIVED, Said, World

OF_SHOP = "Q.orders__order_lines.shop"
NET = "select sum(net_amount) from fct_order_line where source_system = 'shop'"


def test_bad_lines_are_refused_and_readers_keep_what_they_had(
    live_world: World, refused: Said, first: str
) -> None:
    assert refused.code == REFUSED
    assert "to do:" in refused.err
    assert [reason.split(" failed")[0] for reason in refused.found["reasons"]] == FAILING
    entries = [one for one in ledger.read(live_world.home).entries if one["kind"] != ledger.WAIVER]
    assert entries[0]["release_id"] == first
    assert live_world.rows(first, NET) == [(72,)]


def test_the_mended_lines_are_taken_back(replayed: Said) -> None:
    assert replayed.code == DONE, replayed.err
    found = replayed.found
    assert (found["extract_id"], found["mended"], found["accepted"]) == ("sales_second.csv", 2, 2)
    assert (found["unchanged"], found["still"]) == (1, [])


def test_the_second_release_has_the_mended_money_to_the_cent(live_world: World, second: str) -> None:
    lines = (
        "select order_id, line_id, unit_price, net_amount from fct_order_line "
        "where source_system = 'shop' and order_id >= 'A4' order by 1, 2"
    )
    assert live_world.rows(second, lines) == [
        ("A4", "1", 10, 50),
        ("A4", "2", Decimal("4.45"), Decimal("13.35")),
        ("A5", "1", Decimal("10.99"), Decimal("10.99")),
    ]
    assert live_world.rows(second, NET) == [(Decimal("146.34"),)]
    held = (
        "select row_id, rule_id, amount from quarantine_row "
        "where kind = 'quarantined' and source_system = 'shop'"
    )
    assert live_world.rows(second, held) == [("shop|sales_second.csv|5", "T02", Decimal("14.5"))]


def test_a_mended_line_is_explained_as_it_came_and_as_it_is(live_world: World, second: str) -> None:
    keys = ("channel_code=store", "fiscal_month=2024-03", "--first", 9, "--release", second)
    said = live_world.weir("explain", "mart_channel_performance", "net_revenue", *keys).out
    assert "146.34" in said
    assert 'sales_second.csv:3  A4,2,2024-03-18,5001,P2,3,"4,45","13,35"\n      mended since: ' in said
    assert '"price":"4.45","net":"13.35"' in said


def test_the_report_shows_the_waiver_and_the_correction(live_world: World, second: str) -> None:
    report = live_world.weir("report", second, "--json").found
    shown = {one.pop("check_id"): one for one in report["verdict"]["waivers"]}
    for one in shown.values():
        one.pop("at")
    named = {"author": "Li Wei", "approver": "Chen Jing", "expires": "2024-03-22", "most": 1, "is_used": True}
    assert shown == {check: {"reason": reason, **named} for check, reason in WAIVED.items()}
    states = {one["check_id"]: one["status"] for one in report["checks"]["results"]}
    assert {name: states[name] for name in FAILING} == {
        name: "waived" if name in WAIVED else "passed" for name in FAILING
    }
    (mended,) = report["landing"]["corrections"]
    assert (mended["author"], mended["extract_id"], mended["rows"]) == ("Li Wei", "sales_second.csv", 2)


def test_a_day_later_the_waiver_counts_no_more(live_world: World, second: str) -> None:
    """What landing said to the second run, with the waivers of the ledger, on the waiver's last day and after it."""
    (said,) = [
        read_json(one / "landing.json")["checks"]
        for one in live_world.home.runs.iterdir()
        if (one / "published.json").is_file() and read_json(one / "published.json")["release_id"] == second
    ]
    (check,) = [one for one in said if one["check_id"] == OF_SHOP]
    assert (check["status"], check["observed"].split(";")[0]) == ("failed", "1 of 8 rows")
    told = {day: apply(said, waivers(live_world.home), f"2024-03-{day}") for day in (22, 23)}
    assert {one["check_id"] for one in told[22][0] if one["status"] == "waived"} == set(WAIVED)
    assert told[23] == (said, [])
