"""One draft that a mediator changes bit by bit, and parties who vote on every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.forms.negotiation import Negotiation
from ..core.game import Array
from ._settlement import Meetings, Settlement, Step, meetings, settled

__all__ = ["Voter", "replay_votes", "single_text", "voters_game"]


@dataclass(frozen=True)
class Voter:
    """How a party votes on a change of the draft.

    It accepts what does not make it worse off, and what costs it d with odds exp(-d / heat): its heat is `heat` times
    the range of its utilities at first, and falls evenly to 0 at the deadline. With heat 0 it never accepts a loss
    (hill climbing); above 0 it anneals. From Klein, Faratin, Sayama and Bar-Yam (2003).

    Raises `InputError` for a heat that is not finite or below 0.
    """

    name: str
    heat: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.heat < np.inf:
            raise InputError(f"A heat of {self.heat}.", do="Give a finite number of at least 0.")


VOTERS: Mapping[str, Voter] = {"hill climber": Voter("hill climber"), "annealer": Voter("annealer", 0.1)}
"""The two of the paper, by name."""


def single_text(
    negotiation: Negotiation, voters: Sequence[Any], *, seed: int = 0, exhaustive: bool = False
) -> Settlement:
    """A mediator draws a draft, then changes one issue of it at a time; what all accept becomes the draft.

    The draft at the deadline is the agreement, if it gives nobody less than no agreement does. Votes are all that
    anybody tells. Of the trace, steps of "mediator" are drafts and changes, the others votes.

    Parameters
    ----------
    negotiation : its deadline is the number of changes that are put to the vote.
    voters : one for each party, in order: "hill climber", "annealer", or a `Voter`.
    seed : of the first draft, the changes, and what annealers draw.
    exhaustive : go on past the deadline, through all changes of one issue in order, until none is accepted by hill
        climbers; heat has gone by then.

    Raises `InputError` for another number of voters, `UnknownName` for a voter there is not.

    Source: Klein, Faratin, Sayama and Bar-Yam, Negotiating complex contracts (2003); Raiffa (1982).

    Examples
    --------
    >>> deal = Negotiation({"a": (0, 1), "b": (0, 1)}, [[0, 1, 1, 3], [0, 2, 1, 3]])
    >>> single_text(deal, ("hill climber", "hill climber")).agreement
    ('1', '1')
    """
    if len(voters) != len(negotiation.parties):
        raise InputError(
            f"{len(voters)} voters for {len(negotiation.parties)} parties.", do="Give one for each, in order."
        )
    read = [_voter_of(one) for one in voters]
    drawn = np.random.default_rng(seed)
    heats = np.array([one.heat for one in read]) * np.ptp(negotiation.utilities, axis=1)
    draft = int(drawn.integers(negotiation.count))
    trace = [Step(0, "mediator", "drafts", negotiation.outcome(draft))]
    for change in range(negotiation.deadline):
        changed = _changed(negotiation, draft, drawn)
        losses = negotiation.utilities[:, draft] - negotiation.utilities[:, changed]
        heat = heats * (1 - change / negotiation.deadline)
        votes = _votes(losses, heat, drawn)
        _record(negotiation, trace, change + 1, changed, votes)
        draft = changed if votes.all() else draft
    rounds = negotiation.deadline
    if exhaustive:
        draft, rounds = _finished(negotiation, draft, trace, rounds)
    names = [one.name for one in read]
    return settled(negotiation, draft if negotiation.rational[draft] else None, 1.0, rounds, trace, names, seed)


def replay_votes(negotiation: Negotiation, trace: Sequence[Step]) -> tuple[str, ...]:
    """The draft that a trace of votes leads to, whoever cast them.

    Raises `InputError` at the first step that the protocol does not allow, `UnknownName` for an option there is not.
    """
    count = len(negotiation.parties)
    if not trace or trace[0][1:3] != ("mediator", "drafts") or (len(trace) - 1) % (count + 1):
        raise InputError(f"A trace of {len(trace)} steps.", do="Give the trace of a settlement as it is.")
    draft = trace[0].outcome
    for start in range(1, len(trace), count + 1):
        change, *votes = trace[start : start + count + 1]
        differs = sum(a != b for a, b in zip(draft, change.outcome, strict=True))
        parties = tuple(vote.party for vote in votes)
        allowed = all(vote.act in ("accepts", "rejects") and vote.outcome == change.outcome for vote in votes)
        if change[1:3] != ("mediator", "changes") or differs > 1 or parties != negotiation.parties or not allowed:
            raise InputError(
                f"Step {start}: {change.party} {change.act} {differs} issues, and {', '.join(parties)} vote.",
                "The mediator changes one issue, and all parties accept or reject that change, in order.",
                "Give the trace of a settlement as it is.",
            )
        negotiation.index(change.outcome)
        if all(vote.act == "accepts" for vote in votes):
            draft = change.outcome
    return draft


def voters_game(
    negotiations: Any, voters: Sequence[Any] = tuple(VOTERS), *, seeds: int = 20, seed: int = 0
) -> Meetings:
    """Every way of voting against every other, in every seat, as a game of choosing one.

    Parameters and errors as for `ostrom.choice.styles_game`; payoffs are means over cases and seeds.

    Examples
    --------
    >>> deal = Negotiation({"a": (0, 1), "b": (0, 1)}, [[0, 1, 1, 3], [0, 2, 1, 3]])
    >>> voters_game(deal, seeds=2).game.moves[0]
    ('hill climber', 'annealer')
    """
    read = [_voter_of(one) for one in voters]
    if len({one.name for one in read}) < len(read):
        raise InputError(f"Two voters share a name: {[one.name for one in read]}.", do="Give each once.")

    def negotiate(case: Negotiation, place: tuple[int, ...], start: int) -> Settlement:
        return single_text(case, [read[k] for k in place], seed=start)

    return meetings(negotiations, [one.name for one in read], negotiate, seeds, seed)


def _voter_of(given: Any) -> Voter:
    if isinstance(given, Voter):
        return given
    if given not in VOTERS:
        raise UnknownName("voter", str(given), VOTERS)
    return VOTERS[given]


def _changed(negotiation: Negotiation, draft: int, drawn: np.random.Generator) -> int:
    """The draft with another option of one issue, drawn among issues that have one; itself where none has."""
    place = negotiation.places[draft].copy()
    open_ = [k for k, size in enumerate(negotiation.sizes) if size > 1]
    if not open_:
        return draft
    issue = open_[int(drawn.integers(len(open_)))]
    place[issue] = (place[issue] + 1 + int(drawn.integers(negotiation.sizes[issue] - 1))) % negotiation.sizes[issue]
    return int(np.ravel_multi_index(place, negotiation.sizes))


def _votes(losses: Array, heat: Array, drawn: np.random.Generator) -> Array:
    """Who accepts: whoever loses nothing, and whoever's luck is below exp(-loss / heat)."""
    luck = drawn.random(len(losses))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        odds = np.where(losses <= 0, 1.0, np.where(heat > 0, np.exp(-np.maximum(losses, 0) / heat), 0.0))
    return luck < odds


def _record(negotiation: Negotiation, trace: list[Step], number: int, changed: int, votes: Array) -> None:
    named = negotiation.outcome(changed)
    trace.append(Step(number, "mediator", "changes", named))
    for party, vote in zip(negotiation.parties, votes, strict=True):
        trace.append(Step(number, party, "accepts" if vote else "rejects", named))


def _finished(negotiation: Negotiation, draft: int, trace: list[Step], number: int) -> tuple[int, int]:
    """Hill climbing through all changes of one issue until none betters somebody and harms nobody."""
    moved = True
    while moved:
        moved = False
        for issue, size in enumerate(negotiation.sizes):
            for option in range(size):
                place = negotiation.places[draft].copy()
                place[issue] = option
                changed = int(np.ravel_multi_index(place, negotiation.sizes))
                gains = negotiation.utilities[:, changed] - negotiation.utilities[:, draft]
                if (gains >= 0).all() and (gains > 0).any():
                    number += 1
                    _record(negotiation, trace, number, changed, gains >= 0)
                    draft, moved = changed, True
    return draft, number
