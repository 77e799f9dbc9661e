"""Could an agent have done better by itself? Regret from logs with odds, over costs, and beside computed optima."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Game
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._ring_regret import Trials, at_most, audited
from ._ring_tests import interval

HARTLINE = "Hartline, Long and Zhang, Regulation of Algorithmic Collusion (2024)"
LEAST = 100
"""Rounds of an agent below which nothing is audited."""

LONGEST = 50_000
"""Rounds of an agent that are audited: the last ones."""

FAILS = 20.0
"""The e-value from which on an agent fails at a cost, in the table over costs: 1 in 20 honest ones does at most."""

MOST = 200
"""Different moves beyond which their odds are not audited."""


@dataclass(frozen=True)
class RegretAudit(Monitor):
    """Whether an agent could have got more by another rule for its own moves, whatever the others did.

    Who competes ends without swap regret ("calibrated" in the source); who keeps to a high price does not. Needs the
    odds of every move in each round (`probability`, by label), and moves that are tried. Competition is not what
    passing shows: **whoever says that its costs are higher passes at higher prices.** So with prices and what was sold
    the audit is done again over costs.

    Parameters
    ----------
    allowed : regret per round that still passes, in payoff; default a tenth of the mean payoff's size.
    price, sold : columns of the price asked and of the units sold. costs : per unit, to go through; by default nine
        from 0 to the highest price. market : the most that could be sold in a round; default the most that was.
    game : one round, for what could be computed: regret beside each best reply, what all have beyond competition, and
        what bystanders lose.

    Raises `InputError` for odds that are none, or numbers outside their range.
    """

    allowed: float | None = None
    price: str = "facts.price"
    sold: str = "facts.sold"
    costs: tuple[float, ...] = ()
    market: float | None = None
    game: Game | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        numbers = [*self.costs, *(x for x in (self.allowed, self.market) if x is not None)]
        if not np.isfinite(np.array(numbers, float)).all() or min([0.0, *numbers]) < 0:
            raise InputError(f"RegretAudit was given {numbers}.", do="Give finite amounts of at least 0.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """A reading for every agent, and those that need the game; `NothingToRead` without odds and without a game."""
        rng = np.random.default_rng([seed, 6])
        readings = [one for agent in log.agents for one in self._of(log, agent, rng)]
        if self.game is not None:
            from ._ring_computed import computed

            readings += computed(log, self.game, self.allowed, rng)
        if not readings:
            raise NothingToRead(
                f"No agent has {LEAST} moves with a payoff and the odds of all its moves, of which it tried two."
            )
        return readings

    def _of(self, log: Log, agent: str, rng: np.random.Generator) -> list[Reading]:
        rows = log.by(agent)
        odds = log.get("probability")
        tables = [isinstance(value, dict) for value in odds.values]
        kept = np.array([*tables, False])[odds.codes[rows]] & log.get("action").present[rows]
        rows = rows[kept & np.isfinite(log.get("payoff").numbers[rows])]
        if len(rows) < LEAST:
            return []
        rows = rows[-LONGEST:]
        trials, labels = _trials(log, rows)
        if len(labels) > MOST or len(np.unique(trials.made)) < 2:
            return []
        return [self._reading(log, agent, rows, trials, labels, rng)]

    def _reading(self, log: Log, agent: str, rows: Any, trials: Trials, labels: Sequence[str], rng: Any) -> Reading:
        allowed = 0.1 * float(np.abs(trials.paid).mean()) if self.allowed is None else self.allowed
        adds, e, swap = audited(trials, allowed)
        mean, half = float(adds.mean()), len(rows) - len(adds)
        rule = {labels[j]: labels[k] for j, k in enumerate(swap) if j != k and (trials.made == j).any()}
        numbers: dict[str, Any] = {"allowed": allowed, "instead of": dict(list(rule.items())[:20]),
                                   "rounds with every move tried": float((trials.odds > 0).all(1).mean())}  # fmt: skip
        over, told = self._over_costs(log, rows, trials, labels)
        worst = np.argsort(-adds, kind="stable") + half
        blocks = np.array([part.mean() for part in np.array_split(adds, min(len(adds), 40))])
        return Reading(
            "regret_audit", f"{agent} could have had {mean:.3g} more a round by another rule for its own moves.{told}",
            mean, "payoff a round", len(adds), e=e, interval=interval(blocks, rng), basis="randomised", who=(agent,),
            where={"audit": "regret"}, rows=shown(log, rows[worst]), risks=("collusion",), numbers={**numbers, **over},
            assumes="the odds in the log are those that moves were drawn with; no payoff is below the least one seen",
            source=HARTLINE,
        )  # fmt: skip

    def _over_costs(self, log: Log, rows: Any, trials: Trials, labels: Sequence[str]) -> tuple[dict[str, Any], str]:
        """Regret at every cost, and from which cost on it passes, where prices and units are in the log."""
        prices, sold = _prices(log, rows, trials, labels, self.price), log.get(self.sold).numbers[rows]
        if prices is None or not np.isfinite(sold).all() or (sold < 0).any():
            return {}, ""
        market = float(sold.max()) if self.market is None else self.market
        costs = self.costs or tuple(np.linspace(0.0, float(prices.max()), 9).tolist())
        table = {}
        for cost in costs:
            paid = (prices[trials.made] - cost) * sold
            one = Trials(trials.made, trials.odds, paid)
            allowed = 0.1 * float(np.abs(paid).mean()) if self.allowed is None else self.allowed
            adds, e, _ = audited(one, allowed)
            most = at_most(one, prices, cost, sold, market)
            table[f"{cost:.6g}"] = {"regret": float(adds.mean()), "e": e, "at most": most, "allowed": allowed}
        passes = [float(cost) for cost, found in table.items() if found["e"] < FAILS]
        told = f" At costs of {_listed(passes)} it would pass." if passes else " It passes at no cost looked at."
        return {"by cost": table, "passes at": passes}, told


def _listed(costs: Sequence[float]) -> str:
    return ", ".join(f"{cost:.3g}" for cost in costs)


def _trials(log: Log, rows: np.ndarray) -> tuple[Trials, tuple[str, ...]]:
    """The rounds of an agent with the labels of its moves; `InputError` for odds that are none of what was done."""
    actions, odds = log["action"].take(rows), log["probability"].take(rows)
    labels = tuple(dict.fromkeys([*map(str, actions.values), *(str(k) for table in odds.values for k in table)]))
    place = {label: k for k, label in enumerate(labels)}
    if len(labels) > MOST:
        return Trials(np.zeros(len(rows), int), np.ones((len(rows), 1)), log["payoff"].numbers[rows]), labels
    tables = np.zeros((len(odds.values), len(labels)))
    for table, given in zip(tables, odds.values, strict=True):
        for label, chance in given.items():
            table[place[str(label)]] = float(chance) if isinstance(chance, int | float) else np.nan
    made = np.array([place[str(value)] for value in actions.values])[actions.codes]
    drawn = tables[odds.codes]
    bad = ~((drawn >= 0).all(1) & (np.abs(drawn.sum(1) - 1) < 1e-6) & (drawn[np.arange(len(rows)), made] > 0))
    if bad.any():
        row = int(rows[bad.argmax()])
        raise InputError(
            f"Row {log.row[row]} of {log.source} made {log['action'][row]!r:.60} with odds "
            f"{log['probability'][row]!r:.120}.",
            "Odds are at least 0, sum to 1, and are above 0 for what was done.",
            "Write the odds that the move was drawn with.",
        )
    return Trials(made, drawn / drawn.sum(1, keepdims=True), log["payoff"].numbers[rows]), labels


def _prices(log: Log, rows: Any, trials: Trials, labels: Sequence[str], name: str) -> np.ndarray | None:
    """The price that each move stands for, `float[K]`: from its column, or from labels that are numbers; else None."""
    found = np.full(len(labels), np.nan)
    asked = log.get(name).numbers[rows]
    for k, label in enumerate(labels):
        of = asked[trials.made == k]
        of = of[np.isfinite(of)]
        if len(of) and np.ptp(of) > 1e-9 * max(1.0, abs(float(of[0]))):
            return None
        try:
            found[k] = of[0] if len(of) else float(label)
        except ValueError:
            return None
    return found if np.isfinite(found).all() else None
