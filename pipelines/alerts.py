"""Tells a person that a run failed: a line in the log, and a POST to the webhook of the settings."""

from __future__ import annotations

import logging
import urllib.request
from http.client import HTTPException

from pipelines.files import canonical_json
from pipelines.settings import Settings

log = logging.getLogger("weir")
SECONDS = 10


def alert(settings: Settings, run_id: str, reason: str) -> bool:
    """Log the failure and post `{"text": ...}` to `alert_webhook`; True if the webhook took it.

    A webhook that does not answer is logged and never hides the failure itself. Its address is not logged: whoever
    has it can post there.
    """
    text = f"Weir run {run_id} failed: {reason}"
    log.error(text)
    if not settings.alert_webhook:
        return False
    if not settings.alert_webhook.startswith(("https://", "http://")):
        log.error("the alert webhook did not take the message: alert_webhook is no http or https address")
        return False
    try:
        _post(settings.alert_webhook, text)
    except (OSError, HTTPException, ValueError) as error:
        log.error("the alert webhook did not take the message: %s", error)
        return False
    return True


def _post(address: str, text: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - http or https, seen to above
        address, data=canonical_json({"text": text}), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - a status of 400 or more raises
        pass
