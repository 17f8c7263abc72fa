"""Options and output that the commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from pipelines.files import pretty_json

P = ParamSpec("P")
R = TypeVar("R")


def home_option(command: Callable[P, R]) -> Callable[P, R]:
    """`--home DIR`."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help="Home folder; WEIR_HOME or ./weir_home if absent.",
    )(command)


def release_option(command: Callable[P, R]) -> Callable[P, R]:
    """`--release ID`."""
    return click.option("--release", "release_id", metavar="ID", help="A release; CURRENT if absent.")(
        command
    )


def json_option(command: Callable[P, R]) -> Callable[P, R]:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object; decimals as strings.")(
        command
    )


def show_json(value: Any) -> None:
    """Print one JSON object."""
    click.echo(pretty_json(value).decode().rstrip())
