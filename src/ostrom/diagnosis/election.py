"""What an election says: who wins by which rule, who beats whom, and whose standing changes who wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..choice.approval import approval
from ..choice.borda import borda
from ..choice.condorcet import condorcet_loser, condorcet_winner, smith_set
from ..choice.copeland import copeland
from ..choice.instant_runoff import instant_runoff
from ..choice.kemeny import kemeny
from ..choice.minimax import minimax
from ..choice.plurality import plurality
from ..choice.ranked_pairs import ranked_pairs
from ..choice.schulze import schulze
from ..core.claim import Finding
from ..core.errors import TooLarge
from ..core.forms.ballots import Ballots
from ._tables import listed, opened

SOURCE = (
    "Condorcet (1785); Borda (1784); Smith (1973); Tideman, Collective Decisions and Voting (2006). Spoilers: Arrow's "
    "(1951) independence of irrelevant alternatives, asked of this election."
)

SPOILERS = 12
"""Alternatives up to which each is left out in turn."""

NAMED = 6
"""Spoilers named in a sentence."""


@dataclass(frozen=True, eq=False)
class ElectionDiagnosis:
    """What an election says.

    Attributes
    ----------
    ballots : the election. winners : by each rule, all that win.
    beats_all, loses_to_all : the alternative that wins, or loses, every duel; None where there is none.
    smith : the smallest set whose members each beat all outside it.
    spoilers : by each rule with one winner, for whom it changes who wins when they do not stand (losers all): who wins
        without them. Empty where there are more than 12 alternatives.
    """

    ballots: Ballots
    winners: Mapping[str, tuple[str, ...]]
    beats_all: str | None
    loses_to_all: str | None
    smith: tuple[str, ...]
    spoilers: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Who wins by which rule; the duels; and who spoils it for whom."""
        return tuple(filter(None, (self._won(), self._duels(), self._spoiled())))

    def _won(self) -> Finding:
        groups: dict[tuple[str, ...], list[str]] = {}
        for rule, won in self.winners.items():
            groups.setdefault(won, []).append(rule)
        each = sorted(groups.items(), key=lambda item: -len(item[1]))
        if len(each) == 1:
            said = f"{_who(each[0][0])} by every rule that was asked: {listed(tuple(each[0][1]))}"
        else:
            said = "; ".join(f"{_who(won)} by {listed(tuple(rules))}" for won, rules in each)
        said = f"{opened(said)}. {self.ballots.voters:,} voted on {len(self.ballots.alternatives)} alternatives."
        numbers = {"winners": {rule: list(won) for rule, won in self.winners.items()}, "voters": self.ballots.voters}
        return Finding("winners", said, self.ballots.alternatives, numbers, SOURCE)

    def _duels(self) -> Finding:
        names, pairs = self.ballots.alternatives, self.ballots.pairwise
        if self.beats_all is not None:
            one = self.ballots.index(self.beats_all)
            rivals = [k for k in range(len(names)) if k != one]
            closest = min(rivals, key=lambda k: int(pairs[one, k] - pairs[k, one]), default=None)
            said = f"{self.beats_all} beats every other in a duel"
            if closest is not None:
                said += f", {names[closest]} most narrowly: {pairs[one, closest]:,} to {pairs[closest, one]:,}"
            wrong = [rule for rule, won in self.winners.items() if won != (self.beats_all,)]
            verb = "pass" if wrong[1:] else "passes"
            said += f". So {listed(tuple(wrong))} {verb} over whom majorities prefer to all others." if wrong else "."
        else:
            said = (
                f"Nobody beats every other in a duel: the smallest group that beats all outside it is "
                f"{listed(self.smith)}, and within it majorities go round or are tied."
            )
        lost = self.loses_to_all
        if lost is not None:
            chosen = [rule for rule, won in self.winners.items() if lost in won]
            said += f" {lost} loses to every other"
            said += f", and still wins by {listed(tuple(chosen))}." if chosen else "."
        numbers = {"pairwise": pairs.tolist(), "alternatives": list(names), "Smith set": list(self.smith)}
        return Finding("duels", said, names, numbers, SOURCE)

    def _spoiled(self) -> Finding | None:
        rules: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for rule, changed in self.spoilers.items():
            for loser, won in changed.items():
                rules.setdefault((loser, won), []).append(rule)
        told = [f"without {loser}, {_who(won)} by {listed(tuple(by))}" for (loser, won), by in rules.items()]
        if not told:
            return None
        more = f"; and {len(told) - NAMED} more" if len(told) > NAMED else ""
        said = f"Who loses decides who wins: {'; '.join(told[:NAMED])}{more}."
        numbers = {rule: {loser: list(won) for loser, won in own.items()} for rule, own in self.spoilers.items()}
        return Finding("spoilers", said, self.ballots.alternatives, numbers, SOURCE)


def election(ballots: Ballots) -> ElectionDiagnosis:
    """Every rule on one election, and what hangs on the choice of rule.

    Parameters
    ----------
    ballots : plurality to ranked pairs are asked of ballots that rank; approval only where each ballot has a single
        place. Kemeny's rule and ranked pairs are left out where they would take too long.

    Examples
    --------
    >>> from ostrom import Ballots
    >>> votes = {"M > N > C > K": 42, "N > C > K > M": 26, "C > K > N > M": 15, "K > C > N > M": 17}
    >>> found = election(Ballots.of(votes))
    >>> found.beats_all, found.winners["plurality"], found.winners["instant runoff"]
    ('N', ('M',), ('K',))
    """
    cast = ballots.gathered()  # every rule here only counts ballots, and is asked again without each loser
    winners = {name: won for name, rule in voting_rules(cast).items() if (won := _winners(rule, cast)) is not None}
    return ElectionDiagnosis(
        ballots=ballots,
        winners=winners,
        beats_all=condorcet_winner(cast),
        loses_to_all=condorcet_loser(cast),
        smith=smith_set(cast).ranking[0],
        spoilers={} if len(cast.alternatives) > SPOILERS else _spoilers(cast, winners),
    )


def voting_rules(ballots: Ballots) -> dict[str, Callable[[Ballots], Any]]:
    """The rules that are asked of such ballots, by name: approval alone where each has a single place."""
    if ballots.ranks.max() <= 0:
        return {"approval": approval}
    return {
        "plurality": plurality,
        "instant runoff": instant_runoff,
        "Borda": borda,
        "Copeland": copeland,
        "minimax": minimax,
        "Schulze": schulze,
        "ranked pairs": ranked_pairs,
        "Kemeny": kemeny,
    }


def _winners(rule: Callable[[Ballots], Any], ballots: Ballots) -> tuple[str, ...] | None:
    try:
        return tuple(rule(ballots).winners)
    except TooLarge:
        return None


def _spoilers(ballots: Ballots, winners: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By rule, the losers without whom others win."""
    rules, found = voting_rules(ballots), {}
    for name, won in winners.items():
        changed = {}
        for loser in [one for one in ballots.alternatives if one not in won and len(won) == 1]:
            left = ballots.only(*(one for one in ballots.alternatives if one != loser))
            now = _winners(rules[name], left)
            if now is not None and now != won:
                changed[loser] = now
        if changed:
            found[name] = changed
    return found


def _who(won: tuple[str, ...]) -> str:
    """ "N wins", "a and b tie"."""
    return f"{won[0]} wins" if len(won) == 1 else f"{listed(won)} tie" if won else "nobody wins"
