"""Tabular Q-learners in worlds: updates per CPU-second, and how long a hundred sessions of algorithmic pricing take.

One update is one seat's in one step. Both worlds are stepped as they are, one of them under institutions. Steady state
and compilation apart; prints one JSON line each. With `--sessions` the pricing sessions are run to their end
(100 by default; about a minute of computing on each of two cores). Targets: 5 million updates per CPU-second; 60 s.
"""

import argparse
import json
import time

import jax
import jax.numpy as jnp
import numpy as np

from ostrom.games import PrisonersDilemma
from ostrom.institutions import Reputation, Tax
from ostrom.learners._tabular import advance, learn, play, sit
from ostrom.learners._tabular_rule import Habit, Rule, counted
from ostrom.worlds import Donation, MatrixWorld, Pricing

STEPS, REPEATS = 20_000, 3


def standing(view):
    """1 where a seat meets somebody in good standing."""
    return view.public["standing"][view.seat["partner"]].astype(jnp.int32)


def cases():
    """`(name, world, habit, rule, sessions, seats that learn in a step)`."""
    dilemma, pricing = MatrixWorld.of(PrisonersDilemma(), 10**6), Pricing()
    taxed = pricing.under(Tax(on="price", rate=0.01))
    rule = Rule(0.15, 0.95, 1.0, 4e-6)
    for name, world in (("dilemma, memory one", dilemma), ("pricing", pricing), ("pricing under a tax", taxed)):
        code, states = counted(world, "last")
        for sessions in (100, 1000):
            yield name, world, Habit(code, states, patience=100_000), rule, sessions, 2
    donation = Donation().under(Reputation())
    yield "donation under a reputation, replay", donation, Habit(standing, 2, replay=200), Rule(0.01, 0.99, 0.1), 40, 2


def steady(world, habit, rule, sessions):
    """`(seconds of CPU to compile, CPU and wall seconds of STEPS steps)`, the best of several."""
    keys = np.arange(2 * sessions, dtype=np.uint32).reshape(sessions, 2)
    desk = sit(world, habit, keys)
    start = time.process_time()
    desk, _ = jax.block_until_ready(advance(world, habit, rule, keys, desk, np.uint32(0), 100))
    desk, _ = jax.block_until_ready(advance(world, habit, rule, keys, desk, np.uint32(0), STEPS))
    compiled, best = time.process_time() - start, (float("inf"), 0.0)
    for number in range(1, 1 + REPEATS):
        cpu, wall = time.process_time(), time.perf_counter()
        desk, _ = jax.block_until_ready(advance(world, habit, rule, keys, desk, np.uint32(number * STEPS), STEPS))
        best = min(best, (time.process_time() - cpu, time.perf_counter() - wall))
    return compiled - best[0], *best


def pricing(sessions):
    """The sessions of Calvano et al. (2020) to their end; refuses figures that are not those of the paper."""
    world, discount = Pricing(), 0.95
    code, states = counted(world, "last")
    habit = Habit(code, states, patience=100_000)
    prices = np.stack(np.meshgrid(world.grid, world.grid, indexing="ij"), -1)
    start = ((prices - world.cost) * world.market.sold(prices))[..., 0].mean(1) / (1 - discount)
    cpu, wall = time.process_time(), time.perf_counter()
    found = learn(world, habit, Rule(0.15, discount, 1.0, 4e-6), sessions, 10**7, start=start)
    spent, waited = time.process_time() - cpu, time.perf_counter() - wall
    market = world.market
    paid = np.asarray(play(world, habit, found, 1000)[1]).mean((0, 2))
    low, high = market.profit(market.competitive), market.profit(market.monopoly)
    gain = float(((paid - low) / (high - low)).mean())
    assert found.settled.all()
    assert sessions < 50 or abs(gain - 0.844) < 0.04
    shown = {"cpu_s": round(spent, 1), "wall_s": round(waited, 1), "limit_wall_s": 60 if sessions == 100 else None}
    useful = round(2 * found.steps.sum() / spent / 1e6, 2)
    return {
        "case": f"{sessions} sessions to their end",
        **shown,
        "gain": round(gain, 3),
        "useful_million_per_cpu_s": useful,
    }


def main():
    """Measure all cases, then the sessions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=100, help="of pricing, to their end; 0 for none (default 100)")
    given = parser.parse_args()
    for name, world, habit, rule, sessions, seats in cases():
        compiled, cpu, wall = steady(world, habit, rule, sessions)
        rates = {"million_per_cpu_s": cpu, "million_per_wall_s": wall}
        shown = {key: round(STEPS * sessions * seats / took / 1e6, 2) for key, took in rates.items()}
        print(
            json.dumps({"case": name, "sessions": sessions, **shown, "compile_cpu_s": round(compiled, 1)}), flush=True
        )
    if given.sessions:
        print(json.dumps(pricing(given.sessions)), flush=True)


if __name__ == "__main__":
    main()
