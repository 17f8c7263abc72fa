"""Suites of expectations: over every landed feed and over every table of a candidate.

`spec` says what an expectation is, `landed` and `released` say which there are, `run` lets Great Expectations
evaluate them over DuckDB. Which checks there are is known before anything runs.
"""
