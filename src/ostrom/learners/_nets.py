"""Networks from what a seat sees to scores and a value: layers, convolutions over what is seen as a grid, a memory.

Parameters are dicts of arrays. Numbers come in through the symmetric logarithm sign(x)·log(1 + |x|), so that stocks in
the hundreds and flags need no scales of their own (Hafner et al., 2023); whole numbers of few values, such as moves and
stages, as one flag for each value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError
from ..core.record import Interval, Record
from ._learner import Array, Space

Parameters = Mapping[str, Any]
WIDEST = 65_536
"""Units that a layer may have."""
FEW = 16
"""Values up to which whole numbers come in as flags, and how many numbers of a view at most."""


class Net(Record):
    """How large a network is.

    Parameters
    ----------
    hidden : units of each layer.
    channels : channels of 3×3 convolutions over what is seen as a grid `[H, W, C]`; () sees it as a row of numbers.
    units : of a gated recurrent unit behind the layers; 0 is no memory.
    """

    hidden: tuple[int, ...] = (64, 64)
    channels: tuple[int, ...] = ()
    units: Annotated[int, Interval(ge=0, le=WIDEST)] = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("hidden", "channels"):
            if odd := [size for size in getattr(self, name) if not 1 <= size <= WIDEST]:
                raise InputError(
                    f"{name}={getattr(self, name)} has a layer of {odd[0]}.",
                    f"A layer has 1 to {WIDEST:,} units.",
                    f"Give sizes in that range; {name}=() is none.",
                )

    def begin(self, key: Array, space: Space, outputs: int) -> dict[str, Any]:
        """Parameters with normal weights that keep the size of what comes in; the last layer begins near 0."""
        keys = iter(jax.random.split(key, 8 + len(self.hidden) + len(self.channels)))
        made: dict[str, Any] = {"grids": {}, "flags": _flags(space), "bits": _bits(space)}
        width = 0
        for name, shape in sorted(space.seen.items()):
            if self.channels and len(shape) == 3:
                made["grids"][name], size = self._filters(next(keys), shape)
            else:
                size = _size(shape) * len(made["flags"].get(name, [0]))
            width += size
        made["layers"] = []
        for size in self.hidden:
            made["layers"].append(_layer(next(keys), width, size, 2**0.5))
            width = size
        if self.units:
            made["gru"] = {name: _layer(next(keys), width + self.units, self.units, 1.0) for name in ("z", "r", "n")}
            width = self.units
        made["out"] = _layer(next(keys), width, outputs, 0.01)
        return made

    def recall(self) -> Array:
        """The state of the memory as an episode begins."""
        return jnp.zeros(self.units)

    def apply(self, parameters: Parameters, memory: Array, seen: Mapping[str, Array]) -> tuple[Array, Array]:
        """`(outputs, memory)` for what one seat sees; batch it with `jax.vmap`."""
        rows, flags = [], parameters.get("flags", {})
        for name, value in sorted(seen.items()):
            if name in parameters.get("bits", {}):
                value = jnp.asarray(value).astype(jnp.float32) * np.log1p(np.float32(1))
            else:
                value = _flagged(value, flags[name]) if name in flags else _squeezed(value)
            for weights, bias in parameters["grids"].get(name, ()):
                value = jax.nn.relu(_convolved(value, weights) + bias)
            rows.append(value.reshape(-1))
        row = jnp.concatenate(rows)
        for weights, bias in parameters["layers"]:
            row = jnp.tanh(row @ weights + bias)
        if self.units:
            row = memory = _gated(parameters["gru"], memory, row)
        weights, bias = parameters["out"]
        return row @ weights + bias, memory

    def _filters(self, key: Array, shape: tuple[int, ...]) -> tuple[list[Any], int]:
        filters, depth = [], shape[2]
        for number, size in enumerate(self.channels):
            weights, bias = _layer(jax.random.fold_in(key, number), 9 * depth, size, 2**0.5)
            filters.append((weights.reshape(3, 3, depth, size), bias))
            depth = size
        height, width = (max(1, side - 2 * len(self.channels)) for side in shape[:2])
        return filters, height * width * depth


def _flags(space: Space) -> dict[str, Array]:
    """Name -> the values that get a flag each; constants among the parameters, which no gradient reaches."""
    found = {}
    for name, (low, high) in sorted(space.ranges.items()):
        shape = space.seen.get(name, ())
        if space.kinds.get(name) in ("i", "u") and len(shape) < 2 and 1 < high - low < FEW and _size(shape) <= FEW:
            found[name] = jnp.arange(low, high + 1.0)
    return found


def _bits(space: Space) -> dict[str, tuple[()]]:
    """Name -> nothing, for views of 0 and 1 only, whose logarithm is theirs times that of 2: it costs a tenth."""
    whole = {name: kind for name, kind in sorted(space.kinds.items()) if kind in ("b", "i", "u")}
    return {name: () for name, kind in whole.items() if kind == "b" or space.ranges.get(name) == (0, 1)}


def _flagged(value: Array, values: Array) -> Array:
    return (jnp.asarray(value)[..., None] == jax.lax.stop_gradient(values)).astype(jnp.float32)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size


def _layer(key: Array, inputs: int, outputs: int, scale: float) -> tuple[Array, Array]:
    return jax.random.normal(key, (inputs, outputs)) * (scale / inputs**0.5), jnp.zeros(outputs)


def _squeezed(value: Array) -> Array:
    value = jnp.asarray(value).astype(jnp.float32)
    return jnp.sign(value) * jnp.log1p(jnp.abs(value))


def _convolved(value: Array, weights: Array) -> Array:
    """3×3, no padding: `[H, W, C]` to `[H - 2, W - 2, D]`."""
    numbers = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(value[None], weights, (1, 1), "VALID", dimension_numbers=numbers)[0]


def _gated(parameters: Parameters, memory: Array, row: Array) -> Array:
    """A gated recurrent unit (Cho et al., 2014)."""
    both = jnp.concatenate([row, memory])
    keep, reset = (jax.nn.sigmoid(both @ parameters[gate][0] + parameters[gate][1]) for gate in ("z", "r"))
    new = jnp.tanh(jnp.concatenate([row, reset * memory]) @ parameters["n"][0] + parameters["n"][1])
    return (1 - keep) * new + keep * memory
