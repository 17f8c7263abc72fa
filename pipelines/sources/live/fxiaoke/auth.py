"""Fxiaoke's corpAccessToken: it goes into the body of every call, beside the user on whose behalf is asked."""

from __future__ import annotations

import time
from typing import Any

import httpx

from pipelines.sources.live.fxiaoke.answers import RefusedError, TokenDiedError, meaning, read
from pipelines.sources.live.transport import Transport
from pipelines.sources.live.vault import Vault

PATH = "/cgi/corpAccessToken/get/V2"
KEPT_SECONDS = 6_600  # for so long Fxiaoke gives the same token again; it dies at 7,200


class Auth:
    """One token at a time. The endpoint gives ten a minute, so it is asked again only when it has to be."""

    def __init__(self, api_url: str, transport: Transport, vault: Vault) -> None:
        self.api_url, self.transport, self.vault = api_url, transport, vault
        self._given: dict[str, Any] = {}
        self._ends = 0.0

    def body(self) -> dict[str, Any]:
        """The keys that open a call; asks for a token if there is none that still lives."""
        if not self._given or time.monotonic() >= self._ends:
            self.renew()
        return dict(self._given)

    def renew(self) -> None:
        """Ask for a token.

        Raises:
            UsageError: Fxiaoke does not know the credentials.
        """
        self._given = {}
        try:
            answer = self.transport.call(self._request, read, cost=0)
        except RefusedError as refused:
            scrubbed = RefusedError(refused.code, self.vault.scrub(refused.message), refused.trace)
            raise meaning(scrubbed, "a token") from None
        except TokenDiedError as died:
            raise meaning(RefusedError(0, self.vault.scrub(str(died)), ""), "a token") from None
        token = str(answer["corpAccessToken"])
        self.vault.add(token)
        left = float(answer.get("expiresIn") or 0)
        self._ends = time.monotonic() + min(KEPT_SECONDS, max(60.0, left - 600))
        self._given = {
            "corpAccessToken": token,
            "corpId": str(answer["corpId"]),
            "currentOpenUserId": self.vault["open_user_id"],
        }

    def _request(self) -> httpx.Request:
        secrets = {
            "appId": self.vault["app_id"],
            "appSecret": self.vault["app_secret"],
            "permanentCode": self.vault["permanent_code"],
        }
        return self.transport.http.build_request("POST", f"{self.api_url}{PATH}", json=secrets)
