"""Keyed hashes that stand for restricted text in landed rows: equal text meets, and nobody reads it back.

HMAC-SHA256 over the text's normal form. The clear text goes to `restricted/` alone. Which two rows have one hash does
not depend on the key; the order of hashes does, so nothing that is released may depend on it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import Any

import pyarrow as pa

from pipelines.home import Home
from pipelines.settings import hash_key
from quality.feeds import Feed

SHORTEST_CODE = 5
# Legal forms at the end of a name, longest first where one ends in another.
ATTACHED_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "股份公司", "公司", "株式会社")
SPACED_FORMS = frozenset(
    (
        "co",
        "company",
        "corp",
        "corporation",
        "inc",
        "incorporated",
        "llc",
        "llp",
        "ltd",
        "limited",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "sa",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "pty",
    )
)


def code_form(text: str) -> str | None:
    """Letters and digits of a registration number in capitals; None where that proves nothing.

    Too short or one sign repeated (`0000000`, `N/A`): typed to fill a field.
    """
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    return letters if len(letters) >= SHORTEST_CODE and len(set(letters)) > 1 else None


def name_form(text: str) -> str | None:
    """A name without case, spaces, punctuation and legal form; None where nothing is left."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = re.sub(r"[\W_]+", " ", re.sub(r"[.'’]", "", folded)).split()
    while len(words) > 1 and words[-1] in SPACED_FORMS:
        words.pop()
    joined = "".join(words)
    for form in ATTACHED_FORMS:
        if joined.endswith(form) and joined != form:
            joined = joined.removesuffix(form)
            break
    return joined or None


FORMS = {"code": code_form, "name": name_form}


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA256 as hexadecimal text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def with_hashes(rows: Any, feed: Feed, home: Home) -> Any:
    """The rows with each made column turned from its clear text into the hash of the text's normal form."""
    for column in feed.hashed:
        assert column.hash_of is not None
        form, key = FORMS[column.hash_of.form], hash_key(home)
        texts = rows.column(column.name).combine_chunks().dictionary_encode()
        normal = [form(text) if text is not None else None for text in texts.dictionary.to_pylist()]
        hashes = pa.array([text and keyed_hash(key, text) for text in normal], pa.string())
        place = rows.schema.get_field_index(column.name)
        rows = rows.set_column(place, pa.field(column.name, pa.string()), hashes.take(texts.indices))
    return rows
