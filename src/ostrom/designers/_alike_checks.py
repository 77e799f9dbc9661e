"""What is claimed of a rule among players who are alike: checked again on the game as the rule leaves it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..core.charter import Charter
from ..core.claim import Claim
from ..core.forms.symmetric import Symmetric
from ..core.game import Array
from ..core.institution import Institution
from ..core.lifts.govern import ground_of
from ..core.lifts.large import GovernedCounts
from ..core.lifts.onestage import OneStage
from ..institutions.prosocial import Prosocial
from ._alike_crowd import Crowd
from ._alike_rule import Rule
from ._alike_states import States, spread_words
from ._alike_worst import worst_without_regret
from ._remedy import ROUNDING

COUNTED = 30_000
"""Own moves times states of counts up to which a rule is tried that needs to know how everybody plays."""

APART = "what others pay or get back does not depend on the own move and is left out"


def governed(crowd: Crowd, rule: Rule) -> Symmetric | None:
    """The game under the rule's `twin`, by counts or totals; None where its states are too many."""
    if rule.twin is None:
        return crowd.game
    size = len(crowd.moves)
    if rule.twin.scope == "profile" and size * math.comb(crowd.count + size - 2, size - 1) > COUNTED:
        return None
    return GovernedCounts(*_laid(crowd.game, rule.twin))


def _laid(game: Symmetric, institution: Institution) -> tuple[Symmetric, Charter]:
    """The bare game and all rules round it, the new one outermost."""
    base, inner = getattr(game, "base", game), getattr(game, "institutions", ())
    return base, Charter(ground_of(base), (*inner, institution))


def departures(crowd: Crowd, rule: Rule, target: int) -> tuple[tuple[str, ...], Array]:
    """The moves left, and what each gets a player where all others make the target's: asked of the rule itself."""
    if rule.twin is None:
        return crowd.moves, crowd.alone[target]
    stage = OneStage(*_laid(crowd.game, rule.institution))
    names = tuple(stage.names[0])
    rows = np.full((len(names), crowd.count), names.index(crowd.moves[target]))
    rows[:, 0] = np.arange(len(names))
    return names, stage.payoffs_at(rows)[:, 0]


def checks(crowd: Crowd, rule: Rule, target: int, seconds: float) -> tuple[tuple[Claim, ...], Symmetric | None]:
    """The claims about a rule, and the game that they were checked on."""
    game = governed(crowd, rule)
    found = [_stands(crowd, rule, target)]
    if game is None:
        return (*found, _no_other_alike(crowd, rule, target)), None
    states = States(game)
    place = game.moves[0].index(crowd.moves[target])
    found += _dominant(states, place, rule)
    found += [_alike(states, place, states.alone), _no_other(states, place)]
    strict = bool(found[1].statement.startswith("Whatever") and found[1].verdict == "proved")
    found += learnt(crowd, game, float(crowd.welfare[target]), strict, seconds)
    return tuple(found), game


def _stands(crowd: Crowd, rule: Rule, target: int) -> Claim:
    names, worth = departures(crowd, rule, target)
    label = crowd.moves[target]
    place, tolerance = names.index(label), ROUNDING * max(crowd.scale, float(np.ptp(worth)))
    gains = np.delete(worth, place) - worth[place]
    statement, method = f"All playing {label} is an equilibrium.", "every own move against all others at the target"
    least = float(-gains.max()) if len(gains) else math.inf
    if least < -tolerance:
        other = [name for name in names if name != label][int(gains.argmax())]
        witness = {"where": f"all play {label}", "move": other, "gain": -least}
        return Claim(statement, "refuted", f"{method}, in float64", tolerance, witness=witness)
    if least > tolerance and math.isfinite(least):
        statement = f"All playing {label} is an equilibrium that each loses at least {least:.6g} by leaving."
    return Claim(statement, "proved", f"{method}, in float64", tolerance, {"loss": least})


def _dominant(states: States, place: int, rule: Rule) -> Iterator[Claim]:
    """Whether the target is best whatever the others do; not said where nobody asked and it is not."""
    label, lead = states.moves[place], np.delete(states.game.payoffs[place] - states.game.payoffs, place, axis=0)
    least = float(lead.min()) if lead.size else math.inf
    numbers = {"smallest lead": least, "states": states.game.payoffs.shape[1]}
    apart = f" ({APART})" if rule.twin not in (None, rule.institution) else ""
    method = f"every own move against all {states.game.payoffs.shape[1]:,} states of the others{apart}, in float64"
    if least > states.slack:
        said = f"Whatever the others do, {label} is better than any other move"
        said += f", by at least {least:.6g}." if math.isfinite(least) else ": no other is left."
        yield Claim(said, "proved", method, states.slack, numbers)
    elif rule.concept == "dominant":
        move, state = np.unravel_index(int(lead.argmin()), lead.shape)
        others = np.asarray(states.game.others)[state]
        witness = {"others": others.tolist(), "move": np.delete(states.moves, place)[move].item(), "gain": -least}
        yield Claim(f"Whatever the others do, {label} is best.", "refuted", method, states.slack, numbers, witness)


def _alike(states: States, place: int, alone: Array) -> Claim:
    """Whether another move is an equilibrium when all make it; `alone` is `[k, j]` as of `States`."""
    stable = np.flatnonzero(np.diag(alone) >= alone.max(1) - states.slack)
    others = [states.moves[k] for k in stable if k != place]
    said, method = "No other move is an equilibrium when all make it.", "every move of all against every own move"
    if others:
        witness = {"all play": others[0], "how many such": len(others)}
        return Claim(said, "refuted", f"{method}, in float64", states.slack, witness=witness)
    return Claim(said, "proved", f"{method}, in float64", states.slack)


def _no_other_alike(crowd: Crowd, rule: Rule, target: int) -> Claim:
    """The same under regard for others, from the payoffs of the one who leaves and of those who stay."""
    assert isinstance(rule.institution, Prosocial)
    weight = rule.institution.weight
    wanted = (1 - weight) * crowd.alone + weight * (crowd.count - 1) * crowd.one_leaves
    return _alike(crowd, target, wanted)


def _no_other(states: States, place: int) -> Claim:
    """Whether a pure equilibrium is left in which not all make the target's move."""
    counts = states.another(range(len(states.moves)), place)
    said, method = "No other pure equilibrium is left, whoever plays what.", "every spread of the players, by counts"
    if counts is None:
        return Claim(said, "proved", f"{method}, in float64", states.slack)
    witness = {"equilibrium": spread_words(states.moves, counts)}
    return Claim(said, "refuted", f"{method}, in float64", states.slack, witness=witness)


def learnt(crowd: Crowd, game: Symmetric, wanted: float, strict: bool, seconds: float) -> Iterator[Claim]:
    """How far players without regret can fall; `strict` is that the target is best whatever the others do."""
    if strict:
        worst, method = wanted, "a move that is best whatever the others do is all that is played without regret"
    else:
        worst = worst_without_regret(game, crowd.game, seconds)
        method = "linear programming over all spreads (HiGHS), the bound computed again from its prices"
    if worst is None:
        yield Claim("How far play without regret can fall is not known.", "unknown", "too many spreads to look at")
        return
    tolerance = ROUNDING * max(crowd.span, abs(worst))
    numbers: Mapping[str, Any] = {"worst": worst, "wanted": wanted}
    said = f"No play without regret is worth less than {worst:.6g} on average (the target is worth {wanted:.6g})."
    yield Claim(said, "proved", f"{method}, in float64", tolerance, numbers)
