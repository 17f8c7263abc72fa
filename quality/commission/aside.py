"""R06 as a process of its own, `python -m quality.commission.aside`: it takes one core while the suites take the other.

One JSON object in (candidate, as_of, parent, definitions), one out (count, differences). Whoever asked and was
killed leaves nothing behind: the child ends with its answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any


def start(request: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Begin to recompute the ledger of the gate's request; `parent` is the folder of the release carried on."""
    wanted = {name: request.get(name) for name in ("candidate", "as_of", "parent", "definitions")}
    child = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.write(json.dumps(wanted).encode())
    child.stdin.close()
    child.stdin = None  # communicate would flush it
    return child


def answer(child: subprocess.Popen[bytes]) -> tuple[int, list[tuple[str, str]]]:
    """Rows compared, and the keys of those that differ, each with what was expected.

    Raises:
        CalledProcessError: the child ended without an answer; its trace is on standard error.
    """
    said, _ = child.communicate()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    found = json.loads(said)
    return found["count"], [(key, text) for key, text in found["differences"]]


def main() -> None:
    """Answer one request."""
    from quality.commission.check import compare

    request = json.load(sys.stdin)
    parent = Path(request["parent"]) if request["parent"] else None
    count, differences = compare(
        Path(request["candidate"]), date.fromisoformat(request["as_of"]), parent, request["definitions"]
    )
    json.dump({"count": count, "differences": differences}, sys.stdout)


if __name__ == "__main__":
    main()
