"""The contracts and mediators that CoopEval's agents proposed, and the meetings in which they were voted on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from ..core.errors import InputError
from ..core.event import Event
from ._coopeval_events import terms_by_designer, voter
from ._jsonl import read_rows


@dataclass(frozen=True)
class Design:
    """One proposal of one agent for one seat, the same against all partners of a run.

    Attributes
    ----------
    cell, run : where it was proposed.
    agent, seat : by whom, and for which seat (from 1).
    contract : what doing each move is paid, label -> payoff units, by the others in equal parts; None for a mediator.
    mediator : the move that is made for those who delegate, by how many do (from 1); None for a contract.
    """

    cell: str
    run: str
    agent: str
    seat: int
    contract: Mapping[str, float] | None = None
    mediator: Mapping[int, str] | None = None

    @property
    def kind(self) -> Literal["contract", "mediator"]:
        """Which of the two it is."""
        return "mediator" if self.contract is None else "contract"


@dataclass(frozen=True)
class Meeting:
    """One round between seated agents, from the proposals to the points; all tuples are in the order of seats.

    Attributes
    ----------
    cell, run, matchup : which one it is.
    agents : who sat where.
    designs : what each of them had proposed.
    approved : `approved[i][j]`: whether seat i approved of the proposal of seat j.
    chosen : the seat (from 0) whose proposal won.
    signed : who signed it; empty for mediators, which nobody signs.
    delegated : who left the move to the mediator.
    moves, points : what was done in each seat, by itself or for it, and what that paid in all.
    """

    cell: str
    run: str
    matchup: int
    agents: tuple[str, ...]
    designs: tuple[Design, ...]
    approved: tuple[tuple[bool, ...], ...]
    chosen: int
    signed: tuple[bool, ...]
    delegated: tuple[bool, ...]
    moves: tuple[str, ...]
    points: tuple[float, ...]

    @property
    def design(self) -> Design:
        """The proposal that won."""
        return self.designs[self.chosen]


def designs(folder: str | Path) -> tuple[Design, ...]:
    """All proposals of a folder of CoopEval records, winning or not, in the order of the files.

    Raises
    ------
    InputError : a broken line, with file name and number; a name that is not agent#P1, agent#P2, ….
    """
    found = []
    for path in sorted(Path(folder).glob("designs-*.jsonl*")):
        run = path.name.removeprefix("designs-").split(".")[0]
        for row in read_rows(path):
            for name, terms in terms_by_designer(row).items():
                agent, seat = voter(row, name)
                contract, mediator = (None, terms) if "mediator" in row.row("design").row(name).data else (terms, None)
                found.append(Design(row.text("cell"), run, agent, seat, contract, mediator))
    return tuple(found)


def meetings(events: Iterable[Event], proposed: Iterable[Design]) -> Iterator[Meeting]:
    """The meetings behind `CoopEval.events`, of which proposals, votes and moves of every seat are recorded.

    Parameters
    ----------
    events : in the order in which they are streamed; rounds without a vote are passed over.
    proposed : what `designs` gives.

    Raises
    ------
    InputError : somebody who was at the table has proposed nothing, or the winner was not at the table.
    """
    known = {(design.cell, design.run, design.agent, design.seat): design for design in proposed}
    for _, group in groupby(events, lambda event: (event.episode, event.t)):
        seen = list(group)
        closed = [event for event in seen if event.channel == "closed"]
        acts = sorted((event for event in seen if event.channel == "act"), key=_seat)
        if closed and acts:
            yield _meeting(closed[0], acts, seen, known)


def _meeting(
    closed: Event, acts: list[Event], seen: list[Event], known: Mapping[tuple[str, str, str, int], Design]
) -> Meeting:
    cell, run, matchup = (closed.facts[name] for name in ("cell", "run", "matchup"))
    agents = tuple(event.agent for event in acts)
    keys = [(cell, run, agent, seat) for seat, agent in enumerate(agents, 1)]
    names = [f"{agent}#P{seat}" for seat, agent in enumerate(agents, 1)]
    if missing := [name for name, key in zip(names, keys, strict=True) if key not in known]:
        raise InputError(f"In matchup {matchup} of {cell}, {run}, {missing[0]} has proposed nothing.")
    if closed.facts["designer"] not in names:
        raise InputError(f"In matchup {matchup} of {cell}, {run}, {closed.facts['designer']} won without a seat.")
    votes = {_seat(event): set(event.action) for event in seen if event.channel == "vote"}
    signs = {_seat(event): bool(event.action) for event in seen if event.channel == "sign"}
    seats = range(1, len(agents) + 1)
    return Meeting(
        cell,
        run,
        matchup,
        agents,
        tuple(known[key] for key in keys),
        tuple(tuple(str(other) in votes.get(seat, ()) for other in seats) for seat in seats),
        names.index(closed.facts["designer"]),
        tuple(signs[seat] for seat in seats) if signs else (),
        tuple(event.facts.get("mediated", False) for event in acts),
        tuple(str(event.action) for event in acts),
        tuple(float(event.payoff or 0.0) for event in acts),
    )


def _seat(event: Event) -> int:
    return event.facts["seat"]
