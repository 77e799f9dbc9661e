"""A norm put together into a proposal: what is handed out, what it does to everybody, and what is claimed of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..institutions.reputation import Reputation
from ._norm_claims import norm_claims
from ._norm_found import Found, Search
from ._norm_strangers import strangers as among_strangers
from ._patience import shown
from ._proposal import Impossible, Needs, Proposal
from ._standings import RULES, TIE, mistaken, tried

SOURCE = "Kandori, Social norms and community enforcement (1992); Ohtsuki and Iwasa (2004)"

NAMES = {"GBBG": "stern judging", "GGBG": "simple standing", "BGBG": "image scoring", "BBBG": "shunning"}

OTHER_DISCOUNTS = (*(k / 20 for k in range(1, 20)), 0.99)


def proposal(search: Search, best: list[Found]) -> Proposal:
    """What is proposed: the first of the best pairs."""
    problem, one, patience = search.problem, best[0], search.patience(best[0])
    labels = problem.game.labels(search.place)
    institution = Reputation(norm=one.norm, good=search.good)
    governed, worth = first_round(search, one)
    outcome = _outcome(search, one)
    effects = problem.effects(outcome)
    wanted, borne = float(problem.worth[search.place]), search.borne(one)
    held = f"at discount factors from {patience.least:.4g} on (looked at up to {search.discount:g})"
    sentence = (
        f"The norm {one.norm}{f' ({NAMES[one.norm]})' if one.norm in NAMES else ''} keeps ({', '.join(labels)}) {held} "
        f"when all do {in_words(one, search.good)}. It bears wrong entries with odds of up to {borne:.3g}, and "
        f"{_forgiving(search.forgiven(one).values())}."
    )
    if search.error:
        sentence += f" With odds of {search.error:g} welfare is {one.welfare:.4g}, and without any {wanted:.4g}."
    strangers = among_strangers(search)
    return Proposal(
        approach="norm",
        institution=institution,
        governed=governed,
        target=labels,
        outcome=outcome,
        worth=worth,
        sentence=sentence,
        needs=Needs(observed="own moves", information=2),
        effects=effects,
        status="optimal",
        minimised="welfare lost by wrong entries",
        size=wanted - one.welfare,
        bound=wanted - one.welfare,
        claims=norm_claims(search, one, governed, worth, institution),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "norm": one.norm,
            "rule": one.letters,
            "bad": one.bad,
            "discount": search.discount,
            "error": search.error,
            "least discount": patience.least,
            "binding": f"{shown(patience.binding)} ≤ 0" if patience.binding else "",
            "no rule": search.no_rule,
            "loss": one.loss,
            "errors borne": borne,
            "forgiven": search.forgiven(one),
            "welfare": one.welfare,
            "welfare after a wrong entry": one.spoilt,
            "tried": len(search.norms) * len(RULES) * len(search.stages),
            "that do": len(search.all),
            "best": [_told(search, other) for other in best],
            **({} if strangers is None else {"among strangers": strangers}),
        },
    )


def impossible(search: Search) -> Impossible:
    """Why no norm will do, and what would be asked instead."""
    where = f"({', '.join(search.problem.game.labels(search.place))})"
    needed, asked = search.no_rule, f"a discount factor of {search.discount:g}"
    if search.discount < needed - TIE:
        because = f"At {asked} no equilibrium plays {where} in every round, whatever is remembered"
        because += f": that takes {needed:.4g}." if needed < 1 else ", nor at any other."
    else:
        mistakes = f" with errors of {search.error:g}" if search.error else ""
        because = f"At {asked}{mistakes} none of {len(search.norms)} norms of order {search.order} keeps {where}."
    tries = [(at, search.error) for at in OTHER_DISCOUNTS if at > max(search.discount, needed)]
    tries += [(search.discount, 0.0)] if search.error else []
    for discount, error in tries:
        if (other := next(search.found(discount, error), None)) is not None:
            errors = " without errors" if error != search.error else ""
            nearest = f"{other.norm} does at a discount factor of {discount:g}{errors}."
            return Impossible("norm", because, nearest, {"no rule": needed, "discount": discount, "norm": other.norm})
    return Impossible("norm", because, "A rule that pays may do: fines need no patience.", {"no rule": needed})


def first_round(search: Search, one: Found) -> tuple[NormalForm, Array]:
    """The first round with what follows it, per round: `(1 - δ) u + δ V` after each joint move; and its welfare."""
    problem, game, stage = search.problem, search.problem.game, one.stage
    value = tried(stage, one.norm, search.discount, search.error, np.array([one.rule])).value[0]
    entered = mistaken(stage, search.error) @ value
    made = np.moveaxis(np.indices(game.sizes), 0, -1) == np.array(search.place)
    later = entered[stage.after(one.norm)[-1, made @ stage.weights]]
    now = 1 - search.discount
    worth = now * problem.worth + search.discount * later[..., -1]
    payoffs = now * np.asarray(problem.delegation.rewards, float) + search.discount * later[..., :-1]
    name = f"{game.name}, a round under {one.norm}"
    return NormalForm(payoffs, players=game.players, moves=game.moves, name=name), worth


def in_words(one: Found, good: str) -> str:
    """The rule in words: "C to the good and D to the bad"."""
    parts = [_to(letters, good, one.bad) for letters in (RULES[one.rule][:2], RULES[one.rule][2:])]
    return parts[0] if parts[0] == parts[1] else f"{parts[1]}, and while in bad standing {parts[0]}"


def _to(letters: str, good: str, bad: str) -> str:
    to_bad, to_good = (good if letter == "C" else bad for letter in letters)
    return f"{to_good} to all" if to_bad == to_good else f"{to_good} to the good and {to_bad} to the bad"


def _forgiving(rounds: Iterable[int | None]) -> str:
    """How long a wrong entry spoils."""
    every = list(rounds)
    if any(one is None for one in every):
        return "never forgives one"
    most = max(one or 0 for one in every)
    return f"forgives one after {most} round{'s' if most != 1 else ''}"


def _told(search: Search, one: Found) -> dict[str, Any]:
    least = search.patience(one).least
    return {"norm": one.norm, "rule": one.letters, "bad": one.bad, "welfare": one.welfare, "least discount": least}


def _outcome(search: Search, one: Found) -> Array:
    """The odds of joint moves, rounds weighted as the players do."""
    stage, discount = one.stage, search.discount
    move = tried(stage, one.norm, discount, search.error, np.array([one.rule])).move[0]
    start = np.zeros(len(move))
    start[-1] = 1 - discount
    often = np.linalg.solve(np.eye(len(move)) - discount * move.T, start)
    odds = np.zeros(search.problem.game.sizes)
    bad = [own.index(one.bad) for own in search.problem.game.moves]
    for state, row in enumerate(stage.played()[one.rule].tolist()):
        odds[tuple(np.where(stage.bits[row], search.place, bad).tolist())] += often[state]
    return odds / odds.sum()
