"""Masked text for whoever may look at a report but not at a person's data.

One policy everywhere: of a row that landing could not accept anything may stand in any cell, so its key and its text
are shown by their shape alone, and quoted cell values in its reason too. Of a row that it accepted the keys are codes,
as everywhere in a release, and are shown, but for what looks like a person's data.

`mask` keeps the shape of a value and nothing of its content; `scrub` takes out of running text only what looks like
a person's data, or what a message quotes from a cell.
"""

from __future__ import annotations

import re

UNTRUSTED = ("quarantined", "rejected")  # kinds of rows that landing could not accept
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"  # Chinese mobile number
    r"|(?<!\d)\d{17}[\dXx](?!\w)"  # Chinese identity number
    r"|\+\d{1,3}[- ]?(?:\(?\d+\)?[- ]?){2,6}\d"  # any international number
)
_CARD = re.compile(r"(?<![\d.])(?:\d[ -]?){12,18}\d(?![\d.])")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’|「[^」]*」")


def _masked_character(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isupper():
        return "X"
    if character.islower():
        return "x"
    return "某" if character.isalpha() else character


def mask(text: str | None, longest: int = 60) -> str:
    """The shape of a value: digits as 0, Latin letters as X or x, other letters as 某, signs as they are."""
    if text is None:
        return ""
    shape = "".join(_masked_character(character) for character in text[:longest])
    return shape + "…" if len(text) > longest else shape


def scrub(text: str | None) -> str:
    """Running text with quoted cell values, e-mails, telephone, identity and card numbers masked."""
    if text is None:
        return ""
    without_quotes = _QUOTED.sub(lambda found: found[0][0] + mask(found[0][1:-1]) + found[0][-1], text)
    return scrub_personal(without_quotes)


def _is_card(text: str) -> bool:
    """Whether the digits carry the check digit of a bank card (Luhn); an amount of that length rarely does."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [2 * one - 9 * (one > 4) if place % 2 else one for place, one in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def scrub_personal(text: str | None) -> str:
    """Text with what looks like a person's data masked; everything else, keys too, stays."""
    without_cards = _CARD.sub(lambda found: mask(found[0]) if _is_card(found[0]) else found[0], text or "")
    return _PERSONAL.sub(lambda found: mask(found[0]), without_cards)


def shown_key(key: str | None, kind: str | None) -> str:
    """The natural key of a row that is in no fact, as far as it may be shown."""
    return mask(key) if kind in UNTRUSTED else scrub_personal(key)
