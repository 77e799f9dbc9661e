"""The game in which asking is a move, what it does to everybody, and whether those who ask would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.agent import Choice, Look, Strategy
from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ..institutions.escalation import Escalation
from ._asking_worth import Answers
from ._proposal import Needs, Proposal
from ._remedy import Effects
from ._wants import principal_of

SOURCE = "Howard, Information Value Theory (1966); Hadfield-Menell et al., The Off-Switch Game (IJCAI 2017)"

ASK = "ask"


def proposal(answers: Answers, seats: Sequence[int], told: Mapping[str, Any], cost: float, effort: float) -> Proposal:
    wishful, problem = answers.wishful, answers.wishful.problem
    game, names = problem.game, [problem.game.players[i] for i in seats]
    waiting = max(0.0, *(answers.worth(i).waiting for i in seats))
    institution = Escalation(tuple((name, principal_of(name)) for name in names), cost + waiting, float(effort))
    governed, worth = _governed(answers, seats, cost)
    effects, outcome = _effects(answers, seats, cost + effort)
    usual = [own[int(odds.argmax())] for own, odds in zip(game.moves, answers.marginals, strict=True)]
    target = tuple(_ask(game, i) if i in seats else label for i, label in enumerate(usual))
    case = Case.of(governed, target, worth=worth)
    willing = _willing(answers, seats, institution)
    objection = problem.objection(effects) or _why_not(names, told, willing)
    gains = ", ".join(f"{told[name]['threshold']:.4g} for {name}" for name in names)
    return Proposal(
        approach="asking",
        institution=institution,
        governed=governed,
        target=target,
        outcome=outcome,
        worth=worth,
        sentence=f"Asking its principal before it acts pays as long as that costs less than {gains}.",
        needs=Needs(cost=0.0, observed="who asks, and what is answered", information=2),
        effects=effects,
        status="optimal",
        minimised="cost of asking",
        size=float(len(seats) * (cost + effort)),
        bound=float(len(seats) * (cost + effort)),
        claims=(*Equilibria().answer(case), *WorstCase().answer(case), willing),
        objection=objection,
        source=SOURCE,
        numbers={"agents": told, "wanted": len(wishful.odds)},
    )


def _why_not(names: Sequence[str], told: Mapping[str, Any], willing: Claim) -> str:
    """Why those who should ask would not; empty where they would."""
    if unwilling := [name for name in names if not told[name]["asks"]]:
        rewards = ", ".join(f"{told[name]['reward']:.4g} to {name}" for name in unwilling)
        return f"By its own reward nobody would ask; it takes a payment for each question: {rewards}."
    if willing.verdict == "refuted" and willing.witness is not None:
        who, gain = willing.witness["player"], willing.witness["gain"]
        return f"{who} gains {gain:.4g} by another plan: who hears what others are answered need not ask."
    return ""


def _ask(game: Game, seat: int) -> str:
    """A label for asking that is no move of the game."""
    label = ASK
    while label in game.moves[seat]:
        label += "!"
    return label


def _governed(answers: Answers, seats: Sequence[int], cost: float) -> tuple[NormalForm, np.ndarray]:
    """The agents' game in which asking is a move, with what principals answer; and the welfare of its joint moves."""
    wishful, game = answers.wishful, answers.wishful.problem.game
    count, welfare = len(game.players), wishful.problem.delegation.welfare
    worth = np.stack([welfare.on_table(one) for one in wishful.utilities])[..., None]
    tables = np.concatenate([wishful.rewards, wishful.utilities[..., count:], worth], -1)
    mean = np.tensordot(wishful.odds, answers.with_asking(tables, seats), 1)
    for i in seats:
        own = np.moveaxis(mean[..., i], i, 0)
        own[-1] = answers.discount * own[-1] - cost
    governed = NormalForm(
        mean[..., :count],
        players=game.players,
        moves=[(*own, _ask(game, i)) if i in seats else own for i, own in enumerate(game.moves)],
        name=f"{game.name} with questions",
        bystanders=game.bystanders,
        bystander_payoffs=mean[..., count:-1],
    )
    return governed, mean[..., -1]


