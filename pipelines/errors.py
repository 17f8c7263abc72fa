"""The errors that a user can mend, each with what happened, where, and what to do."""

from __future__ import annotations

DONE = 0
REFUSED = 2
USAGE = 3
REJECTED = 4
FAULT = 5


class WeirError(Exception):
    """Base of all of them. `exit_code` is what the command ends with."""

    exit_code = FAULT

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def lines(self) -> list[str]:
        """What to print: one line each for what, where and what to do."""
        named = (("", self.what), ("where: ", self.where), ("to do: ", self.todo))
        return [prefix + text for prefix, text in named if text]


class UsageError(WeirError):
    """A wrong command, setting or source folder."""

    exit_code = USAGE


class ContractError(WeirError):
    """The shape of an input is not what its contract says: a file was rejected."""

    exit_code = REJECTED


class GateError(WeirError):
    """The content broke a blocking rule, or a check that was expected did not run."""

    exit_code = REFUSED


class PublishError(WeirError):
    """A release could not be written, or does not verify."""
