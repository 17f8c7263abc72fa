"""The `weir` command: a thin face. Each command's module is imported only when that command is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from pipelines.errors import FAULT, USAGE, WeirError, machine_fault

MOST_TOLD = 500  # characters of an error that nobody foresaw

# command -> (module, what the overview says of it); an overview must not import ten modules to print ten lines.
COMMANDS = {
    "demo": ("run", "Simulate a company, then run the main job on its extracts."),
    "run": ("run", "The main job: collect, land, build, judge, release."),
    "backfill": ("run", "One run for each business date of a range."),
    "source": ("source", "Check a source folder, or add it to the home."),
    "feeds": ("source", "The dictionary of canonical feeds."),
    "status": ("query", "What the home holds and how its last runs ended."),
    "quarantine": ("quarantine", "What was held back, and why; mend it, or waive a check for a time."),
    "releases": ("release", "The history of releases."),
    "verify": ("release", "Prove that a release is what was judged and published."),
    "rollback": ("release", "Point readers back to an earlier release."),
    "rebuild": ("release", "Build a release again in another home and compare."),
    "marts": ("dictionaries", "The dictionary of marts: grain, columns, units, additivity."),
    "metrics": ("dictionaries", "The catalogue of KPIs."),
    "sql": ("query", "Read-only SQL on a release."),
    "explain": ("query", "A number's whole way back to file and line."),
    "report": ("query", "The quality report of a release."),
    "bench": ("bench", "Rows per second and peak memory by step, side by side."),
}


class Weir(click.Group):
    """Finds commands by name in `pipelines.commands` without importing the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipelines.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Weir, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="weir", prog_name="weir")
def weir() -> None:
    """Weir: the warehouse that gauges and gates sales channels.

    Exit codes: 0 done, 2 the gate refused, 3 wrong usage or configuration, 4 a file was rejected,
    5 a fault of the machine or of Weir.

    Example: weir run --source ./acme_erp --as-of 2026-10-31
    """


def _report(error: WeirError) -> int:
    for line in (f"error: {error.what}", *error.lines()[1:]):
        click.echo(line, err=True)
    return error.exit_code


def _report_fault(error: BaseException) -> int:
    click.echo(f"error: {type(error).__name__}: {str(error)[:MOST_TOLD]}", err=True)
    click.echo(
        "to do: this is a fault of the machine or of Weir; run again with WEIR_TRACE=1 and report it",
        err=True,
    )
    return FAULT


def main(arguments: list[str] | None = None) -> None:
    """Entry point. Errors that a user can mend are three lines, never a traceback."""
    from pipelines.settings import tracing

    code: Any = 0
    try:
        code = weir.main(args=arguments, standalone_mode=False, prog_name="weir")
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else str(error))
        code = USAGE
    except click.ClickException as error:
        error.show()
        code = USAGE
    except click.Abort:
        click.echo("error: stopped", err=True)
        code = FAULT
    except WeirError as error:
        code = _report(error)
    except Exception as error:
        if tracing():
            raise
        fault = machine_fault(error)
        code = _report(fault) if fault else _report_fault(error)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
