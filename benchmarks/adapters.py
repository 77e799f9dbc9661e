"""What PettingZoo's form costs on top of the compiled step, in microseconds; answers asserted.

    python benchmarks/adapters.py [--limit 15]

Prints one JSON object a line: `raw_us` is the compiled step alone, waited for; `step_us` is a step of the environment
with all its dicts; `over_us` is the difference, which is held against the limit; `own_us` is the step with the answer
of the compiled call at hand. Each is the least of many short blocks, taken in turns. `empty_us` is a step of an
environment that does nothing, as a measure of the machine. Needs a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable

import numpy as np
from pettingzoo import ParallelEnv

import ostrom as om
from ostrom.institutions import Tax
from ostrom.worlds import Lake, MatrixWorld, ParallelWorld

LONG = 10**9
"""A horizon that no benchmark reaches."""


class Empty(ParallelEnv):
    """Nothing happens to `count` agents."""

    def __init__(self, count: int) -> None:
        self.agents = [f"agent {number}" for number in range(count)]
        self.seen = np.zeros(3, np.float32)

    def step(self, actions: dict) -> tuple:
        """The dicts, and nothing else."""
        names = self.agents
        seen, rewards = dict.fromkeys(names, self.seen), dict.fromkeys(names, 0.0)
        return seen, rewards, dict.fromkeys(names, False), dict.fromkeys(names, False), {name: {} for name in names}


def least(calls: list[Callable[[], object]], block: int = 5, blocks: int = 1500) -> list[float]:
    """Microseconds of each call in its best block; the calls take turns."""
    best = [float("inf")] * len(calls)
    for _ in range(blocks):
        for number, call in enumerate(calls):
            begun = time.perf_counter()
            for _ in range(block):
                call()
            best[number] = min(best[number], (time.perf_counter() - begun) / block * 1e6)
    return best


def measured(world: om.World, named: bool) -> dict:
    """The costs of one world, with the answer compared with the compiled step's."""
    env, ready = (ParallelWorld(world, named=named) for _ in range(2))
    env.reset(seed=0)
    ready.reset(seed=0)
    stepping, at, chosen = env._stepping, env._at, np.zeros((len(env.agents), 1), np.int32)
    actions = dict.fromkeys(env.agents, 0)  # the lake stays full: tiny numbers would slow the step itself
    answer = stepping.stepped(stepping.leaves, at, chosen)
    payoffs = world.step(np.zeros(2, np.uint32), at.state, {"act": chosen[:, 0]})[1]
    assert np.allclose(list(env.step(actions)[1].values()), payoffs, rtol=1e-5), "the adapter pays something else"
    ready._stepping.stepped = lambda *asked: answer
    empty = Empty(len(actions))
    raw, step, own, nothing = least(
        [
            lambda: stepping.stepped(stepping.leaves, at, chosen)[1].block_until_ready(),
            lambda: env.step(actions),
            lambda: ready.step(actions),
            lambda: empty.step(actions),
        ]
    )
    return {"raw_us": raw, "step_us": step, "over_us": step - raw, "own_us": own, "empty_us": nothing}


def main() -> None:
    """Measure, print, and stop where the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=15.0)
    limit, late = parser.parse_args().limit, []
    game = MatrixWorld.of(om.games.PrisonersDilemma(), LONG)
    lakes = {f"lake, {count} seats": Lake(players=count, horizon=LONG) for count in (4, 7, 10)}
    taxed = Lake(players=10, horizon=LONG).under(Tax("harvest", 0.3))
    for case, world in {"prisoner's dilemma": game, **lakes, "taxed lake, 10 seats": taxed}.items():
        for named in (False, True):
            found = measured(world, named)
            shown = {name: round(value, 1) for name, value in found.items()}
            print(json.dumps({"case": case, "named": named, "limit_us": limit, **shown}), flush=True)
            late += [case] if found["over_us"] > limit and not named else []
    if late:
        sys.exit(f"More than {limit:g} us on top of the compiled step: {', '.join(late)}.")


if __name__ == "__main__":
    main()
