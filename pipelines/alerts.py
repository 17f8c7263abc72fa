"""Tells a person that a run failed: a line in the log, and a POST to the webhook of the settings."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request

from pipelines.files import canonical_json
from pipelines.settings import Settings

log = logging.getLogger("weir")


def alert(settings: Settings, run_id: str, reason: str) -> bool:
    """Log the failure and post `{"text": ...}` to `alert_webhook`; True if a webhook took it.

    A webhook that does not answer is logged and never hides the failure itself.
    """
    text = f"Weir run {run_id} failed: {reason}"
    log.error(text)
    if not settings.alert_webhook:
        return False
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's own setting
        settings.alert_webhook,
        data=canonical_json({"text": text}),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return bool(200 <= response.status < 300)
    except (urllib.error.URLError, TimeoutError) as error:
        log.error("the alert webhook did not take the message: %s", error)
        return False
