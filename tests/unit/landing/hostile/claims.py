"""What a hostile file may come to: rejected whole, a row set aside with its place and text, or accepted."""

from tests.unit.landing.ground import payments

GOOD = [f"G{number},O1,2026-10-01,1.00,CNY" for number in range(9)]


def rejected(ground, rule, said):
    """The file is refused by a rule with these words, and nothing of it lands."""
    summary = ground.land()
    refusal = ground.rejection()[-1]
    assert refusal.startswith(f"{rule}|"), refusal
    assert said in refusal, refusal
    assert ground.rows() == []
    assert summary["accepted"]["rows"] == 0
    found = ground.check(rule)
    assert (found["status"], found["rejects_file"]) == ("failed", True)


def set_aside(ground, row, rule, reason, line=5):
    """One bad row among nine good ones: it is held with file, line, rule and text; the others are landed."""
    ground.file("a.csv", payments(*GOOD[: line - 2], row, *GOOD[line - 2 :]))
    ground.land()
    held = [
        (one["file_name"], one["line_no"], one["rule_id"], one["reason"], one["raw_text"])
        for one in ground.held()
    ]
    assert held == [("a.csv", line, rule, reason, row)]
    assert [one["payment_id"] for one in ground.rows()] == [f"G{number}" for number in range(9)]


def accepted(ground, **expected):
    """The one row of the file is landed with these values."""
    ground.land()
    assert ground.rejection() == [None]
    assert ground.held() == []
    (row,) = ground.rows()
    assert {name: row[name] for name in expected} == expected
    return row


def warned(ground, rule, said):
    """The rule says of an accepted file what is odd about it."""
    found = ground.check(rule)
    assert found["status"] == "warned"
    assert said in found["observed"], found["observed"]
