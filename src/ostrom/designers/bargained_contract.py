"""A contract on any joint move that everybody has a reason to sign: who gives something up is paid from the surplus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.evasion import Evasion
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import InputError, UnknownName
from ..core.exact import fraction, simple
from ..core.game import Array, Game
from ..institutions.agreement import Agreement
from ..institutions.transfers import Transfers
from ._agreed import Refused, Table, Terms, due, told_apart
from ._bargaining import Rule
from ._disagreement import Disagreement, without_one
from ._payments import Concept
from ._proposal import Impossible, Needs, Proposal, checked
from ._remedy import ROUNDING, Problem, Profile, require_margin
from ._sees import sees
from ._signing import signing

SOURCE = (
    "Christoffersen, Haupt and Hadfield-Menell, Get It in Writing (AAMAS 2023); Nash, The Bargaining Problem (1950); "
    "Kalai and Smorodinsky (1975)"
)

ASKED = 2_000
"""Joint moves, those of most welfare first, that are asked for one that can be agreed on."""

RULES = ("nash", "kalai-smorodinsky", "egalitarian")


def bargained_contract(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    margin: float = 0.01,
    rule: Rule = "nash",
    weights: Sequence[float] | None = None,
    disagreement: Disagreement | Sequence[float] = "now",
    concept: Concept = "dominant",
    cap: float | None = None,
    observed: Sequence[str] | None = None,
    detection: float = 1.0,
) -> Proposal | Impossible:
    """A contract that all sign before play, with payments that divide what is won by it, and damages for breaking it.

    Each promises its own part of a joint move, which may differ from player to player. While all keep it, payments that
    sum to 0 give everybody its part of the surplus over what it has without a contract, so that nobody has a reason
    not to sign; who breaks it owes the others the least damages that make keeping it better. Without limits the Nash
    solution is an equal split of the surplus, whatever the joint move pays whom, and so are the others; with a `cap`
    payments go as far as they can, and the solutions differ.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move by label; default the welfare optimum (of several, the one best for its worst-off player).
    margin : by how much keeping it has to be better, as a share (> 0) of the largest range of payoffs.
    rule : how the surplus is divided: "nash", "kalai-smorodinsky" or "egalitarian".
    weights : bargaining power of each player (> 0); default the same for all.
    disagreement : what each has without a contract: what is played "now", its least pure "equilibrium" payoff, what the
        others can hold it down to together ("minmax"), or payoffs of one's own, `[P]`.
    concept : whether keeping it is to be dominant once all have signed, or an equilibrium.
    cap : nobody ever pays or is paid more, in damages or for keeping it (payoff units; default no limit).
    observed : the facts, of own moves, by which a breach is told; default every move is seen.
    detection : the chance that a breach is found (above 0, up to 1); one that is not is paid like keeping it.

    Returns an `Impossible` where nothing is to be divided, a breach cannot be told, or the cap is too low.

    Raises
    ------
    InputError : an unknown move, fact, rule or disagreement, weights or a margin that are not positive; `TooLarge`
        beyond tables.

    Examples
    --------
    >>> from ostrom.games import EscapeRoom
    >>> bargained_contract(EscapeRoom(players=2, needed=1)).institution
    Agreement(promise=('lever', 'door'), pay=[5.5, -5.5], damages=[11.11, 1.11], same=(), each_round=False)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    power = _weights(problem, weights)
    if rule not in RULES or (cap is not None and not cap >= 0) or not 0 < detection <= 1:
        raise InputError(
            f"A bargained contract is asked for with rule={rule!r}, cap={cap!r} and detection={detection!r}.",
            f"Rules are {', '.join(RULES)}, the most that anybody pays is at least 0, and a chance is above 0.",
            "Give for example rule='nash', or no cap.",
        )
    unfit = _shared(problem, observed)
    if unfit:
        return unfit
    without = without_one(problem, disagreement)
    if without is None:
        nearest = "Take what is played now for it, or what each can be held down to."
        return Impossible("bargained contract", "Without a contract there is no pure equilibrium.", nearest)
    told = told_apart(problem, observed)
    table = Table(problem, without, told, power, rule, concept, margin * problem.scale, cap, detection)
    place = problem.target(target)
    terms = table.terms(place)
    if isinstance(terms, Refused):
        return _refused(table, place, terms)
    if not (terms.pay.any() or terms.damages.any()):
        because = (
            f"({', '.join(problem.game.labels(place))}) is the best everybody can do, so there is nothing to sign."
        )
        return Impossible("bargained contract", because, "What is missing is coordination: advice may do.")
    return _proposal(table, terms, observed)


