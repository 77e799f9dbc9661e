"""One good equilibrium is not enough for agents who learn: forbidding too little, measured on random games.

In random games of three players with four moves each, payoffs whole numbers from 0 to 9, this forbids the fewest moves

- so that the joint move of highest welfare is the only pure equilibrium, and
- so that learners without regret cannot end in less welfare than that joint move's,

and tells how many moves that takes, and how bad it can still get for learners.

    python examples/equilibrium_is_not_enough.py --games 40 --seed 0
"""

import argparse

import numpy as np

from ostrom import NormalForm
from ostrom.designers import restriction
from ostrom.solvers import correlated

SIZES = (4, 4, 4)


def measure(games: int, seed: int, seconds: float = 60.0) -> list[dict[str, float]]:
    """One row per game: how many moves each restriction forbids, and what learners are left with, of the target's."""
    rng, rows = np.random.default_rng(seed), []
    for _ in range(games):
        game = NormalForm(rng.integers(0, 10, (*SIZES, len(SIZES))))
        played, target = np.full(SIZES, 1 / game.size), game.payoffs.mean(-1).max()
        row = {"nothing": share(game, target)}
        for goal in ("unique", "learner-proof"):
            found = restriction(game, goal=goal, played=played, seconds=seconds)
            row |= {goal: found.size, f"{goal} share": share(found.governed, target)}
            row[f"{goal} settled"] = found.status == "optimal"
        rows.append(row)
    return rows


def share(game: NormalForm, target: float) -> float:
    """The worst that play without regret can come to, as a share of the target's welfare."""
    return correlated(game, coarse=True, worst=True).value / target


def table(rows: list[dict[str, float]]) -> str:
    """The averages, and in how many games learners cannot miss the target."""
    lines = [f"{'restriction':<26}{'moves forbidden, of 12':>24}{'worst for learners':>20}{'learner-proof':>15}"]
    kinds = {"nothing": "none", "unique": "only pure equilibrium", "learner-proof": "learner-proof"}
    for key, name in kinds.items():
        shares = np.array([row["nothing" if key == "nothing" else f"{key} share"] for row in rows])
        sizes = np.array([row[key] if key != "nothing" else 0 for row in rows])
        safe = f"{(shares > 1 - 1e-6).sum()} of {len(rows)}"
        lines.append(f"{name:<26}{sizes.mean():>24.3g}{shares.mean():>20.0%}{safe:>15}")
    return "\n".join(lines)


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--games", type=int, default=40, help="how many random games (default 40)")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers (default 0)")
    given = parser.parse_args(words)
    if given.games < 1:
        parser.error(f"--games is {given.games}; at least one game is needed")
    rows = measure(given.games, given.seed)
    print(table(rows))
    gaps = sum(not (row["unique settled"] and row["learner-proof settled"]) for row in rows)
    if gaps:
        print(f"In {gaps} games time ran out before it was shown that fewer moves would not do.")


if __name__ == "__main__":
    main()
