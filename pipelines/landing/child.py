"""The landing child: reads names of source folders, one a line, and lands each. See `apart`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pipelines.errors import WeirError, machine_fault
from pipelines.files import canonical_json
from pipelines.home import Home
from pipelines.landing.apart import told
from pipelines.landing.land import land_source
from pipelines.sources.definition import load_source


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(canonical_json(answer) + b"\n")
    sys.stdout.buffer.flush()


def main(root: str) -> None:
    """Answer each request with what is being read and, last, with the extracts that were landed or the error."""
    home = Home(Path(root))
    for line in sys.stdin:
        try:
            source = load_source(Path(json.loads(line)["source"]))
            _say({"done": land_source(home, source, lambda files: _say({"reading": files}))})
        except WeirError as error:
            _say({"error": told(error)})
        except Exception as error:
            fault = machine_fault(error)
            if fault is None:
                raise
            _say({"error": told(fault)})


if __name__ == "__main__":
    main(sys.argv[1])