def kept_agreement(problem: Problem, institution: Agreement) -> Proposal | Impossible:
    """An agreement that somebody brings along, where nobody has less by signing it, or gains by breaking it."""
    game, labels = problem.game, institution.promise
    place, pay = game.profile(labels), np.asarray(institution.pay, float)
    signed = problem.agents.under(Transfers(moves=game.moves, payments=due(game, institution)))
    effects, claims = problem.effects(problem.surely(place), pay), checked(problem, signed, place)
    losers = [name for name in game.players if effects.change[name] < -ROUNDING * problem.scale]
    if losers:
        return Impossible("bargained contract", f"{' and '.join(losers)} would have less with it, and not sign.")
    if claims[0].verdict != "proved":
        return Impossible("bargained contract", "Its damages do not make everybody keep it.")
    rewards, damages = np.asarray(problem.delegation.rewards, float)[place], float(np.max(institution.damages))
    where, paid = f"({', '.join(labels)})", float(pay.max(initial=0.0))
    return Proposal(
        approach="bargained contract",
        institution=institution,
        governed=signed,
        target=labels,
        outcome=problem.surely(place),
        worth=problem.worth_under(signed),
        sentence=f"Once all have signed to play {where}, with payments of up to {paid:.4g}, everybody keeps it.",
        needs=_needs(problem, institution, None),
        effects=effects,
        status="optimal",
        minimised="damages",
        size=damages,
        bound=damages,
        claims=(*claims, *signing(problem, institution, labels, rewards + pay, "contract")),
        objection=problem.objection(effects),
        source=SOURCE,
    )


def _needs(problem: Problem, institution: Agreement, observed: Sequence[str] | None) -> Needs:
    """What it asks once all have signed: the most that anybody pays or is paid, and what tells a breach."""
    payments, (seen, step) = due(problem.game, institution), sees(problem, institution)
    return Needs(
        fine=max(0.0, -float(payments.min())),
        promise=max(0.0, float(payments.max())),
        observed=seen if observed is None else " and ".join(observed) or "nothing",
        information=step if observed is None or observed else 0,
    )


def _weights(problem: Problem, weights: Sequence[float] | None) -> Array:
    count = len(problem.game.players)
    power = np.ones(count) if weights is None else np.asarray(weights, float)
    if power.shape != (count,) or not (power > 0).all() or not np.isfinite(power).all():
        raise InputError(
            f"The weights are {weights!r}.",
            f"Each of {count} players has some bargaining power.",
            f"Give {count} numbers above 0, or leave them out.",
        )
    return power / power.sum()


def _shared(problem: Problem, observed: Sequence[str] | None) -> Impossible | None:
    """Whether a fact that is seen depends on what others do, too: then a breach is nobody's (Holmström 1982)."""
    known = {fact.name for fact in problem.game.facts}
    for name in observed or ():
        if name not in known:
            raise UnknownName("fact", name, known)
        if not problem.of_own_move(name):
            because = f"How much {name} there is for each depends on what others do too, so that it does not tell whose"
            nearest = "Balanced payments may depend on such facts."
            return Impossible("bargained contract", f"{because} breach it was.", nearest)
    return None


def _better(table: Table, than: float) -> tuple[Terms | None, bool]:
    """The terms for the joint move of most welfare, above that, for which there are any; and whether all were asked."""
    worth = table.problem.worth
    noise = ROUNDING * float(np.ptp(worth))
    for number in np.argsort(-worth.ravel(), kind="stable")[:ASKED]:
        place = tuple(int(k) for k in np.unravel_index(int(number), worth.shape))
        if worth[place] <= than + noise:
            return None, True
        found = table.terms(place)
        if isinstance(found, Terms):
            return found, True
    return None, worth.size <= ASKED


