"""Who should move first, seen by all others and held to it, and to what it would commit itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..audits._case import Case
from ..audits.equilibria import Equilibria
from ..audits.worst_case import WorstCase
from ..core.claim import Claim
from ..core.delegation import Delegation
from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.normal_form import NormalForm
from ..core.game import Game
from ..diagnosis._tables import opened
from ..institutions.leader import Leader
from ._leads import Lead, best_lottery, bound, follows, lead, leads
from ._proposal import Impossible, Needs, Proposal
from ._remedy import Problem, Profile, require_margin
from ._sees import sees
from ._staged_worst import offered_worst

SOURCE = "von Stackelberg (1934); Conitzer and Sandholm, Computing the Optimal Strategy to Commit to (EC 2006)"


def leadership(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    player: str | None = None,
    parts: int = 10,
    margin: float = 0.01,
) -> Proposal | Impossible:
    """The player under whose lead welfare is highest, whichever subgame-perfect outcome follows.

    A leader announces what is best for itself, so what is chosen here is who leads, and how finely it may mix. What its
    lead would be worth with any odds is found by linear programs, one for each joint reply of the others, with ties in
    its favour; with odds in equal parts, and ties against it, it comes short of that by `size`.

    Parameters
    ----------
    subject : a game or delegation whose joint moves can be listed.
    target : the joint move that has to come of it, by label; default: whatever is best for welfare.
    player : who has to lead; default whoever is best for all.
    parts : into how many equal parts the odds of a lottery may be divided, 1 to 100; fewer are taken where there would
        be more than 200 lotteries, or where they do as well. 1 is moves alone.
    margin : by how much welfare has to be higher than now, as a share (> 0) of its range.

    `numbers["leaders"]` says of each player what leading is worth to it ("pure": with moves alone, at worst; "mixed":
    with any odds, at best) and to all ("welfare": at worst, with the parts that are best for all).

    Raises
    ------
    InputError : parts out of range, a margin that is not positive, an unknown move or player; `TooLarge` beyond tables.
        Where it would take too long, the answer is an `Impossible` that says so.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[2, 1], [4, 0]], [[1, 0], [3, 1]]], players=("row", "column"))
    >>> found = leadership(game, parts=1)
    >>> found.institution, found.target, found.numbers["leaders"]["row"]["mixed"]
    (Leader(player='row', parts=1), ('2', '2'), 3.5)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    if not 1 <= parts <= 100 or int(parts) != parts:
        raise InputError(f"Lotteries of {parts!r} parts.", do="Give a whole number from 1 to 100.")
    if player is not None and player not in problem.game.players:
        raise UnknownName("player", player, problem.game.players)
    wanted = None if target is None else problem.target(target)
    told, chosen = {}, []
    for seat, name in enumerate(problem.game.players):
        if player not in (None, name):
            continue
        try:
            found = [one for one in leads(problem, seat, int(parts)) if one.complete]
            told[name] = _told(problem, seat, found)
        except TooLarge as error:
            return Impossible("leadership", error.what, error.do)
        chosen += [one for one in found if wanted is None or _ends(one) == {wanted}]
    now, span = float((problem.now * problem.worth).sum()), float(np.ptp(problem.worth)) or 1.0
    best = max(chosen, key=lambda one: _order(one, span, problem.scale), default=None)
    if best is None or best.welfare[best.worst] < now + margin * span:
        return _impossible(problem, wanted, told, best, now)
    return _proposal(problem, best, told)


def _order(one: Lead, span: float, scale: float) -> tuple[float, float, int]:
    """Welfare at worst, then the leader's reward, then few parts; what differs by rounding is the same."""
    worst = one.worst
    return round(one.welfare[worst] / span, 9), round(one.rewards[worst] / scale, 9), -one.parts


def _ends(one: Lead) -> set[Profile | None]:
    """The joint moves that it ends in; None is a lottery."""
    ends: set[Profile | None] = set()
    for row, reply in one.replies:
        odds = one.lotteries[row]
        move = int(odds.argmax())
        ends.add((*reply[: one.seat], move, *reply[one.seat :]) if odds[move] == 1 else None)
    return ends


def _told(problem: Problem, seat: int, found: Sequence[Lead]) -> dict[str, Any]:
    """What leading is worth to a player, and to all."""
    best, span = best_lottery(problem, seat), float(np.ptp(problem.worth)) or 1.0
    made: dict[str, Any] = {"pure": None, "mixed": best["reward"], "best": best, "welfare": None, "parts": None}
    if found:
        top = max(found, key=lambda one: _order(one, span, problem.scale))
        made |= {"welfare": float(top.welfare[top.worst]), "parts": top.parts}
        made["pure"] = next((float(one.rewards.min()) for one in found if one.parts == 1), None)
    return made


def _impossible(
    problem: Problem, wanted: Profile | None, told: Mapping[str, Any], best: Lead | None, now: float
) -> Impossible:
    """Why nobody's lead does."""
    ends = [f"{told[name]['welfare']:.4g} under {name}" for name in told if told[name]["welfare"] is not None]
    blind = [name for name in told if told[name]["welfare"] is None]
    numbers, listed = {"leaders": dict(told), "now": now}, "; ".join(ends)
    if len(ends) > 1 and len({f"{one['welfare']:.4g}" for one in told.values() if one["welfare"] is not None}) == 1:
        who = "whoever leads" if not blind else " or ".join(name for name in told if name not in blind)
        listed = f"{ends[0].partition(' under ')[0]} under {who}"
    unclear = f" Under {' or '.join(blind)} some announcement leaves the others without a pure equilibrium."
    more = unclear if blind else ""
    if wanted is not None and best is None:
        because = f"Nobody's lead is sure to end in ({', '.join(problem.game.labels(wanted))}).{more}"
        return Impossible("leadership", because, f"At worst, welfare is {listed}." if ends else "", numbers)
    said = f"Welfare is {now:.4g} now, and no lead is sure to raise it" + (
        f": at worst it is {listed}." if ends else "."
    )
    nearest = "A leader does what is best for itself; fines or promises can change what that is."
    return Impossible("leadership", said + more, nearest, numbers)


