"""Offers in turn until all accept one or time is up, by parties of several styles; and which style does well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.errors import InputError
from ..core.forms.negotiation import Negotiation
from ._seat import ACCEPT, Seat, Style, seats_of
from ._settlement import Meetings, Points, Settlement, Step, meetings, points_of, settled
from ._styles import STYLES, Aspiration, Hardliner, Micro, TimeDependent, TitForTat, named, style_of

__all__ = [
    "ACCEPT", "Aspiration", "Hardliner", "Meetings", "Micro", "Points", "Seat", "Settlement", "Step", "Style",
    "TimeDependent", "TitForTat", "alternating_offers", "negotiation_points", "replay_offers", "styles_game",
]  # fmt: skip


def alternating_offers(negotiation: Negotiation, styles: Sequence[Any], *, seed: int = 0) -> Settlement:
    """Parties take turns, each to accept the offer on the table or to make another, up to the deadline.

    An offer is agreed upon when all others have accepted it one after another (Rubinstein 1982; with more than two
    parties the stacked protocol of Aydoğan, Festen, Hindriks and Jonker 2017). In a round everybody has one turn.
    Nobody can be made to accept, and a party that would have nothing better than no agreement has no offer to make:
    then there is none.

    Parameters
    ----------
    negotiation : what is negotiated. styles : one for each party, in order: a name ("boulware", "linear", "conceder",
        "tit for tat", "micro", "aspiration", "hardliner"), or a `Style`.
    seed : of what a style draws.

    Raises
    ------
    InputError : another number of styles, or a style that offers what there is not, or accepts nothing.

    Examples
    --------
    >>> cake = Negotiation({"mine": range(11)}, [[k for k in range(11)], [10 - k for k in range(11)]])
    >>> found = alternating_offers(cake, ("linear", "linear"))
    >>> found.agreement, found.utilities, found.rounds
    (('5',), (5.0, 5.0), 11)
    """
    count = len(negotiation.parties)
    if len(styles) != count:
        raise InputError(f"{len(styles)} styles for {count} parties.", do="Give one for each, in their order.")
    read = tuple(style_of(one) for one in styles)
    seats, trace, accepted = seats_of(negotiation, seed), list[Step](), 0
    last, names = max(negotiation.deadline - 1, 1), [one.name for one in read]
    table: int | None = None
    willing = all(len(seat.order) for seat in seats)
    for turn in range(negotiation.deadline if willing else 0):
        share = turn / last if negotiation.deadline > 1 else 1.0
        for i, (style, seat, party) in enumerate(zip(read, seats, negotiation.parties, strict=True)):
            seat.time = share
            act = style.turn(seat)
            _refuse(act, table, style, negotiation.count)
            if act == ACCEPT:
                assert table is not None
                accepted += 1
                trace.append(Step(turn, party, "accepts", negotiation.outcome(table)))
                if accepted == count - 1:
                    return settled(negotiation, table, share, turn + 1, trace, names, seed)
                continue
            table, accepted = act, 0
            trace.append(Step(turn, party, "offers", negotiation.outcome(act)))
            seat.made.append(act)
            for j, other in enumerate(seats):
                if j != i:
                    other.heard.append(act)
    return settled(negotiation, None, 1.0, negotiation.deadline if willing else 0, trace, names, seed)


def _refuse(act: int, table: int | None, style: Style, count: int) -> None:
    if (act == ACCEPT and table is None) or not ACCEPT <= act < count:
        raise InputError(
            f"Style {style.name!r} answers {act} to {'no offer' if table is None else f'offer {table}'}.",
            f"It offers an outcome from 0 to {count - 1}, or accepts (-1) the one on the table.",
            "Mend its `turn`.",
        )


def replay_offers(negotiation: Negotiation, trace: Sequence[Step]) -> tuple[str, ...] | None:
    """The agreement that a trace of offers leads to by the protocol alone, whoever made them; None without one.

    Raises `InputError` at the first step that the protocol does not allow, `UnknownName` for an option there is not.
    """
    count, table, accepted = len(negotiation.parties), None, 0
    for number, step in enumerate(trace):
        told = (step.round, step.party) == (number // count, negotiation.parties[number % count])
        done = accepted == count - 1 or step.round >= negotiation.deadline
        if done or not told or step.act not in ("offers", "accepts") or (step.act == "accepts" and table is None):
            raise InputError(
                f"Step {number}: {step.party} {step.act} in round {step.round}.",
                "Parties take turns in order, accept only what is on the table, and stop at a deal or the deadline.",
                "Give the trace of a settlement as it is.",
            )
        if step.act == "offers":
            negotiation.index(step.outcome)
            table, accepted = step.outcome, 0
        elif step.outcome != table:
            raise InputError(f"Step {number} accepts {step.outcome}, not {table}.", do="Accept what is on the table.")
        else:
            accepted += 1
    return table if count - 1 == accepted else None


def negotiation_points(negotiation: Negotiation) -> dict[str, tuple[str, ...]]:
    """The outcomes with the largest product of gains, and with the most equal relative gains; without lotteries.

    Empty where nothing betters everybody; of equal ones the first.
    """
    points = points_of(negotiation)
    if points is None:
        return {}
    return {
        "Nash": negotiation.outcome(points.nash),
        "Kalai–Smorodinsky": negotiation.outcome(points.kalai_smorodinsky),
    }


def styles_game(negotiations: Any, styles: Sequence[Any] = tuple(STYLES), *, seeds: int = 1, seed: int = 0) -> Meetings:
    """Every style against every other, in every seat, as a game of choosing a style.

    Parameters
    ----------
    negotiations : one, or several between parties of the same names; payoffs are means over them.
    styles : as for `alternating_offers`. seeds : how often each is run (only "micro" draws). seed : the first of them.

    Raises
    ------
    InputError : no negotiation, parties of different names, fewer than two styles, or two of one name.
    TooLarge : more than twenty thousand negotiations.

    Examples
    --------
    >>> cake = Negotiation({"mine": range(11)}, [[k for k in range(11)], [10 - k for k in range(11)]])
    >>> styles_game(cake, ("hardliner", "conceder")).game.payoffs.tolist()
    [[[0.0, 0.0], [10.0, 0.0]], [[0.0, 10.0], [5.0, 5.0]]]
    """
    read = named(styles)

    def negotiate(case: Negotiation, place: tuple[int, ...], start: int) -> Settlement:
        return alternating_offers(case, [read[k] for k in place], seed=start)

    return meetings(negotiations, [one.name for one in read], negotiate, seeds, seed)
