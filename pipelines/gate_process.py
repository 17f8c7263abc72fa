"""The gate's child process: started first, so that Great Expectations is imported while dbt works.

A process of its own also keeps the gate's DuckDB connections apart from dbt's, which DuckDB would refuse in one
process for one file.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipelines.errors import WeirError
from pipelines.files import canonical_json


class GateProcess:
    """One child that answers one question: does this candidate pass?"""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        self._stderr = log.open("wb")
        self._child = subprocess.Popen(
            [sys.executable, "-m", "quality.gate_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )

    def tell(self, request: dict[str, Any]) -> None:
        """Let the child begin with a part that it can judge already; the verdict still comes from `ask` alone."""
        if self._child.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # a child that has died is found out by `ask`
            self._child.stdin.write(canonical_json(request) + b"\n")
            self._child.stdin.flush()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send the candidate's description, wait for the verdict. No answer is an error, never a pass."""
        answer, _ = self._child.communicate(canonical_json(request) + b"\n")
        lines = answer.splitlines()
        if self._child.returncode != 0 or not lines:
            raise WeirError(
                f"the gate ended with code {self._child.returncode} and without a verdict",
                where=str(self._log),
                todo="read the log; nothing was published",
            )
        verdict: dict[str, Any] = json.loads(lines[-1])
        return verdict

    def close(self) -> None:
        """End the child if it still waits."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        for stream in (self._child.stdin, self._child.stdout, self._stderr):
            if stream:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
