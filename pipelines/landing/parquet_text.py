"""Parquet to cells: exact text, so that one path of conversion serves all formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.landing.packed import Packed
from pipelines.landing.text_table import FileRejectedError, TextTable
from pipelines.sources.model import FileFormat


def _float_text(value: float | None) -> str | None:
    """The shortest digits that read back as the same number, without an exponent; NaN and inf stay words."""
    if value is None:
        return None
    text = str(value)
    return format(Decimal(text), "f") if "e" in text else text


def _floats(array: Any) -> Any:
    unique = pc.unique(array)
    values = unique.to_pylist()
    if pa.types.is_float32(array.type):  # by its own shortest digits: as a double it would grow some
        values = [None if one is None else np.float32(one) for one in values]
    texts = pa.array([_float_text(one) for one in values], pa.large_string())
    return texts.take(pc.index_in(array, unique))


def _timestamps(array: Any) -> Any:
    """`YYYY-MM-DD HH:MM:SS`, the fraction only where there is one, `+00:00` where the column has a zone."""
    has_zone = array.type.tz is not None
    if has_zone:
        array = array.cast(pa.timestamp(array.type.unit, "UTC")).cast(pa.timestamp(array.type.unit))
    text = pc.replace_substring_regex(array.cast(pa.string()), r"\.0+$", "")
    return pc.binary_join_element_wise(text, "+00:00", "") if has_zone else text


def _texts(array: Any) -> Any:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _texts(array.dictionary_decode())
    if pa.types.is_floating(kind):
        return _floats(array)
    if pa.types.is_timestamp(kind):
        return _timestamps(array)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([None if one is None else one.hex() for one in array.to_pylist()], pa.string())
    if pa.types.is_nested(kind):
        values = array.to_pylist()
        return pa.array([None if one is None else _json(one) for one in values], pa.string())
    return array.cast(pa.string())


def kind_of(kind: Any) -> str:
    """What sort of value a Parquet column holds; widths and units do not matter, because cells become exact text."""
    if pa.types.is_dictionary(kind):
        return kind_of(kind.value_type)
    sorts = {
        "integer": pa.types.is_integer,
        "decimal": pa.types.is_decimal,
        "float": pa.types.is_floating,
        "date": pa.types.is_date,
        "timestamp": pa.types.is_timestamp,
        "boolean": pa.types.is_boolean,
        "nested": pa.types.is_nested,
    }
    for name, holds in sorts.items():
        if holds(kind):
            return name
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return "text" if is_text else "binary"


def _hold_against(schema: dict[str, tuple[str, ...]], kinds: dict[str, str], rows: int) -> None:
    wrong = [
        f"{name} is {kinds[name]}, declared is {' or '.join(allowed)}"
        for name, allowed in schema.items()
        if name in kinds and kinds[name] not in allowed
    ]
    if wrong:
        raise FileRejectedError("S02", "; ".join(wrong), rows)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def parquet_tables(packed: Packed, how: FileFormat, most: int | None = None) -> Iterator[TextTable]:
    """Read a Parquet file, at once or in pieces of at most so many rows; the line of a row is its number, from 1.

    Raises:
        FileRejectedError: it is no Parquet file, has no rows, or a column is of a kind that is not declared.
    """
    source = packed.path if packed.compression == "none" else pa.BufferReader(packed.content())
    try:
        with pq.ParquetFile(source, coerce_int96_timestamp_unit="us") as file:
            yield from _tables(file, how, most)
    except (pa.ArrowInvalid, OSError) as error:
        raise FileRejectedError("S02", f"the file is no Parquet: {error}") from None


def _tables(file: Any, how: FileFormat, most: int | None) -> Iterator[TextTable]:
    schema, rows = file.schema_arrow, file.metadata.num_rows
    names = schema.names
    doubled = sorted({name for name in names if [one.lower() for one in names].count(name.lower()) > 1})
    if doubled:
        raise FileRejectedError("S02", f"the header has {', '.join(doubled)} twice")
    if rows == 0 and not how.empty_ok:
        raise FileRejectedError("S02", "the file has no rows")
    kinds = {one.name: kind_of(one.type) for one in schema if not pa.types.is_null(one.type)}
    _hold_against(how.schema, kinds, rows)
    pieces = file.iter_batches(batch_size=most) if most else [file.read()]
    before = 0
    for piece in pieces if rows else [schema.empty_table()]:
        found = pa.Table.from_batches([piece]) if most and rows else piece
        cells = [_texts(column.combine_chunks()).cast(pa.large_string()) for column in found.columns]
        lines = pa.array(np.arange(before + 1, before + found.num_rows + 1), pa.int64())
        before += found.num_rows
        yield TextTable(pa.table(dict(zip(names, cells, strict=True))), lines, None, names, kinds=kinds)
