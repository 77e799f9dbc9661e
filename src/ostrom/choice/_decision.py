"""What a rule decides, and how: all that win, what they scored, and each step in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..core.errors import InputError, UnknownName


@dataclass(frozen=True)
class Decision:
    """What a rule decides.

    Attributes
    ----------
    rule, alternatives : which rule, and among what.
    winners : all that win, tied ones in the order of the alternatives; no tie is broken by a draw. Empty where a rule
        may decide nothing.
    scores : of each alternative, the more the better; empty where the rule has none.
    ranking : tiers, the winners first (before a tie is `settled`); empty where the rule ranks nothing, or follows
        several courses of its count that rank differently.
    rounds : sentences: what was decided in each step, which ties arose and how they were settled.
    ties : how many ties arose that could make a difference.
    """

    rule: str
    alternatives: tuple[str, ...]
    winners: tuple[str, ...]
    scores: tuple[float, ...] = ()
    ranking: tuple[tuple[str, ...], ...] = ()
    rounds: tuple[str, ...] = ()
    ties: int = 0

    @property
    def winner(self) -> str:
        """The only winner; `InputError` where there is none, or several are tied."""
        if len(self.winners) != 1:
            raise InputError(
                f"By {self.rule} {listed(self.winners) or 'nothing'} won.",
                "A single winner was asked for.",
                "Look at winners, or settle the tie by a declared order: settled([...]).",
            )
        return self.winners[0]

    def settled(self, order: Sequence[str]) -> Decision:
        """The same decision with a tie settled for the winner that stands first in a declared order.

        Raises `UnknownName` for what is no alternative, `InputError` for one named twice, or a tied one left out.
        """
        positions(order, self.alternatives, self.winners)
        if len(self.winners) < 2:
            return self
        first = min(self.winners, key=list(order).index)
        told = f"The tie of {listed(self.winners)} is settled for {first}, the first of them in the declared order."
        return replace(self, winners=(first,), rounds=(*self.rounds, told))


def positions(order: Sequence[str], alternatives: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    """The place of each name in a declared order that has to hold all `wanted` ones, each once."""
    given = [order] if isinstance(order, str) else list(order)
    for one in given:
        if one not in alternatives:
            raise UnknownName("alternative", str(one), alternatives)
    missing = [one for one in wanted if one not in given]
    if missing or len(set(given)) < len(given):
        raise InputError(
            f"The declared order {listed(given)} names one twice, or leaves out {listed(missing) or 'none'}.",
            "It has to say of any that can be tied which goes first.",
            "Name each alternative once, the one that is to win ties first.",
        )
    return {one: place for place, one in enumerate(given)}


def tiers(names: Sequence[str], scores: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    """Names with equal scores together, the highest score first."""
    levels: dict[float, list[str]] = {}
    for name, score in zip(names, scores, strict=True):
        levels.setdefault(score, []).append(name)
    return tuple(tuple(levels[score]) for score in sorted(levels, reverse=True))


def scored(rule: str, names: Sequence[str], exact: Sequence[float], shown: Sequence[float], unit: str) -> Decision:
    """The decision of a rule by which the highest score wins; `exact` ones decide, `shown` ones are told."""
    ranking, score = tiers(names, exact), dict(zip(names, shown, strict=True))
    told = []
    for tier, what in zip(ranking[:2], ("the most", "next"), strict=False):
        verb = f"tie for {what}" if tier[1:] else ("has the most" if what == "the most" else "is next")
        told.append(f"{listed(tier)} {verb}, with {number(score[tier[0]])} {unit}.")
    return Decision(rule, tuple(names), ranking[0], tuple(shown), ranking, tuple(told), int(len(ranking[0]) > 1))


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names in a sentence: "a, b and c"."""
    names = list(names)
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def number(value: float) -> str:
    """A score in a sentence: whole ones with thousands apart, others to four digits."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.4f}".rstrip("0")
