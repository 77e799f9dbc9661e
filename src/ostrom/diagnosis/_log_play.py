"""What agents were seen to do in one game under one mechanism, gathered from the event table round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.event import Event
from ..core.game import Array, Mixture
from ..formats.coopeval import Cell, Outcome, round_weights, transfers
from ._log_intervals import Basis, model_of


@dataclass(frozen=True)
class Observed:
    """The observed mixed play of a base game.

    Attributes
    ----------
    joint : `float[A_1, …, A_P]`, how often each joint move was played, in meetings: a round counts by its weight in
        the meeting. A decision enters with its stated mixture where one over these moves was recorded, else with the
        move that was made (also the mediator's, where it moved for the agent).
    by_pairing : the same for the meetings of each set of models; they sum to `joint`.
    by_agent : each agent's mean mixture in each seat it took: agent -> seat (from 0) -> `float[A_i]`.
    decisions, stated, mediated : how many decisions; how many entered as stated mixtures; how many the mediator made.
    played : complete rounds.
    signed, ballots : how many contracts all signed, of how many that won a ballot.
    rounds, agreeing : rounds whose points could be computed from the game (and contract); how many of them
        agree with the record.
    disagreement : the first that does not, in words; "" if none.
    incomplete : rounds of which some seat was not recorded, and which are left out.
    runs : the runs that were seen, sorted.
    """

    joint: Array
    by_pairing: Mapping[frozenset[str], Array]
    by_agent: Mapping[str, Mapping[int, Array]]
    decisions: int
    stated: int
    mediated: int
    played: int
    signed: int
    ballots: int
    rounds: int
    agreeing: int
    disagreement: str
    incomplete: int
    runs: tuple[str, ...]

    @property
    def pooled(self) -> Mixture:
        """The mixture of every seat, all agents together."""
        shares = self.joint / self.joint.sum()
        return tuple(np.moveaxis(shares, seat, 0).reshape(size, -1).sum(1) for seat, size in enumerate(shares.shape))

    def to_dict(self) -> dict[str, Any]:
        """All of it by name, pairings as the names of their models in order."""
        named = {" and ".join(sorted(pairing)): joint for pairing, joint in self.by_pairing.items()}
        return {**vars(self), "by_pairing": named}

    @property
    def basis(self) -> Basis:
        """How much play this is."""
        return Basis.of(self.played, self.by_pairing)

    @property
    def source(self) -> str:
        """In words, what the mixtures are made of."""
        if self.stated == self.decisions:
            return f"the stated mixed strategies of all {self.decisions:,} decisions"
        moves = "the moves made" + (f" ({self.mediated:,} of them by the mediator)" if self.mediated else "")
        if not self.stated:
            return f"{moves} in {self.decisions:,} decisions"
        return f"stated mixed strategies for {self.stated:,} of {self.decisions:,} decisions, {moves} for the others"


COUNTED = ("decisions", "stated", "mediated", "played", "signed", "ballots", "rounds", "agreeing", "incomplete")


class Tally:
    """Gathers the events of one cell; `outcomes` keeps who met whom and what they got, round by round, if asked to."""

    def __init__(self, cell: Cell, rematched: bool) -> None:
        self.cell, self.rematched = cell, rematched
        self.outcomes: list[Outcome] = []
        self._weights = round_weights(cell.rounds, cell.discount)
        self._pairings: dict[frozenset[str], Array] = {}
        self._by_agent: dict[str, dict[int, Array]] = defaultdict(dict)
        self._place: tuple[int, ...] = ()
        self._round: dict[int, Event] = {}
        self._contract: Mapping[str, float] | None = None
        self._in_force = False
        self._count = dict.fromkeys(COUNTED, 0)
        self._disagreement = ""
        self._runs: set[str] = set()

    def add(self, event: Event) -> None:
        """Take one event; rounds close when the next one begins."""
        place = (event.episode, event.facts["matchup"]) + (() if self.rematched else (event.t,))
        if place != self._place:
            self._close()
            self._place, self._contract, self._in_force = place, None, False
        if event.channel == "closed":
            self._contract, self._in_force = event.facts.get("contract"), event.facts.get("in_force", False)
            self._count["ballots"] += "in_force" in event.facts
            self._count["signed"] += self._in_force
        elif event.channel == "act":
            self._round[event.facts["seat"] - 1] = event

    def observed(self) -> Observed | None:
        """What was seen, or None when nothing was."""
        self._close()
        if not self._pairings:
            return None
        shares = {
            agent: {seat: total / total.sum() for seat, total in sorted(seats.items())}
            for agent, seats in sorted(self._by_agent.items())
        }
        joint = np.sum(list(self._pairings.values()), axis=0)
        runs = tuple(sorted(self._runs))
        return Observed(joint, self._pairings, shares, disagreement=self._disagreement, runs=runs, **self._count)

    def _close(self) -> None:
        acts, self._round = self._round, {}
        if not acts:
            return
        if len(acts) < len(self.cell.base.players):
            self._count["incomplete"] += 1
            return
        seats = [acts[seat] for seat in range(len(acts))]
        self._count["played"] += 1
        self._runs.add(seats[0].facts["run"])
        weight = float(self._weights[seats[0].t])
        shares = np.full((), weight)
        for seat, act in enumerate(seats):
            mixture = self._mixture(act, self.cell.base.moves[seat])
            shares = shares[..., None] * mixture
            total = self._by_agent[act.agent].setdefault(seat, np.zeros(len(mixture)))
            total += weight * mixture
        pairing = frozenset(model_of(act.agent) for act in seats)
        self._pairings[pairing] = self._pairings.get(pairing, 0.0) + shares
        if self.rematched:
            points = tuple(act.payoff or 0.0 for act in seats)
            run = seats[0].facts["run"]
            self.outcomes.append(Outcome(run, tuple(act.agent for act in seats), points, weight))
        self._check(seats)

    def _mixture(self, act: Event, moves: tuple[str, ...]) -> Array:
        self._count["decisions"] += 1
        self._count["mediated"] += bool(act.facts.get("mediated"))
        stated = act.probability
        if isinstance(stated, Mapping) and not any(share for move, share in stated.items() if move not in moves):
            self._count["stated"] += 1
            return np.array([stated.get(move, 0.0) for move in moves])
        return np.eye(len(moves))[moves.index(act.action)]

    def _check(self, seats: list[Event]) -> None:
        """Compare the recorded points with what the game, and a signed contract, pay for the moves made."""
        moves = [act.action for act in seats]
        due = self.cell.base.payoffs_at(np.array(self.cell.base.profile(moves)))
        if self._in_force:
            if self._contract is None:
                return
            due = due + transfers(self._contract, moves)
        points = np.array([act.payoff for act in seats])
        self._count["rounds"] += 1
        if abs(points - due).max() <= 1e-9 * max(1.0, abs(due).max()):
            self._count["agreeing"] += 1
        elif not self._disagreement:
            facts = seats[0].facts
            self._disagreement = (
                f"{facts['run']}, matchup {facts['matchup']}, round {seats[0].t}: {', '.join(moves)} pays "
                f"{due.tolist()}, recorded is {points.tolist()}"
            )
