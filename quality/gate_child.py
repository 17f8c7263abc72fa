"""The gate as a process of its own: `python -m quality.gate_child`.

It starts when the run starts and imports Great Expectations while landing and dbt work. Requests come as JSON
lines on standard input. `{"landed": {landing_root, as_of}}` lets it judge the landed feeds early, and
`{"staged": request}` the tables of a candidate; the last line is the request of `quality.gate.evaluate` with
`verdict`, the path to write the verdict to. The verdict goes to standard output as one JSON line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from quality import gate
from quality.checks import Results


def main() -> int:
    """Serve one run. Ends with 0 only if a verdict was written."""
    from quality.suites.run import warm_up

    warm_up()
    landed: Results | None = None
    staged: gate.Staged | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if "landed" in request:
            early = request["landed"]
            landed = gate.judge_landed(Path(early["landing_root"]), early["as_of"])
        elif "staged" in request:
            staged = gate.judge_staged(request["staged"])
        else:
            break
    else:
        return 1
    verdict = gate.evaluate(request, landed, staged)
    gate.write(verdict, Path(request["verdict"]))
    sys.stdout.write(json.dumps(verdict, ensure_ascii=False, allow_nan=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