def _effects(answers: Answers, seats: Sequence[int], cost: float) -> tuple[Effects, np.ndarray]:
    """What everybody has now, and when these ask; what asking costs is lost to welfare, too."""
    wishful, problem = answers.wishful, answers.wishful.problem
    count, welfare, odds = len(problem.game.players), problem.delegation.welfare, wishful.odds
    later = wishful.utilities.copy()
    later[..., list(seats)] = answers.discount * later[..., list(seats)] - cost
    outcomes = answers.outcomes(seats)
    joint = odds.reshape(-1, *(1,) * (outcomes.ndim - 1)) * outcomes
    axes, worths = joint.ndim, [welfare.on_table(one) for one in wishful.utilities]
    before = np.tensordot(problem.now, np.tensordot(odds, wishful.utilities, 1), axes - 1)
    after = np.tensordot(joint, later, axes)
    change, slack = after - before, 1e-9 * float(np.ptp(wishful.utilities))
    effects = Effects(
        principals=problem.delegation.principals,
        before=tuple(before.tolist()),
        after=tuple(after.tolist()),
        welfare_before=float(sum(p * (problem.now * w).sum() for p, w in zip(odds, worths, strict=True))),
        welfare_after=float(sum((o * welfare.on_table(u)).sum() for o, u in zip(joint, later, strict=True))),
        takes_from_bystanders=bool(change[:count].sum() > slack and (change[count:] < -slack).any()),
    )
    return effects, joint.sum(0)


def _willing(answers: Answers, seats: Sequence[int], institution: Escalation) -> Claim:
    """That no agent gains by not asking, by the stages of the governed game itself.

    An agent that errs could do better than it does; of such a one it is asked only what not asking would change.
    """
    problem, names = answers.wishful.problem, [answers.wishful.problem.game.players[i] for i in seats]
    statement, slack = f"Not asking gains {' or '.join(names)} nothing.", 1e-9 * problem.scale
    method = "best replies on the tree, in float64; of who errs, what it does now"
    try:
        staged = answers.wishful.seated(names).under(institution)
        plans = _plans(answers, seats)
        best, value, found = staged.gains(plans), staged.value(plans), {}
        for i, name in zip(seats, names, strict=True):
            instead = [*plans[:i], _agent(answers, i, "no"), *plans[i + 1 :]]
            found[name] = float(staged.value(instead)[i] - value[i] if answers.errs(i) else best[i])
    except TooLarge as error:
        return Claim(statement, "unknown", method, numbers={"reason": error.what})
    holds, most = max(found.values()) <= slack, max(found, key=lambda name: found[name])
    witness = None if holds else {"player": most, "gain": found[most]}
    return Claim(statement, "proved" if holds else "refuted", method, slack, {"gains": found}, witness)


def _plans(answers: Answers, seats: Sequence[int]) -> list[Strategy]:
    """One for each seat of the game with principals: askers ask, principals answer, the others do as now."""
    agents = [_agent(answers, i, "yes") for i in range(len(answers.wishful.problem.game.players))]
    return [*agents, *(_principal(answers, i) for i in seats)]


def _agent(answers: Answers, seat: int, asks: str) -> Strategy:
    """Asks or not; does as it is told, and otherwise as now."""
    labels = answers.wishful.problem.game.moves[seat]
    usual = {label: p for label, p in zip(labels, answers.marginals[seat].tolist(), strict=True) if p > 0}

    def plan(look: Look) -> Choice:
        parts: dict[str, Any] = dict.fromkeys(look.choices, asks)
        allowed = look.choices.get("act", ())
        return {**parts, "act": allowed[0] if len(allowed) == 1 else usual} if allowed else parts

    return plan


def _principal(answers: Answers, seat: int) -> Strategy:
    """Answers by what it is told that it wants."""
    labels = answers.wishful.problem.game.moves[seat]

    def plan(look: Look) -> Choice:
        odds = answers.odds(seat)[int(look.sees.get("wanted", 0))]
        told = {f"do {label}": float(p) for label, p in zip(labels, odds, strict=True) if p > 0}
        return {part: _among(told, options) for part, options in look.choices.items()}

    return plan


def _among(told: Mapping[str, float], options: Sequence[str]) -> Any:
    """The answers where they can be given; the one thing there is to do elsewhere."""
    return dict(told) if set(told) <= set(options) else options[0]
