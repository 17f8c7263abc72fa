"""Collects one live source into a home, as a process that a test kills: `child.py FOLDER HOME`."""

import sys
from pathlib import Path

from pipelines.home import Home
from pipelines.settings import now
from pipelines.sources.definition import load_source
from pipelines.sources.live.fetch import fetch

if __name__ == "__main__":
    fetch(load_source(Path(sys.argv[1])), Home(Path(sys.argv[2])), now)
