"""Do strangers who learn help each other when everybody knows who is in good standing? And what does it take?

Ten Q-learners meet two at a time in the donation game, see whether the other is in good standing, and are judged by a
norm: the settings of Anastassacos, García, Hailes and Musolesi (2021), as far as they are known. Alone, with agents
that are fixed to give to the good and only to them ("seeds"), and with learners who also weigh what they would have if
they met themselves: by the act that they have just made ("act"), or by what they would do to somebody of their own
standing ("standing"). For each, over many runs, the last quarter: payoff per agent and meeting, the share of meetings
in which both give, and of runs in which that is more than half.

    python examples/reputation_learned.py --runs 40

A line takes two to three minutes of computing with 40 runs of 10,000 episodes; all cores are used.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from ostrom.institutions import Mistakes, Reputation
from ostrom.learners._tabular import learn
from ostrom.learners._tabular_rule import Habit, Rule
from ostrom.worlds import Donation

PLAYERS, MEETINGS, ERROR = 10, 200, 0.001


class Setting(NamedTuple):
    """A line: what a gift is worth (it costs 1), the norm, how many seats are seeds, the weight of meeting oneself.

    `by` : by which act one meets oneself, the one just made, or what one would do to one's own "standing".
    """

    benefit: float = 5.0
    norm: str = "GBBG"
    seeds: int = 0
    weight: float = 0.0
    by: str = "act"


class Weighing(Donation):
    """The donation game of seats that value, by `weight`, what they would have if all did as they do."""

    weight: float = 0.0

    def step(self, key: Any, state: Any, moves: Mapping[str, Any]) -> tuple[Any, Any]:
        """The step of the game; what is paid is what is learned from."""
        after, paid = super().step(key, state, moves)
        alike = (self.benefit - self.cost) * self.facts(state, moves, after)["gift"]
        return after, (1 - self.weight) * paid + self.weight * alike


SETTINGS = (
    Setting(benefit=2.0),
    *(Setting(norm=norm) for norm in ("GBBG", "BBBB", "GGBG", "GGGG")),
    *(Setting(benefit=10.0, norm=norm) for norm in ("GBBG", "BBBB", "GGGG")),
    *(Setting(seeds=seeds) for seeds in (1, 2, 3, 5)),
    *(Setting(weight=weight, by=by) for by in ("act", "standing") for weight in (0.3, 0.6, 0.9)),
)


def theirs(view: Any) -> Any:
    """1 where a seat meets somebody in good standing."""
    return view.public["standing"][view.seat["partner"]].astype(jnp.int32)


def theirs_after(view: Any, following: Any) -> Any:
    """1 where whom it met is in good standing afterwards."""
    return following.public["standing"][view.seat["partner"]].astype(jnp.int32)


def own(view: Any) -> Any:
    """1 where a seat is in good standing: whom it would meet in itself."""
    return view.public["standing"].astype(jnp.int32)


def gave(world: Any, before: Any, moves: Mapping[str, Any], after: Any) -> dict[str, Any]:
    """How many gave, and 1 where both did."""
    facts = world.facts(before, moves, after)
    return {"gifts": facts["gift"].sum(), "both": (facts["gift"] * facts["received"]).sum() / 2}


def measure(
    setting: Setting,
    runs: int,
    episodes: int,
    *,
    seed: int = 0,
    alpha: float = 0.01,
    players: int = PLAYERS,
    meetings: int = MEETINGS,
) -> dict[str, np.ndarray]:
    """Of each run, in the last quarter: payoff per agent and meeting, and the share of meetings in which both gave."""
    rules = Mistakes(Reputation(setting.norm), ERROR)
    by_act, by_standing = (setting.weight if setting.by == by else 0.0 for by in ("act", "standing"))
    world = Weighing(players=players, benefit=setting.benefit, weight=by_act).under(rules)
    habit = Habit(theirs, 2, theirs_after, replay=meetings, inward=own if by_standing else None)
    fixed = np.arange(players) < setting.seeds
    start = np.where(fixed[:, None, None], np.eye(2), 0.0)
    worth = np.array([0.0, setting.benefit - 1.0], np.float32)
    rule = Rule(np.where(fixed, 0.0, alpha), 0.99, np.where(fixed, 0.0, 0.1), 0.0, by_standing, worth)
    steps = episodes * meetings
    found = learn(
        world, habit, rule, range(seed, seed + runs), steps, start=start, chunk=min(20_000, steps // 4), tally=gave
    )
    gifts, both = (found.means[name][3 * len(found.means[name]) // 4 :].mean(0) for name in ("gifts", "both"))
    return {"reward": (setting.benefit - 1) * gifts / 2, "both": both}


def line(setting: Setting, rows: Mapping[str, np.ndarray]) -> str:
    """The figures of one setting, with standard errors."""
    reward, both = rows["reward"], rows["both"]
    by = setting.by if setting.weight else ""
    error = [row.std() / np.sqrt(len(row)) for row in (reward, both)]
    return (
        f"{setting.benefit:7g}  {setting.norm}  {setting.seeds:5d}  {setting.weight:6g}  {by:8}"
        f"  {reward.mean():6.3f} ± {error[0]:.3f}  {both.mean():9.3f} ± {error[1]:.3f}  {(both > 0.5).mean():7.0%}"
    )


def picture(found: Mapping[Setting, Mapping[str, np.ndarray]]) -> str:
    """The share of meetings in which both give, one mark for each run, as SVG."""
    import vl_convert

    def name(setting: Setting) -> str:
        more = (
            f", {setting.seeds} seeds"
            if setting.seeds
            else f", {setting.by} {setting.weight:g}"
            if setting.weight
            else ""
        )
        return f"{setting.norm}, benefit {setting.benefit:g}{more}"

    values = [
        {"setting": name(setting), "both": float(both)} for setting, rows in found.items() for both in rows["both"]
    ]
    chart = {
        "data": {"values": values},
        "mark": {"type": "tick", "color": "#2466ab", "thickness": 1.5},
        "width": 420,
        "encoding": {
            "x": {"field": "both", "type": "quantitative", "title": "share of meetings in which both give"},
            "y": {"field": "setting", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 240}},
        },
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="of each setting (default 40)")
    parser.add_argument("--episodes", type=int, default=10_000, help="of 200 meetings each (default 10,000)")
    parser.add_argument("--seed", type=int, default=0, help="of the first run (default 0)")
    parser.add_argument("--line", type=int, action="append", help="only this one of the settings; may be repeated")
    parser.add_argument("--picture", type=Path, help="an SVG file to write")
    given = parser.parse_args(words)
    if given.runs < 1 or given.episodes < 2:
        parser.error("at least one run of two episodes is needed")
    print("benefit  norm  seeds  weight  by        reward            both give        cooperative runs")
    chosen = SETTINGS if given.line is None else [SETTINGS[number] for number in given.line]
    found = {}
    for setting in chosen:
        found[setting] = measure(setting, given.runs, given.episodes, seed=given.seed)
        print(line(setting, found[setting]), flush=True)
    if given.picture:
        given.picture.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
