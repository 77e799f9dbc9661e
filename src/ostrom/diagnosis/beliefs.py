"""What beliefs cost: how much of what is lost would be won by true beliefs, or by knowing the state."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.forms.bayesian import Bayesian
from ..core.game import Array
from ._bayes_settled import LISTED, Settled, settled
from ._tables import listed, percent

SOURCE = (
    "Harsanyi (1967) for games of incomplete information; team optimum: Marschak and Radner (1972); a gain from less "
    "information: Hirshleifer (1971)."
)


@dataclass(frozen=True, eq=False)
class Beliefs:
    """What players' beliefs, and their not knowing, cost them; welfare is the mean payoff in truth.

    Attributes
    ----------
    players : names.
    now : where the game settles as it is.
    true : with true beliefs for everybody; None when they are true already.
    informed : when everybody is told the state.
    corrected : per player, the welfare when its beliefs alone are mended; empty when all are true.
    told : per player, what it gets itself when it alone is told the state, and everybody knows.
    plan : the best that players could do together, each knowing its own signal only; None for a game too large.
    ideal : the best that could be done knowing the state.
    """

    players: tuple[str, ...]
    now: Settled
    true: Settled | None
    informed: Settled
    corrected: tuple[float, ...]
    told: tuple[float, ...]
    plan: float | None
    ideal: float

    @property
    def shares(self) -> dict[str, float]:
        """What is lost (`ideal` less welfare now), in parts that sum to it exactly.

        "not knowing": what even the best plan loses for want of the state; "each for itself": what players with true
        beliefs lose of the best plan; "beliefs": what false beliefs add (negative: they help). Without `plan` the first
        two are one, "not knowing and each for itself".
        """
        reference = self.true or self.now
        parts = {"beliefs": reference.welfare - self.now.welfare}
        if self.plan is None:
            return {"not knowing and each for itself": self.ideal - reference.welfare} | parts
        apart = {"each for itself": self.plan - reference.welfare}
        return {"not knowing": self.ideal - self.plan} | apart | parts

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is lost to what; what true beliefs and knowing the state would change, and for whom."""
        return tuple(
            finding for finding in (self._parts(), *self._false(), self._knowing(), *self._unwelcome()) if finding
        )

    def _parts(self) -> Finding:
        lost, parts = self.ideal - self.now.welfare, self.shares
        numbers = {"ideal": self.ideal, "now": self.now.welfare, **parts}
        if lost <= _slack(self.ideal):
            return Finding("beliefs", "Nothing is lost for want of knowledge.", self.players, numbers, SOURCE)
        said = listed(
            tuple(
                f"{percent(part / lost)} to {_CAUSES.get(name, name)}"
                for name, part in parts.items()
                if abs(part) > _slack(lost)
            )
        )
        sentence = f"Of {lost:.4g} a head lost against what could be done knowing the state, {said}."
        return Finding("beliefs", sentence, self.players, numbers, SOURCE)

    def _false(self) -> tuple[Finding, ...]:
        if self.true is None:
            return ()
        change = self.true.welfare - self.now.welfare
        numbers = {"now": self.now.welfare, "with true beliefs": self.true.welfare, "one mended": list(self.corrected)}
        numbers |= {"now, worst and best": [self.now.worst, self.now.best]}
        numbers |= {"true, worst and best": [self.true.worst, self.true.best]}
        if abs(change) <= _slack(self.ideal):
            said = "Beliefs are false, and it changes nothing: with true ones everybody would get as much."
        elif change < 0:
            said = f"False beliefs help here: with true ones players would get {-change:.4g} less a head."
        else:
            said = f"False beliefs cost {change:.4g} a head: with true ones players would get {self.true.welfare:.4g} "
            said += f"instead of {self.now.welfare:.4g}"
            alone = [p for p, w in zip(self.players, self.corrected, strict=True) if w > self.now.welfare + _slack(w)]
            said += (
                f" (mending those of {listed(tuple(alone))} alone helps too)."
                if alone
                else ". Mending one player's alone does not help."
            )
        if change > _slack(self.ideal) and self.now.best >= self.true.welfare - _slack(self.ideal):
            said += " As beliefs are, the better outcome is an equilibrium too; they make it harder to come by."
        return (Finding("beliefs", said, self.players, numbers, SOURCE),)

    def _knowing(self) -> Finding:
        gains = [told - now for told, now in zip(self.told, self.now.payoffs, strict=True)]
        everybody = self.informed.welfare - self.now.welfare
        most = int(np.argmax(gains))
        said = f"If everybody were told the state, players would get {_more(everybody)} a head"
        said += f"; told alone, {self.players[most]} would get {_more(gains[most])}."
        numbers = {"all told": everybody, "told alone": dict(zip(self.players, gains, strict=True))}
        return Finding("beliefs", said, self.players, numbers, SOURCE)

    def _unwelcome(self) -> tuple[Finding, ...]:
        pairs = zip(self.players, self.told, self.now.payoffs, strict=True)
        harmed = tuple(player for player, told, now in pairs if told < now - _slack(now))
        if not harmed:
            return ()
        said = f"{listed(harmed)} would be worse off for being told the state, when the others know that it was told."
        return (Finding("beliefs", said, harmed, {}, SOURCE),)


