"""The numeric examples of the ledger's definition (docs block incentive_ledger, section 9), by their numbers."""

from quality.commission.facts import Quota, ramps_of, rank_of
from quality.commission.quotas import Quotas
from quality.commission.terms import RATE, UNIT, Person
from tests.unit.commission.ground import LATE, component, day, facts, ledger, sale, units

TIERS = ((0, RATE // 20), (RATE, RATE * 8 // 100))
TEN_PERCENT = ((0, RATE // 10),)


def test_1_flat() -> None:
    assert ledger(facts([sale("2026-01-05", 1_000.10)], [component()])) == [
        ("accrual", "2026-01-05", 50.01)  # 1,000.10 x 5 % = 50.005
    ]
    yen = component(currency="JPY", step=UNIT)
    assert ledger(facts([sale("2026-01-05", 1_010, currency="JPY")], [yen])) == [
        ("accrual", "2026-01-05", 51.0)  # 50.5
    ]


def test_2_marginal_cuts_an_event_at_the_bound() -> None:
    known = facts(
        [sale("2026-01-05", 9_000), sale("2026-01-06", 3_000, "O2")],
        [component(mode="marginal", tiers=TIERS)],
        quota=10_000,
    )
    assert ledger(known)[1:] == [("accrual", "2026-01-06", 50.0), ("accrual", "2026-01-06", 160.0)]


def test_3_whole_moves_all_rows_to_the_tier_reached() -> None:
    known = facts(
        [sale("2026-01-05", 6_000), sale("2026-01-06", 5_000, "O2")],
        [component(mode="whole", tiers=TIERS)],
        quota=10_000,
    )
    assert ledger(known) == [
        ("accrual", "2026-01-05", 300.0),
        ("accrual", "2026-01-06", 250.0),
        ("adjustment", "2026-01-06", 180.0),
        ("adjustment", "2026-01-06", 150.0),
    ]


def test_4_nothing_below_the_threshold() -> None:
    known = facts(
        [sale("2026-01-05", 8_000)], [component(tiers=TEN_PERCENT, threshold=RATE // 2)], quota=10_000
    )
    assert ledger(known) == [("accrual", "2026-01-05", 0.0), ("accrual", "2026-01-05", 300.0)]


def test_5_and_6_cap_and_what_comes_back_of_a_capped_row() -> None:
    known = facts(
        [sale("2026-01-05", 2_000), sale("2026-01-06", 1_000, "O2"), sale("2026-02-01", -1_000, "O2")],
        [component(tiers=TEN_PERCENT, cap=units(250))],
    )
    assert ledger(known) == [
        ("accrual", "2026-01-05", 200.0),
        ("accrual", "2026-01-06", 50.0),
        ("clawback", "2026-02-01", -50.0),
    ]


def test_6_returns_in_pieces_come_to_nothing_together() -> None:
    known = facts(
        [sale("2026-01-05", 1_000.10), sale("2026-02-01", -333.33), sale("2026-03-01", -666.77)],
        [component()],
    )
    assert ledger(known) == [
        ("accrual", "2026-01-05", 50.01),
        ("clawback", "2026-02-01", -16.67),
        ("clawback", "2026-03-01", -33.34),
    ]


def test_7_released_by_what_was_paid_of_the_line() -> None:
    known = facts(
        [sale("2026-01-05", 1_000)], [component(due_on="payment", tiers=((0, RATE * 10_001 // 100_000),))]
    )
    known.worth["erp", "O1"].append((day("2026-01-05"), "2", units(500)))
    known.paid["erp", "O1"] = [(day("2026-02-01"), units(500)), (day("2026-03-01"), units(1_000))]
    assert ledger(known) == [
        ("accrual", "2026-01-05", 100.01),
        ("reserve", "2026-01-05", -100.01),
        ("release", "2026-02-01", 33.34),
        ("release", "2026-03-01", 66.67),
    ]


def test_8_only_a_share_is_reserved() -> None:
    known = facts(
        [sale("2026-01-05", 1_000)], [component(due_on="payment", tiers=TEN_PERCENT, reserve=6_000)]
    )
    known.paid["erp", "O1"] = [(day("2026-02-01"), units(500))]
    assert ledger(known)[1:] == [("reserve", "2026-01-05", -60.0), ("release", "2026-02-01", 30.0)]


def test_9_holdback_until_its_day_or_until_all_comes_back() -> None:
    held = component(holdback=1_000, holdback_days=90)
    assert ledger(facts([sale("2026-01-05", 1_000.10)], [held]))[1:] == [
        ("reserve", "2026-01-05", -5.0),
        ("release", "2026-04-05", 5.0),
    ]
    known = facts([sale("2026-01-05", 1_000.10), sale("2026-02-01", -1_000.10)], [held])
    assert ledger(known)[1:] == [
        ("clawback", "2026-02-01", -50.01),
        ("reserve", "2026-01-05", -5.0),
        ("release", "2026-02-01", 5.0),
    ]


def test_10_and_11_draws() -> None:
    events = [sale("2026-01-15", 40_000), sale("2026-02-15", 90_000, "O2")]
    for kind, forgiven in (
        ("recoverable", []),
        ("non_recoverable", [("forgiveness", "2026-01-31", 1_000.0)]),
    ):
        one = component(
            draw=units(3_000), draw_type=kind, valid_from=day("2026-01-01"), valid_to=day("2026-03-01")
        )
        found = ledger(facts(events, [one]), "2026-02-28")
        assert found[2:] == [
            ("draw", "2026-01-01", -3_000.0),
            *forgiven,
            ("draw", "2026-02-01", -3_000.0),
        ]


def test_12_tail_after_the_exit() -> None:
    events = [sale("2026-03-02", 1_000), sale("2026-03-03", 1_000, "O2")]
    known = facts(events, [component(tail_days=30)], exited="2026-01-31")
    assert ledger(known) == [("accrual", "2026-03-02", 50.0)]


def test_13_cash() -> None:
    known = facts(
        [sale("2026-01-05", 1_000), sale("2026-04-01", -250, credit_day=day("2026-01-05"))],
        [component(base="cash")],
    )
    known.paid["erp", "O1"] = [(day("2026-02-01"), units(400)), (day("2026-03-01"), units(600))]
    assert ledger(known) == [
        ("accrual", "2026-02-01", 20.0),
        ("accrual", "2026-03-01", 30.0),
        ("clawback", "2026-04-01", -12.5),
    ]


def test_15_a_split_edited_after_a_return() -> None:
    """B of the example: the reversal of the return comes when all that it takes from was already taken."""
    known = facts(
        [
            sale("2026-01-05", 800),
            sale("2026-01-20", -560),
            sale("2026-02-10", -800, is_return=False, document=("", "")),
            sale("2026-02-10", 560, is_return=True, document=("R2026-01-20", "1")),
        ],
        [component()],
    )
    assert ledger(known) == [
        ("accrual", "2026-01-05", 40.0),
        ("clawback", "2026-01-20", -28.0),
        ("clawback", "2026-02-10", -12.0),
        ("accrual", "2026-02-10", 0.0),
    ]


def test_a_quota_of_the_year_is_spread_by_season() -> None:
    """February weighs 2: 365 + 28 = 393 of 3,930; the first quarter 31 + 56 + 31 = 118, February 56."""
    known = facts([], [component()], quota=3_930)
    known.seasons = {2: 2}
    quotas = Quotas(known, known.people["R"])
    assert [quotas.of(one) for one in ("2026-Q1", "2026-02", "2026", "2027-01")] == [
        units(1_180),
        units(560),
        units(3_930),
        None,
    ]


def test_a_later_version_of_a_quota_takes_its_own_days() -> None:
    """365 of the year; 10 comes after 9, and both from 1 October on: 273 days are left of the old one."""
    known = facts([], [component()], quota=365)
    first, after = day("2026-10-01"), day("2027-01-01")
    known.quotas["R"] += [
        Quota(first, after, units(9_200), rank_of("9")),
        Quota(first, after, units(920), rank_of("v10")),
    ]
    quotas = Quotas(known, known.people["R"])
    assert [quotas.of(one) for one in ("2026-Q1", "2026-09", "2026-10", "2026")] == [
        units(90),
        units(30),
        units(310),
        units(273 + 920),
    ]
    assert rank_of("9") < rank_of("v10") < rank_of("10.1") < rank_of("plan")


def test_the_ramp_is_that_of_the_runs_definitions() -> None:
    """A quota of 3,650 goes by days: January 310, February 280. The run's own profile asks half in the first month.

    A profile that it does not list takes its default; the catalogue's own begins with 0 and 0.25.
    """
    own = {"ramp_profiles": {"default": ["0.1"], "short": ["0.5", "0.33335"]}}
    found = []
    for profile, definitions in (("short", own), ("other", own), ("other", {})):
        known = facts([], [component()], quota=3_650)
        known.ramps = ramps_of(definitions)
        person = Person("R", day("2026-01-15"), None, [(0, LATE, "P", None, "seller", profile)])
        quotas = Quotas(known, person)
        found.append([quotas.of(one) for one in ("2026-01", "2026-02", "2026-03")])
    assert found == [
        [units(155), units(93.352), units(310)],  # 0.33335 is 0.3334 at four decimals: 280 x 0.3334
        [units(31), units(280), units(310)],
        [None, units(70), units(155)],
    ]
