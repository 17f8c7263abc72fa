"""One way in for all formats: an archived blob and its format, to a text table."""

from __future__ import annotations

from pathlib import Path

from pipelines.landing.text_table import TextTable
from pipelines.sources.model import FileFormat


def read_text(path: Path, how: FileFormat) -> TextTable:
    """Read a file as text cells by its declared format.

    Raises:
        FileRejectedError: with the rule and the reason.
    """
    if how.type == "parquet":
        from pipelines.landing.parquet_text import read_parquet

        return read_parquet(path, how)
    if how.type == "jsonl":
        from pipelines.landing.jsonlines import read_jsonlines

        return read_jsonlines(path, how)
    from pipelines.landing.delimited import read_delimited

    return read_delimited(path, how)
