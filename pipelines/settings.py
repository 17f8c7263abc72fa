"""All settings of a run in one frozen object: the only reader of the environment and of the clock."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.errors import UsageError
from pipelines.home import Home

SHORTEST_KEY = 32


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"weir.toml cannot be read: {error}", where=str(path), todo="write it as TOML, in UTF-8"
        ) from None


def _is_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError):
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_currency(value: Any) -> bool:
    return value is None or (isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None)


# setting -> (its default, what it must be, in words, and as a test)
RULES: dict[str, tuple[Any, str, Callable[[Any], bool]]] = {
    "business_timezone": ("Asia/Shanghai", "an IANA time zone such as Asia/Shanghai", _is_zone),
    "calendar_region": ("CN", "a region of the holidays feed such as CN", _is_text),
    "reporting_currency": (None, "an ISO 4217 code such as CNY", _is_currency),
    "fiscal_year_start_month": (1, "a month from 1 to 12", _is_number(1, 12)),
    "period_close_days": (5, "a number of days from 0 to 90", _is_number(0, 90)),
    "fx_max_age_days": (3, "a number of days from 0 to 90", _is_number(0, 90)),
    "alert_webhook": (None, "an address that takes a POST", lambda value: value is None or _is_text(value)),
    "sources": ([], "a list of folders", lambda value: isinstance(value, list) and all(map(_is_text, value))),
}


def _from_environment(name: str, default: Any) -> Any:
    given = os.environ.get(f"WEIR_{name.upper()}")
    if not given or name == "sources":
        return None
    return int(given) if isinstance(default, int) and given.lstrip("-").isdigit() else given


def load(home: Home) -> Settings:
    """Settings from `weir.toml` in the home, each overridable by WEIR_<NAME> in the environment.

    Raises:
        UsageError: the file cannot be read, or a setting is unknown or not what it must be.
    """
    path = home.root / "weir.toml"
    given = _read_toml(path)
    definitions = given.pop("definitions", {})
    unknown = sorted(set(given) - set(RULES))
    if unknown or not isinstance(definitions, dict):
        raise UsageError(
            f"weir.toml has no setting called {', '.join(unknown)}"
            if unknown
            else "definitions is not a table",
            where=str(path),
            todo=f"settings are: {', '.join(sorted(RULES))} and [definitions]",
        )
    values = {}
    for name, (default, what, holds) in RULES.items():
        stated = _from_environment(name, default)
        values[name] = given.get(name, default) if stated is None else stated
        if not holds(values[name]):
            raise UsageError(
                f"{name} is {values[name]!r}",
                where=str(path) if stated is None else f"WEIR_{name.upper()} in the environment",
                todo=f"give {what}",
            )
    values["sources"] = tuple((home.root / one).resolve() for one in values["sources"])
    return Settings(home=home, definitions=definitions, **values)


def hash_key(home: Home) -> bytes:
    """The key of the hashes that stand for restricted text: WEIR_HASH_KEY, else one made once for this home.

    Raises:
        UsageError: the key given is too short to keep a secret.
    """
    given = os.environ.get("WEIR_HASH_KEY")
    if given:
        if len(given) < SHORTEST_KEY:
            raise UsageError(
                "WEIR_HASH_KEY is too short", todo=f"give a random text of {SHORTEST_KEY} characters or more"
            )
        return given.encode()
    path = home.restricted / "hash_key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SHORTEST_KEY))
    return path.read_bytes()


def hash_key_id(home: Home) -> str:
    """Names the key without telling it: what a manifest keeps."""
    return hmac.new(hash_key(home), b"key id", "sha256").hexdigest()[:12]


def secret_from_environment(name: str, where: str) -> str:
    """A secret by the name of its variable, or from the file that <NAME>_FILE names. `where` asks for it.

    Raises:
        UsageError: neither is set, or the file cannot be read; the secret itself is never told.
    """
    file, found = os.environ.get(f"{name}_FILE"), os.environ.get(name, "")
    if file and not found:
        try:
            found = Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise UsageError(
                f"the file that {name}_FILE names cannot be read",
                where=where,
                todo="name a readable text file",
            ) from None
    if not found.strip():
        todo = f"set {name}, or {name}_FILE to the path of a file that holds it"
        raise UsageError(f"the environment has no {name}", where=where, todo=todo)
    return found.strip()


def tracing() -> bool:
    """Whether WEIR_TRACE asks for tracebacks."""
    return bool(os.environ.get("WEIR_TRACE"))