def beliefs(game: Bayesian) -> Beliefs:
    """What false beliefs and not knowing the state cost the players of a Bayesian game.

    Each version of the game (as it is, with true beliefs, with one player's mended, with players told the state) is
    taken to settle at the limit of its logit branch; `worst` and `best` say how much hangs on that choice. What a
    player is told is common knowledge, and its beliefs about everything else stay what they are.

    Raises
    ------
    InputError : not a `Bayesian` game. TooLarge : being told the state makes too large a game.
    """
    if not isinstance(game, Bayesian):
        raise InputError(
            f"A {type(game).__name__} has no states and signals.",
            do="Ask this of a Bayesian game (core.forms.bayesian).",
        )
    true = None if game.common_prior else game.believing(None)
    corrected = () if true is None else tuple(settled(_mended(game, k)).welfare for k in range(len(game.players)))
    told = [settled(game.informed(player)).payoffs[k] for k, player in enumerate(game.players)]
    best = game.by_state.mean(-1).reshape(len(game.states), -1).max(1)
    weights = game.true_odds.reshape(len(game.states), -1).sum(1)
    return Beliefs(
        players=game.players,
        now=settled(game),
        true=None if true is None else settled(true),
        informed=settled(game.informed()),
        corrected=corrected,
        told=tuple(told),
        plan=_plan(game),
        ideal=float(weights @ best),
    )


def _mended(game: Bayesian, player: int) -> Bayesian:
    believed = np.array(game.beliefs)
    believed[player] = game.true_odds
    return game.believing(believed)


def _plan(game: Bayesian) -> float | None:
    """The best mean payoff of any pure plan (a move for each signal), by looking at each; None where they are many."""
    true = game.believing(None)
    sizes = true.agent_form.sizes
    if math.prod(sizes) > LISTED:
        return None
    plans = np.indices(sizes).reshape(len(sizes), -1)
    best = -np.inf
    for part in np.array_split(plans, max(1, plans.shape[1] // 20_000), axis=1):
        pure = tuple(np.eye(size)[own] for size, own in zip(sizes, part, strict=True))
        best = max(best, float(true.value(pure).mean(-1).max()))
    return best


def _slack(number: float | Array) -> float:
    return 1e-6 * max(1.0, abs(float(number)))


_CAUSES = {
    "each for itself": "each acting for itself",
    "not knowing and each for itself": "not knowing and each acting for itself",
}


def _more(gain: float) -> str:
    if abs(gain) <= 1e-9:
        return "as much as now"
    return f"{abs(gain):.4g} {'more' if gain > 0 else 'less'}"
