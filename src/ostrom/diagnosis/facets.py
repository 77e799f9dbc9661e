"""Where the impact gap comes from: intent, capability, and what agents do to each other.

Three switches repair one thing each: agents pursue their principals' utilities instead of rewards (intent), play with
perfect instead of finite precision (capability), act as one instead of each for itself (inter-agent). The impact gap
is the welfare with all on less that with all off; its facets are the Shapley values of the switches, so they sum to
the gap, depend on no order of repair, and are zero for a switch that changes nothing. They may be negative.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from ..core.delegation import Delegation, as_delegation
from ..core.game import Game, require_interaction
from ..solvers.logit import logit_fit
from ._facets_equilibria import Settlements
from ._facets_found import Facets
from ._facets_shares import agent_shares, pair_shares
from ._facets_switches import aim, corners, intent_halves, inter_agent_halves, selection, three
from ._play import OWN, PURSUED, TIE, Play, expect

SWITCHES = ("intent", "capability", "inter-agent")


def facets(subject: Game | Delegation, seed: int = 0) -> Facets:
    """The impact facets of a game or a delegation.

    `seed` is for the random orders behind shares of more than six agents or pairs; everything else is exact.

    Raises
    ------
    InputError : fewer than two players, a player without a choice, or a welfare that means nothing for these numbers;
        `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> found = facets(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]))
    >>> found.summed(found.gap), found.summed(found.conflict)
    (4.0, 4.0)
    """
    delegation = as_delegation(subject)
    require_interaction(delegation.game)
    play = _play(delegation)
    corner, settlements = corners(play), Settlements(play)
    played = corner(PURSUED, False, False)
    observed = None if delegation.observed is None else float((delegation.observed * play.worth).sum())
    intent, capability, inter_agent = three(corner)
    coordination, conflict = inter_agent_halves(corner, settlements)
    outer, inner = intent_halves(corner) if delegation.specified is not None else (None, None)
    worst, best = settlements.extremes(play.all(PURSUED))
    chosen = selection(play, corner)
    by_pair, beyond = pair_shares(play, seed)
    return Facets(
        players=delegation.game.players,
        bystanders=delegation.game.bystanders,
        welfare=delegation.welfare.name,
        precision=play.precision,
        fitted=delegation.precision is None and delegation.counts is not None,
        optimum=float(play.worth.max()),
        worst_outcome=float(play.worth.min()),
        played=played,
        intent=intent,
        capability=capability,
        inter_agent=inter_agent,
        coordination=coordination,
        conflict=conflict,
        outer=outer,
        inner=inner,
        observed=observed,
        unexplained=None if observed is None else played - observed,
        worst_equilibrium=worst,
        best_equilibrium=best,
        all_equilibria=settlements.listed_all,
        selection=chosen.verdict,
        swing=chosen.swing,
        bifurcations=chosen.bifurcations,
        by_agent=agent_shares(play, seed),
        by_pair=by_pair,
        beyond_pairs=beyond,
        corners={_named(on): corner(aim(on[0]), on[1], on[2]) for on in product((False, True), repeat=3)},
        effects=_effects(play),
        reach=_reach(play),
        regret=play.game(play.all(PURSUED)).regret(play.branch(play.all(PURSUED)).at(math.inf)),
    )


def _play(delegation: Delegation) -> Play:
    """The play of a delegation, at its precision, or the one fitted to what was observed, or perfect."""
    play = Play(delegation, delegation.precision or math.inf)
    if delegation.precision is None and delegation.counts is not None:
        play.precision = logit_fit(play.branch(play.all(PURSUED)), delegation.counts) * play.unit
    return play


def _reach(play: Play) -> dict[str, float]:
    """Every principal's utility at the welfare optimum that it likes best."""
    best = play.worth >= play.worth.max() - TIE * play.range
    return dict(zip(play.delegation.principals, play.utilities[best].max(0).tolist(), strict=True))


def _effects(play: Play) -> dict[str, tuple[float, float]]:
    """Every principal's mean utility as things are, and at the optimum."""
    everyone = (True,) * play.count
    now, best = play.alone(play.all(PURSUED), (False,) * play.count), play.together(play.all(OWN), everyone)
    names, tables = play.delegation.principals, np.moveaxis(play.utilities, -1, 0)
    return {name: (expect(u, now), float((best * u).sum())) for name, u in zip(names, tables, strict=True)}


def _named(on: tuple[bool, ...]) -> str:
    return "+".join(name for name, repaired in zip(SWITCHES, on, strict=True) if repaired)
