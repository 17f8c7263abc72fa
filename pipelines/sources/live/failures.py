"""How asking a system may fail, as far as it makes a difference what to do next."""

from __future__ import annotations

from pipelines.errors import FAULT, REJECTED, WeirError


class PassingError(Exception):
    """It may go well in a moment: 429, 5xx, a broken connection. The transport tries again."""

    def __init__(self, code: str, message: str, *, is_limit: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.is_limit = code, is_limit


class UnavailableError(Exception):
    """The system does not give this object: not in this edition, or not to these credentials."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class StartAgainError(Exception):
    """The walk lost its place; what was committed of it stands, the rest is asked for anew.

    `is_full`: the place was lost because the walk was as long as it may be.
    """

    def __init__(self, code: str, *, is_full: bool = False) -> None:
        super().__init__(code)
        self.is_full = is_full


class UnreachedError(Exception):
    """The system told of some deletions and cannot tell of the rest: all ids have to be compared."""


class SourceStoppedError(WeirError):
    """A limit of the system or the budget of the run is spent. What was fetched stays, marked as partial."""

    exit_code = REJECTED


class SourceFaultError(WeirError):
    """The system did not answer, or answered what nobody understands."""

    exit_code = FAULT
