"""Stands in for dbt's `adapter` when sqlfluff renders a model without dbt: a call stays a call."""

from collections.abc import Callable


def dispatch(name: str, _package: str | None = None) -> Callable[..., str]:
    """A macro whose body depends on the engine, rendered as a function of its name."""

    def call(*arguments: object) -> str:
        return f"{name}({', '.join(map(str, arguments))})"

    return call
