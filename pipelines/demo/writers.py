"""Writes the source folder of each of the company's systems."""

from __future__ import annotations

from pathlib import Path

from pipelines.demo.faults import FaultBook
from pipelines.demo.world import World
from pipelines.demo.write_channel import write_channel
from pipelines.demo.write_erp import write_erp
from pipelines.demo.write_fxiaoke import write_fxiaoke
from pipelines.demo.write_hr import write_hr
from pipelines.demo.write_market import write_market
from pipelines.demo.write_zoho import write_zoho

WRITERS = {
    "channel": write_channel,
    "erp": write_erp,
    "fxiaoke": write_fxiaoke,
    "hr": write_hr,
    "market": write_market,
    "zoho": write_zoho,
}


def write_sources(folder: Path, world: World, book: FaultBook) -> None:
    """All of them. A folder left from before is written over file by file."""
    for name, write in WRITERS.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        write(folder / name, world, book)
