"""Zoho's token endpoint and what a token opens.

`invalid_client` for a wrong client and the JSON of a wrong grant are our reading; the rest is in the fact sheet.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.servers.machine import Call, Clock, Reply
from tests.servers.zoho_rules import RefusalError

LIFE = 3_600
WINDOW = 600
LIVE_AT_MOST = 30
BUSY = "You have made too many requests continuously. Please try again after some time."


@dataclass
class Auth:
    """One client with one refresh token. `scopes` None means all; `mints` None means no throttle."""

    clock: Clock
    client_id: str = "1000.CLIENT"
    client_secret: str = "zoho-client-secret"
    refresh_token: str = "1000.refresh-token"
    scopes: set[str] | None = None
    mints: int | None = 10
    api_domain: str = ""
    issued: int = 0
    live: dict[str, float] = field(default_factory=dict)
    _minted: deque[float] = field(default_factory=deque)
    _locked_until: float = 0.0

    def token(self, call: Call) -> Reply:
        """POST /oauth/v2/token, its parameters in the body or in the query."""
        asked = {**call.query, **call.form()}
        known = {"client_id": self.client_id, "client_secret": self.client_secret}
        if any(asked.get(name) != value for name, value in known.items()):
            return Reply(200, {"error": "invalid_client"}, code="invalid_client")
        if asked.get("grant_type") != "refresh_token" or asked.get("refresh_token") != self.refresh_token:
            return Reply(200, {"error": "invalid_code"}, code="invalid_code")
        if self._throttled():
            body = {"error": "Access Denied", "error_description": BUSY, "status": "failure"}
            return Reply(400, body, code="Access Denied")
        return Reply(200, self._mint(), code="token")

    def _throttled(self) -> bool:
        """Ten in ten minutes; asking while locked out begins the ten minutes anew."""
        now = self.clock.now()
        while self._minted and self._minted[0] <= now - WINDOW:
            self._minted.popleft()
        if self.mints is None or (now >= self._locked_until and len(self._minted) < self.mints):
            return False
        self._locked_until = now + WINDOW
        return True

    def _mint(self) -> dict[str, Any]:
        now = self.clock.now()
        self.issued += 1
        token = f"1000.access-{self.issued:05d}"
        self._minted.append(now)
        self.live[token] = now + LIFE
        while len(self.live) > LIVE_AT_MOST:
            del self.live[next(iter(self.live))]
        scope = " ".join(sorted(self.scopes)) if self.scopes is not None else "ZohoCRM.modules.ALL"
        return {"access_token": token, "scope": scope, "api_domain": self.api_domain, "token_type": "Bearer",
                "expires_in": LIFE}  # fmt: skip

    def expire(self) -> None:
        """Every token given out so far is dead from now on."""
        self.live.clear()

    def check(self, call: Call, scope: str) -> None:
        """Let a call through, or say what is wrong with its token."""
        header = call.headers.get("authorization")
        if header is None:
            raise RefusalError(401, "AUTHENTICATION_FAILURE", "Authentication failed")
        kind, _, token = header.partition(" ")
        if kind != "Zoho-oauthtoken" or self.live.get(token, 0.0) <= self.clock.now():
            raise RefusalError(401, "INVALID_TOKEN", "invalid oauth token")
        if not self._opens(scope):
            raise RefusalError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")

    def _opens(self, scope: str) -> bool:
        if self.scopes is None:
            return True
        area, _, verb = scope.lower().rpartition(".")
        held = {one.lower() for one in self.scopes}
        parents = [".".join(area.split(".")[:size]) for size in range(2, len(area.split(".")) + 1)]
        return any(f"{parent}.{one}" in held for parent in parents for one in (verb, "all"))
