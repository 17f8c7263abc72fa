"""Names of the columns of a sheet: A is 1, Z 26, AA 27."""

from __future__ import annotations


def column_number(place: str) -> int:
    """The column of a cell such as AB12; 0 where none is named."""
    number = 0
    for letter in place:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """The name of a column."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
