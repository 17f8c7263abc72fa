"""`weir bench`."""

from __future__ import annotations

from typing import Any

import click

from pipelines.bench import bench as measure_all
from pipelines.commands.common import json_option, show_json


def _show(name: str, result: dict[str, Any]) -> None:
    click.echo(name)
    for key, value in result.items():
        if key != "steps":
            click.echo(f"  {key:<22} {value:>12}")
            continue
        for step, figures in value.items():
            rate = figures["rows_per_second"]
            click.echo(
                f"  step {step:<17} {figures['seconds']:>9.2f} s {rate if rate else '-':>10} rows/s"
                f"   peak {figures['peak_mb']} MB"
            )


@click.command()
@click.option(
    "--scale", "scales", multiple=True, type=float, help="Scale of the demo; may be given again. [1, 10]"
)
@click.option("--rounds", default=3, show_default=True, help="Rounds; medians are shown.")
@json_option
def bench(scales: tuple[float, ...], rounds: int, as_json: bool) -> int:
    """Rows per second and peak memory by step, and landing as a ratio to a bare Polars scan, in one run.

    Landing memory is that of the landing child for a plain CSV of N and of 4 N rows; it is flat if their ratio is
    about 1.

    Example: weir bench --scale 1 --rounds 3
    """
    results = {}
    for name, result in measure_all(list(scales) or [1.0, 10.0], rounds):
        results[name] = result
        if not as_json:
            _show(name, result)
    if as_json:
        show_json(results)
    return 0
