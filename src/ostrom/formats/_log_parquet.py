"""Logs as Parquet: a column for each column of the log, dictionary-encoded in the file as in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import InputError, MissingExtra, TooLarge
from ..core.log import LARGEST, MOST, NESTED, PLACE, PLAIN, Column, Log
from ._log_arrow import read
from ._log_json import whole

MAGIC = b"PAR1"

UNPACKED = 8 * 2**30
"""Bytes that a file may say it unpacks to."""

AS_JSON = {b"ostrom": b"json"}
"""What marks a column whose texts are JSON."""

NEEDED = (*PLACE, "agent", "channel")


def write_columns(log: Log, path: Path) -> None:
    """Write a log whole or not at all: beside the place first, then moved there."""
    pyarrow, parquet = _pyarrow()
    named = {"episode": (pyarrow.array(log.episode), None), "t": (pyarrow.array(log.t), None)}
    named |= {name: _array(pyarrow, name, column) for name, column in log.columns.items()}
    fields = [pyarrow.field(name, array.type, metadata=mark) for name, (array, mark) in named.items()]
    table = pyarrow.Table.from_arrays([array for array, _ in named.values()], schema=pyarrow.schema(fields))
    try:
        with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".ostrom-") as folder:
            parquet.write_table(table, Path(folder) / "log", compression="zstd")
            (Path(folder) / "log").replace(path)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror}.", do="Choose another place.") from None


def read_columns(path: Path) -> Log:
    """Read a log, column by column; `InputError` names the column and the row that cannot be used."""
    pyarrow, parquet = _pyarrow()
    columns: dict[str, Column] = {}
    with _damage(pyarrow, path), parquet.ParquetFile(path) as file:
        _refuse_strange(file, path)
        for field in file.schema_arrow:
            table = file.read(columns=[field.name], use_threads=False)
            for name, array in _parts(pyarrow, table[field.name], field.name):
                where = f"Column {name!r:.60} of {path.name}"
                as_json = (field.metadata or {}).get(b"ostrom") == b"json"
                columns[name] = read(pyarrow, array, name, as_json, where)
        count = file.metadata.num_rows
    _refuse_holes(columns, count, path)
    episode, t = (_whole_numbers(columns.pop(name), f"Column {name!r} of {path.name}") for name in PLACE)
    kept = {name: columns[name] for name in (*PLAIN, *sorted(columns)) if name in columns and columns[name].values}
    return Log(str(path), episode, t, np.arange(1, count + 1), kept)


def _refuse_strange(file: Any, path: Path) -> None:
    names, rows = file.schema_arrow.names, file.metadata.num_rows
    size = sum(file.metadata.row_group(k).total_byte_size for k in range(file.metadata.num_row_groups))
    if len(names) > MOST or rows * len(names) > LARGEST or size > UNPACKED:
        raise TooLarge(
            f"{path.name} has {len(names):,} columns and {rows:,} rows, and unpacks to {size >> 20:,} MB.",
            f"A log has at most {MOST:,} columns and {LARGEST:,} cells, and unpacks to {UNPACKED >> 20:,} MB.",
            "Split it.",
        )
    odd = [name for name in names if name not in PLAIN and name not in PLACE and name.partition(".")[0] not in NESTED]
    if odd or len(set(names)) < len(names) or not set(NEEDED) <= set(names):
        raise InputError(
            f"{path.name} has the columns {', '.join(names)!r:.200}.",
            "A log has episode, t, agent and channel, once each, and may have the other columns of the event table.",
            "Name what agents were shown observation.NAME, and other quantities facts.NAME.",
        )


def _refuse_holes(columns: dict[str, Column], count: int, path: Path) -> None:
    for name, column in columns.items():
        if len(column.codes) != count:
            what = f"Column {name!r:.60} of {path.name} has {len(column.codes):,} rows of {count:,}."
            raise InputError(what, "The file is damaged.", "Fetch it again.")
        if name in NEEDED[2:] and not column.present.all():
            hole = int(np.flatnonzero(~column.present)[0]) + 1
            raise InputError(f"Row {hole} of {path.name} has no {name}.", do="Write one in every row.")


def _parts(pyarrow: Any, array: Any, name: str) -> Iterator[tuple[str, Any]]:
    """A column of objects as a column for each of their fields; any other as it is."""
    if name in NESTED and pyarrow.types.is_struct(array.type):
        for field in array.type:
            yield f"{name}.{field.name}", pyarrow.compute.struct_field(array, field.name)
    else:
        yield name, array


def _whole_numbers(column: Column, where: str) -> np.ndarray:
    numbers = [v if type(v) is int else int(v) if type(v) is float and v.is_integer() else None for v in column.values]
    odd = [v for v, number in zip(column.values, numbers, strict=True) if number is None or abs(number) >= 2**62]
    if odd or not column.present.all():
        raise InputError(
            f"{where} is {odd[0] if odd else None!r:.60} in some row.",
            "Episodes and steps are whole numbers below 2**62.",
            "Number episodes and steps from 0.",
        )
    return np.array([*numbers, 0], np.int64)[column.codes]


def _array(pyarrow: Any, name: str, column: Column) -> tuple[Any, dict[bytes, bytes] | None]:
    """A column of Arrow, and what marks it."""
    values, kinds, mark = list(column.values), set(map(type, column.values)), None
    kind = None
    if kinds == {tuple} and name == "receivers":
        kind = pyarrow.list_(pyarrow.string())
    elif kinds == {float}:
        kind = pyarrow.float64()
    elif kinds == {bool}:
        kind = pyarrow.bool_()
    elif kinds == {int} and all(abs(value) < 2**62 for value in values):
        kind = pyarrow.int64()
    elif kinds <= {str}:
        values = [whole(value) for value in values]
    else:
        mark, values = AS_JSON, [_json(value, name) for value in values]
    codes = pyarrow.array(column.codes, mask=~column.present)
    if kind is None:
        return pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array(values, pyarrow.string())), mark
    return pyarrow.array(values, kind).take(codes), mark


def _json(value: Any, name: str) -> str:
    try:
        return whole(json.dumps(value, ensure_ascii=False, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is {value!r:.60} in some row: {error}.", do="Log plain values.") from None


@contextmanager
def _damage(pyarrow: Any, path: Path) -> Iterator[None]:
    try:
        yield
    except (InputError, MissingExtra):
        raise
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        what = f"{path.name} cannot be read: {str(error).splitlines()[0] if str(error) else type(error).__name__:.200}."
        raise InputError(what, "It is damaged, or no Parquet that can be used.", "Write it again.") from None


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise MissingExtra("pyarrow", "data") from None
    return pyarrow, pyarrow.parquet
