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
import sys

import jax
import numpy as np
from _scan import drawn, elsewhere, measure

STEPS, REPEATS, CHECKED = {1: 20_000, 64: 2_000, 1024: 200}, 7, 50


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


def by_hand(copies, steps):
    """What all copies of ours pay in the first steps, by the rules and from the coins that were laid."""
    from ostrom.worlds import CoinGame

    world, (keys, acts) = CoinGame(), drawn(copies, steps, 2, 5)
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
                measure(who, reset, step, drawn(copies, steps, 2, 5), REPEATS)
        return
    rates = {}
    for who, (reset, step) in ours().items():
        for copies, steps in STEPS.items():
            shown, payoffs = measure(who, reset, step, drawn(copies, steps, 2, 5), REPEATS)
            rates[copies] = shown["per_cpu_s"]
            assert np.allclose(payoffs[:CHECKED], by_hand(copies, steps))
    python = os.environ.get("JAXMARL_PYTHON") or (sys.executable if importlib.util.find_spec("jaxmarl") else "")
    if not python:
        print(json.dumps({"who": "jaxmarl", "not compared": "set JAXMARL_PYTHON to a Python that has it"}))
        return
    missed = False
    for peer in elsewhere(python, __file__, "jaxmarl"):
        ratio = rates[peer["copies"]] / peer["per_cpu_s"]
        print(json.dumps({**peer, "ratio": round(ratio, 1), "target": 1}))
        missed |= ratio < 1
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
