"""A simulated manufacturer with known truth: extracts as its systems write them, and what must come out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

AS_OF_DATE = date(2024, 10, 31)
REPORTING_CURRENCY = "CNY"
LARGEST_TRUTH = 10  # scale above which the truth, which is computed event by event, is left out


@dataclass(frozen=True)
class DemoPaths:
    """What was written. `sources` holds one source folder per system, `truth` the expected values and the faults."""

    folder: Path
    sources: Path
    truth: Path

    @property
    def source_folders(self) -> list[Path]:
        """The source folders, in order of name."""
        return sorted(self.sources.iterdir())


def generate(folder: Path, scale: float = 1, seed: int = 7, *, with_truth: bool | None = None) -> DemoPaths:
    """Write the extracts of a company, the list of planted faults and the truth. Same seed and scale, same bytes.

    Scale 1 has 3,000 customers and 40,000 order lines. The truth is left out above scale 10 unless asked for.
    """
    from pipelines.demo.faults import FaultBook
    from pipelines.demo.world import simulate
    from pipelines.demo.writers import write_sources

    paths = DemoPaths(folder, folder / "sources", folder / "truth")
    world, book = simulate(scale, seed), FaultBook()
    write_sources(paths.sources, world, book)
    paths.truth.mkdir(parents=True, exist_ok=True)
    book.write(paths.truth / "faults.json")
    if with_truth if with_truth is not None else scale <= LARGEST_TRUTH:
        from pipelines.demo.truth import write_truth

        write_truth(paths.truth / "truth.json", world)
    return paths
