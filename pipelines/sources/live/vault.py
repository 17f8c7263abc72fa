"""Secrets of one source while it is asked: taken from the environment, and struck out of every text that leaves."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.settings import secret_from_environment

SHORTEST = 6  # what is shorter would strike out ordinary words


class Vault:
    """Secrets by what they are for. `scrub` takes all of them out of a text; nothing else tells them."""

    def __init__(self, names: Mapping[str, str], where: str) -> None:
        self._secrets = {purpose: secret_from_environment(name, where) for purpose, name in names.items()}
        self._more: set[str] = set()

    def __getitem__(self, purpose: str) -> str:
        return self._secrets[purpose]

    def __repr__(self) -> str:
        return f"Vault({', '.join(self._secrets)})"

    def add(self, secret: str) -> None:
        """A secret that was given on the way, such as an access token."""
        self._more.add(secret)

    def scrub(self, text: str) -> str:
        """The text without any secret."""
        for secret in sorted({*self._secrets.values(), *self._more}, key=len, reverse=True):
            if len(secret) >= SHORTEST:
                text = text.replace(secret, "***")
        return text
