"""Landing in processes of its own: a parser that dies takes its child with it, and not the run.

Two children serve a whole run, all sources and files; their memory is given back when they end.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from typing import Any

from pipelines import errors
from pipelines.errors import WeirError
from pipelines.files import canonical_json
from pipelines.home import Home
from pipelines.sources.model import Source

AT_ONCE = 2  # children: each keeps little more than one core at work, and holds one source's batch in memory


class Apart:
    """A landing child; it is started with the first source that has something to land."""

    def __init__(self, home: Home, number: int = 1) -> None:
        self.home = home
        self.log = home.root / "logs" / f"landing.{number}.log"
        self.child: subprocess.Popen[bytes] | None = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self.child is None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", "pipelines.landing.child", str(self.home.root)]
            with self.log.open("wb") as stderr:
                self.child = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
                )
        return self.child

    def land(self, source: Source) -> list[str]:
        """Land what is new of a source; the ids of the extracts that were read.

        Raises:
            WeirError: as `land_source` raises; or the child died, with the files that it was reading.
        """
        child = self._started()
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError):  # a child that has died is found out below
            child.stdin.write(canonical_json({"source": str(source.folder)}) + b"\n")
            child.stdin.flush()
        reading: list[str] = []
        for line in child.stdout:
            answer = json.loads(line)
            if "done" in answer:
                return list(answer["done"])
            if "error" in answer:
                raise _error(answer["error"])
            reading = answer["reading"]
        raise self._died(source, reading)

    def _died(self, source: Source, reading: list[str]) -> WeirError:
        code = self.close()
        how = f"of {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        files = f" {', '.join(reading[:3])}{' and others' if len(reading) > 3 else ''}" if reading else ""
        return WeirError(
            f"the landing process died {how} while it read{files} of {source.name}",
            where=str(self.log),
            todo="nothing of them was landed; `weir source check DIR` tries the source alone, "
            "`exclude` in its source.yaml leaves a file out",
        )

    def close(self) -> int:
        """End the child and wait for it; its exit code. A source after it has another child."""
        if self.child is None:
            return 0
        child, self.child = self.child, None
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()
        return child.wait()


def _error(told: dict[str, str]) -> WeirError:
    kind = getattr(errors, told["kind"], WeirError)
    made: WeirError = kind(told["what"], where=told["where"], todo=told["todo"])
    return made


@contextmanager
def apart(home: Home, number: int = 1) -> Iterator[Apart]:
    """A landing child for the length of a run."""
    child = Apart(home, number)
    try:
        yield child
    finally:
        child.close()


def land_apart(home: Home, sources: list[Source]) -> dict[str, list[str]]:
    """Land what is new of sources, begun in this order, `AT_ONCE` at a time; by name, the extracts that were read.

    Raises:
        WeirError: of the first source in order that could not be landed; what had begun beside it is landed.
    """
    with ExitStack() as ended:
        idle: SimpleQueue[Apart] = SimpleQueue()
        for number in range(1, AT_ONCE + 1):
            idle.put(ended.enter_context(apart(home, number)))
        pool = ended.enter_context(ThreadPoolExecutor(AT_ONCE))

        def land(source: Source) -> list[str]:
            child = idle.get()
            try:
                return child.land(source)
            finally:
                idle.put(child)

        begun = {source.name: pool.submit(land, source) for source in sources}
        try:
            return {name: one.result() for name, one in begun.items()}
        except WeirError:
            pool.shutdown(cancel_futures=True)
            raise


def told(error: WeirError) -> dict[str, Any]:
    """An error as the child hands it on."""
    return {"kind": type(error).__name__, "what": error.what, "where": error.where, "todo": error.todo}
