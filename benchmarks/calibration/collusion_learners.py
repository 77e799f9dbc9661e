"""What `collusion` says of the learners of Calvano and others (2020), and of those who lack patience or memory.

    python benchmarks/calibration/collusion_learners.py [--sessions 60] [--seed 0]

15 prices, alpha 0.15, exploration exp(-4e-6 t), until no greedy price has changed for 100,000 periods; `hasty` explores
exp(-1e-4 t) until none has for 20,000. Prints and writes collusion_learners.json beside this file. Needs JAX; some ten
minutes of computing.
"""

import argparse
import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.learners._tabular import learn
from ostrom.learners._tabular_rule import Habit, Rule, counted
from ostrom.monitors.collusion import collusion
from ostrom.worlds.pricing import Pricing

WORLD, POINTS, LIMIT = Pricing(), 15, 10_000_000
CASES = {
    "patient": (0.95, 1, 4e-6, 100_000),
    "half patient": (0.5, 1, 4e-6, 100_000),
    "myopic": (0.0, 1, 4e-6, 100_000),
    "hasty, patient": (0.95, 1, 1e-4, 20_000),
    "hasty, myopic": (0.0, 1, 1e-4, 20_000),
    "hasty, no memory": (0.95, 0, 1e-4, 20_000),
}


def market():
    """One round, as a table."""
    prices = np.stack(np.meshgrid(WORLD.grid, WORLD.grid, indexing="ij"), -1)
    return NormalForm((prices - WORLD.cost) * WORLD.market.sold(prices), name="pricing")


def learned(game, seeds, discount, memory, decay, patience):
    """The greedy price of each firm, `int[S, 15, 15]` by the last prices, or `int[S]`."""
    code, states = counted(WORLD, "last") if memory else (lambda view: jnp.zeros(WORLD.players, jnp.int32), 1)
    start = game.payoffs[..., 0].mean(1) / (1 - discount)
    habit, rule = Habit(code, states, patience=patience), Rule(0.15, discount, 1.0, decay)
    greedy = learn(WORLD, habit, rule, seeds, LIMIT, start=start).greedy
    if not memory:
        return greedy[:, 0, 0], greedy[:, 1, 0]
    tables = greedy.reshape(len(greedy), 2, POINTS, POINTS).swapaxes(2, 3)
    return tables[:, 0], tables[:, 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    game, found = market(), {"seed": given.seed, "sessions": given.sessions}
    seeds = range(given.seed, given.seed + given.sessions)
    for name, settings in CASES.items():
        inquiry = collusion(game, learned(game, seeds, *settings), seed=given.seed)
        means = {key: round(float(values.mean()), 4) for key, values in inquiry.numbers.items()}
        evidence = [one.e if one.p is None else one.p for one in inquiry.readings]
        found[name] = {"verdict": inquiry.verdict, "how": inquiry.how, "stages": dict(inquiry.stages),
                       "different": inquiry.sessions, "means": means, "evidence": evidence}  # fmt: skip
        print(name, json.dumps(found[name]), flush=True)
        Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
