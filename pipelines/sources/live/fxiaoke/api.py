"""Calls to Fxiaoke: POST and JSON, the token in the body and renewed once when it died, so many in a time a path."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

import httpx

from pipelines.sources.live.connection import Connection
from pipelines.sources.live.failures import SourceFaultError
from pipelines.sources.live.fxiaoke.answers import RefusedError, TokenDiedError, read
from pipelines.sources.live.fxiaoke.auth import Auth
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault


class Window:
    """At most so many calls on one path in so many seconds: the limit that the gateway keeps for the whole tenant."""

    def __init__(self, calls: int, seconds: float) -> None:
        self.calls, self.seconds = calls, seconds
        self._sent: dict[str, deque[float]] = defaultdict(deque)

    def wait(self, path: str) -> None:
        """Return when another call on this path may go out."""
        sent = self._sent[path]
        if len(sent) >= self.calls:
            time.sleep(max(0.0, sent.popleft() + self.seconds - time.monotonic()))
        sent.append(time.monotonic())


class Api:
    """The gateway of one tenant."""

    def __init__(self, live: Connection, transport: Transport, vault: Vault) -> None:
        self.api_url = live.hosts["api_url"]
        self.transport, self.vault = transport, vault
        self.auth = Auth(self.api_url, transport, vault)
        self._clock: tuple[int, float] | None = None
        self.window = Window(live.options["calls_per_window"], live.options["window_seconds"])

    def post(self, path: str, body: dict[str, Any], *, is_traced: bool = True) -> dict[str, Any]:
        """One call, replayed once with a new token if the old one died.

        Raises:
            RefusedError: Fxiaoke says no.
        """

        def make() -> httpx.Request:
            self.window.wait(path)
            given = {**self.auth.body(), **body}
            trace = {"thirdTraceId": str(uuid4())} if is_traced else {}
            return self.transport.http.build_request(
                "POST", f"{self.api_url}{path}", params=trace, json=given
            )

        try:
            return self._sent(make)
        except TokenDiedError:
            self.auth.renew()
        try:
            return self._sent(make)
        except TokenDiedError as died:
            raise SourceFaultError(
                f"Fxiaoke refuses a token that it has just given: {self.vault.scrub(str(died))}",
                where=self.api_url,
                todo="check that the open user id is an employee of this tenant; see `weir source doctor DIR`",
            ) from None

    def clock_ms(self) -> int:
        """The gateway's clock in milliseconds, by the newest answer; ours if it never told the time."""
        told, at = self._clock or (int(time.time() * 1_000), time.monotonic())
        return told + int((time.monotonic() - at) * 1_000)

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        date = answer.headers.get("date")
        if date:
            self._clock = (int(parsedate_to_datetime(date).timestamp() * 1_000), time.monotonic())
        return read(answer)

    def _sent(self, make: Any) -> dict[str, Any]:
        try:
            return self.transport.call(make, self._read)
        except RefusedError as refused:
            raise RefusedError(refused.code, self.vault.scrub(refused.message), refused.trace) from None
