"""Instants as systems write them, in one comparable form: UTC, ISO 8601, whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def utc_text(text: str) -> str:
    """An ISO 8601 instant with an offset (or Z) in UTC; ValueError for any other text."""
    at = datetime.fromisoformat(text.strip())
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return at.astimezone(UTC).isoformat(timespec="seconds")


def instant(value: object) -> str | None:
    """An instant as a system writes it, a text or milliseconds since 1970, in UTC; None for what is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value // 1_000, UTC).isoformat(timespec="seconds")
    return utc_text(value) if isinstance(value, str) else None


def earlier(text: str, minutes: int = 0, seconds: int = 0) -> str:
    """An instant before another."""
    before = datetime.fromisoformat(text) - timedelta(minutes=minutes, seconds=seconds)
    return before.astimezone(UTC).isoformat(timespec="seconds")
