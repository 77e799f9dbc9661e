"""Learners who look at what the others will learn, in the repeated prisoner's dilemma and in matching pennies.

Pairs of memory-one players who know each other's scores climb their exact gradients, with LOLA's look at the other's
next step or without (Foerster et al., 2018). For each pairing: payoffs per round at the end, discounted, of the first
player (mean and standard deviation over pairs), and how many pairs answer like for like: C with C and D with D. In
matching pennies, instead, how many of the odds are within 0.1 of one half.

    python examples/opponent_shaping.py --picture shaping.svg

Takes less than a minute of computing.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

import ostrom as om
from ostrom.learners import LOLA
from ostrom.learners.lola import Pairs
from ostrom.worlds import MatrixWorld

DILEMMA = MatrixWorld.of(om.NormalForm([[[-1, -1], [-3, 0]], [[0, -3], [-2, -2]]], moves=("C", "D")))
PENNIES = MatrixWorld.of(om.NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("heads", "tails")))


class Pairing(NamedTuple):
    """A line: the game, whether each of the two looks ahead, how large a step is, and how many steps there are."""

    game: str
    looks: tuple[bool, bool]
    rate: float = 1.0
    steps: int = 500

    @property
    def name(self) -> str:
        """The players, and their step where it is not 1."""
        names = ["LOLA" if look else "naive" for look in self.looks]
        return " and ".join(names) + ("" if self.rate == 1 else f", step {self.rate:g}")


NAIVE, ONE, BOTH = (Pairing("dilemma", looks) for looks in ((False, False), (True, False), (True, True)))
SLOW = Pairing("dilemma", (True, True), 0.5, 1000)
NAIVE_PENNIES, BOTH_PENNIES = (Pairing("pennies", (look, look)) for look in (False, True))
PAIRINGS = (NAIVE, ONE, BOTH, SLOW, NAIVE_PENNIES, BOTH_PENNIES)


def learn(pairing: Pairing, pairs: int = 50, seed: int = 0) -> Pairs:
    """What becomes of so many pairs."""
    world, discount = (DILEMMA, 0.96) if pairing.game == "dilemma" else (PENNIES, 0.9)
    one, other = (LOLA(rate=pairing.rate, look=pairing.rate * look, discount=discount) for look in pairing.looks)
    return one.exact(world, other, steps=pairing.steps, seeds=pairs, seed=seed)


def alike(found: Pairs) -> float:
    """The share of pairs in which both answer C with C and D with D more often than not, whatever they did before."""
    odds = found.odds[..., 0]  # of C: first, then after CC, CD, DC, DD
    own = np.stack([odds[:, 0], odds[:, 1][:, [0, 1, 3, 2, 4]]], 1)
    answers = (own[..., 1] > 0.5) & (own[..., 2] < 0.5) & (own[..., 3] > 0.5) & (own[..., 4] < 0.5)
    return float(answers.all(-1).mean())


def even(found: Pairs) -> float:
    """The share of all odds that are within 0.1 of one half."""
    return float((np.abs(found.odds - 0.5) < 0.1).mean())


def line(pairing: Pairing, found: Pairs) -> str:
    """The figures of one pairing."""
    first, share = found.ends[:, 0], alike(found) if pairing.game == "dilemma" else even(found)
    return f"{pairing.game:8}  {pairing.name:24}  {first.mean() + 0.0:6.3f} ({first.std():.3f})  {share:10.1%}"


def picture(found: Mapping[Pairing, Pairs]) -> str:
    """Payoffs of the first players of the dilemma as they learn: the mean, and half of the pairs, as SVG."""
    import vl_convert

    values = [
        {"pairing": pairing.name, "step": int(step), "mean": float(row.mean()), "low": float(low), "high": float(high)}
        for pairing, pairs in found.items()
        if pairing.game == "dilemma"
        for step in range(0, pairing.steps + 1, 10)
        for row in [pairs.payoffs[:, step, 0]]
        for low, high in [np.quantile(row, (0.25, 0.75))]
    ]
    color = {"field": "pairing", "type": "nominal", "sort": None, "title": None}
    across = {"field": "step", "type": "quantitative", "title": "steps of learning", "scale": {"type": "sqrt"}}
    up = {"type": "quantitative", "title": "payoff per round"}
    chart = {
        "data": {"values": values},
        "width": 420,
        "height": 240,
        "encoding": {"x": across, "color": color},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.2},
                "encoding": {"y": {"field": "low", **up}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line"}, "encoding": {"y": {"field": "mean", **up}}},
        ],
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=50, help="of each pairing (default 50)")
    parser.add_argument("--seed", type=int, default=0, help="of the first scores (default 0)")
    parser.add_argument("--picture", type=Path, help="an SVG file to write")
    given = parser.parse_args(words)
    if given.pairs < 1:
        parser.error(f"--pairs is {given.pairs}; at least one is needed")
    print("game      pairing                   payoff (sd)     like for like, or even")
    found = {}
    for pairing in PAIRINGS:
        found[pairing] = learn(pairing, given.pairs, given.seed)
        print(line(pairing, found[pairing]), flush=True)
    if given.picture:
        given.picture.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
