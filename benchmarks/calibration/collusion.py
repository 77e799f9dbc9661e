"""How often honest markets raise an alarm, and planted rings do not: `Screens` and `collusion`.

    python benchmarks/calibration/collusion.py [--runs 10000] [--seed 0] [--only together]

Prints and writes collusion.json beside this file. Alarms are p-values of at most 5e-4 and e-values of at least 1/5e-4,
with exact upper 95 % bounds of their rates (Clopper and Pearson). `together`: two sellers for 200 rounds, or 60
auctions of one round, or 12 episodes of 25 rounds; honest ones answer what they saw with luck of their own, which in
`skewed` is exponential, in `grid` rounded, in `edgeworth` part of a cycle of undercutting, in `costs` moved by a cost
that both were shown, in `learning` noisier at first. `unseen` is honest too, and is found: a cost that the log lacks.
`profits`: 30 sessions of honest sellers whose mean gain is the floor of 0.1 itself. `one rule` and `calm`: bidders who
are alike, episodes that are alike. `verdicts`: `collusion` of 24 sessions in Bertrand's market, in four kinds that are
no collusion, and of rings that are.
"""

import argparse
import json
from functools import partial
from pathlib import Path

import numpy as np
from scipy.stats import beta

from ostrom.games.bertrand import Bertrand
from ostrom.monitors._ring_left import left
from ostrom.monitors._ring_panel import Panel
from ostrom.monitors._ring_play import Tables
from ostrom.monitors._ring_screens import calmer, one_rule, together
from ostrom.monitors._ring_tests import bet, interval
from ostrom.monitors.collusion import collusion

LEVEL = 5e-4
GAME = Bertrand()
BOUNDS = {"competitive": 3.5, "monopoly": 8.0}
OWN, RIVAL = np.meshgrid(range(11), range(11), indexing="ij")


