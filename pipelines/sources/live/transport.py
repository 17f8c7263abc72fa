"""Calls over HTTP with a pace, a budget and retries: the part of asking that is the same for every system."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import stamina
import stamina.instrumentation

from pipelines.sources.live.connection import Pace
from pipelines.sources.live.failures import PassingError, SourceFaultError, SourceStoppedError

T = TypeVar("T")
stamina.instrumentation.set_on_retry_hooks([])  # retries are counted here, and told once at the end


class Transport:
    """All calls of one collection. `judge` turns an answer into a value or raises; PassingError is tried again."""

    def __init__(self, name: str, pace: Pace, scrub: Callable[[str], str]) -> None:
        self.name, self.pace, self.scrub = name, pace, scrub
        self.http = httpx.Client(timeout=pace.timeout_seconds, follow_redirects=False)
        self.spent = 0
        self.retried: Counter[str] = Counter()
        self._next = 0.0

    def call(
        self, make: Callable[[], httpx.Request], judge: Callable[[httpx.Response], T], cost: int = 1
    ) -> T:
        """Send what `make` gives until `judge` has its value.

        Raises:
            SourceStoppedError: the budget is spent, or a limit did not pass in time.
            SourceFaultError: the system did not answer, again and again.
        """
        began, tries = time.monotonic(), list[float]()
        wait = self.pace.first_wait_ms / 1_000
        try:
            for attempt in stamina.retry_context(
                on=lambda found: (
                    isinstance(found, PassingError) and self._may_retry(found, len(tries), began)
                ),
                attempts=None,
                timeout=None,
                wait_initial=wait,
                wait_jitter=wait,
                wait_max=float(self.pace.longest_wait_seconds),
            ):
                with attempt:
                    tries.append(time.monotonic())
                    return self._once(make, judge, cost)
        except PassingError as problem:
            raise self._given_up(problem, len(tries)) from None
        raise AssertionError("a retry ends with a value or an error")

    def _may_retry(self, problem: PassingError, tries: int, began: float) -> bool:
        self.retried[problem.code] += 1
        if problem.is_limit:
            return time.monotonic() - began < self.pace.patience_seconds
        return tries < self.pace.attempts

    def _once(self, make: Callable[[], httpx.Request], judge: Callable[[httpx.Response], T], cost: int) -> T:
        self._spend(cost)
        self._keep_pace()
        try:
            answer = self.http.send(make())
        except httpx.TransportError as error:
            raise PassingError(type(error).__name__, self.scrub(str(error))) from None
        return judge(answer)

    def _spend(self, cost: int) -> None:
        limit = self.pace.calls_per_run
        if limit is not None and self.spent + cost > limit:
            raise SourceStoppedError(
                f"{self.name}: the budget of this run is spent ({self.spent} of {limit} calls)",
                todo="what was fetched stays; run again and it goes on, or raise live.calls_per_run",
            )
        self.spent += cost

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.pace.calls_per_second

    def _given_up(self, problem: PassingError, tries: int) -> Exception:
        if problem.is_limit:
            return SourceStoppedError(
                f"{self.name}: a limit of the system did not pass in {self.pace.patience_seconds} s: {problem}",
                todo="most likely the calls of the day are spent; what was fetched stays, and the next run goes on",
            )
        return SourceFaultError(
            f"{self.name}: no good answer in {tries} tries: {problem}",
            todo="run again when the system answers; what was fetched stays, and the run goes on from there",
        )

    def report(self) -> dict[str, Any]:
        """What it took."""
        return {"calls": self.spent, "retried": dict(sorted(self.retried.items()))}

    def close(self) -> None:
        """Close the connections."""
        self.http.close()
