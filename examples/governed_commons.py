"""A pool harvested by five language agents under five governances: does the rule that worked come out of design?

    python examples/governed_commons.py ../shared/data/llm-commons/runs.json --picture commons.svg

reads the records (vivarium-lab, "governance as computation"), takes the pool's law and the agents' demands from runs
without governance alone, predicts every other condition from them, and holds that against what was recorded. Prints the
records, the design for the fitted game, the predictions, and what the recorded demands would have come to with and
without a limit.
"""

import argparse
import math
from functools import cache
from pathlib import Path

import numpy as np
from _commons import Law, Run, greedy, law_of, misfits, read
from _tables import counted, row, table

import ostrom as om
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact

BARE, LIMIT = "baseline", "hard_enforcement"
SAID = ("soft_advisory", "soft_plus_universalization")
"""Conditions in which a rule is announced and nothing is enforced."""
AMOUNTS = (0, 5, 10, 15, 20)
"""What a seat may take in the fitted game: nothing up to an equal share of the pool."""


def stage(law: Law) -> Symmetric:
    """A full pool and what it is worth next round, shared equally: own take plus an equal share of what grows back."""

    def payoff(own: int, others: np.ndarray) -> np.ndarray:
        left = np.maximum(law.capacity - AMOUNTS[own] - others, 0.0)
        return AMOUNTS[own] + np.minimum(law.growth * left, law.capacity) / law.players

    return Symmetric(
        payoff,
        players=law.players,
        moves=[f"take {amount}" for amount in AMOUNTS],
        amounts=list(AMOUNTS),
        name="pool",
        facts=[Fact.of_own_move("harvest", "units a round", list(AMOUNTS))],
    )


@cache
def designed(law: Law) -> tuple[tuple[str, ...], str]:
    """What `design` proposes for the fitted game, first things first, and why."""
    found = om.compare(stage(law), runs=8)
    lines = [f"{line.approach}: {line.sentence}" for line in found.lines if line.proposed]
    advice = [line.sentence for line in found.lines if line.approach == "advice"]
    return (*lines, f"advice: {advice[0]}" if advice else "advice: none"), found.design.because


def drawn(law: Law, bare: list[Run], limited: bool, runs: int, seed: int) -> np.ndarray:
    """Rounds, harvest and survival, `float[runs, 3]`, of agents whose every demand is one of those without governance.

    Demands are drawn as shares of the pool, anew for every seat and round: those of first rounds for the first, those
    of later rounds for all others.
    """
    shares = [run.asks / run.pools[:, None] for run in bare]
    first, later = np.concatenate([own[0] for own in shares]), np.concatenate([own[1:].ravel() for own in shares])
    rng = np.random.default_rng(seed)
    asks = rng.choice(later, (runs, law.rounds, law.players))
    asks[:, 0] = rng.choice(first, asks[:, 0].shape)
    return np.array([law.replay(own, limited) for own in asks], float)


def recorded(law: Law, runs: dict[str, list[Run]]) -> str:
    """Per condition: runs that lasted, rounds, harvest, and how demands compare with the fair share."""
    lines = [row("condition", "runs", "lasted, %", "rounds", "harvest, mean", "least to most", "asks above fair, %")]
    for name, some in runs.items():
        lasted, harvest = sum(run.survived for run in some), [run.harvest for run in some]
        above = [greedy(law, run) for run in some]
        rounds = ", ".join(str(len(run.pools)) for run in some)
        share = counted(int(sum(map(np.sum, above))), sum(map(np.size, above)))
        spread = f"{min(harvest):.0f} to {max(harvest):.0f}"
        kept = f"{lasted}: {counted(lasted, len(some))}"
        lines.append(row(name, len(some), kept, rounds, f"{np.mean(harvest):.0f}", spread, share))
    return table(*lines)


def predicted(law: Law, runs: dict[str, list[Run]], draws: int, seed: int) -> str:
    """Per condition, what perfect players and what demands as without governance come to, and what was recorded."""
    most = law.capacity * (1 - 1 / law.growth)
    perfect = {False: (1, law.capacity), True: (law.rounds, most * law.rounds)}
    redrawn = {limited: drawn(law, runs[BARE], limited, draws, seed) for limited in (False, True)}
    heads = ("condition", "perfect: rounds", "harvest", "as without: rounds", "harvest", "lasts, %")
    lines = [row(*heads, "recorded: rounds", "harvest", "lasted, %")]
    for name, some in runs.items():
        rounds, harvest, lasts = redrawn[name == LIMIT].mean(0)
        ours = (perfect[name == LIMIT][0], f"{perfect[name == LIMIT][1]:.0f}")
        theirs = (f"{np.mean([len(run.pools) for run in some]):.1f}", f"{np.mean([r.harvest for r in some]):.0f}")
        lasted = f"{100 * np.mean([run.survived for run in some]):.0f}"
        lines.append(row(name, *ours, f"{rounds:.1f}", f"{harvest:.0f}", f"{100 * lasts:.0f}", *theirs, lasted))
    return table(*lines)


