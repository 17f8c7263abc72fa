"""What Zoho's answers mean. Codes decide, not statuses: the same code comes under several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from pipelines.errors import UsageError
from pipelines.sources.live.failures import (
    PassingError,
    SourceFaultError,
    SourceStoppedError,
    StartAgainError,
    UnavailableError,
)
from pipelines.sources.live.raw import exact, plain

EMPTY = (204, 304)
DEAD_TOKEN = {"INVALID_TOKEN", "AUTHENTICATION_FAILURE"}
LOST_PLACE = {"TOKEN_BOUND_DATA_MISMATCH", "EXPIRED_VALUE"}
NOT_GIVEN = {
    "INVALID_MODULE", "NO_PERMISSION", "NOT_SUPPORTED", "OAUTH_SCOPE_MISMATCH", "FEATURE_NOT_ENABLED",
    "FEATURE_NOT_SUPPORTED", "INVALID_DATA", "NOT_ALLOWED",
}  # fmt: skip


class TokenDiedError(Exception):
    """The access token is no longer good; a new one may be."""


@dataclass(frozen=True)
class Answer:
    """A good answer. `body` has its numbers as they were written; {} for 204 and 304."""

    status: int
    body: dict[str, Any]
    headers: httpx.Headers
    content: bytes = b""


class RefusedError(Exception):
    """An error of Zoho that the caller knows better than this module."""

    def __init__(self, status: int, code: str, message: str, details: dict[str, Any]) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.details = status, code, message, details


def read(answer: httpx.Response) -> Answer:
    """A good answer, or the error that says what to do.

    Raises:
        PassingError: it may go well in a moment.
        TokenDiedError: the token has to be minted anew.
        StartAgainError: the page token is not good any more.
        RefusedError: anything else that Zoho says no to.
    """
    status = answer.status_code
    if status in EMPTY:
        return Answer(status, {}, answer.headers)
    if status in (200, 201):
        if "json" not in answer.headers.get("content-type", ""):
            return Answer(status, {}, answer.headers, answer.content)
        try:
            body = exact(answer.content)
        except ValueError:
            raise PassingError(str(status), "the body is cut") from None
        if not isinstance(body, dict):
            raise SourceFaultError("Zoho answered JSON that is no object")
        if body.get("status") != "error":
            return Answer(status, body, answer.headers)
    raise _refused(answer)


def _refused(answer: httpx.Response) -> Exception:
    status = answer.status_code
    try:
        body = plain(answer.content)
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    code, message = str(body.get("code") or f"HTTP {status}"), str(body.get("message") or "")
    details = dict(body.get("details") or {})
    is_lost = code in LOST_PLACE or (code == "INVALID_DATA" and details.get("param_name") == "page_token")
    if is_lost or code == "PAGINATION_LIMIT_EXCEEDED":
        return StartAgainError(code, is_full=not is_lost)
    if code in DEAD_TOKEN:
        return TokenDiedError(code)
    if status == 429 or code == "TOO_MANY_REQUESTS":
        return _limited(answer, code, message)
    if status >= 500 or code == "INTERNAL_ERROR":
        return PassingError(code, message)
    return RefusedError(status, code, message, details)


def _limited(answer: httpx.Response, code: str, message: str) -> Exception:
    """Credits of the day or calls at once: the same answer, unless Zoho happens to tell the credits left."""
    if answer.headers.get("X-API-CREDITS-REMAINING") == "0":
        return SourceStoppedError(
            "Zoho: the credits of the last 24 hours are spent",
            todo="what was fetched stays; run again tomorrow and it goes on",
        )
    return PassingError(code, message, is_limit=True)


def meaning(refused: RefusedError, what: str) -> Exception:
    """What a refusal of a whole object comes to."""
    if refused.code in NOT_GIVEN or refused.status == 403:
        return UnavailableError(refused.code, refused.message)
    named = ", ".join(f"{key} {value}" for key, value in sorted(refused.details.items()))
    return SourceFaultError(
        f"Zoho refused {what}: {refused.code} {refused.message} ({named})",
        todo="`weir source doctor DIR` shows what Zoho answers, module by module",
    )


def scope_error(refused: RefusedError, what: str, scope: str) -> UsageError:
    """A scope that the refresh token lacks: for what nothing works without."""
    return UsageError(
        f"Zoho: the refresh token lacks a scope for {what}: {refused.code}",
        todo=f"make a refresh token with {scope}",
    )
