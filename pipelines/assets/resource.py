"""The one resource of a run: its settings, its lock, its folder and its waiting gate."""

import contextlib
from collections.abc import Generator
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipelines.errors import WeirError
from pipelines.gate_process import GateProcess
from pipelines.home import run_lock
from pipelines.run_folder import RunFolder
from pipelines.settings import Settings, home_from, load, parse_date


class WeirRun(dg.ConfigurableResource[None]):
    """What the command line, a schedule or the launchpad may say of a run; the rest is in `weir.toml`.

    Attributes:
        home: Home folder; WEIR_HOME or ./weir_home if empty.
        sources: Source folders; those of `weir.toml` if empty.
        as_of: Business date as YYYY-MM-DD; the newest business date of the accepted orders if empty.
    """

    home: str = ""
    sources: list[str] = []  # noqa: RUF012 - pydantic copies the default
    as_of: str = ""

    _settings: Settings = PrivateAttr()
    _folder: RunFolder = PrivateAttr()
    _gate: GateProcess | None = PrivateAttr(default=None)

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["WeirRun", None, None]:
        """Hold the home for the whole run, and start the gate that will judge it."""
        home = home_from(Path(self.home) if self.home else None)
        home.prepare()
        self._settings = load(home)
        run_id = context.run_id or "unknown"
        self._folder = RunFolder(home.runs / run_id, run_id)
        if self.as_of:
            self._folder.requested_as_of = parse_date(self.as_of)
        with run_lock(home):
            self._gate = GateProcess(self._folder.root / "gate.log")
            try:
                yield self
            finally:
                self._gate.close()

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
    def refusals(self) -> Generator[None, None, None]:
        """Keep an error that a user can mend in the run's folder, and fail the step without a retry."""
        try:
            yield
        except WeirError as error:
            kept = {
                "what": error.what,
                "where": error.where,
                "todo": error.todo,
                "exit_code": error.exit_code,
            }
            self._folder.write("error", kept)
            raise dg.Failure("\n".join(error.lines()), allow_retries=False) from error

    def source_folders(self) -> list[Path]:
        """Folders of the sources of this run."""
        return [Path(one) for one in self.sources] or list(self._settings.sources)
