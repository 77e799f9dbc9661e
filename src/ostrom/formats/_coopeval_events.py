"""From CoopEval's lines about plays, votes and proposals to rows of the event table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import InputError
from ..core.event import Event
from ._coopeval_game import Cell
from ._jsonl import Row, finite

DELEGATE = "DELEGATE"
"""The label of the extra move in a stated strategy: leave the decision to the mediator."""


def act(row: Row, cell: Cell, episode: int, t: int, facts: Mapping[str, Any], texts: bool) -> Event:
    """The event of one decision; `cell` says which moves and seats there are."""
    seat = row.whole("seat", 1, len(cell.base.players))
    moves, action = cell.base.moves[seat - 1], row.text("action")
    if action not in moves:
        row.refuse("action", f"one of {', '.join(moves)}")
    mediated = {"mediated": True} if row.data.get("mediated") is True else {}
    return Event(
        episode,
        t,
        f"{row.text('model')}({row.text('mode')})",
        "act",
        action=action,
        message=row.text("text") if texts and "text" in row.data else None,
        facts={**facts, "seat": seat, **mediated},
        payoff=row.number("points"),
        probability=_stated(row, moves) if "probs" in row.data else None,
    )


def _stated(row: Row, moves: tuple[str, ...]) -> dict[str, float]:
    """A stated strategy `{"A0": 70, "A1": 30}` in percent, as chances by label; one entry too many is to delegate."""
    probs = row.row("probs")
    labels = {f"A{k}": label for k, label in enumerate((*moves, DELEGATE))}
    chances = [finite(value) for value in probs.data.values()]
    fits = set(probs.data) <= set(labels) and all(c is not None and c >= 0 for c in chances)
    if not fits or abs(sum(c for c in chances if c is not None) - 100) > 0.5:
        row.refuse("probs", f"percentages of {', '.join(labels)} that sum to 100")
    total = sum(c for c in chances if c is not None)
    return {labels[key]: probs.number(key) / total for key in probs.data}


def terms_by_designer(row: Row) -> dict[str, Any]:
    """Designer -> contract (label -> payment) or mediator (how many delegate -> label of the move it makes)."""
    terms: dict[str, Any] = {}
    for designer in row.row("design").data:
        design = row.row("design").row(designer)
        if "contract" in design.data:
            contract = design.row("contract")
            terms[designer] = {_label(key): contract.number(key) for key in contract.data}
        else:
            terms[designer] = _mediator(design)
    return terms


def _mediator(design: Row) -> dict[int, str]:
    rules = design.data.get("mediator")
    fits = isinstance(rules, list) and all(isinstance(rule, list) and len(rule) == 2 for rule in rules)
    if not fits or not all(isinstance(count, int) and isinstance(move, str) for count, move in rules):  # type: ignore
        design.refuse("mediator", "a list of [how many delegate, move]")
    return {count: _label(move) for count, move in rules}  # type: ignore[union-attr]


def _label(action: str) -> str:
    return action.rpartition(".")[2]


class Calendar:
    """Numbers episodes, and tells the round where a record numbers meetings instead."""

    def __init__(self) -> None:
        self.episodes: dict[tuple[str, ...], int] = {}
        self.met: Counter[tuple[str, ...]] = Counter()

    def place(self, run: str, row: Row, rematched: bool) -> tuple[int, int, int]:
        """The episode, round and matchup of a play."""
        cell, matchup, t = row.text("cell"), row.whole("matchup"), row.whole("round")
        if not rematched:
            return self._episode(cell, run, str(matchup)), t, matchup
        who = (cell, run, row.text("model"), row.text("mode"), str(row.whole("seat")))
        self.met[who] += 1
        return self._episode(cell, run), self.met[who] - 1, t

    def _episode(self, *place: str) -> int:
        return self.episodes.setdefault(place, len(self.episodes))


@dataclass(frozen=True)
class Ballot:
    """The votes on proposals by their designers, and who signed the one that won."""

    row: Row
    terms: Mapping[str, Any]

    def events(self, episode: int, t: int, facts: Mapping[str, Any]) -> Iterator[Event]:
        for vote in self.row.rows("votes"):
            agent, seat = voter(vote, vote.text("voter"))
            approved = [proposal for proposal, liked in vote.row("votes").data.items() if liked is True]
            yield Event(episode, t, agent, "vote", action=approved, facts={**facts, "seat": seat})
        signatures = self.row.row("signatures").data if "signatures" in self.row.data else {}
        for name, signed in signatures.items():
            agent, seat = voter(self.row, name)
            yield Event(episode, t, agent, "sign", action=signed is True, facts={**facts, "seat": seat})
        yield Event(episode, t, "", "closed", facts={**facts, **self._result()})

    def _result(self) -> dict[str, Any]:
        kind = "contract" if "selected_contract_designer_name" in self.row.data else "mediator"
        designer = self.row.text(f"selected_{kind}_designer_name")
        signed = {"in_force": self.row.data["all_signed"] is True} if "all_signed" in self.row.data else {}
        return {"designer": designer, kind: self.terms.get(designer), **signed}


def voter(row: Row, name: str) -> tuple[str, int]:
    """`"model(mode)#P2"` -> the agent and its seat."""
    agent, mark, seat = name.rpartition("#P")
    if not (mark and seat.isdecimal() and len(seat) < 4):
        raise InputError(f"{row.where} names {name[:60]!r}.", "Seats are written agent#P1, agent#P2, ….")
    return agent, int(seat)
