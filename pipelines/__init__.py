"""Orchestration, input and output of Weir."""