def _proposal(problem: Problem, one: Lead, told: Mapping[str, Any]) -> Proposal:
    game, seat = problem.game, one.seat
    row, reply = one.replies[one.worst]
    odds, player = one.lotteries[row], game.players[seat]
    label = _label(game.moves[seat], odds, one.parts)
    others = [own[k] for own, k in zip((own for i, own in enumerate(game.moves) if i != seat), reply, strict=True)]
    target = (*others[:seat], label, *others[seat:])
    outcome = np.zeros(game.sizes)
    np.moveaxis(outcome, seat, 0)[(slice(None), *reply)] = odds
    governed = _Led(
        problem.agents,
        bound(problem.delegation.rewards, odds, seat),
        players=game.players,
        moves=[(label,) if i == seat else own for i, own in enumerate(game.moves)],
        name=f"{game.name} led by {player}",
        bystanders=game.bystanders,
        bystander_payoffs=bound(problem.delegation.utilities[..., len(game.players) :], odds, seat),
    )
    worth, effects = bound(problem.worth, odds, seat), problem.effects(outcome)
    case, reward = Case.of(governed, target, worth=worth), float(one.rewards[one.worst])
    institution, missed = Leader(player, one.parts), max(told[player]["mixed"] - reward, 0.0)
    least, (seen, step) = float(one.welfare.min()), sees(problem, institution)
    offered = offered_worst(problem, institution, least)
    exact = missed <= 1e-9 * problem.scale
    return Proposal(
        approach="leadership",
        institution=institution,
        governed=governed,
        target=target,
        outcome=outcome,
        worth=worth,
        sentence=(
            f"{opened(player)} announces what it does and is held to it: it does {_in_words(game.moves[seat], odds)}, "
            f"the answer is ({', '.join(others)}), and welfare is at least {least:.4g}. {_left_to_it(label, offered)}"
        ),
        needs=Needs(
            forbidden=game.sizes[seat] - 1,  # once it has announced one
            share=1 - 1 / game.sizes[seat],
            observed=seen,
            information=step,
        ),
        effects=effects,
        status="optimal" if exact else "bound gap",
        minimised="what the leader misses of what leading is worth with any odds",
        size=0.0 if exact else missed,
        bound=0.0,
        claims=(
            *(_once(label, claim) for claim in Equilibria().answer(case)),
            offered,
            *(_once(label, claim) for claim in WorstCase().answer(case)),
            follows(problem, institution, least),
        ),
        objection=problem.objection(effects),
        source=SOURCE,
        numbers={
            "leaders": dict(told),
            "reward": reward,
            "lottery": dict(zip(game.moves[seat], odds.tolist(), strict=True)),
        },
    )


def led_by(problem: Problem, rule: Leader) -> Proposal | Impossible:
    """A lead that somebody brings along, at the worst that follows."""
    seat = problem.game.players.index(rule.player)
    one = lead(problem, seat, rule.parts)
    if not one.complete:
        return Impossible("leadership", "Some announcement leaves the others without a pure equilibrium.")
    return _proposal(problem, one, {rule.player: _told(problem, seat, [one])})


def _once(label: str, claim: Claim) -> Claim:
    """A claim about the game that an announcement leaves, which says so; `worst` is that of the rule on offer only."""
    numbers = {("once announced" if name == "worst" else name): value for name, value in claim.numbers.items()}
    return replace(claim, statement=f"Once {label} is announced: {claim.statement}", numbers=numbers)


def _left_to_it(label: str, offered: Claim) -> str:
    """That what is announced is the leader's own choice, and what that means for those who have yet to learn it."""
    said = f"It chooses the announcement itself: what is said of equilibria and learners holds once it is {label}"
    worst = offered.numbers.get("worst")
    if worst is None or offered.verdict == "proved":
        return f"{said}."
    return f"{said}, and who has yet to learn that may end in a welfare of {worst:.4g}."


class _Led(NormalForm):
    """What the others play, once the leader is held to what it announced; `base` is the game without a lead."""

    def __init__(self, base: Game, payoffs: np.ndarray, **more: Any) -> None:
        super().__init__(payoffs, **more)
        self.base = base


def _label(own: Sequence[str], odds: np.ndarray, parts: int) -> str:
    """What is announced: a move, or the shares of several."""
    counts = [(label, round(share * parts)) for label, share in zip(own, odds.tolist(), strict=True) if share > 0]
    return counts[0][0] if len(counts) == 1 else " + ".join(f"{count}/{parts} {label}" for label, count in counts)


def _in_words(own: Sequence[str], odds: np.ndarray) -> str:
    shares = [(label, p) for label, p in zip(own, odds.tolist(), strict=True) if p > 0]
    return shares[0][0] if len(shares) == 1 else " or ".join(f"{label} with odds {p:.3g}" for label, p in shares)
