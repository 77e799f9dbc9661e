"""What is asked of voting rules, a function for each axiom: whether it fails at an election, and what shows it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from ._voting_axioms_here import condorcet_loser, condorcet_winner, majority, majority_loser, pareto, resoluteness
from ._voting_ballots import Row
from ._voting_profile import Failure, Looked, Profile

Axiom = Callable[[Profile], Looked]


def anonymity(one: Profile) -> Looked:
    """It does not matter who casts which ballot."""
    others, whole = one.orderings()
    for parts in others:
        if one.raw(parts, one.names) != one.winners:
            return Looked(one.fails("The same ballots from other voters make another winner.", parts), whole)
    return Looked(None, whole)


def neutrality(one: Profile) -> Looked:
    """It does not matter what alternatives are called."""
    every, whole = one.orders
    for to in every[: one.most]:
        parts = one.mapped(lambda row, to=to: tuple(row[to.index(k)] for k in range(one.size)))
        if one.asked(parts) != tuple(sorted(to[k] for k in one.winners)):
            return Looked(one.fails("Alternatives that change places on all ballots do not in the answer.", parts))
    return Looked(None, whole and len(every) <= one.most)


def monotonicity(one: Profile) -> Looked:
    """A winner stays one when some voters with one ballot lift it (Fishburn 1982)."""
    for k in one.winners:
        for b, (row, many) in enumerate(one.parts):
            for place in range(row[k]):
                lifted = tuple(place if j == k else rank + (place <= rank < row[k]) for j, rank in enumerate(row))
                for lifting in range(1, many + 1):
                    rest = [(row, many - lifting)] if many > lifting else []
                    parts = (*one.parts[:b], *rest, (lifted, lifting), *one.parts[b + 1 :])
                    if k not in one.asked(parts):
                        return Looked(one.fails(f"{one.names[k]} is lifted, and wins no longer.", parts))
    return Looked(None)


def participation(one: Profile) -> Looked:
    """No voter would rather stay away (Moulin 1988)."""
    if one.voters > 1:
        for b, (row, _) in enumerate(one.parts):
            without, values = one.changed(b, ()), tuple(-place for place in row)
            if one.worth(values, one.asked(without)) > one.worth(values, one.winners):
                return Looked(one.fails("One voter gains by staying away.", without))
    return Looked(None)


def reinforcement(one: Profile) -> Looked:
    """What two groups both choose is what they choose together (Young 1974)."""
    splits, whole = one.splits()
    for some, rest in splits:
        both = tuple(k for k in one.asked(some) if k in one.asked(rest))
        if both and both != one.winners:
            others = {"one group": (some, one.names), "other group": (rest, one.names)}
            return Looked(Failure(f"Two groups both choose {one.say(both)}, together they do not.", others), whole)
    return Looked(None, whole)


def clones(one: Profile) -> Looked:
    """A twin next to one alternative on all ballots takes from nobody and gives to nobody (Tideman 1987)."""
    every = True
    for k in range(one.size):
        others, whole = one.clones(k)
        names, every = (*one.names, f"{one.names[k]}'"), every and whole
        for parts in others:
            now = {k if winner == one.size else winner for winner in one.asked(parts, names)}
            if now != set(one.winners):
                return Looked(one.fails(f"A twin of {one.names[k]} makes another winner.", parts, names), whole)
    return Looked(None, every)


def losers(one: Profile) -> Looked:
    """Without some of those that lose, the same win (Chernoff 1954; Nash 1950)."""
    out = [k for k in range(one.size) if k not in one.winners]
    groups = [gone for count in range(1, len(out) + 1) for gone in combinations(out, count)]
    for gone in groups[: one.most]:
        kept = [k for k in range(one.size) if k not in gone]
        parts, names = one.mapped(lambda row, kept=kept: _closed([row[k] for k in kept])), one.names
        left = tuple(names[k] for k in kept)
        if tuple(kept[k] for k in one.asked(parts, left)) != one.winners:
            return Looked(one.fails(f"Without {' and '.join(names[k] for k in gone)} others win.", parts, left))
    return Looked(None, len(groups) <= one.most)


def irrelevant(one: Profile) -> Looked:
    """Where all put two alternatives in the same order, it is not now this one that wins without the other, now that
    (Arrow 1951, for single winners)."""
    every = True
    for k in one.winners:
        for j in (j for j in range(one.size) if j not in one.winners):
            others, whole = one.same_pair(k, j)
            every &= whole
            for parts in others:
                now = one.asked(parts)
                if j in now and k not in now:
                    why = f"Nobody changes {one.names[k]} and {one.names[j]}, and {one.names[j]} wins instead."
                    return Looked(one.fails(why, parts), whole)
    return Looked(None, every)


def reversal(one: Profile) -> Looked:
    """The only winner does not win when all ballots are turned round (Saari 1994)."""
    parts = one.mapped(lambda row: tuple(one.size - 1 - place for place in row))
    if len(one.winners) == 1 and one.size > 1 and one.winners[0] in one.asked(parts):
        return Looked(one.fails(f"{one.say(one.winners)} wins also with all ballots turned round.", parts))
    return Looked(None)


def strategy_proofness(one: Profile) -> Looked:
    """No voter gains by casting another order (Gibbard 1973; Satterthwaite 1975)."""
    lies, whole = one.orders
    for b, (row, _) in enumerate(one.parts):
        values = tuple(-place for place in row)
        for lie in lies:
            parts = one.changed(b, (lie,))
            if one.worth(values, one.asked(parts)) > one.worth(values, one.winners):
                return Looked(one.fails("One voter gains by casting another order.", parts))
    return Looked(None, whole)


def _closed(places: list[int]) -> Row:
    """Places without gaps."""
    return tuple(sorted(places).index(place) for place in places)


AXIOMS: dict[str, Axiom] = {
    "anonymity": anonymity,
    "neutrality": neutrality,
    "majority": majority,
    "majority loser": majority_loser,
    "Condorcet winner": condorcet_winner,
    "Condorcet loser": condorcet_loser,
    "Pareto": pareto,
    "monotonicity": monotonicity,
    "participation": participation,
    "reinforcement": reinforcement,
    "independence of clones": clones,
    "independence of losers": losers,
    "independence of irrelevant alternatives": irrelevant,
    "reversal symmetry": reversal,
    "strategy-proofness": strategy_proofness,
    "resoluteness": resoluteness,
}
