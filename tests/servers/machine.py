"""What the servers share: HTTP in a thread on 127.0.0.1, a clock that tests turn, counters, faults on demand."""

import asyncio
import random
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
import uvicorn

RESET = ("reset", "reset_after")
CUT = ("truncated", "cut_json")


class Clock:
    """The server's own time: it runs with the real one unless `still`, and a test can turn it forward."""

    def __init__(self, start: datetime | None = None, *, still: bool = False) -> None:
        self._start = (start or datetime.now(UTC)).timestamp()
        self._began, self._ahead, self._still = time.monotonic(), 0.0, still

    def now(self) -> float:
        """Seconds since 1970."""
        return self._start + self._ahead + (0 if self._still else time.monotonic() - self._began)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def utc(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)


@dataclass
class Call:
    """One request as the server saw it. `status` and `code` are what it answered; 0 is a broken connection."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    status: int = 0
    code: Any = None

    def json(self) -> Any:
        return orjson.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Reply:
    """One answer. `body` of bytes goes out as it is, anything else as JSON; None is an empty body."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    code: Any = None

    def content(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


@dataclass
class Control:
    """What a test reads and turns while a server runs. Faults: 429, 500, 503, 401, reset, truncated, ...

    `reset` breaks the connection before the work is done, `reset_after` when it is done; `truncated` stops in the
    middle of a body whose length was declared, `cut_json` declares the half it sends.
    """

    clock: Clock = field(default_factory=Clock)
    calls: list[Call] = field(default_factory=list)
    latency: float = 0.0
    concurrency: int | None = None
    most_at_once: int = 0
    _queued: list[tuple[str, deque[str]]] = field(default_factory=list)
    _hooks: list[tuple[str, int, Callable[[], object]]] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)
    _mix: tuple[random.Random, float, tuple[str, ...], str] | None = None
    faults: Counter[str] = field(default_factory=Counter)

    def fail(self, path: str, *kinds: str) -> None:
        """The next calls whose path contains `path` fail in these ways, one each."""
        self._queued.append((path, deque(kinds)))

    def mix(self, seed: int, rate: float, *kinds: str, path: str = "") -> None:
        """From now on every call fails with this probability, in a way drawn from `kinds`."""
        self._mix = (
            (random.Random(seed), rate, kinds or ("429", "500", "reset", "401"), path) if rate else None
        )

    def after(self, path: str, number: int, do: Callable[[], object]) -> None:
        """Do something once `number` more calls whose path contains `path` have been answered."""
        self._hooks.append((path, self.count(path) + number, do))

    def count(self, path: str = "", status: int | None = None) -> int:
        """Answered calls whose path contains `path`, with that status if one is given."""
        return sum(path in one.path and status in (None, one.status) for one in self.calls)

    def paths(self) -> Counter[str]:
        return Counter(one.path for one in self.calls)

    def drawn(self, path: str) -> str | None:
        """The fault of this call, if it has one."""
        for part, kinds in self._queued:
            if part in path and kinds:
                return self._noted(kinds.popleft())
        if self._mix and self._mix[3] in path and self._mix[0].random() < self._mix[1]:
            return self._noted(self._mix[0].choice(self._mix[2]))
        return None

    def _noted(self, kind: str) -> str:
        self.faults[kind] += 1
        return kind

    def done(self, call: Call) -> None:
        self.calls.append(call)
        for hook in [one for one in self._hooks if one[0] in call.path and self.count(one[0]) >= one[1]]:
            self._hooks.remove(hook)
            hook[2]()


class Machine:
    """An ASGI application over one function `answer(call) -> Reply`; `fault(kind)` is the CRM's own error body."""

    def __init__(
        self,
        control: Control,
        answer: Callable[[Call], Reply],
        fault: Callable[[str], Reply],
        lock: threading.RLock,
    ) -> None:
        self.control, self.answer, self.fault, self.lock = control, answer, fault, lock
        self.at_once = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        call = await _call(scope, receive)
        kind = self.control.drawn(call.path)
        self.at_once += 1
        self.control.most_at_once = max(self.control.most_at_once, self.at_once)
        try:
            if self.control.latency:
                await asyncio.sleep(self.control.latency)
            reply = self._reply(call, kind)
        finally:
            self.at_once -= 1
        call.status, call.code = (0 if kind in RESET + CUT else reply.status), reply.code
        with self.lock:
            self.control.done(call)
        await self._send(reply, kind, send)

    def _reply(self, call: Call, kind: str | None) -> Reply:
        if self.control.concurrency and self.at_once > self.control.concurrency:
            return self.fault("429")
        if kind == "reset":
            return Reply(0)
        if kind and kind not in RESET + CUT:
            return self.fault(kind)
        with self.lock:
            return self.answer(call)

    async def _send(self, reply: Reply, kind: str | None, send: Any) -> None:
        transport = send.__self__.transport
        if kind in RESET:
            linger = struct.pack("ii", 1, 0)  # closing sends RST instead of FIN
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()
            await asyncio.sleep(0)  # uvicorn hears of it, and misses no answer
            return
        content = reply.content()
        sent = content[: len(content) // 2] if kind in CUT else content
        headers = {"content-type": "application/json;charset=UTF-8", **reply.headers}
        headers["date"] = format_datetime(self.control.clock.utc(), usegmt=True)
        if reply.status not in (204, 304):
            headers["content-length"] = str(len(content if kind == "truncated" else sent))
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
        await send({"type": "http.response.body", "body": sent, "more_body": kind == "truncated"})
        if kind == "truncated":
            transport.close()


async def _call(scope: Any, receive: Any) -> Call:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return Call(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
        headers={name.decode().lower(): value.decode() for name, value in scope["headers"]},
        body=body,
    )


@contextmanager
def running(machine: Machine, listener: socket.socket) -> Iterator[None]:
    """Serve until the block ends. The socket is bound by the caller, who must know its port."""
    config = uvicorn.Config(
        machine, log_config=None, lifespan="off", ws="none", loop="asyncio", access_log=False, proxy_headers=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server did not start")
            time.sleep(0.002)
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
    assert not thread.is_alive(), "the server did not stop"


def listener() -> tuple[socket.socket, str]:
    """A socket on a free port of 127.0.0.1, and its URL."""
    bound = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # asyncio's no-delay asks for it
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", 0))
    return bound, f"http://127.0.0.1:{bound.getsockname()[1]}"
