"""IPPO on harvest with seven seats: steps of the world per second while learning, and what the network alone takes.

Seven minds, 11 x 11 views of 15 channels, 16 copies of 64 steps between updates of 3 epochs and 2 minibatches. Timed is
a compiled block of lessons, the compilation apart; "network" is the same network on as many views as that many lessons
put through it: once for each step and once for what came after, forward, and forward and backward in each epoch.
One JSON line for each network; a missed target makes the exit code 1.

    python benchmarks/ippo.py

Targets: 6,000 steps a second with two layers of 64; with convolutions, 60 % of the time is the network's own.
"""

import json
import os
import sys
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np

from ostrom.learners import IPPO, Net
from ostrom.learners._lesson import enrol, teach
from ostrom.learners._table import space_of
from ostrom.worlds import Harvest

REPEATS = 3
NETS = {"64 x 64": (Net(), 4), "16 channels, 64": (Net(hidden=(64,), channels=(16,)), 1)}
"""Networks, and how many lessons there are in a block."""


def least(call):
    """The least CPU and wall seconds of a call, each."""
    spent, waited = [], []
    for _ in range(REPEATS):
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        spent.append(time.process_time() - cpu)
        waited.append(time.perf_counter() - wall)
    return min(spent), min(waited)


def learning(world, learner, lessons):
    """`(CPU, wall)` seconds of a block of lessons, and CPU seconds to compile; minds that moved are asserted."""
    seats = tuple(range(world.players))
    held = [enrol(world, (learner,), (seats,), np.array([[1, 2]], np.uint32), learner.copies)]
    first = np.array(held[0].minds[0].parameters["out"][0])

    def block():
        held[0], metrics = teach(
            world, (learner,), (seats,), held[0], np.uint32(0), np.int32(lessons), np.float32(1000), learner.length
        )
        return jax.block_until_ready(metrics)

    began = time.process_time()
    metrics = block()
    compiled = time.process_time() - began
    assert np.isfinite(np.asarray(metrics["payoff"])[:lessons]).all()
    took = least(block)
    assert not np.allclose(first, held[0].minds[0].parameters["out"][0]), "nothing was learned"
    return took, compiled - took[0]


def network(world, learner, lessons):
    """`(CPU, wall)` seconds of the network alone for as many lessons."""
    net, space, seats = learner.net, space_of(world), world.players
    minds = jax.vmap(lambda key: net.begin(key, space, len(world.moves) + 1))(
        jax.random.split(jax.random.key(0), seats)
    )
    random = np.random.default_rng(0)

    def views(*shape):
        made = {name: np.zeros((*shape, *size), np.float32) for name, size in space.seen.items()}
        return made | {"near": random.integers(0, 2, (*shape, *space.seen["near"]), dtype=np.uint8)}

    def through(mind, seen):
        return jax.vmap(lambda one: net.apply(mind, net.recall(), one)[0])(seen)

    def one(mind, seen):
        flat = jax.tree.map(lambda leaf: leaf.reshape(-1, *leaf.shape[2:]), seen)
        acted = jax.lax.scan(lambda sums, row: (sums + through(mind, row).sum(), None), 0.0, seen)[0]
        parts = jax.tree.map(lambda leaf: leaf.reshape(learner.parts, -1, *leaf.shape[1:]), flat)

        def part(now, seen):
            down = jax.grad(lambda mind: jnp.square(through(mind, seen)).mean())(now)
            return jax.tree.map(lambda leaf, step: leaf - 1e-3 * step, now, down), None

        def epoch(now, _):
            return jax.lax.scan(part, now, parts)[0], None

        return acted + through(mind, flat).sum(), jax.lax.scan(epoch, mind, None, learner.epochs)[0]

    run, seen = jax.jit(jax.vmap(one)), views(seats, learner.length, learner.copies)
    jax.block_until_ready(run(minds, seen))

    def block():
        for _ in range(lessons):
            jax.block_until_ready(run(minds, seen))

    return least(block)


def main():
    """Measure both networks, print, and stop where a target is missed."""
    world, missed = Harvest(), []
    for name, (net, lessons) in NETS.items():
        learner = IPPO(net=net)
        (cpu, wall), compiled = learning(world, learner, lessons)
        own_cpu, own_wall = network(world, learner, lessons)
        steps = lessons * learner.length * learner.copies
        shown = {"per_cpu_s": round(steps / cpu), "per_s": round(steps / wall), "compile_cpu_s": round(compiled, 1)}
        share = {"network": round(own_cpu / cpu, 2), "network_wall": round(own_wall / wall, 2)}
        print(json.dumps({"net": name, **shown, **share}), flush=True)
        if net.channels and own_cpu / cpu < 0.6:
            missed.append(f"{name}: {own_cpu / cpu:.0%} of the time is the network's")
        if not net.channels and steps / wall < 6000:
            missed.append(f"{name}: {steps / wall:.0f} steps a second")
    if missed:
        sys.exit("Missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
