"""What Fxiaoke's answers mean. Nearly everything is HTTP 200: `errorCode` decides, and 0 alone is good."""

from __future__ import annotations

from typing import Any

import httpx

from pipelines.errors import UsageError
from pipelines.sources.live.failures import (
    PassingError,
    SourceFaultError,
    SourceStoppedError,
    UnavailableError,
)
from pipelines.sources.live.raw import exact

DEAD_TOKEN = {20016, 20005}
BUSY = {-1, -2, 50009}
LIMITED = {30004, 14001}
SPENT = 30002
NOT_BOUGHT = 30003
NOT_GIVEN = {20014, 20020, 20021, 20022, 20023, 15003}
NO_CREDENTIALS = 20017
BAD_SECRET = 10006


class TokenDiedError(Exception):
    """The token is no longer good; a new one may be."""


class RefusedError(Exception):
    """An errorCode that the caller knows better than this module."""

    def __init__(self, code: int, message: str, trace: str) -> None:
        super().__init__(f"{code} {message} (trace {trace})")
        self.code, self.message, self.trace = code, message, trace


def read(answer: httpx.Response) -> dict[str, Any]:
    """The body of a good answer, or the error that says what to do.

    Raises:
        PassingError: it may go well in a moment.
        TokenDiedError: the token has to be asked for anew.
        SourceStoppedError: the quota of the day is spent.
        SourceFaultError: this is not the gateway.
        RefusedError: anything else that Fxiaoke says no to.
    """
    if answer.status_code == 429 or answer.status_code >= 500:
        raise PassingError(f"HTTP {answer.status_code}", "the gateway is not well")
    if "json" not in answer.headers.get("content-type", ""):
        raise SourceFaultError(
            f"Fxiaoke answered HTTP {answer.status_code} without JSON: this host is not its gateway",
            where=str(answer.request.url.copy_with(query=None)),
            todo="live.cloud or live.api_url names the gateway, such as https://open.fxiaoke.com",
        )
    try:
        body = exact(answer.content)
    except ValueError:
        raise PassingError(str(answer.status_code), "the body is cut") from None
    if not isinstance(body, dict):
        raise SourceFaultError("Fxiaoke answered JSON that is no object")
    if body.get("errorCode") == 0:
        return body
    raise _refused(body)


def _refused(body: dict[str, Any]) -> Exception:
    found, message = body.get("errorCode"), str(body.get("errorMessage") or "")
    code = found if isinstance(found, int) else 0
    if code in DEAD_TOKEN:
        return TokenDiedError(f"{code} {message}")
    if code in BUSY:
        return PassingError(str(code), message)
    if code in LIMITED:
        return PassingError(str(code), message, is_limit=True)
    if code == SPENT:
        return SourceStoppedError(
            "Fxiaoke: the calls of this day are spent",
            todo="what was fetched stays; the quota begins anew at 00:00 in China, and the next run goes on",
        )
    return RefusedError(code, message, str(body.get("traceId") or ""))


def meaning(refused: RefusedError, what: str) -> Exception:
    """What a refusal comes to: an object that is not given, wrong credentials, or a fault."""
    if refused.code in NOT_GIVEN:
        return UnavailableError(str(refused.code), refused.message)
    if refused.code in (BAD_SECRET, NO_CREDENTIALS):
        return UsageError(
            f"Fxiaoke does not accept the credentials: {refused.code} {refused.message}",
            todo="check app id, app secret and permanent code of the self-built app, and its list of allowed addresses",
        )
    if refused.code == NOT_BOUGHT:
        return UsageError(
            f"Fxiaoke: no calls were bought for this interface: {refused.message}",
            todo="ask the administrator of the tenant for an API quota",
        )
    return SourceFaultError(
        f"Fxiaoke refused {what}: {refused}",
        todo="`weir source doctor DIR` shows what Fxiaoke answers, object by object",
    )
