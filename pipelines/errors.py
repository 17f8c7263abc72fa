"""The errors that a user can mend, each with what happened, where, and what to do."""

from __future__ import annotations

import errno
import os

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


def machine_fault(error: BaseException) -> WeirError | None:
    """A full disk, a place that cannot be written, a file that vanished, in three lines; None if it is none of them."""
    where = str(getattr(error, "filename", None) or "")
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(error):
        todo = "free space and run again: what is finished is kept, readers still see the release from before"
        return WeirError("the disk is full", where=where, todo=todo)
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        told = f"access was refused: {os.strerror(number)}"
        return WeirError(
            told, where=where, todo="let the user that runs Weir read and write there, then run again"
        )
    if number == errno.ENOENT and where:
        todo = "see who moves or deletes files there, then run again"
        return WeirError("a file or folder vanished", where=where, todo=todo)
    if isinstance(error, OSError) and where:
        told = f"the machine failed: {error.strerror or error}"
        return WeirError(told, where=where, todo="see to the disk or the share, then run again")
    return None


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
