"""The gate as a process of its own: `python -m quality.gate_child`.

It starts when the run starts and imports Great Expectations while landing and dbt work. Requests come as JSON
lines on standard input. `{"landed": {landing_root, as_of}}` lets it judge the landed feeds early; the last
line is the request of `quality.gate.evaluate` with `verdict`, the path to write the verdict to. The verdict
goes to standard output as one JSON line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from quality import gate


def main() -> int:
    """Serve one run. Ends with 0 only if a verdict was written."""
    from quality.suites.run import warm_up

    warm_up()
    landed: list[dict[str, Any]] | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if "landed" in request:
            early = request["landed"]
            landed = gate.judge_landed(Path(early["landing_root"]), early["as_of"])
            continue
        verdict = gate.evaluate(request, landed)
        gate.write(verdict, Path(request["verdict"]))
        sys.stdout.write(json.dumps(verdict, ensure_ascii=False, allow_nan=False) + "\n")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
