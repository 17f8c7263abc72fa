"""JSON arrays to cells, read element by element; a row's line is the number of its element, from 1."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any

from pipelines.landing.jsonlines import Value, decoder, jsonlines_tables, object_tables
from pipelines.landing.packed import Packed
from pipelines.landing.text_table import FileRejectedError, TextTable
from pipelines.sources.model import FileFormat

LONGEST = 16 << 20
SPACE = " \t\r\n"


class Scanner:
    """A JSON text that is never in memory as a whole: a window that moves over it, one value at a time."""

    def __init__(self, packed: Packed, encoding: str) -> None:
        self.blocks = packed.blocks()
        decode = codecs.getincrementaldecoder(encoding)
        self.decoder, self.encoding = decode("strict"), encoding
        self.text, self.at, self.line, self.is_over = "", 0, 1, False
        self.json, self.doubled = decoder()
        self._more()
        self.text = self.text.removeprefix("\ufeff")

    def _more(self) -> bool:
        if self.is_over:
            return False
        block = next(self.blocks, b"")
        self.is_over = not block
        try:
            more = self.decoder.decode(block, final=self.is_over)
        except UnicodeDecodeError as error:
            reason = f"line {self.line + self.text.count(chr(10))} or after it is not {self.encoding}: {error.reason}"
            raise FileRejectedError("S07", reason) from None
        self.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :] + more, 0
        return True

    def fail(self, what: str) -> FileRejectedError:
        """The refusal of the whole text, with the line where it goes wrong."""
        line = self.line + self.text.count("\n", 0, self.at)
        return FileRejectedError("S09", f"the JSON is cut or damaged at line {line}: {what}")

    def peek(self) -> str:
        """The next character that is no space, not taken; empty at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in SPACE:
                self.at += 1
            if self.at < len(self.text) or not self._more():
                return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> None:
        """Take one character that must come next."""
        found = self.peek()
        if found != expected:
            raise self.fail(f"{expected} is missing")
        self.at += 1

    def value(self) -> tuple[Any, str]:
        """The next value and its text; more of the file is read until it is whole."""
        self.peek()
        while True:
            self.doubled.clear()
            try:
                found, end = self.json.raw_decode(self.text, self.at)
                if end < len(self.text) or self.is_over:
                    raw = self.text[self.at : end]
                    self.at = end
                    return found, raw
            except ValueError as problem:
                if self.is_over:
                    raise self.fail(str(problem)) from None
            if len(self.text) - self.at > LONGEST:
                raise self.fail(f"a value of more than {LONGEST} characters")
            self._more()


def _enter(scan: Scanner, name: str) -> None:
    """Go to the value of a key of the object that comes next."""
    scan.take("{")
    while scan.peek() != "}":
        key, _ = scan.value()
        scan.take(":")
        if key == name:
            return
        scan.value()
        if scan.peek() == ",":
            scan.take(",")
    raise FileRejectedError("S02", f"the JSON has no key {name} (records)")


def _leave(scan: Scanner) -> None:
    """Read an object to its end, so that a text that is cut there is found."""
    while scan.peek() == ",":
        scan.take(",")
        scan.value()
        scan.take(":")
        scan.value()
    scan.take("}")


def _elements(scan: Scanner) -> Iterator[tuple[Any, str]]:
    scan.take("[")
    while scan.peek() != "]":
        yield scan.value()
        if scan.peek() == ",":
            scan.take(",")
            if scan.peek() == "]":
                raise scan.fail("a comma ends the array")
        elif scan.peek() != "]":
            raise scan.fail("] is missing")
    scan.take("]")


def _values(packed: Packed, how: FileFormat) -> Iterator[Value]:
    scan = Scanner(packed, how.encoding)
    path = how.records.split(".") if how.records else []
    for name in path:
        _enter(scan, name)
    for number, (found, raw) in enumerate(_elements(scan), start=1):
        yield number, raw, found, bool(scan.doubled)
    for _ in path:
        _leave(scan)
    if scan.peek():
        raise scan.fail("something stands after its end")


def json_tables(
    packed: Packed, how: FileFormat, window: int | None = None, most: int | None = None
) -> Iterator[TextTable]:
    """Read an array of objects, at the top or under `records` (keys with points between); else one object a line.

    Raises:
        FileRejectedError: it is empty, wrongly encoded, cut or damaged anywhere, or has no object.
    """
    if not how.records and Scanner(packed, how.encoding).peek() != "[":
        yield from jsonlines_tables(packed, how, window, most)
        return
    nothing = "no element of the array is a JSON object"
    yield from object_tables(lambda: _values(packed, how), how, most, nothing)
