"""Zoho's access token: one at a time, minted from the refresh token and kept until shortly before its end."""

from __future__ import annotations

import time
from typing import Any

import httpx

from pipelines.errors import UsageError
from pipelines.sources.live.failures import PassingError, SourceFaultError, SourceStoppedError
from pipelines.sources.live.raw import plain
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault

EARLY_SECONDS = 300
THROTTLED = "too many requests"


class Auth:
    """Mints and remembers. `api_url` is the host that Zoho names with the token, else the configured one."""

    def __init__(self, hosts: dict[str, str], transport: Transport, vault: Vault) -> None:
        self.accounts, self.api_url = hosts["accounts_url"], hosts["api_url"]
        self.transport, self.vault = transport, vault
        self.scope = ""
        self._token, self._ends = "", 0.0

    def header(self) -> dict[str, str]:
        """The header that opens a call; mints a token if there is none that still lives."""
        if not self._token or time.monotonic() >= self._ends:
            self.renew()
        return {"Authorization": f"Zoho-oauthtoken {self._token}"}

    def renew(self) -> None:
        """Mint a token.

        Raises:
            UsageError: Zoho does not know the credentials.
            SourceStoppedError: too many tokens were minted in ten minutes.
        """
        self._token = ""
        answer = self.transport.call(self._request, self._judged, cost=0)
        self._token = answer["access_token"]
        self.vault.add(self._token)
        self._ends = time.monotonic() + float(answer.get("expires_in") or 3_600) - EARLY_SECONDS
        self.scope = str(answer.get("scope") or "")
        named = str(answer.get("api_domain") or "").rstrip("/")
        if named:
            self.api_url = _trusted(named, self.api_url)

    def _request(self) -> httpx.Request:
        """Everything secret goes into the body: a query would stand in the logs of every proxy."""
        form = {
            "grant_type": "refresh_token",
            **{name: self.vault[name] for name in ("client_id", "client_secret", "refresh_token")},
        }
        return self.transport.http.build_request("POST", f"{self.accounts}/oauth/v2/token", data=form)

    def _judged(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code >= 500:
            raise PassingError(str(answer.status_code), "the token endpoint is not well")
        try:
            found = plain(answer.content)
        except ValueError:
            raise PassingError(str(answer.status_code), "the token endpoint answered no JSON") from None
        if isinstance(found, dict) and isinstance(found.get("access_token"), str):
            return found
        raise self._refused(found if isinstance(found, dict) else {}, answer.status_code)

    def _refused(self, found: dict[str, Any], status: int) -> Exception:
        error = self.vault.scrub(str(found.get("error") or f"HTTP {status}"))
        told = self.vault.scrub(str(found.get("error_description") or ""))
        where = f"{self.accounts}/oauth/v2/token"
        if status == 429 or THROTTLED in told.lower():
            return SourceStoppedError(
                f"Zoho gives no more access tokens for now: {error}",
                where=where,
                todo="wait ten minutes without a try (each one begins them anew); the credentials are not at fault",
            )
        if error in ("invalid_client", "invalid_code", "invalid_client_secret"):
            wrong = "refresh token" if error == "invalid_code" else "client id or secret"
            todo = f"check the {wrong}, and that data_center is the one where it was made; then run again"
            return UsageError(f"Zoho does not accept the credentials: {error}", where=where, todo=todo)
        return SourceFaultError(f"Zoho's token endpoint answered {error} {told}".rstrip(), where=where)


def _trusted(named: str, configured: str) -> str:
    """The named host overrides the configured one, unless the token would go out unencrypted to somewhere else."""
    return named if named.startswith("https://") or named == configured else configured
