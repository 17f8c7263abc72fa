"""JSON as it came: numbers keep the digits they were written with, so that money is never a float."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, cast

import orjson

_fragment = cast("Callable[[str], Any]", orjson.Fragment)
_decoder = json.JSONDecoder(parse_float=_fragment, parse_constant=_fragment)


def exact(content: bytes) -> Any:
    """Parse; a number with a point is a fragment that `line` writes as it was. ValueError if it is no JSON."""
    return _decoder.decode(content.decode("utf-8"))


def plain(content: bytes) -> Any:
    """Parse what is not kept, such as an error body or a page's `info`."""
    return orjson.loads(content)


def line(record: dict[str, Any]) -> bytes:
    """One record as one line, without its end."""
    return orjson.dumps(record)


def digest_of(content: bytes) -> str:
    """Tells two lines apart."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
