"""Dagster's instance for one run of the command line: it ends with the process, and keeps nothing on the way.

A run tells some two thousand events. `weir run` reads the outcome in the run's folder, and nobody can ask an
instance that is gone, so to store each event and search for those of earlier runs would be seconds for nothing.
The server's instance (DAGSTER_HOME) keeps all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg
from dagster._core.event_api import EventRecordsResult
from dagster._core.events.log import EventLogEntry
from dagster._core.instance.types import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage


class UnkeptEvents(InMemoryEventLogStorage):
    """An event log that holds nothing: no event is stored, no asset has a past."""

    def store_event(self, event: EventLogEntry) -> None:
        """Let the event go; Dagster hands it to the run's result by itself."""

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Let the events go."""

    def get_asset_records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> Sequence[AssetRecord]:
        """None: what an asset was before this run is not known here."""
        return []

    def fetch_observations(self, *arguments: Any, **options: Any) -> EventRecordsResult:
        """None, as above."""
        return EventRecordsResult(records=[], cursor="", has_more=False)


def unkept_instance() -> dg.DagsterInstance:
    """What `DagsterInstance.ephemeral()` makes, with an event log that holds nothing."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=UnkeptEvents(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
