"""Steps of worlds in one compiled scan, ours and others' alike: how many a second, and what it takes to compile them.

Needs only JAX and NumPy, so that it also runs where a neighbour is installed and ostrom is not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

LEAST = 0.1
"""Seconds that are timed at once, at least: shorter ones are not told apart from none."""
Reset = Callable[[Any], Any]
Step = Callable[[Any, Any, Any], tuple[Any, Any, Any]]


def drawn(copies: int, steps: int, seats: int, labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys `uint32[T, B, 2]` and moves `int32[T, B, P]`, the same for everybody."""
    random = np.random.default_rng([copies, steps])
    keys = random.integers(0, 2**32, (steps, copies, 2), dtype=np.uint32)
    return keys, random.integers(0, labels, (steps, copies, seats)).astype(np.int32)


def measure(who: str, reset: Reset, step: Step, given: Any, repeats: int = 5, **more: Any) -> tuple[dict, np.ndarray]:
    """The rates of `step(key, state, moves) -> (state, payoffs, seen)`, and what each step paid all copies, `[T]`.

    Each step's observation goes over to the next and is added up there, so that every one is made and kept as a
    policy would find it. With several devices the copies are split among them. Prints one JSON line.
    """
    steps, copies = given[1].shape[:2]
    given = [jax.device_put(part, _split(copies)) for part in given]

    def run(keys: Any, acts: Any) -> Any:
        def one(carry: Any, now: Any) -> tuple[Any, Any]:
            state, seen = carry
            used = _total(seen, 0)
            state, payoffs, seen = jax.vmap(step)(now[0], state, now[1])
            return (state, seen), (_total(payoffs, None), used)

        state = jax.vmap(reset)(keys[0])
        shape = jax.eval_shape(jax.vmap(step), keys[0], state, acts[0])[2]
        seen = jax.tree.map(lambda part: jnp.zeros(part.shape, part.dtype), shape)
        (_, seen), (payoffs, used) = jax.lax.scan(one, (state, seen), (keys, acts))
        return payoffs, used.sum() + _total(seen, 0)

    began = time.process_time()
    compiled = jax.jit(run).lower(*given).compile()
    built = time.process_time() - began
    payoffs = jax.block_until_ready(compiled(*given))[0]
    wall = time.perf_counter()
    jax.block_until_ready(compiled(*given))
    rounds = 1 + int(LEAST / (time.perf_counter() - wall))
    spent, waited = [], []
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(rounds):
            jax.block_until_ready(compiled(*given))
        spent.append((time.process_time() - cpu) / rounds)
        waited.append((time.perf_counter() - wall) / rounds)
    rates = {"per_cpu_s": round(steps * copies / min(spent)), "per_s": round(steps * copies / min(waited))}
    shown = {"who": who, "copies": copies, "steps": steps, **rates, "compile_cpu_s": round(built, 2), **more}
    print(json.dumps(shown), flush=True)
    return shown, np.asarray(payoffs)


def elsewhere(python: str, *words: str, **environment: str) -> Iterator[dict]:
    """The JSON lines that this script prints in another Python, or in other circumstances."""
    done = subprocess.run(
        [python, *words], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        sys.exit(f"{python} {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    yield from (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def _split(copies: int) -> NamedSharding:
    """The second axis split among the devices, if there are copies enough."""
    devices = np.array(jax.devices()[: 1 if copies < len(jax.devices()) else None])
    return NamedSharding(Mesh(devices, ("copies",)), PartitionSpec(None, "copies"))


def _total(tree: Any, axis: int | None) -> Any:
    """The sum of all that is in a tree, so that none of it can be left out; `axis` 0 keeps the copies apart."""
    parts = [jnp.asarray(leaf, dtype=jnp.float32) for leaf in jax.tree.leaves(tree)]
    return sum(jnp.sum(part, axis=None if axis is None else tuple(range(1, part.ndim))) for part in parts)
