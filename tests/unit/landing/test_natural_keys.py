"""One key, several rows: in one file, and over files, for events, states and versions."""

from decimal import Decimal

from tests.unit.landing.ground import payments

LEADS = {"lead_id": "id", "created_at": "at", "status": "status"}
OTHERS = [f"G{number},O1,2026-10-01,1.00,CNY" for number in range(200)]


def leads(*lines):
    return "id,at,status\n" + "".join(f"{line}\n" for line in lines)


def test_the_same_row_again_is_a_duplicate_and_counted(ground):
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY", "P1,O1,2026-10-01,1.00,CNY"))
    summary = ground.land()
    assert (summary["accepted"]["rows"], summary["duplicates"]["rows"]) == (1, 1)
    held = ground.held()[0]
    assert (held["kind"], held["rule_id"], held["line_no"]) == ("duplicate", "S10", 3)


def test_one_key_with_other_content_in_one_file_sets_all_of_it_aside(ground):
    ground.file(
        "a.csv",
        payments(*OTHERS, "P1,O1,2026-10-01,1,CNY", "P1,O1,2026-10-01,2,CNY", "P2,O1,2026-10-01,1,CNY"),
    )
    ground.land()
    assert [row["line_no"] for row in ground.held()] == [202, 203]
    assert ground.check("S10")["failing_count"] == 2


def test_an_event_sent_again_in_another_extract_is_a_duplicate(ground):
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    ground.land()
    ground.file("b.csv", payments("P1,O1,2026-10-01,1,CNY", "P2,O1,2026-10-01,1,CNY"))
    summary = ground.land()
    assert (summary["accepted"]["rows"], summary["duplicates"]["rows"]) == (2, 1)


def test_an_event_that_comes_again_with_other_content_is_set_aside_and_the_first_one_stays(ground):
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    ground.land()
    ground.file("b.csv", payments("P1,O1,2026-10-01,2,CNY"))
    ground.land()
    assert [row["amount"] for row in ground.rows()] == [Decimal("1.0000")]
    assert [(row["file_name"], row["reason"]) for row in ground.held()] == [
        ("b.csv", "the key was landed before with other content")
    ]


def test_two_extracts_of_one_run_and_of_two_runs_come_to_the_same(ground, tmp_path):
    ground.file("a.csv", payments("P1,O1,2026-10-01,1,CNY"))
    ground.file("b.csv", payments("P1,O1,2026-10-01,2,CNY", "P2,O1,2026-10-01,2,CNY"))
    ground.land()
    assert [row["row_id"] for row in ground.rows()] == ["shop|a.csv|2", "shop|b.csv|3"]


def test_a_state_may_change_and_change_back(ground):
    ground.contract("crm.leads", columns=LEADS)
    ground.contract(files="none*.csv")
    for number, status in enumerate(["new", "contacted", "contacted", "new"]):
        ground.file(f"{number}.csv", leads(f"L1,2026-10-01,{status}"))
        summary = ground.land()
    # The third delivery says what the second said: a duplicate. The fourth is news again.
    assert (summary["accepted"]["rows"], summary["duplicates"]["rows"]) == (3, 1)
    assert [row["extract_id"] for row in ground.rows("crm__leads")] == ["0.csv", "1.csv", "3.csv"]


def test_a_state_twice_in_one_file_with_other_content_is_set_aside(ground):
    ground.contract("crm.leads", columns=LEADS)
    ground.contract(files="none*.csv")
    ground.file("a.csv", leads("L1,2026-10-01,new", "L1,2026-10-01,lost", "L2,2026-10-01,new"))
    ground.land()
    assert [row["lead_id"] for row in ground.rows("crm__leads")] == ["L2"]


def test_versions_with_dates_of_their_own_are_different_rows(ground):
    columns = {"team_code": "team", "name": "name", "valid_from": "since"}
    ground.contract("people.teams", columns=columns)
    ground.contract(files="none*.csv")
    ground.file("a.csv", "team,name,since\nT1,North,2025-01-01\nT1,North and East,2026-01-01\n")
    ground.land()
    assert len(ground.rows("people__teams")) == 2


def test_an_empty_key_is_set_aside(ground):
    ground.file("a.csv", payments(*OTHERS, ",O1,2026-10-01,1,CNY"))
    ground.land()
    assert [(row["rule_id"], row["reason"]) for row in ground.held()] == [("S10", "payment_id is empty")]


ROWLESS = {
    "order_id": "order",
    "line_id": {"transformLogic": "_line"},
    "quantity": "qty",
    "unit_price": "price",
    "currency": {"transformLogic": "'GBP'"},
}
TWICE = "order,qty,price\nO1,1,2.00\nO1,1,2.00\nO1,3,2.00\n"


def test_equal_rows_of_a_source_without_line_ids_are_kept_and_counted(ground):
    ground.contract("orders.order_lines", columns=ROWLESS, duplicates="keep")
    ground.contract(files="none*.csv")
    ground.file("a.csv", TWICE)
    ground.land()
    assert len(ground.rows("orders__order_lines")) == 3
    assert ground.check("S10", "orders__order_lines")["observed"].endswith(
        "1 identical rows kept, as declared"
    )


def test_equal_rows_of_a_source_without_line_ids_are_dropped_where_it_says_so(ground):
    ground.contract("orders.order_lines", columns=ROWLESS, duplicates="drop")
    ground.contract(files="none*.csv")
    ground.file("a.csv", TWICE)
    summary = ground.land()
    # 1 x 2.00 + 3 x 2.00 = 8.00 kept, 1 x 2.00 dropped
    assert summary["accepted"]["money"] == {"GBP": "8.0000"}
    assert summary["duplicates"] == {"rows": 1, "money": {"GBP": "2.0000"}, "unreadable": 0}
