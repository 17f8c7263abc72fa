"""Trailers: a last line of the file itself that declares its rows and sums."""

from __future__ import annotations

from typing import Any

from pipelines.landing.text_table import FileRejectedError
from pipelines.sources.control import NUMBER
from pipelines.sources.model import Control, FileFormat


def _field(fields: list[str], number: int) -> str:
    text = fields[number - 1].strip() if 0 < number <= len(fields) else ""
    if not NUMBER.fullmatch(text):
        raise FileRejectedError("S01", f"field {number} of the trailer is {text!r}, no number")
    return text


def _declared(fields: list[str], control: Control) -> dict[str, Any]:
    sums = {}
    for column, place in control.sums.items():
        places = place if isinstance(place, dict) else {"*": place}
        sums[column] = {currency: _field(fields, number) for currency, number in places.items()}
    declared: dict[str, Any] = {"sums": sums}
    if control.rows is not None:
        declared["rows"] = int(_field(fields, control.rows))
    return declared


def split_trailer(body: Any, numbers: Any, how: FileFormat) -> tuple[Any, Any, dict[str, Any] | None]:
    """Take the trailer off the rows, if the format declares one.

    Raises:
        FileRejectedError: S01, the last row is no trailer or a number in it is none.
    """
    control = how.control
    if control is None or control.kind != "trailer":
        return body, numbers, None
    while len(body) and not body[len(body) - 1].as_py().strip():
        body, numbers = body.slice(0, len(body) - 1), numbers[:-1]
    fields = body[len(body) - 1].as_py().split(how.delimiter) if len(body) else []
    if not fields or fields[0].strip() != control.marker:
        raise FileRejectedError(
            "S01", f"the last line is no trailer: it does not start with {control.marker}", len(body)
        )
    return body.slice(0, len(body) - 1), numbers[:-1], _declared(fields, control)
