"""Thin Dagster assets over the steps of `pipelines.steps`: names, groups, metadata, checks; no logic about data."""
