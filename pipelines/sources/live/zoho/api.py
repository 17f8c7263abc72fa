"""Calls to Zoho with a token: minted, renewed once when it died, and every error text scrubbed."""

from __future__ import annotations

from typing import Any

import httpx

from pipelines.sources.live.connection import Connection
from pipelines.sources.live.failures import SourceFaultError
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault
from pipelines.sources.live.zoho.answers import Answer, RefusedError, TokenDiedError, read
from pipelines.sources.live.zoho.auth import Auth

VERSION = "v8"


class Api:
    """The paths under /crm/v8 of one org. The last answer's headers tell of credits."""

    def __init__(self, live: Connection, transport: Transport, vault: Vault) -> None:
        self.live, self.transport, self.vault = live, transport, vault
        self.auth = Auth(dict(live.hosts), transport, vault)

    def get(
        self, path: str, parameters: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """GET /crm/v8/<path>."""
        return self.call("GET", f"/crm/{VERSION}/{path}", parameters=parameters, headers=headers)

    def call(
        self,
        method: str,
        path: str,
        *,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        cost: int = 1,
    ) -> Answer:
        """One call, replayed once with a new token if the old one died.

        Raises:
            RefusedError: Zoho says no.
            StartAgainError: the page token is not good any more.
        """

        def make() -> httpx.Request:
            given = {**(headers or {}), **self.auth.header()}
            url = f"{self.auth.api_url}{path}"
            return self.transport.http.build_request(
                method, url, params=parameters, headers=given, json=body if body is not None else None
            )

        try:
            return self._sent(make, cost)
        except TokenDiedError:
            self.auth.renew()
        try:
            return self._sent(make, cost)
        except TokenDiedError as died:
            raise SourceFaultError(
                f"Zoho refuses a token that it has just given: {died}",
                where=self.auth.api_url,
                todo="data_center must be the one of the org; see `weir source doctor DIR`",
            ) from None

    def _sent(self, make: Any, cost: int) -> Answer:
        try:
            return self.transport.call(make, read, cost)
        except RefusedError as refused:
            scrub = self.vault.scrub
            raise RefusedError(
                refused.status, refused.code, scrub(refused.message), refused.details
            ) from None
