"""The dilemma with and without each of a dozen institutions: does cooperation stand, and against whom?

    python examples/ten_institutions.py
    python examples/ten_institutions.py tax reputation --seeds 4 --steps 50000

Three players each choose C or D. C costs its maker 2 and brings each of the others 1.5: all C is worth 1 to each, all D
nothing, and whoever leaves alone gains 2 and costs the others 3. Each rule is laid round this game, which is repeated
with a discount factor of 0.9. Of every rule the table says

  alone       what the best of all strategies adds for one player when the others keep to it ("perfect" where in some
              equilibrium nobody gains at any state, also after something went wrong)
  worst       what the worst equilibrium found is worth per round, of 1
  learners    how often independent learners (IPPO) end up with C, over seeds: mean, least to most
  pair        what two gain in sum, per round, with a plan of their own
  lapses      in which share of the rounds the rule may fail, in per cent, and still nobody gains by leaving
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ostrom import NormalForm
from ostrom import institutions as rules
from ostrom.audits import Sustained, Unravelling
from ostrom.core.agent import Look
from ostrom.core.errors import InputError
from ostrom.core.game import Fact
from ostrom.core.institution import Institution

BENEFIT, COST, DISCOUNT = 1.5, 2.0, 0.9
HORIZON, EPISODES = 20, 16
PLAYERS = ("ann", "bob", "eve")
ALL_C = ("C",) * 3
Strategy = Callable[[Look], Mapping[str, Any]]


@dataclass(frozen=True)
class Way:
    """A rule, what keeping to it means, and why it can lapse or not."""

    rule: Institution | None
    keeps: Strategy
    lapses: bool = True


def dilemma() -> NormalForm:
    """The game; cooperation is a fact, so that it can be counted."""
    made = np.zeros((2, 2, 2, 3))
    for moves in np.ndindex(2, 2, 2):
        for i in range(3):
            helped = sum(move == 0 for j, move in enumerate(moves) if j != i)
            made[moves][i] = BENEFIT * helped - COST * (moves[i] == 0)
    facts = [Fact.of_own_move("cooperation", "times", (1.0, 0.0))]
    return NormalForm(made, players=PLAYERS, moves=("C", "D"), name="dilemma of three", facts=facts)


def cooperate(look: Look) -> Mapping[str, Any]:
    """C, where it is permitted."""
    return {"act": "C" if "C" in look.choices["act"] else "D"}


def sign(look: Look) -> Mapping[str, Any]:
    """Sign, and cooperate if all have signed."""
    if "sign" in look.choices:
        return {"sign": "yes"}
    return {"act": "C" if set(look.sees["sign"]) == {"yes"} else "D"}


def pledge(look: Look) -> Mapping[str, Any]:
    """Pledge C if all do, and then do it."""
    if "pledge" in look.choices:
        return {"pledge": "if 3"}
    return {"act": "C" if set(look.sees["pledge"]) == {"if 3"} or "D" not in look.choices["act"] else "D"}


def against(part: str) -> Strategy:
    """Cooperate, and then name the first who did not."""

    def keeps(look: Look) -> Mapping[str, Any]:
        if "act" in look.choices:
            return cooperate(look)
        guilty = [name for name, made in zip(PLAYERS, look.sees["act"], strict=True) if made == "D"]
        named = [name for name in guilty if name in look.choices[part]]
        return {part: named[0] if named else "nobody"}

    return keeps


def judge(look: Look) -> Mapping[str, Any]:
    """Cooperate as long as both others are in good standing."""
    others = [good for seat, good in enumerate(look.sees["standing"]) if seat != look.seat]
    return {"act": "C" if all(others) else "D"}


WAYS: dict[str, Way] = {
    "nothing": Way(None, cooperate),
    "advice": Way(rules.Advice(((ALL_C, 1.0),)), cooperate),
    "tax": Way(rules.Tax("D", 2.5), cooperate),
    "fines": Way(rules.Fines((("*", "D", 2.5),)), cooperate),
    "ban": Way(rules.Ban((("*", "D"),)), cooperate),
    "contract": Way(rules.Contract("C", 2.5, each_round=True), sign),
    "commitment": Way(rules.Commitment("C"), pledge),
    "mediator": Way(rules.Mediator(), lambda look: {"act": "delegate"}, lapses=False),
    "programs": Way(rules.Programs((ALL_C,)), lambda look: {"act": "(C, C, C), else D"}, lapses=False),
    "prosocial": Way(rules.Prosocial(0.5), cooperate, lapses=False),
    "graduated_sanctions": Way(rules.GraduatedSanctions("D", fines=(2.5, 4.0)), cooperate),
    "reputation": Way(rules.Reputation(norm="GBBG"), judge),
    "ostracism": Way(rules.Ostracism(rest="D", rounds=3, outside=0.0), against("ostracize")),
    "peer_punishment": Way(rules.PeerPunishment(cost=0.5, harm=2.0), against("punish")),
}


@dataclass(frozen=True)
class Row:
    """What was found of one rule; `learners` is None where nobody was trained."""

    name: str
    alone: float
    perfect: bool
    worst: float | None
    learners: tuple[float, float, float] | None
    pair: float
    lapses: float | None

    def told(self) -> tuple[str, ...]:
        """The cells of the table."""
        alone = "perfect" if self.perfect else "0" if self.alone < 1e-9 else f"{self.alone:.2f}"
        learned = "–" if self.learners is None else "{:.2f} ({:.2f} to {:.2f})".format(*self.learners)
        worst = "–" if self.worst is None else f"{self.worst:.2f}"
        lapses = "–" if self.lapses is None else f"{100 * self.lapses:.0f} %"
        return (self.name.replace("_", " "), alone, worst, learned, f"{self.pair:.2f}", lapses)


def solved(name: str) -> Row:
    """All but the learners."""
    way, base = WAYS[name], dilemma().repeated(DISCOUNT)
    game = base.under(*([way.rule] if way.rule else []))
    (lasts,) = Sustained(other_discounts=False)(game, ALL_C)
    (worst,) = Unravelling()(game, ALL_C)
    least = worst.witness["welfare per round"] if worst.witness else worst.numbers.get("worst found")
    alone = float(game.gains(way.keeps)[0].max())
    return Row(
        name,
        alone,
        lasts.verdict == "proved",
        1.0 if worst.verdict == "proved" else least,
        None,
        max(float(game.joint_gains(way.keeps, pair)[0]) for pair in combinations(range(3), 2)),
        borne(way) if way.lapses and alone < 1e-9 and way.rule else None,
    )


def borne(way: Way) -> float | None:
    """The largest share of rounds, in hundredths, in which the rule may lapse and still nobody gains by leaving."""
    assert way.rule is not None
    least, most = 0, 100
    try:
        while most - least > 1:
            middle = (least + most) // 2
            lapsing = rules.Lapses(way.rule, middle / 100)
            gains = dilemma().repeated(DISCOUNT).under(lapsing).gains(way.keeps)
            least, most = (middle, most) if gains[0].max() < 1e-9 else (least, middle)
    except InputError:  # nothing in it could lapse
        return None
    return least / 100


def learned(name: str, steps: int, seeds: int) -> tuple[float, float, float]:
    """The share of C that independent learners end up with: mean over seeds, least, most."""
    from ostrom.learners import IPPO, play, train
    from ostrom.worlds import MatrixWorld

    rule = WAYS[name].rule
    world = MatrixWorld.of(dilemma(), horizon=HORIZON).under(*([rule] if rule else []))
    run = train(world, IPPO(), steps=steps, seeds=seeds)
    ends = [play(world, run.players(k), seed=k, episodes=EPISODES).totals("cooperation").mean() for k in range(seeds)]
    shares = np.array(ends) / HORIZON
    return float(shares.mean()), float(shares.min()), float(shares.max())


def table(rows: list[Row]) -> str:
    """All rows as text."""
    head = ("rule", "alone", "worst", "learners", "pair", "lapses")
    cells = [head, *(row.told() for row in rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def main(words: list[str] | None = None) -> list[Row]:
    """Print the table; the rows are returned."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rules", nargs="*", help=f"which (default all): {', '.join(WAYS)}")
    parser.add_argument("--steps", type=int, default=100_000, help="of each training; 0 trains nobody")
    parser.add_argument("--seeds", type=int, default=8, help="trainings of each kind (default 8)")
    given = parser.parse_args(words)
    unknown = sorted(set(given.rules) - set(WAYS))
    if unknown or given.seeds < 1 or given.steps < 0:
        parser.error(f"there is no {unknown[0]!r} here" if unknown else "--seeds is at least 1, --steps at least 0")
    rows = []
    for name in given.rules or WAYS:
        row = solved(name)
        if given.steps:
            row = Row(**{**vars(row), "learners": learned(name, given.steps, given.seeds)})
        rows.append(row)
    print(table(rows))
    return rows


if __name__ == "__main__":
    main()
