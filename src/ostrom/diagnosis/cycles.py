"""Does a ranking hold, or do strategies go round in circles? And what that does to learners and to Elo ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.game import Game
from ._circulation import circulation
from ._cycles_words import learning_finding, ranking_finding, rating_finding, replies_finding
from ._elo import Elo, elo
from ._learning_apart import Lesson, lessons
from ._reply_graph import Replies, replies
from ._tables import TIE, agents_game
from ._tournament import Disc, Tournament, tournament

__all__ = ["Cycles", "Disc", "Elo", "Lesson", "Replies", "Tournament", "cycles"]


@dataclass(frozen=True, eq=False)
class Cycles:
    """What is transitive in a game and what is cyclic.

    Attributes
    ----------
    players, moves : names.
    tournament : of two players who are alike, moves as contestants: ratings, the cyclic part, circles; None otherwise.
    elo : Elo ratings of the same, and where they mislead, if one's gain is the other's loss; None otherwise.
    circulating : the share, from 0 to 1, of the squared gains from switching moves that follows no potential.
    replies : the best-reply graph over joint moves, and its sinks.
    lessons : what becomes of independent learners, one rule each; empty where all payoffs are equal.
    seed : of the start they share.
    """

    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    tournament: Tournament | None
    elo: Elo | None
    circulating: float
    replies: Replies
    lessons: tuple[Lesson, ...]
    seed: int

    @property
    def cyclic(self) -> bool:
        """Whether anything goes round: an intransitive circle, or best replies that do so for ever."""
        circles = self.tournament is not None and bool(self.tournament.circles)
        return circles or self.replies.circling > 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Whether a ranking holds, where best replies lead, what Elo makes of it, what independent learners do."""
        parts = [
            None if self.tournament is None else ranking_finding(self.tournament, self.players),
            replies_finding(self.replies, self.circulating, self.players, self.moves, self.tournament is None),
            None if self.elo is None else rating_finding(self.elo, self.players, self.moves[0]),
            learning_finding(self.lessons, self.players, self.seed),
        ]
        return tuple(part for part in parts if part is not None)


def cycles(subject: Game | Delegation, *, seed: int = 0) -> Cycles:
    """The transitive and the cyclic part of a game (Balduzzi et al. 2018, 2019; Candogan et al. 2011).

    Agents follow the rewards they pursue. Of two players who are alike, moves are contestants: a beats b where it gets
    more than b when the two meet. Every game has its best-reply graph, its share of gains that follow no potential, and
    three kinds of independent learners who start at one mixture drawn with `seed`. An empirical table of win rates is a
    game in which what both get adds up to 1.

    Raises
    ------
    TooLarge : more than 200,000 joint moves.

    Examples
    --------
    >>> from ostrom.games import RockPaperScissors
    >>> found = cycles(RockPaperScissors())
    >>> round(found.tournament.share, 9), found.replies.equilibria
    (1.0, 0)
    """
    game = agents_game(as_delegation(subject))
    contest = tournament(game)
    graph = replies(game, contest is not None)
    spread = max(float(np.ptp(game.payoffs[..., i])) for i in range(len(game.players)))
    size = float(np.abs(game.payoffs).max())
    return Cycles(
        players=game.players,
        moves=game.moves,
        tournament=contest,
        elo=None
        if contest is None or not contest.constant
        else elo(contest.advantages, _sure_win(game.payoffs, contest)),
        circulating=circulation(game).share,
        replies=graph,
        lessons=lessons(game, spread, seed) if spread > TIE * size else (),
        seed=seed,
    )


def _sure_win(payoffs: np.ndarray, contest: Tournament) -> float:
    """The advantage that stands for winning every time: one half in a table of win rates, else the largest."""
    sums = payoffs.sum(-1)
    if np.abs(sums - 1).max() < TIE and payoffs.min() >= 0:
        return 0.5
    return float(np.abs(contest.advantages).max())
