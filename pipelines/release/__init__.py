"""Candidate, verdict, immutable release, CURRENT, ledger; verify, rollback and rebuild.

Knows staged and released folders, never how their content was collected or landed.
"""
