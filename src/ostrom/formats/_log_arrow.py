"""Columns of Arrow as columns of a log: texts by their dictionary, numbers by their bits, anything else by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import MISSING, Column, key_of
from ._log_json import DECODER, whole


def read(pyarrow: Any, array: Any, name: str, as_json: bool, where: str) -> Column:
    """One column; `InputError` names the row of a value that the column of that name cannot hold."""
    types, kind = pyarrow.types, array.type
    if types.is_dictionary(kind):
        array, kind = array.cast(kind.value_type), kind.value_type
    if types.is_string(kind) or types.is_large_string(kind):
        codes, texts = _coded(pyarrow, array)
        column = _recoded(codes, [_value(text, where) for text in texts]) if as_json else in_order(codes, texts)
    elif types.is_list(kind) and types.is_string(kind.value_type) and name == "receivers":
        column = _groups(pyarrow, array)
    elif types.is_timestamp(kind):
        seconds = pyarrow.compute.divide(
            array.cast(pyarrow.timestamp("us", kind.tz)).cast("int64").cast("float64"), 1e6
        )
        column = _numbers(seconds, where)
    elif types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_decimal(kind):
        column = _numbers(array if not types.is_decimal(kind) else array.cast("float64"), where)
    else:
        column = _recoded(np.arange(len(array), dtype=np.int32), array.to_pylist())
    _refuse_wrong(column, name, where)
    return column


def _coded(pyarrow: Any, array: Any) -> tuple[np.ndarray, list[Any]]:
    """Codes `int32[N]` of a column of texts, and the distinct texts."""
    coded = array.dictionary_encode()
    if not coded.num_chunks:
        return np.empty(0, np.int32), []
    coded = pyarrow.concat_arrays(coded.unify_dictionaries().chunks)
    codes = coded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False)
    return codes.astype(np.int32), coded.dictionary.to_pylist()


def _groups(pyarrow: Any, array: Any) -> Column:
    """Lists of names, told apart as one text each: many times faster than as lists."""
    compute, flat = pyarrow.compute, pyarrow.concat_arrays([pyarrow.array([], array.type), *array.chunks])
    names = flat.flatten()
    if names.null_count or compute.any(compute.match_substring(names, "\0")).as_py():
        values = [tuple(one) if one else None for one in flat.to_pylist()]
        return _recoded(np.arange(len(values), dtype=np.int32), values)
    said = compute.if_else(compute.equal(compute.list_value_length(flat), 0), None, compute.binary_join(flat, "\0"))
    codes, texts = _coded(pyarrow, pyarrow.chunked_array([said]))
    return in_order(codes, [tuple(text.split("\0")) for text in texts])


def _numbers(array: Any, where: str) -> Column:
    """Numbers told apart by their bits; NaN is how other programs write that there is none."""
    present = ~array.is_null().to_numpy()
    if not present.any():
        return Column(np.full(len(array), MISSING, np.int32), ())
    plain = array.fill_null(False if str(array.type) == "bool" else 0).to_numpy()
    if plain.dtype.kind == "f":
        present &= ~np.isnan(plain)
        plain = plain.astype(np.float64)
        if len(endless := np.flatnonzero(np.isinf(plain) & present)):
            raise InputError(f"{where} is infinite in row {endless[0] + 1}.", do="Give finite numbers.")
    bits = plain.view(np.int64) if plain.dtype.kind == "f" else plain
    distinct, codes = np.unique(bits, return_inverse=True)
    values = distinct.view(np.float64) if plain.dtype.kind == "f" else distinct
    return in_order(np.where(present, codes.reshape(-1), MISSING).astype(np.int32), values.tolist())


def _value(text: str, where: str) -> Any:
    try:
        return whole(DECODER.decode(text))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} holds {text[:40]!r}, which is not JSON: {error}.", do="Write it again.") from None


def _recoded(codes: np.ndarray, values: Sequence[Any]) -> Column:
    """The column of codes for values among which some may be the same, or None."""
    known: dict[Any, int] = {}
    kept: list[Any] = []
    places = np.full(len(values) + 1, MISSING, np.int32)
    for place, value in enumerate(values):
        if value is not None:
            key = value if type(value) is str else key_of(value)
            if key not in known:
                known[key] = len(kept)
                kept.append(value)
            places[place] = known[key]
    return in_order(places[codes], kept)


def in_order(codes: np.ndarray, values: Sequence[Any]) -> Column:
    """A column whose values stand in order of first appearance, without those that no row has."""
    seen = np.full(len(values) + 1, len(codes), np.int64)
    seen[codes[::-1]] = np.arange(len(codes))[::-1]  # of several rows the first is written last
    order = np.argsort(seen[: len(values)], kind="stable")
    order = order[seen[order] < len(codes)]
    place = np.full(len(values) + 1, MISSING, np.int32)
    place[order] = np.arange(len(order))
    return Column(place[codes], tuple(values[k] for k in order.tolist()))


def _refuse_wrong(column: Column, name: str, where: str) -> None:
    fits = {
        **dict.fromkeys(("agent", "channel", "message"), lambda v: type(v) is str),
        "receivers": lambda v: type(v) is tuple and all(type(one) is str for one in v),
        "payoff": lambda v: type(v) in (int, float) and abs(v) <= 1e100,
    }.get(name, lambda v: True)
    for code, value in enumerate(column.values):
        if not fits(value):
            row = int(np.flatnonzero(column.codes == code)[0]) + 1
            raise InputError(
                f"{where} is {value!r:.60} in row {row}.",
                "Agents, channels and messages are texts, receivers lists of texts, payoffs finite numbers.",
                "Write the column with that type.",
            )
