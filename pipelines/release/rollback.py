"""The way back: CURRENT to an earlier, verified release, with a line in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.errors import PublishError, UsageError
from pipelines.release import ledger
from pipelines.release.current import current_id, point_current_at, recover
from pipelines.release.verify import verify_folder
from pipelines.settings import now

if TYPE_CHECKING:
    from pipelines.home import Home


def rollback(home: Home, release_id: str) -> str | None:
    """Make an earlier release current again; gives the release that was current. The caller holds the lock.

    Raises:
        UsageError: the ledger names no such release, or it is current already.
        PublishError: that release does not verify.
    """
    recover(home)
    entry = ledger.read(home).released().get(release_id)
    before = current_id(home)
    if entry is None:
        raise UsageError(
            f"there is no release {release_id}", where=str(home.ledger), todo="weir releases lists them"
        )
    if before == release_id:
        raise UsageError(
            f"{release_id} is current already", where=str(home.current), todo="weir releases lists them"
        )
    for proof in verify_folder(home.releases / release_id, entry):
        if not proof.holds:
            raise PublishError(
                f"{release_id} does not verify: {proof.faults[0]}",
                where=proof.where,
                todo="choose another release",
            )
    body = {"release_id": release_id, "parent_id": before, "at": now().isoformat()}
    ledger.append(home, "rollback", body)
    point_current_at(home, release_id)
    return before