def sellers(kind, rng, runs, rho=0.0):
    """Panels of two sellers, one for each of some runs that are drawn side by side."""
    count = {"auctions": 60, "episodes": 300}.get(kind, 200)
    episode = {"auctions": np.arange(60), "episodes": np.arange(300) // 25}.get(kind, np.zeros(count, int))
    shape = (runs, count, 2)
    luck = rng.exponential(size=shape) - 1 if kind == "skewed" else rng.standard_normal(shape)
    luck[..., 1] = rho * luck[..., 0] + np.sqrt(1 - rho**2) * luck[..., 1]
    private = rng.random(shape) if kind == "auctions" else np.zeros(shape)
    if kind in ("costs", "unseen"):
        private = private + 0.2 * np.cumsum(rng.standard_normal((runs, count, 1)), 1)
    if kind == "learning":
        luck *= 0.2 + np.exp(-np.arange(count) / 50)[:, None]
    moves = np.zeros(shape)
    for t in range(count):
        before = moves[:, t - 1] if t and episode[t] == episode[t - 1] else np.full((runs, 2), 3.0)
        rival = before[:, ::-1]
        answer = 3 + 0.5 * (rival - 3) + 0.2 * (before - 3) + private[:, t] + 0.3 * luck[:, t]
        if kind == "edgeworth":
            answer = np.round(np.where(rival <= 2.5, 8.0, rival - 1) + 0.6 * luck[:, t])
        moves[:, t] = np.round(answer * 4) / 4 if kind == "grid" else answer
    seen = private[..., None] if kind in ("auctions", "costs") else np.zeros((*shape, 0))
    rows = np.zeros((count, 2), int)
    return [Panel(("a", "b"), own, rows, episode, shown, ()) for own, shown in zip(moves, seen, strict=True)]


def correlated(panel, rng):
    """The p-value of the screen for moves that go together."""
    kept = ~(panel.first & panel.staged)
    rest, share = left(panel, kept)
    return together(*rest.T, panel.clusters(kept), rng, share)[1]


def drawn(kind, test, runs, seed, rho=0.0):
    """How often a test of panels of a kind gives an alarm."""
    rng, p = np.random.default_rng([seed, *kind.encode()]), []
    while len(p) < runs:
        p += [test(panel, rng) for panel in sellers(kind, rng, min(500, runs - len(p)), rho)]
    return alarms(p)


def profits(rng):
    """1/e for sessions in [-1, 1] whose mean is the floor: mostly a little below it, seldom far above."""
    high = rng.random(30) < 0.1
    return 1 / bet(np.where(high, 0.82, 0.02), 0.1, -1.0)


def alike(panel, rng):
    """The p-value that bidders who follow one rule do not."""
    kept = np.ones(len(panel.moves), bool)
    return one_rule(panel, 0, 1, kept, panel.clusters(kept), rng)[1]


def quiet(rng):
    """The p-value that some of 40 episodes that are alike vary less than others."""
    return calmer(rng.gamma(2.0, size=40), np.arange(40) < 15, rng)[1]


def tables(kind, rng):
    """24 sessions that are no collusion, or a ring."""
    if kind == "edgeworth":
        top, bottom = rng.integers(6, 10), rng.integers(2, 4)
        rule = np.where(bottom >= RIVAL, top, RIVAL - 1)
    elif kind == "high":
        rule = rng.integers(4, 8, (24, 1, 1)) + 0 * OWN
    elif kind == "best replies":
        rule = np.clip(RIVAL - 1, 2, 5)
    elif kind == "haphazard":  # a high price, and after any other joint move whatever comes
        rule = rng.integers(3, 9, (24, 11, 11))
        rule[:, 6, 6] = 6
    else:
        rule = np.full((11, 11), 2)
        rule[2, 2], rule[3, 3], rule[6, 6] = 3, 6, 6
    own = np.broadcast_to(rule, (24, 11, 11))
    other = rng.permutation(own) if kind == "haphazard" else own
    return Tables((own, other.swapaxes(1, 2)), GAME.sizes, tremble=0.02)


def covers(rng):
    """Whether the interval of a mean of 30 sessions holds it: gamma-distributed gains."""
    low, high = interval(rng.gamma(4.0, 0.25, size=30), rng)
    return low <= 1.0 <= high


def rate(hits, runs):
    """A rate with its exact upper 95 % bound."""
    hits = int(hits)
    return {"alarms": hits, "runs": runs, "rate": hits / runs,
            "at most": 1.0 if hits == runs else float(beta.ppf(0.95, hits + 1, runs - hits))}  # fmt: skip


def alarms(p):
    """How many p-values are at most the level, and at most 5 %."""
    return {**rate((np.array(p) <= LEVEL).sum(), len(p)), "at 5 %": float((np.array(p) <= 0.05).mean())}


def repeated(test, runs, seed):
    """How often a test that draws its own data gives an alarm."""
    rng = np.random.default_rng(seed)
    return alarms([test(rng) for _ in range(runs)])


def covered(runs, seed):
    """How often intervals hold what they are of."""
    return {"covers": float(np.mean([covers(np.random.default_rng([seed, k])) for k in range(runs)]))}


def verdicts(kind, runs, seed):
    """How often players of a kind are called collusive; all verdicts, and the stages that were passed."""
    found = [
        collusion(
            GAME, tables(kind, np.random.default_rng([seed, k])), replays=3, seed=k, competitive=3.5, monopoly=8.0
        )
        for k in range(runs)
    ]
    said = [one.verdict for one in found]
    passed = {stage: sum(one.stages[stage] for one in found) for stage in found[0].stages}
    return {
        **rate(said.count("collusive"), runs),
        "words": {w: said.count(w) for w in sorted(set(said))},
        "passed": passed,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="the beginning of the names of what is done again; others are kept")
    given = parser.parse_args()
    page = Path(__file__).with_suffix(".json")
    found = json.loads(page.read_text(encoding="utf-8")) if given.only else {"seed": given.seed, "level": LEVEL}
    for name, measured in cases(given.runs, given.seed).items():
        if name.startswith(given.only):
            found[name] = measured()
            print(name, json.dumps(found[name]), flush=True)
            page.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def cases(runs, seed):
    """What is measured, by name; each from the seed alone."""
    few = max(1, runs // 50)
    kinds = ("replies", "auctions", "episodes", "skewed", "grid", "edgeworth", "costs", "learning")
    found = {f"together, {kind}": partial(drawn, kind, correlated, runs, seed) for kind in kinds}
    found["together, unseen"] = partial(drawn, "unseen", correlated, few, seed)
    found |= {
        f"power, correlation {rho}": partial(drawn, "replies", correlated, few, seed, rho) for rho in (0.2, 0.3, 0.5)
    }
    found["profits at the floor"] = partial(repeated, profits, runs, seed)
    found["one rule"] = partial(drawn, "auctions", alike, runs, seed)
    found["calm"] = partial(repeated, quiet, runs, seed)
    found["interval of 30 sessions"] = partial(covered, 2_000, seed)
    honest = ("edgeworth", "high", "best replies", "haphazard")
    found |= {f"verdicts, {kind}": partial(verdicts, kind, max(1, runs // 4), seed) for kind in honest}
    return {**found, "verdicts, ring": partial(verdicts, "ring", few, seed)}


if __name__ == "__main__":
    main()
