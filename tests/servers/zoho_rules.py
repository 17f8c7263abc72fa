"""Zoho's errors as answers, what a query may hold, and who may ask what."""

from collections.abc import Iterable
from typing import Any

from tests.servers.machine import Call, Reply

FIELDS_AT_MOST = 50
PER_PAGE = 200
BY_PAGE = 2_000
BY_TOKEN = 100_000


class RefusalError(Exception):
    """What Zoho says no to."""

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(code)
        self.reply = error(status, code, message, **details)


def error(status: int, code: str, message: str, **details: Any) -> Reply:
    body = {"code": code, "details": details, "message": message, "status": "error"}
    return Reply(status, body, code=code)


def invalid(name: str) -> RefusalError:
    return RefusalError(400, "INVALID_DATA", "invalid data", param_name=name)


def missing(name: str) -> RefusalError:
    return RefusalError(
        400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", param_name=name
    )


def known_only(call: Call, names: Iterable[str]) -> None:
    """Refuse a parameter that the endpoint does not have."""
    for name in sorted(call.query.keys() - set(names)):
        raise invalid(name)


def number(call: Call, name: str, default: int, most: int | None = None) -> int:
    text = call.query.get(name, str(default))
    if not text.isdecimal() or int(text) < 1 or (most is not None and int(text) > most):
        raise invalid(name)
    return int(text)


def choice(call: Call, name: str, allowed: Iterable[str], default: str) -> str:
    value = call.query.get(name, default)
    if value not in set(allowed):
        raise invalid(name)
    return value


FAULTS = {
    "429": (429, "TOO_MANY_REQUESTS", "Too many requests fired in concurrent calls"),
    "500": (500, "INTERNAL_ERROR", "Internal Server Error"),
    "502": (502, "INTERNAL_ERROR", "Bad Gateway"),
    "503": (503, "INTERNAL_ERROR", "Service Unavailable"),
    "401": (401, "INVALID_TOKEN", "invalid oauth token"),
    "403": (403, "NO_PERMISSION", "permission denied"),
}


def fault(kind: str) -> Reply:
    """Zoho's body for a fault on demand."""
    return error(*FAULTS[kind])
