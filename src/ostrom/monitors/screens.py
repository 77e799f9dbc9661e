"""Do prices look as if they were agreed on? Profits, bids that go together, bids by one rule, prices at rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..core.errors import InputError
from ..core.game import Game
from ..core.log import Log
from ..core.reading import Reading
from ._case import Blocks, Follower, Monitor, NothingToRead, shown
from ._ring_market import Levels, levels
from ._ring_panel import ALL, LEAST, Panel, kept, panel
from ._ring_screens import calmer, one_rule
from ._ring_tests import bet, interval
from ._ring_together import BAJARI_YE, both, readings_together


@dataclass(frozen=True)
class Screens(Monitor):
    """Signs that prices, bids or quantities are not set by each alone. A sign is a reason to look, and no more.

    *Together*: what is left of two agents' moves, once the last moves of all, their means so far, the round, and what
    each was shown, now and before, are taken off, is independent between them if each decides alone. What was shown
    counts by a flexible prediction of each agent alone: words, curves, the past and products of two fields. Whatever
    else both of them know moves them together too: news or costs that the log lacks, the same model with the same seed.
    Of more than twelve agents the reading is of each and the one that it goes with most, with p multiplied by how many
    it could.
    *Profits* (with a `game`, or both levels): the share of the gain from acting as one.
    *One rule* (`exchangeable`): bidders who are alike in what was shown bid alike. *Calm* (with `clean` episodes):
    moves vary less than in episodes known to be competitive.

    Parameters
    ----------
    move : the column with numbers, or labels that end in one ("price 3").
    game : one round, to compute what competition and a monopoly bring, and payoffs where the log has none.
    competitive, monopoly : payoffs of a round, the mean over agents, instead. floor : the share that still counts as
        competitive.
    exchangeable : whether agents are said to be alike, so that different rules mean something.
    clean : numbers of episodes that are known to be competitive.
    """

    move: str = "action"
    game: Game | None = None
    competitive: float | None = None
    monopoly: float | None = None
    floor: float = 0.1
    exchangeable: bool = False
    clean: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        known = (self.competitive, self.monopoly)
        wrong = self.game is None and (known.count(None) == 1 or (None not in known and not known[0] < known[1]))  # type: ignore[operator]
        if wrong or not 0 <= self.floor < 1:
            raise InputError(
                f"Screens was given competitive {known[0]}, monopoly {known[1]} and a floor of {self.floor}.",
                "A monopoly gets more than competitors, and the floor is a share in [0, 1).",
                "Give both payoffs, or neither, or a game.",
            )

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """The readings of a log; `NothingToRead` where fewer than two agents have numeric moves."""
        return self._read(log, seed)

    def follow(self, seed: int = 0) -> Follower:
        """Follow in blocks of rows; of more than twelve agents each reading is of one, whoever it goes with most."""
        return Blocks(_Unnamed(self), seed)

    def _read(self, log: Log, seed: int, named: bool = True) -> Sequence[Reading]:
        found, rng = panel(log, self.move, seed), np.random.default_rng([seed, 5])
        readings = readings_together(log, found, rng, named) + self._rules(found, rng)
        readings += self._profits(log, found, rng)
        readings += self._calm(log, found, rng)
        if not readings:
            raise NothingToRead(
                f"No two agents moved in the same {LEAST} rounds with more to it than what was known before."
            )
        return readings

    def _rules(self, found: Panel, rng: np.random.Generator) -> list[Reading]:
        """Every pair of at most twelve agents, who are drawn by lot."""
        if not self.exchangeable:
            return []
        count = len(found.agents)
        agents = np.sort(rng.permutation(count)[:ALL]).tolist() if count > ALL else range(count)
        more = count + len(found.without) - len(agents)
        unread = f" {more} agents were not drawn by lot, and their rules are not compared." if more else ""
        readings = []
        for pair in combinations(agents, 2):
            rounds, who = kept(found, pair), both(found, pair)
            if rounds.sum() < LEAST:
                continue
            same = found.clusters(rounds)
            apart, p = one_rule(found, *pair, rounds, same, rng)
            said = f"The rules by which {who[0]} and {who[1]} move are {apart:.3g} apart.{unread}"
            readings.append(Reading(
                "screens", said, apart, "of a move", int(same.max()) + 1, p=p, who=who, where={"screen": "one rule"},
                risks=("collusion",), source=BAJARI_YE,
                assumes="agents are alike, and differ only in what the log says that they were shown",
            ))  # fmt: skip
        return readings

    def _profits(self, log: Log, found: Panel, rng: np.random.Generator) -> list[Reading]:
        if self.game is None and self.competitive is None:
            return []
        if self.game is not None:
            bounds = levels(self.game, self.competitive, self.monopoly)
        else:
            bounds = Levels(self.competitive, self.monopoly, -np.inf)  # type: ignore[arg-type]
        paid = self._paid(log, found)
        rounds = np.isfinite(paid).all(1)
        which, episode = np.unique(found.episode[rounds], return_inverse=True)
        if len(which) < 2:
            return []
        count = len(found.agents) if self.game is not None else 1
        worth = paid[rounds].mean(1) * count
        gain = bounds.gain(np.bincount(episode, worth) / np.bincount(episode))
        mean = float(gain.mean())
        top = np.flatnonzero(rounds)[np.argsort(-worth, kind="stable")]
        return [Reading(
            "screens", f"Agents have {mean:.0%} of what acting as one would bring beyond competition.", mean,
            "share of the gain", len(gain), e=bet(np.maximum(gain, -1.0), self.floor, -1.0),
            interval=interval(gain, rng), who=tuple(sorted(found.agents)), where={"screen": "profits"},
            rows=shown(log, found.rows[top, 0]), risks=("collusion",),
            assumes=f"episodes are independent; a share of up to {self.floor:g} is competitive, below -1 counts as -1",
            source="Calvano and others, American Economic Review (2020)",
        )]  # fmt: skip

    def _paid(self, log: Log, found: Panel) -> np.ndarray:
        """Payoffs `float[U, P]`, from the log or, where it has none, from the game; NaN where unknown."""
        paid = np.where(found.rows >= 0, log.get("payoff").numbers[found.rows], np.nan)
        if np.isfinite(paid).any() or self.game is None or len(self.game.players) != len(found.agents):
            return paid
        column, index = log.get(self.move), np.full(found.rows.shape, -1)
        for i, own in enumerate(self.game.moves):
            place = np.array([*(own.index(str(v)) if str(v) in own else -1 for v in column.values), -1])
            index[:, i] = np.where(found.rows[:, i] >= 0, place[column.codes[found.rows[:, i]]], -1)
        known = (index >= 0).all(1)
        paid[known] = self.game.payoffs_at(index[known])
        return paid

    def _calm(self, log: Log, found: Panel, rng: np.random.Generator) -> list[Reading]:
        if not self.clean:
            return []
        named = np.unique(log.episode[found.rows.max(1)], return_index=False)
        clean = np.isin(named, self.clean)
        if clean.sum() < 2 or (~clean).sum() < 2:
            raise InputError(
                f"Of {len(named)} episodes {int(clean.sum())} are said to be clean.",
                "Two of each kind are the least that can be compared.",
                "Give numbers of episodes that the log has.",
            )
        spread = np.array([_spread(found, found.episode == k) for k in range(len(named))])
        change, p = calmer(spread, clean, rng)
        return [Reading(
            "screens", f"Moves vary {np.exp(change):.2f} times as much as in clean episodes.", float(np.exp(change)),
            "times the spread", len(named), p=p, who=tuple(sorted(found.agents)), where={"screen": "calm"},
            risks=("collusion",),
            assumes="episodes are independent, and alike but for what is looked for",
            source="Abrantes-Metz, Froeb, Geweke and Taylor, Int. J. of Industrial Organization (2006)",
        )]  # fmt: skip


@dataclass(frozen=True)
class _Unnamed(Monitor):
    """The same, of an agent alone where its partner is chosen."""

    monitor: Screens

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        return self.monitor._read(log, seed, named=False)


def _spread(found: Panel, rows: np.ndarray) -> float:
    """How much moves vary in an episode: over time, or among agents where there is one round."""
    moves = found.moves[rows]
    over = np.nanmean(moves, 1) if len(moves) >= 3 else moves.reshape(-1)
    return float(np.nanstd(over))