def _refused(table: Table, place: Profile, refused: Refused) -> Impossible:
    """Why there are no terms for a joint move, and for which there are some."""
    game, worth = table.problem.game, table.problem.worth
    best, _ = _better(table, float((table.problem.now * worth).sum()))
    reach = float("nan") if best is None else float(worth[best.place])
    nearest = refused.nearest
    if best is not None:
        nearest = f"({', '.join(game.labels(best.place))}), worth {reach:.4g}, can be agreed on. {nearest}"
    numbers = {"limit": refused.limit, "reach": reach, "without": table.without.tolist()}
    because = f"({', '.join(game.labels(place))}) cannot be agreed on. {refused.because}"
    return Impossible("bargained contract", because, nearest, numbers)


def _proposal(table: Table, terms: Terms, observed: Sequence[str] | None) -> Proposal:
    problem, place = table.problem, terms.place
    game, labels = problem.game, problem.game.labels(place)
    institution = Agreement(promise=labels, pay=terms.pay, damages=terms.damages, same=_same(table, place))
    signed = problem.agents.under(Transfers(moves=game.moves, payments=due(game, institution)))
    effects = problem.effects(problem.surely(place), terms.pay)
    damages, paid, surplus = float(terms.damages.max()), float(terms.pay.max()), terms.surplus
    worth = problem.worth
    best, whole = _better(table, float(worth[place]))
    reach = float(worth[place] if best is None else worth[best.place]) if whole else float("nan")
    named = [dict(zip(game.players, map(float, row), strict=True)) for row in (terms.gains, terms.pay, terms.damages)]
    how = (
        f"payments of up to {paid:.4g} divide"
        if paid > ROUNDING * problem.scale
        else "no payments are needed to divide"
    )
    return Proposal(
        approach="bargained contract",
        institution=institution,
        governed=signed,
        target=labels,
        outcome=problem.surely(place),
        worth=problem.worth_under(signed),
        sentence=(
            f"Once all have signed to play ({', '.join(labels)}), {how} a surplus of {surplus:.4g}, and damages of up "
            f"to {damages:.4g} make everybody keep it."
        ),
        needs=_needs(problem, institution, observed),
        effects=effects,
        status="optimal",
        minimised="damages",
        size=damages,
        bound=damages,
        claims=(*checked(problem, signed, place), *_claims(table, terms, signed, institution)),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "surplus": surplus,
            "gain": named[0],
            "share": {name: gain / surplus for name, gain in named[0].items()},
            "gain from refusing": {name: -gain for name, gain in named[0].items()},
            "pay": named[1],
            "damages": named[2],
            "without": dict(zip(game.players, table.without.tolist(), strict=True)),
            "reach": reach,
            "left": float(worth.max()) - reach,
        },
    )


def _same(table: Table, place: Profile) -> tuple[tuple[str, ...], ...]:
    """Per player the labels that nobody can tell from the promised one; nothing where there are none."""
    rows = zip(table.problem.game.moves, table.told, place, strict=True)
    same = [tuple(own[k] for k in range(len(own)) if k != part and not told[part, k]) for own, told, part in rows]
    return tuple(same) if any(same) else ()


def _claims(table: Table, terms: Terms, signed: Game, institution: Agreement) -> list[Claim]:
    """That payments sum to 0, that nobody has less than without it, and what signing and playing leads to."""
    problem, place = table.problem, terms.place
    labels, rewards = problem.game.labels(place), table.rewards
    case = Case.of(signed, labels, worth=problem.worth_under(signed))
    now = [simple(float(min(pair))) for pair in zip(table.without, rewards[place] + terms.pay, strict=True)]
    balanced = bool((np.abs(case.adds.sum(-1)) <= case.slack).all())
    evidence: dict[str, Any] = {"kind": "sums", "sign": "="}
    claims = [case.settled("What the players pay and receive sums to 0.", balanced, evidence, "every joint move")]
    evidence = {"kind": "voluntary", "target": labels, "now": now}
    claims.append(case.settled("Nobody has less than without the contract.", True, evidence, "what each gets"))
    if table.cap is not None:
        evidence = {"kind": "within", "fine": fraction(table.cap), "payment": fraction(table.cap)}
        claims.append(
            case.settled(f"Nobody ever pays or is paid more than {table.cap:g}.", True, evidence, "every joint move")
        )
    if table.detection < 1:
        claims.append(Evasion(detection=table.detection).answer(case)[0])
    return [*claims, *signing(problem, institution, labels, rewards[place] + terms.pay, "contract")]
