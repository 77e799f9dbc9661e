"""Read CoopEval: language-model agents playing social dilemmas with and without mechanisms.

Xiao et al., "CoopEval" (ICML 2026). A folder holds one file of JSON lines per kind and run, `<kind>-<run>.jsonl`,
plain or gzipped: `configs` (what was played), `payoffs` (what it paid), and where recorded `plays` (every decision),
`institutions` (votes and signatures) and `designs` (the contracts and mediators agents proposed).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.event import Event
from ._coopeval_events import Ballot, Calendar, act, terms_by_designer
from ._coopeval_game import Cell as Cell
from ._coopeval_game import read_cell
from ._coopeval_game import transfers as transfers
from ._jsonl import Row, read_rows


@dataclass(frozen=True)
class Outcome:
    """What one meeting paid: the agents in seat order and the points of each, averaged over the rounds it lasted.

    Where partners change every round nobody recorded whole meetings: there an outcome is one agent's points alone.
    `weight` is what the meeting counts for in a mean.
    """

    run: str
    agents: tuple[str, ...]
    points: tuple[float, ...]
    weight: float = 1.0


class CoopEval:
    """A folder of CoopEval records; games and payoffs are read at once, plays are streamed by `events`.

    Attributes
    ----------
    cells : every configured game under every mechanism, by its name.
    outcomes : for every cell, what each recorded meeting paid.
    rematched : the cells in which partners change every round.
    runs : the names of the runs, sorted.

    Raises
    ------
    InputError : the folder is not one of these; or a line is broken, with file name and line number.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not recognises(self.folder):
            raise InputError(
                f"{folder} is not a folder of CoopEval records.",
                "It holds no configs-<run>.jsonl or configs-<run>.jsonl.gz.",
                "Name the folder that holds the files of configs, payoffs and plays.",
            )
        self.runs = tuple(sorted({run for run, _ in self._files("configs")}))
        self.cells = self._read_cells()
        self.outcomes: dict[str, list[Outcome]] = {name: [] for name in self.cells}
        self.rematched: set[str] = set()
        for run, row in self._rows("payoffs"):
            self._read_payoffs(run, row)

    def choose(self, pattern: str | None = None) -> tuple[Cell, ...]:
        """The cells whose name, game, mechanism or variant matches a pattern with `*` and `?`; all for `None`.

        Raises `UnknownName` with the nearest names when there is none.
        """
        chosen = tuple(cell for cell in self.cells.values() if pattern is None or _matches(cell, pattern))
        if not chosen:
            known = {name for cell in self.cells.values() for name in (cell.name, cell.game, cell.variant)}
            raise UnknownName("cell", pattern or "", known)
        return chosen

    def events(self, cells: Collection[str] | None = None, texts: bool = False) -> Iterator[Event]:
        """Stream the plays of some cells (all by default) as rows of the event table, with what led to them.

        Per round: who approved which proposals ("vote"), who signed ("sign"), what came of it ("closed", with the
        contract or mediator), then one "act" per seat with its stated mixed strategy as `probability` where recorded.
        Facts name cell, run, matchup and seat, and `mediated` where the mediator moved; `t` is the round. One episode
        is one matchup of one run, or the whole run where partners change every round (there the record numbers
        meetings, which is our matchup, and `t` counts how often the agent in this seat has met somebody before).
        What agents wrote is left out unless `texts`.
        """
        wanted = self.cells.keys() if cells is None else set(cells)
        calendar = Calendar()
        for run, path in self._files("plays"):
            ballots = self._ballots(run, wanted)
            for row in read_rows(path):
                cell = self._cell(row)
                if cell.name not in wanted:
                    continue
                episode, t, matchup = calendar.place(run, row, cell.name in self.rematched)
                if t >= cell.rounds:
                    row.refuse("round", f"within the {cell.rounds} rounds that the configuration of {cell.name} names")
                facts = {"cell": cell.name, "run": run, "matchup": matchup}
                if ballot := ballots.pop((cell.name, matchup, t), None):
                    yield from ballot.events(episode, t, facts)
                yield act(row, cell, episode, t, facts, texts)

    def _read_cells(self) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        first: dict[str, tuple[str, Any]] = {}
        for _, row in self._rows("configs"):
            cell = read_cell(row)
            where, config = first.setdefault(cell.name, (row.where, row.data["config"]))
            if config != row.data["config"]:
                raise InputError(
                    f"{row.where} configures {cell.name!r} differently from {where}.",
                    "Runs are pooled, and only runs of one and the same setting can be.",
                    "Give the differing run its own cell name, or its own folder.",
                )
            cells.setdefault(cell.name, cell)
        return cells

    def _read_payoffs(self, run: str, row: Row) -> None:
        cell = self._cell(row)
        seats = len(cell.base.players)
        discount = row.number("discount")
        if not 0 < discount <= 1:
            row.refuse("discount", "above 0 and at most 1")
        if "agent" in row.data:
            self.rematched.add(cell.name)
            row.whole("seat", 1, seats)
            points = np.array(row.numbers("points", (None,)))
            mean = float(round_weights(len(points), discount) @ points)
            self.outcomes[cell.name].append(Outcome(run, (row.text("agent"),), (mean,)))
            return
        agents = row.texts("seat_agents")
        if len(agents) != seats:
            row.refuse("seat_agents", f"{seats} agents, one per seat of {cell.game}")
        for episode in row.numbers("payoffs", (None, None, seats)):
            means = round_weights(len(episode), discount) @ np.array(episode)
            self.outcomes[cell.name].append(Outcome(run, agents, tuple(means.tolist())))

    def _ballots(self, run: str, wanted: Collection[str]) -> dict[tuple[str, int, int], Ballot]:
        """The ballots of a run, by cell, matchup and round."""
        terms = {row.text("cell"): terms_by_designer(row) for name, row in self._rows("designs") if name == run}
        found = {}
        for name, row in self._rows("institutions"):
            if name == run and self._cell(row).name in wanted:
                cell = row.text("cell")
                found[cell, row.whole("matchup"), row.whole("round")] = Ballot(row, terms.get(cell, {}))
        return found

    def _files(self, kind: str) -> Iterator[tuple[str, Path]]:
        for path in sorted(self.folder.glob(f"{kind}-*.jsonl*")):
            if path.name.endswith((".jsonl", ".jsonl.gz")):
                yield path.name.removeprefix(f"{kind}-").split(".")[0], path

    def _rows(self, kind: str) -> Iterator[tuple[str, Row]]:
        for run, path in self._files(kind):
            for row in read_rows(path):
                yield run, row

    def _cell(self, row: Row) -> Cell:
        name = row.text("cell")
        if name not in self.cells:
            raise InputError(f"{row.where} belongs to the cell {name[:80]!r}.", "No configs file has such a cell.")
        return self.cells[name]


def recognises(folder: str | Path) -> bool:
    """Whether a path is a folder of CoopEval records: it holds a `configs-<run>.jsonl` or `.jsonl.gz`."""
    found = Path(folder).glob("configs-*.jsonl*") if Path(folder).is_dir() else ()
    return any(path.name.endswith((".jsonl", ".jsonl.gz")) for path in found)


def round_weights(rounds: int, discount: float) -> np.ndarray:
    """What each of `rounds` rounds counts for in a mean, `float[rounds]`, summing to 1.

    Without discount all rounds count alike. With it, round t counts (1-δ)δ^t and the last one δ^(rounds-1), as if its
    outcome went on for ever: the convention of the records' authors, so that our means are theirs.
    """
    if discount == 1:
        return np.full(rounds, 1 / rounds)
    weights = (1 - discount) * discount ** np.arange(rounds)
    weights[-1] = discount ** (rounds - 1)
    return weights


def _matches(cell: Cell, pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in (cell.name, cell.game, cell.mechanism, cell.variant))
