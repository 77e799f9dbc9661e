"""Steps of the repeated prisoner's dilemma per CPU second: ours against Pax's, with the same moves and copies.

Moves and keys are drawn beforehand; what is timed is a compiled scan of steps in which every observation and payoff is
used, the compilation apart. Pax shows each seat a code of the last joint move as five flags and starts its inner game
anew every 100 steps; ours shows the last joint move and the number of the step.
One JSON line each, and a ratio for each number of copies. A ratio below 1 makes the exit code 1.

    PAX_PYTHON=path/to/python PAX_SRC=path/to/checkout python benchmarks/matrix.py
"""

import json
import os
import sys

import numpy as np
from _scan import drawn, elsewhere, measure

STEPS, REPEATS = {1: 50_000, 64: 10_000, 1024: 1_000}, 7
TABLE = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], np.float32)


def ours():
    """`(reset, step)`."""
    import ostrom as om
    from ostrom.worlds import MatrixWorld

    world = MatrixWorld.of(om.NormalForm(TABLE, moves=("C", "D")), 1_000_000)

    def step(key, state, act):
        state, payoffs = world.step(key, state, {"act": act})
        return state, payoffs, world.observe(state).public

    return world.reset, step


def theirs():
    """The same of Pax."""
    sys.path.insert(0, os.environ["PAX_SRC"])
    import jax
    import jax.numpy as jnp
    from pax.envs.iterated_matrix_game import EnvParams, IteratedMatrixGame

    game, params = IteratedMatrixGame(100, 1), EnvParams(payoff_matrix=jnp.asarray(TABLE.reshape(4, 2)))

    def step(key, state, act):
        seen, state, payoffs, *_ = game.step(key, state, (act[0], act[1]), params)
        return jax.tree.map(lambda leaf: leaf.astype(jnp.int8), state), payoffs, seen

    def reset(key):
        return jax.tree.map(lambda leaf: leaf.astype(jnp.int8), game.reset(key, params)[1])

    return reset, step


def run(who, reset, step):
    """Time one; payoffs other than those of the table are refused."""
    rates = {}
    for copies, steps in STEPS.items():
        given = drawn(copies, steps, 2, 2)
        shown, paid = measure(who, reset, step, given, REPEATS)
        acts = given[1]
        assert np.allclose(paid, TABLE[acts[..., 0], acts[..., 1]].sum((1, 2))), "payoffs that are not the table's"
        rates[copies] = shown["per_cpu_s"]
    return rates


def main():
    """Time both in one run, and compare."""
    if sys.argv[1:] == ["pax"]:
        run("pax", *theirs())
        return
    rates, python, missed = run("ostrom", *ours()), os.environ.get("PAX_PYTHON"), False
    if not python:
        print(json.dumps({"who": "pax", "not compared": "set PAX_PYTHON and PAX_SRC"}))
        return
    for peer in elsewhere(python, __file__, "pax"):
        ratio = rates[peer["copies"]] / peer["per_cpu_s"]
        print(json.dumps({**peer, "ratio": round(ratio, 1), "target": 1}))
        missed |= ratio < 1
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
