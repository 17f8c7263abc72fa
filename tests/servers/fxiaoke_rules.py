"""Fxiaoke's answers: everything is HTTP 200 with an errorCode. Tokens: two generations, reused, renewed, dying."""

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.servers.machine import Call, Clock, Reply

REUSED, LIFE = 6_600, 7_200
TRACE = itertools.count(1)
NO_AUTH = "corpAccessToken为必填项，不能为空"
BAD_AUTH = "the cropId,cropAccessToken or authorization is error"
BAD_SECRET = "the parameter appSecret is missing or illegal"
BUSY = {
    "busy": (-1, "system busy"), "timeout": (50009, "timeout"), "30004": (30004, "call too frequently"),
    "14001": (14001, "call limit"), "30002": (30002, "the daily quota is used up"),
    "30003": (30003, "the quota is not purchased"), "20016": (20016, BAD_AUTH), "401": (20016, BAD_AUTH),
    "429": (30004, "call too frequently"), "20014": (20014, "no permission"),
}  # fmt: skip


class RefusalError(Exception):
    """What Fxiaoke says no to."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code)
        self.reply = error(code, message)


def _trace() -> str:
    return f"E-O.demo.1000-{next(TRACE):08d}"


def error(code: int, message: str) -> Reply:
    body = {"errorCode": code, "errorMessage": message, "errorDescription": message, "traceId": _trace()}
    return Reply(200, body, code=code)


def success(**more: Any) -> Reply:
    body = {"errorCode": 0, "errorMessage": "OK", "errorDescription": "success", "traceId": _trace(), **more}
    return Reply(200, body, code=0)


def bad(what: str) -> RefusalError:
    """A wrong parameter."""
    return RefusalError(32000, f"parameter error: {what}")


def fault(kind: str) -> Reply:
    """The answer of a fault on demand: Fxiaoke's own code, or a gateway that fails before it."""
    if kind in BUSY:
        return error(*BUSY[kind])
    if kind == "html":
        return Reply(
            302, b"<html>login</html>", {"content-type": "text/html", "location": "https://example.com"}
        )
    return Reply(int(kind), b"<html>gateway</html>", {"content-type": "text/html"})


@dataclass
class Auth:
    """One self-built app. `token_calls` a minute at most; None means no limit."""

    clock: Clock
    app_id: str = "FSAID_demo"
    app_secret: str = "fxiaoke-app-secret"
    permanent_code: str = "fxiaoke-permanent-code"
    corp_id: str = "FSCID_demo"
    ea: str = "demo"
    users: dict[str, str] = field(default_factory=lambda: {"FSUID_admin": "1000"})
    mobiles: dict[str, str] = field(default_factory=lambda: {"13800000000": "FSUID_admin"})
    token_calls: int | None = 10
    issued: int = 0
    live: list[tuple[str, float]] = field(default_factory=list)
    _asked: deque[float] = field(default_factory=deque)

    def token(self, call: Call, style: str) -> Reply:
        """A token of the old or the new style: the same one again until it is 6,600 s old."""
        asked = call.json()
        self._paced()
        if style == "new" and asked.get("grantType") != "app_secret":
            raise bad("grantType")
        known = {"appId": self.app_id, "appSecret": self.app_secret, "permanentCode": self.permanent_code}
        if any(asked.get(name) != value for name, value in known.items()):
            raise RefusalError(10006, BAD_SECRET)
        token, born = self._current()
        left = max(0, int(born + LIFE - self.clock.now()))
        if style == "new":
            return success(
                accessToken=token, expiresIn=left, ea=self.ea, appId=self.app_id, openUserId=self.corp_id
            )
        return success(corpAccessToken=token, corpId=self.corp_id, expiresIn=left)

    def _paced(self) -> None:
        now = self.clock.now()
        while self._asked and self._asked[0] <= now - 60:
            self._asked.popleft()
        self._asked.append(now)
        if self.token_calls is not None and len(self._asked) > self.token_calls:
            raise RefusalError(30004, "call too frequently")

    def _current(self) -> tuple[str, float]:
        now = self.clock.now()
        self.live = [one for one in self.live if one[1] + LIFE > now]
        if not self.live or self.live[-1][1] + REUSED <= now:
            self.issued += 1
            self.live.append((f"TOKEN{self.issued:06d}", now))
        return self.live[-1]

    def expire(self) -> None:
        """Every token given out so far is dead from now on."""
        self.live.clear()

    def check(self, call: Call, body: dict[str, Any]) -> None:
        """Let a call through, or say what is wrong with it; the two styles do not mix."""
        header = call.headers.get("authorization")
        in_body = "corpAccessToken" in body
        if header is None and not in_body:
            raise RefusalError(20017, NO_AUTH)
        if header is not None and in_body:
            raise RefusalError(20016, BAD_AUTH)
        token = body["corpAccessToken"] if in_body else str(header).removeprefix("Bearer ")
        if not any(token == one and born + LIFE > self.clock.now() for one, born in self.live):
            raise RefusalError(20016, BAD_AUTH)
        if in_body:
            self._old(body)
        elif (
            call.headers.get("x-fs-ea") != self.ea
            or call.headers.get("x-fs-userid") not in self.users.values()
        ):
            raise RefusalError(20016, BAD_AUTH)

    def _old(self, body: dict[str, Any]) -> None:
        if body.get("corpId") != self.corp_id:
            raise RefusalError(20016, BAD_AUTH)
        if body.get("currentOpenUserId") not in self.users:
            raise bad("currentOpenUserId")
