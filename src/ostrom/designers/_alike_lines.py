"""Rules for players who are alike as lines of a table: what each does to whom, what it weighs, and which is first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.claim import Claim, Finding
from ..core.forms.symmetric import Symmetric
from ..core.institution import Institution
from ..diagnosis._large_found import Place
from ._alike_checks import checks
from ._alike_crowd import Crowd
from ._alike_learners import learners
from ._alike_rule import Rule
from ._proposal import Needs
from ._remedy import ROUNDING, Effects
from ._weights import LITTLE

EACH = "each player"
"""How players who are alike are called together."""

ROUGHLY = 1e-6
"""Share of a range within which numbers out of a linear program are the same."""


@dataclass(frozen=True, eq=False)
class AlikeLine:
    """One rule in a table.

    Attributes
    ----------
    approach, sentence, institution, needs, source : as of a proposal.
    target : what is to be played, in words: "all play 2".
    effects : what it does to each player (one number: they are alike) and to each bystander.
    size : what was made small: the rate, the largest fine, the moves forbidden to each, the weight.
    claims : what was checked.
    objection : why it is not proposed; empty when nothing speaks against it.
    closed : the share of the gap between now and the best spread that it closes when it works.
    worst : the least welfare that players without regret may end in; NaN where it was not found.
    radius : by how much every payoff may be off before the target stops being an equilibrium.
    burden : the parts, by name of `WEIGHTS`, already weighed.
    """

    approach: str
    sentence: str
    institution: Institution
    needs: Needs
    source: str
    target: str
    effects: Effects
    size: float
    claims: tuple[Claim, ...]
    objection: str
    closed: float
    worst: float
    radius: float
    burden: Mapping[str, float]
    governed: Symmetric | None = field(repr=False, default=None)

    @property
    def gained(self) -> float:
        """By how much welfare is higher when it works than as things are."""
        return self.effects.welfare_after - self.effects.welfare_before

    @property
    def weight(self) -> float:
        """All parts of the burden together."""
        return float(sum(self.burden.values()))

    @property
    def finding(self) -> Finding:
        """What to do, and why it is not proposed if it is not."""
        said = self.sentence + (f" Not proposed: {self.objection}" if self.objection else "")
        numbers = {"gained": self.gained, "change": self.effects.change, "size": self.size, **vars(self.needs)}
        return Finding("remedy", said, self.effects.principals, numbers, self.source)


def lined(crowd: Crowd, rule: Rule, target: int, weights: Mapping[str, float], seconds: float) -> AlikeLine:
    """The line of a rule under which all are to make the target's move."""
    claims, game = checks(crowd, rule, target, seconds)
    place = Place(
        words=f"all play {crowd.moves[target]}",
        counts=None,
        player=float(crowd.alone[target, target]) + rule.paid,
        bystanders=tuple(crowd.bystanders[target].tolist()),
        welfare=float(crowd.welfare[target]),
        regret=0.0,
    )
    loss = float(claims[0].numbers.get("loss", 0.0))
    return replace(weighed(crowd, rule, place, claims, loss / 2, weights), governed=game)


def weighed(
    crowd: Crowd,
    rule: Rule,
    place: Place,
    claims: tuple[Claim, ...],
    radius: float,
    weights: Mapping[str, float],
) -> AlikeLine:
    """The line of a rule that leads to a place, with its burden."""
    effects = _effects(crowd, place)
    worst = next((claim.numbers["worst"] for claim in claims if "worst" in claim.numbers), float("nan"))
    gained, gap = effects.welfare_after - effects.welfare_before, crowd.best.place.welfare - crowd.now.welfare
    parts = _parts(crowd, rule, effects, float(worst))
    return AlikeLine(
        approach=rule.approach,
        sentence=rule.sentence,
        institution=rule.institution,
        needs=rule.needs,
        source=rule.source,
        target=place.words,
        effects=effects,
        size=rule.size,
        claims=claims,
        objection=_objection(crowd, effects),
        closed=gained / gap if gap > ROUNDING * crowd.span else 0.0,
        worst=float(worst),
        radius=radius,
        burden={name: weights[name] * part for name, part in parts.items()},
    )


def _parts(crowd: Crowd, rule: Rule, effects: Effects, worst: float) -> dict[str, float]:
    """The parts of a burden before they are weighed, each as for games whose joint moves are listed."""
    needs, principals = rule.needs, len(crowd.game.principals)
    gain = max(effects.welfare_after - effects.welfare_before, LITTLE * (crowd.span or 1.0))
    slack = ROUGHLY * max(crowd.scale, *map(abs, (*effects.before, *effects.after)))
    losers = [name for name, change in effects.change.items() if change < -slack]
    return {
        "forbidden": needs.share,
        "money": max(needs.fine, needs.promise, rule.reserve) / crowd.scale,
        "cost": needs.cost / (gain * principals),
        "information": float(needs.information),
        "harm": sum(crowd.count if name == EACH else 1 for name in losers) / principals,
        "risk": _risk(crowd, effects, worst, gain),
        "wishes": 1.0 + rule.size if rule.approach == "prosocial" else 0.0,
    }


def _risk(crowd: Crowd, effects: Effects, worst: float, gain: float) -> float:
    """The share of the gain that may be missed (all of it where it is not known), and of harm that is new."""
    if np.isnan(worst):
        return 1.0
    missed, slack = effects.welfare_after - worst, ROUGHLY * crowd.span
    below = float(np.fmin(crowd.anyway, effects.welfare_before)) - worst if worst < effects.welfare_before else 0.0
    return (min(1.0, missed / gain) if missed > slack else 0.0) + (below / gain if below > slack else 0.0)


def _effects(crowd: Crowd, place: Place) -> Effects:
    now, slack = crowd.now, ROUNDING * max(crowd.scale, *np.abs(place.bystanders), 0.0)
    change = np.array(place.bystanders) - np.array(now.bystanders)
    return Effects(
        principals=(EACH, *crowd.game.bystanders),
        before=(now.player, *now.bystanders),
        after=(place.player, *place.bystanders),
        welfare_before=now.welfare,
        welfare_after=place.welfare,
        takes_from_bystanders=bool(place.player > now.player + slack and (change < -slack).any()),
    )


def _objection(crowd: Crowd, effects: Effects) -> str:
    if effects.takes_from_bystanders:
        losers = ", ".join(name for name, change in effects.change.items() if change < 0)
        return f"The players would gain by taking from those who have no move: {losers} would lose."
    if effects.welfare_after <= effects.welfare_before + ROUNDING * crowd.span:
        return "What is played now is as good."
    return ""


def tried(crowd: Crowd, line: AlikeLine, seed: int) -> AlikeLine:
    """The line with what learners come to, where the game under the rule is known."""
    if line.governed is None:
        return line
    found = learners(line.governed, crowd.game, line.effects.welfare_after, crowd.span, seed)
    return replace(line, claims=(*line.claims, *found))
