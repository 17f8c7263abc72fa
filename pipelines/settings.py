"""All settings of a run in one frozen object: the only reader of the environment and of the clock."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.home import Home

DEFAULTS: dict[str, Any] = {
    "business_timezone": "Asia/Shanghai",
    "calendar_region": "CN",
    "reporting_currency": None,
    "fiscal_year_start_month": 1,
    "period_close_days": 5,
    "fx_max_age_days": 3,
    "alert_webhook": None,
    "sources": [],
}


@dataclass(frozen=True)
class Settings:
    """What a run depends on beside its receipts. `definitions` overrides those of quality/metrics.yml."""

    home: Home
    business_timezone: str = "Asia/Shanghai"
    calendar_region: str = "CN"
    reporting_currency: str | None = None
    fiscal_year_start_month: int = 1
    period_close_days: int = 5
    fx_max_age_days: int = 3
    alert_webhook: str | None = None
    sources: tuple[Path, ...] = ()
    definitions: dict[str, Any] = field(default_factory=dict)

    def recorded(self) -> dict[str, Any]:
        """What the manifest keeps and a rebuild needs: nothing of this machine, no secret."""
        return {
            "business_timezone": self.business_timezone,
            "calendar_region": self.calendar_region,
            "reporting_currency": self.reporting_currency,
            "fiscal_year_start_month": self.fiscal_year_start_month,
            "period_close_days": self.period_close_days,
            "fx_max_age_days": self.fx_max_age_days,
            "definitions": self.definitions,
        }


def now() -> datetime:
    """The present instant in UTC: for receipts, run ids and logs, never for a number."""
    return datetime.now(UTC)


def home_from(argument: Path | None) -> Home:
    """The home folder: --home, else WEIR_HOME, else ./weir_home."""
    chosen = argument or Path(os.environ.get("WEIR_HOME") or "weir_home")
    return Home(chosen.expanduser().resolve())


def parse_date(text: str) -> date:
    """A date as YYYY-MM-DD; UsageError otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date", todo="write it as YYYY-MM-DD") from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"weir.toml cannot be read: {error}", where=str(path)) from None


def load(home: Home) -> Settings:
    """Settings from `weir.toml` in the home, each overridable by WEIR_<NAME> in the environment."""
    path = home.root / "weir.toml"
    given = _read_toml(path)
    definitions = given.pop("definitions", {})
    unknown = sorted(set(given) - set(DEFAULTS))
    if unknown:
        raise UsageError(
            f"weir.toml has no setting called {', '.join(unknown)}",
            where=str(path),
            todo=f"settings are: {', '.join(sorted(DEFAULTS))} and [definitions]",
        )
    values = {**DEFAULTS, **given}
    for name, default in DEFAULTS.items():
        from_environment = os.environ.get(f"WEIR_{name.upper()}")
        if from_environment and name != "sources":
            values[name] = int(from_environment) if isinstance(default, int) else from_environment
    values["sources"] = tuple((home.root / one).resolve() for one in values["sources"])
    return Settings(home=home, definitions=definitions, **values)


def tracing() -> bool:
    """Whether WEIR_TRACE asks for tracebacks."""
    return bool(os.environ.get("WEIR_TRACE"))
