"""Payments that are told again, and what is counted of them."""

ROW = "P1,O1,2026-10-01,1,CNY"
MORE = "P2,O1,2026-10-02,5,CNY"
TWO = ROW.replace(",1,", ",2,")
THREE = ROW.replace(",1,", ",3,")


def amounts(ground):
    return {row["payment_id"]: row["amount"] for row in ground.rows()}


def balances(summary):
    kinds = ("accepted", "quarantined", "duplicates", "rejected")
    assert sum(summary[kind]["rows"] for kind in kinds) == summary["read"]["rows"]
    return [summary[kind]["rows"] for kind in ("read", *kinds)]
