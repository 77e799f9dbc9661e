"""Who has power: who could seize, shut out or block, what each adds, and whether any division would hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.forms.coalitional import Coalitional
from ..core.forms.weighted_voting import WeightedVoting
from ..core.game import Array, Game
from ..solvers.banzhaf import banzhaf
from ..solvers.coalition_proof import joint_departure
from ..solvers.coalition_worth import coalition_worth
from ..solvers.core_of import Core, core_of
from ..solvers.logit import logit
from ..solvers.shapley import shapley
from ._power_found import TIE, able, blockers, refuse_many, seizures, shut_outs
from ._power_parts import PowerParts
from ._power_words import findings
from ._tables import agents_game, principals_game

EXACT = 20_000
"""Joint moves times groups up to which worths are worked out in rationals."""

SURE = 1 - 1e-6
"""Odds from which a move counts as sure."""

LISTED = 12
"""Voters up to which all groups of them are listed."""


@dataclass(frozen=True, eq=False)
class Power(PowerParts):
    """Who could do what with whom; the attributes are those of `PowerParts`."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Who could shut out whom, who could seize, who has a veto, whether agreements hold, and what each adds."""
        return findings(self)


def power(subject: Game | Delegation | Coalitional, *, at: Sequence[str] | None = None) -> Power:
    """Who could seize, shut out or block.

    Of a game of moves, against how things settle (the limit of the logit branch of the agents' game; or `at`, a joint
    move by labels):

    - a group could *shut out* an outsider whom it can hold below what it has, even if all others stand by the outsider
      (minimax with agreed lots; von Neumann and Morgenstern 1944);
    - a group is *able* when it can count on more in sum than its members have, whatever the others do; it could *seize*
      when the others would then be worse off whatever they do;
    - who belongs to every able group has a *veto*; a group that shares a member with each of them can *block*.

    Only sums of payoffs and the Shapley value need payoffs that are comparable and can be passed on; who can be shut
    out does not. Of a coalitional game or a vote the same is asked of its worths, against what each is worth alone.

    Raises
    ------
    TooLarge : too many players or moves to ask every group. UnknownName : `at` is no joint move.

    Examples
    --------
    >>> power(Coalitional.weighted_voting(3, [2, 1, 1], ["a", "b", "c"])).vetoes
    ('a',)
    """
    if isinstance(subject, WeightedVoting):
        return _of_vote(subject)
    if isinstance(subject, Coalitional):
        alone = subject.worth[1 << np.arange(subject.count)]
        return _of_worths(subject, alone, "each alone", "worths", subject.players)
    delegation = as_delegation(subject)
    refuse_many(delegation.game.sizes)
    game = principals_game(delegation)
    utilities = np.concatenate([game.payoffs, game.bystander_payoffs], axis=-1)
    if at is None:
        settled = logit(agents_game(delegation)).points[0]
        had, where = game.expected_utilities(settled), "as things settle"
        pure = all(x.max() > SURE for x in settled)
        place = game.labels([int(x.argmax()) for x in settled]) if pure else ()
    else:
        place, where = tuple(at), f"at ({', '.join(at)})"
        had = utilities[game.profile(place)]
    exact = game.size << len(game.players) <= EXACT
    found = _of_worths(coalition_worth(game, exact=exact), had, where, "game", game.principals)
    groups = [tuple(game.players.index(name) for name in group) for group in found.able]
    return replace(
        found,
        name=game.name,
        seizures=tuple(seizures(utilities, had, groups, game.principals)),
        shut_outs=tuple(shut_outs(utilities, had, game.principals)),
        at=place,
        leaves=joint_departure(game, place) if place else None,
        stays=joint_departure(game, place, lasting=True) if place else None,
    )


def _of_worths(worths: Coalitional, had: Array, where: str, kind: str, principals: tuple[str, ...]) -> Power:
    slack, core = TIE * (float(np.abs(worths.worth).max()) or 1.0), core_of(worths)
    if core.empty and core.shortfall <= slack:  # rounding could have emptied it
        core = Core(worths.players, None, status="partial")
    groups = able(worths, had, slack)
    blocks = blockers(groups, worths.count)
    return Power(
        name=worths.name,
        players=worths.players,
        principals=principals,
        kind=kind,
        had=tuple(map(float, had)),
        where=where,
        worths=worths,
        shapley=shapley(worths),
        banzhaf=banzhaf(worths),
        core=core,
        able=tuple(tuple(worths.players[i] for i in group) for group in groups),
        blockers=tuple(tuple(worths.players[i] for i in block) for block in blocks),
    )


def _of_vote(vote: WeightedVoting) -> Power:
    """Of a vote only who wins counts; of many voters only single ones are asked whether they can block."""
    if vote.count <= LISTED:
        return _of_worths(vote, np.zeros(vote.count), "without a vote", "vote", vote.players)
    vetoes = [i for i, weight in enumerate(vote.weights) if sum(vote.weights) - weight < vote.quota]
    share = [Fraction(i in vetoes, max(len(vetoes), 1)) for i in range(vote.count)]
    held = (tuple(map(float, share)), tuple(share)) if vetoes else ((), ())
    return Power(
        name=vote.name,
        players=vote.players,
        principals=vote.players,
        kind="vote",
        had=(0.0,) * vote.count,
        where="without a vote",
        worths=vote,
        shapley=shapley(vote),
        banzhaf=banzhaf(vote),
        core=Core(vote.players, not vetoes, *held, method="a vote has a core where somebody has a veto"),
        blockers=tuple((vote.players[i],) for i in vetoes),
    )
