"""Do Q-learners who play the prisoner's dilemma again and again end in defection, and do they get out of it?

Pairs of independent Q-learners (learning rate 0.1, payoffs 3, 0, 5, 1, odds to try exp(-decay t)), without memory and
with memory of the last round, as patient and as long in trying as the line says. For each setting: the share of pairs
that do nothing but cooperate, and but defect, in the last tenth of their rounds.

    python examples/absorbing_defection.py --picture defection.svg

Takes about two minutes of computing, on all cores.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ostrom.games import PrisonersDilemma
from ostrom.learners._tabular import learn
from ostrom.learners._tabular_rule import Habit, Rule, counted
from ostrom.worlds import MatrixWorld

WORLD = MatrixWorld.of(PrisonersDilemma(), 1_000_000)
TENTHS = 10


class Setting(NamedTuple):
    """A line: whether the last round is seen, patience, how fast trying ends, how many pairs and rounds there are."""

    memory: bool = False
    discount: float = 0.0
    decay: float = 1e-4
    pairs: int = 500
    rounds: int = 200_000

    @property
    def name(self) -> str:
        """In words."""
        kind = f"memory one, discount {self.discount:g}" if self.memory else "no memory"
        return f"{kind}, decay {self.decay:g}"


NONE, MEMORY = Setting(), Setting(memory=True, discount=0.9)
SLOW = Setting(memory=True, discount=0.95, decay=1e-5, pairs=100, rounds=2_000_000)
SETTINGS = (NONE, MEMORY, SLOW)


def joint(world: Any, before: Any, moves: Mapping[str, Any], after: Any) -> dict[str, Any]:
    """1 for the joint move that was made, of CC, CD, DC and DD."""
    return {"joint": (np.arange(4) == 2 * moves["act"][0] + moves["act"][1]) * 1.0}


def shares(setting: Setting, seed: int = 0) -> np.ndarray:
    """`[10, pairs, 4]`: how often each pair plays CC, CD, DC and DD in each tenth of its rounds."""
    code, states = counted(WORLD, *(["last"] if setting.memory else []))
    rule, seeds = Rule(0.1, setting.discount, 1.0, setting.decay), range(seed, seed + setting.pairs)
    found = learn(WORLD, Habit(code, states), rule, seeds, setting.rounds, chunk=setting.rounds // TENTHS, tally=joint)
    return found.means["joint"]


def ends(found: np.ndarray) -> tuple[float, float]:
    """The shares of pairs that do nothing but cooperate, and but defect, in the last tenth."""
    both, neither = ((found[-1][:, move] > 0.99).mean() for move in (0, 3))
    return float(both), float(neither)


def line(setting: Setting, found: np.ndarray) -> str:
    """The figures of one setting, with standard errors."""
    cells = [f"{share:6.3f} ± {np.sqrt(share * (1 - share) / setting.pairs):.3f}" for share in ends(found)]
    return f"{setting.name:38}  {setting.pairs:5d}  {setting.rounds:9d}  {'  '.join(cells)}"


def picture(found: Mapping[Setting, np.ndarray]) -> str:
    """How often the pairs play CC, DD, and one of each, as they learn, as SVG."""
    import vl_convert

    kinds = {"both cooperate": [0], "one defects": [1, 2], "both defect": [3]}
    values = [
        {"setting": setting.name, "tenth": tenth + 1, "joint": kind, "share": float(row[:, moves].sum(-1).mean())}
        for setting, rows in found.items()
        for tenth, row in enumerate(rows)
        for kind, moves in kinds.items()
    ]
    colors = {"domain": list(kinds), "range": ["#2466ab", "#b9bec6", "#c23b22"]}
    chart = {
        "data": {"values": values},
        "mark": "bar",
        "width": 170,
        "height": 150,
        "encoding": {
            "x": {"field": "tenth", "type": "ordinal", "title": "tenth of the rounds", "axis": {"labelAngle": 0}},
            "y": {"field": "share", "type": "quantitative", "stack": True, "title": "share of rounds"},
            "color": {"field": "joint", "type": "nominal", "title": None, "scale": colors},
            "column": {"field": "setting", "type": "nominal", "sort": [one.name for one in found], "title": None},
        },
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="50 pairs and a twentieth of the rounds, trying ends sooner"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the first pair (default 0)")
    parser.add_argument("--picture", type=Path, help="an SVG file to write")
    given = parser.parse_args(words)
    print(f"{'learners':38}  pairs     rounds  CC              DD")
    found = {}
    for setting in SETTINGS:
        if given.quick:
            setting = setting._replace(pairs=50, rounds=setting.rounds // 20, decay=setting.decay * 20)
        found[setting] = shares(setting, given.seed)
        print(line(setting, found[setting]), flush=True)
    if given.picture:
        given.picture.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