def granted(law: Law, runs: dict[str, list[Run]]) -> str:
    """The recorded demands, all served, and how many of them a limit at the fair share would cut."""
    lines = [
        row("demands of", "runs", "last if all are served", "harvest", "asks above fair", "of at least half the pool")
    ]
    for name, some in runs.items():
        found = [law.replay(run.asks / run.pools[:, None], limited=False) for run in some]
        above, of = sum(int(greedy(law, run).sum()) for run in some), sum(run.asks.size for run in some)
        raids = sum(int((run.asks >= run.pools[:, None] / 2).sum()) for run in some)
        harvest = f"{np.mean([harvest for _, harvest, _ in found]):.0f}"
        lines.append(row(name, len(some), sum(kept for *_, kept in found), harvest, f"{above} of {of}", raids))
    return table(*lines)


def words_alone(runs: dict[str, list[Run]]) -> str:
    """Whether announcing a rule, and enforcing it, go with lasting: exact tests of the counts."""
    said = [run.survived for name in SAID for run in runs[name]]
    unsaid = [run.survived for name, some in runs.items() if name not in (*SAID, LIMIT) for run in some]
    held = [run.survived for run in runs[LIMIT]]
    return (
        f"- a rule is announced: {sum(said)} of {len(said)} last; none is: {sum(unsaid)} of {len(unsaid)}; "
        f"Fisher's exact test, two-sided: p = {fisher(said, unsaid):.3f}\n"
        f"- announced and enforced: {sum(held)} of {len(held)}; against announced only: p = {fisher(held, said):.2f}"
    )


def fisher(one: list[bool], two: list[bool]) -> float:
    """The two-sided p of Fisher's exact test of two lists of successes (Fisher 1935)."""
    n, m, k = len(one), len(two), sum(one) + sum(two)
    odds = {j: math.comb(n, j) * math.comb(m, k - j) for j in range(max(0, k - m), min(n, k) + 1)}
    return sum(w for w in odds.values() if w <= odds[sum(one)]) / math.comb(n + m, k)


def picture(law: Law, runs: dict[str, list[Run]]) -> str:
    """The pool as rounds begin, a line for each run, a panel for each condition, as SVG."""
    import vl_convert

    values = []
    for name, some in runs.items():
        for run in some:
            ends = [*run.pools, law.after(run.pools[-1], run.got[-1].sum())]
            values += [
                {"condition": name.replace("_", " "), "run": run.seed, "round": t, "pool": float(pool)}
                for t, pool in enumerate(ends)
            ]
    chart = {
        "data": {"values": values},
        "facet": {"field": "condition", "sort": [name.replace("_", " ") for name in runs], "title": None},
        "columns": 3,
        "spec": {
            "width": 190,
            "height": 110,
            "mark": {"type": "line", "point": {"size": 14}, "color": "#2466ab", "opacity": 0.7, "clip": True},
            "encoding": {
                "x": {"field": "round", "type": "quantitative", "scale": {"domain": [0, law.rounds]}, "title": "round"},
                "y": {"field": "pool", "type": "quantitative", "scale": {"domain": [0, law.capacity]}, "title": "pool"},
                "detail": {"field": "run"},
            },
        },
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="runs.json of llm-commons")
    parser.add_argument("--draws", type=int, default=4000, help="runs drawn for each prediction (default 4000)")
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default 0)")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also draw the pools, as SVG")
    given = parser.parse_args(words)
    if given.draws < 1:
        parser.error(f"--draws is {given.draws}; at least one run is needed")
    runs = read(given.file)
    law = law_of(runs[BARE], max(len(run.pools) for some in runs.values() for run in some))
    wrong, of = misfits(law, runs)
    print(f"- growth {law.growth:g}, capacity {law.capacity:g}, fair share 1/{1 / law.fair:g} of the pool")
    print(f"- pools of a next round that this law tells wrong: {wrong} of {of}\n")
    print(
        recorded(law, runs), predicted(law, runs, given.draws, given.seed), granted(law, runs), sep="\n\n", end="\n\n"
    )
    print(words_alone(runs), end="\n\n")
    proposed, because = designed(law)
    print(*(f"{k}. {line}" for k, line in enumerate(proposed, 1)), "", because, sep="\n")
    if given.picture:
        given.picture.write_text(picture(law, runs), encoding="utf-8")


if __name__ == "__main__":
    main()
