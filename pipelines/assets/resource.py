"""The one resource of a run: its settings, its lock, its folder and its waiting gate."""

import contextlib
import traceback
from collections.abc import Generator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.errors import FAULT, UsageError, WeirError, machine_fault
from pipelines.gate_process import GateProcess
from pipelines.home import run_lock
from pipelines.run_folder import RunFolder
from pipelines.settings import Settings, home_from, load, parse_date

POOL = "weir_home"
PARTITION = "dagster/partition"
RANGE = "dagster/asset_partition_range_start"


class WeirRun(dg.ConfigurableResource[Any]):
    """What the command line, a schedule or the launchpad may say of a run; the rest is in `weir.toml`.

    Attributes:
        home: Home folder; WEIR_HOME or ./weir_home if empty.
        sources: Source folders; those of `weir.toml` if empty.
        as_of: Business date as YYYY-MM-DD. If empty: the run's partition, else the newest business date of the
            accepted orders.
        is_fetched: The command line has asked the live sources before it launched the job.
    """

    home: str = ""
    sources: list[str] = []  # noqa: RUF012 - pydantic copies the default
    as_of: str = ""
    is_fetched: bool = False

    _settings: Settings = PrivateAttr()
    _folder: RunFolder = PrivateAttr()
    _gate: GateProcess | None = PrivateAttr(default=None)
    _refused: WeirError | None = PrivateAttr(default=None)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["WeirRun", None, None]:
        """Hold the home for the whole run, and start the gate that will judge it.

        A home that is taken or wrong is said by the first step, which fails with three lines; an error raised
        here would reach a person as a chain of tracebacks.
        """
        with contextlib.ExitStack() as held:
            try:
                self._start(context, held)
            except WeirError as error:
                self._refused = error
            yield self

    def _start(self, context: dg.InitResourceContext, held: contextlib.ExitStack) -> None:
        home = home_from(Path(self.home) if self.home else None)
        home.prepare()
        self._settings = load(home)
        held.enter_context(run_lock(home))
        if context.run is None:
            raise UsageError("Weir runs as a job of Dagster", todo="launch the job `daily` or `days`")
        run_id = context.run.run_id
        self._folder = RunFolder(home.runs / run_id, run_id, business_date(self.as_of, context.run.tags))
        self._gate = held.enter_context(GateProcess(self._folder.root / "gate.log"))

    @property
    def settings(self) -> Settings:
        """Settings of the home."""
        return self._settings

    @property
    def folder(self) -> RunFolder:
        """Folder of this run."""
        return self._folder

    @property
    def gate(self) -> GateProcess:
        """The waiting gate."""
        if self._gate is None:
            raise RuntimeError("the gate is started with the run")
        return self._gate

    @contextlib.contextmanager
    def reported(self) -> Generator[None, None, None]:
        """Keep what ends a step in the run's folder, and fail the step with it.

        Only the machine's own errors (a share that does not answer, a full disk) may be tried again: what a
        user or an engineer has to mend is the same at the next try.
        """
        if self._refused:
            raise dg.Failure("\n".join(self._refused.lines()), allow_retries=False)
        try:
            yield
        except WeirError as error:
            self.keep(error)
            raise dg.Failure("\n".join(error.lines()), allow_retries=False) from error
        except Exception as error:
            trace = self._fault(error)
            fault = machine_fault(error) or trace
            self.keep(fault)
            raise dg.Failure("\n".join(fault.lines()), allow_retries=isinstance(error, OSError)) from error

    def keep(self, error: WeirError) -> None:
        """Leave an error in the run's folder, for the command line and for the alert; if the disk has room for it."""
        kept = {"what": error.what, "where": error.where, "todo": error.todo, "exit_code": error.exit_code}
        with contextlib.suppress(OSError):
            self._folder.write("error", kept)

    def _fault(self, error: Exception) -> WeirError:
        trace = self._folder.root / "fault.txt"
        with contextlib.suppress(OSError):
            trace.parent.mkdir(parents=True, exist_ok=True)
            trace.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        fault = WeirError(
            f"{type(error).__name__}: {error}",
            where=str(trace),
            todo="this is a fault of the machine or of Weir; the file holds its trace",
        )
        fault.exit_code = FAULT
        return fault

    def source_folders(self) -> list[Path]:
        """Folders of the sources of this run."""
        folders = [Path(one) for one in self.sources] or list(self._settings.sources)
        if not folders:
            raise UsageError(
                "no source to run",
                where=str(self._settings.home.root / "weir.toml"),
                todo="`weir source add DIR`, or name sources in the run's config",
            )
        return folders


def business_date(configured: str, tags: Mapping[str, str]) -> date | None:
    """The business date that was asked for: the run's config or its partition; None for the newest.

    Raises:
        UsageError: the two differ, or one run was given a range of dates.
    """
    partition = tags.get(PARTITION, "")
    if RANGE in tags or (configured and partition and configured != partition):
        raise UsageError(
            f"a run has one business date; this one was given {tags.get(RANGE) or configured} and more",
            todo="launch one run per date: a backfill of the job `days` does",
        )
    chosen = configured or partition
    return parse_date(chosen) if chosen else None
