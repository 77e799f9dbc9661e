"""Steps of the coin game per CPU second: ours against JaxMARL's, with the same moves and the same numbers of copies.

Moves and keys are drawn beforehand; what is timed is a compiled scan of steps in which every observation and payoff is
used, the compilation apart. JaxMARL is timed as its users call it (`step`, which also makes a fresh start in every
step) and without that (`step_env`). Its game has two coins on the board, ours one; both show each seat 3 x 3 x 4 cells.
One JSON line each, and a ratio for each number of copies. A ratio below 1 makes the exit code 1.

    python benchmarks/coin_game.py                                          # where JaxMARL is installed
    JAXMARL_PYTHON=path/to/python python benchmarks/coin_game.py            # where it is installed elsewhere
"""

import importlib.util
import json
import os
import subprocess
import sys
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np

STEPS, REPEATS, CHECKED = {1: 20_000, 64: 2_000, 1024: 200}, 7, 50


def drawn(copies, steps):
    """Keys `uint32[T, B, 2]` and moves `int32[T, B, 2]`."""
    random = np.random.default_rng([copies, steps])
    keys = random.integers(0, 2**32, (steps, copies, 2), dtype=np.uint32)
    return keys, random.integers(0, 5, (steps, copies, 2)).astype(np.int32)


def total(tree):
    """The sum of all that is in a tree, so that none of it can be left out."""
    return sum(jnp.sum(leaf, dtype=jnp.float32) for leaf in jax.tree.leaves(tree))


def ours():
    """`name -> (reset, step)` of one copy; `step(key, state, moves) -> (state, payoffs, seen)`."""
    from ostrom.worlds import CoinGame

    world = CoinGame()

    def step(key, state, act):
        state, payoffs = world.step(key, state, {"act": act})
        return state, payoffs, world.observe(state).seat

    return {"ostrom": (world.reset, step)}


def theirs():
    """The same of JaxMARL."""
    import jaxmarl

    game = jaxmarl.make("coin_game")

    def wrapped(move):
        def step(key, state, act):
            seen, state, payoffs, *_ = move(key, state, dict(zip(game.agents, act, strict=True)))
            return state, payoffs, seen

        return step

    def reset(key):
        return game.reset(key)[1]

    return {"jaxmarl step": (reset, wrapped(game.step)), "jaxmarl step_env": (reset, wrapped(game.step_env))}


def measure(who, reset, step, copies, steps):
    """Steps per CPU second, the best of several runs, and what it took to compile."""
    keys, acts = drawn(copies, steps)

    def run(keys, acts):
        def one(state, given):
            state, payoffs, seen = jax.vmap(step)(given[0], state, given[1])
            return state, (total(payoffs), total(seen))

        return jax.lax.scan(one, jax.vmap(reset)(keys[0]), (keys, acts))[1]

    start = time.process_time()
    compiled = jax.jit(run).lower(keys, acts).compile()
    built = time.process_time() - start
    keys, acts = jnp.asarray(keys), jnp.asarray(acts)
    payoffs = jax.block_until_ready(compiled(keys, acts))[0]
    spent, wall = [], []
    for _ in range(REPEATS):
        start = time.process_time(), time.perf_counter()
        jax.block_until_ready(compiled(keys, acts))
        spent.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    rates = {"per_cpu_s": round(steps * copies / min(spent)), "per_s": round(steps * copies / min(wall))}
    print(json.dumps({"who": who, "copies": copies, "steps": steps, **rates, "compile_cpu_s": round(built, 2)}))
    return rates["per_cpu_s"], np.asarray(payoffs)


def by_hand(copies, steps):
    """What all copies of ours pay in the first steps, by the rules and from the coins that were laid."""
    from ostrom.worlds import CoinGame

    world, (keys, acts) = CoinGame(), drawn(copies, steps)
    walk = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]
    step = jax.jit(jax.vmap(lambda key, state, act: world.step(key, state, {"act": act})))
    state, paid = jax.vmap(world.reset)(keys[0]), []
    for key, act in zip(keys[:CHECKED], acts[:CHECKED], strict=True):
        place, coin, owner = (np.asarray(part) for part in state)
        at = (place + np.array(walk)[act]) % 3
        took = (at == coin[:, None]).all(-1)
        paid.append(sum(float(t.sum()) - 2 * float(t[1 - o]) for t, o in zip(took, owner, strict=True)))
        state, _ = step(key, state, act)
    return np.array(paid)


def main():
    """Time both in one run, and compare."""
    if sys.argv[1:] == ["jaxmarl"]:
        for who, (reset, step) in theirs().items():
            for copies, steps in STEPS.items():
                measure(who, reset, step, copies, steps)
        return
    rates = {}
    for who, (reset, step) in ours().items():
        for copies, steps in STEPS.items():
            rates[copies], payoffs = measure(who, reset, step, copies, steps)
            assert np.allclose(payoffs[:CHECKED], by_hand(copies, steps))
    python = os.environ.get("JAXMARL_PYTHON") or (sys.executable if importlib.util.find_spec("jaxmarl") else "")
    if not python:
        print(json.dumps({"who": "jaxmarl", "not compared": "set JAXMARL_PYTHON to a Python that has it"}))
        return
    done = subprocess.run([python, __file__, "jaxmarl"], capture_output=True, text=True, check=True)
    missed = False
    for line in filter(lambda line: line.startswith("{"), done.stdout.splitlines()):
        peer = json.loads(line)
        ratio = rates[peer["copies"]] / peer["per_cpu_s"]
        print(json.dumps({**peer, "ratio": round(ratio, 1), "target": 1}))
        missed |= ratio < 1
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
