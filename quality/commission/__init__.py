"""Variable pay computed again, in whole numbers and from the facts of a candidate alone (rule R06)."""

LEDGER = "fct_commission_accrual"
