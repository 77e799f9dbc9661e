"""Seeds on several devices: each has its share of them, and nothing passes between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from ..core.errors import InputError

Tree = TypeVar("Tree")
SEEDS = "seeds"


def spread(tree: Tree, devices: Sequence[Any] | None) -> Tree:
    """The same arrays `[K, …]` with the seeds, their first axis, in equal parts on the devices; None leaves them."""
    if devices is None:
        return tree
    return jax.device_put(tree, NamedSharding(Mesh(np.array(devices), (SEEDS,)), PartitionSpec(SEEDS)))


def refuse_uneven(seeds: int, devices: Sequence[Any] | None) -> None:
    """Raise `InputError` where seeds cannot be shared out evenly."""
    if devices is not None and (not len(devices) or seeds % len(devices)):
        raise InputError(
            f"{seeds} seeds cannot be shared by {len(devices)} devices.",
            "Each device has as many seeds as the others.",
            f"Take a multiple of {max(len(devices), 1)} seeds, or fewer devices.",
        )
