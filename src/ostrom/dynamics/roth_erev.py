"""Reinforcement by urns: moves that paid are drawn more often, on what each player sees; many runs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.game import Array, Game, amount
from ..core.seeds import words
from ._informed import Informed
from ._play import refuse_none
from ._urns import Seat, drawn

__all__ = ["Informed", "Reinforced", "roth_erev"]

LIMIT = 100_000_000
"""Contents of urns and counts of plays, times runs, beyond which nothing is started (800 MB)."""


@dataclass(frozen=True, eq=False)
class Reinforced:
    """Where R runs of reinforcement ended.

    Attributes
    ----------
    odds : for each player, with what odds it would move next at each thing it may see, `float[R, O_i, A_i]`.
    expected : what players would earn at these odds on average, `float[R, P]`, exactly.
    joint : how often each play occurred in the counted rounds, `float[R, T, A_1, …, A_P]` by state and moves.
    payoffs : mean payoffs in the counted rounds, `float[R, P]`.
    seed, rounds, counted, method : as asked for; how many rounds at the end were counted.
    """

    odds: tuple[Array, ...]
    expected: Array
    joint: Array
    payoffs: Array
    seed: int
    rounds: int
    counted: int
    method: str = "Roth and Erev's reinforcement"


def roth_erev(
    game: Game | Informed,
    runs: int = 1000,
    *,
    rounds: int = 10_000,
    seed: int = 0,
    start: float | Sequence[Any] = 1.0,
    forgetting: float = 0.0,
    experimentation: float = 0.0,
    least: Sequence[float] | None = None,
    share: float = 0.1,
) -> Reinforced:
    """Everybody draws a move with odds in proportion to what it has brought so far (Roth and Erev 1995).

    In each round player i draws move a at what it sees with odds q[a] / sum(q). Then all contents of that urn are
    multiplied by 1 - forgetting, and what the move paid above the least payoff is added: the share 1 - experimentation
    to the move made, the rest evenly to the others. Nobody knows the game, or what another move would have paid.

    Parameters
    ----------
    game : a table (players see nothing), a Bayesian game (they see their signals), or an `Informed` play.
    runs, seed : how many independent runs, and the seed of all of them; more runs leave the first 8,192 as they were.
    rounds : at least 1.
    start : what urns hold at first, above 0: one number, or per player an array that broadcasts to `[O_i, A_i]`. How
        much that is against payoffs says how slowly play starts to move.
    forgetting, experimentation : in [0, 1).
    least : per player, the payoff that adds nothing; by default the smallest that it can get. None is smaller.
    share : the share of the rounds, at the end, that is counted, in (0, 1].

    Raises
    ------
    InputError : a number outside its range. TooLarge : more than fits in reasonable memory.

    Notes
    -----
    Urns are in single precision where all they can ever hold are whole numbers that it writes exactly (in some unit),
    and in double precision otherwise. Runs are samples: give shares of runs with their number and an interval.
    """
    refuse_none(rounds, "reinforcement")
    play = Informed.of(game)
    _check(runs, forgetting, experimentation, share)
    words(seed)
    seats = _seats(play, start, least)
    held = sum(seat.start.size for seat in seats) + len(seats[0].reward)
    if runs * held > LIMIT:
        raise TooLarge(
            f"{runs:,} runs keep {amount(runs * held)} numbers.", f"At most {LIMIT:,} fit.", "Ask for fewer runs."
        )
    counted = max(1, round(share * rounds))
    ends, tally = drawn(seats, play.odds, runs, rounds, rounds - counted, seed, forgetting, experimentation)
    odds = tuple(end / end.sum(-1, keepdims=True) for end in ends)
    shares = tally / counted
    return Reinforced(
        odds=odds,
        expected=play.expected(odds),
        joint=shares.reshape(runs, *play.payoffs.shape[:-1]),
        payoffs=shares @ play.payoffs.reshape(-1, len(seats)),
        seed=seed,
        rounds=rounds,
        counted=counted,
    )


def _seats(play: Informed, start: float | Sequence[Any], least: Sequence[float] | None) -> list[Seat]:
    count = len(play.sizes)
    table = play.payoffs.reshape(-1, count)
    floor = table.min(0) if least is None else np.asarray(least, float)
    if floor.shape != (count,) or not (floor <= table.min(0)).all():
        raise InputError(
            f"Least payoffs {floor} where players get as little as {table.min(0)}.",
            "Urns cannot hold less than nothing.",
            "Give each player a payoff that it never falls below.",
        )
    given = list(start) if isinstance(start, Sequence) else [start] * count
    if len(given) != count:
        raise InputError(f"{len(given)} first contents for {count} players.", do="Give one array each.")
    return [
        Seat(sees.ravel(), table[:, i] - floor[i], _contents(own, (play.sights[i], play.sizes[i]), i))
        for i, (sees, own) in enumerate(zip(play.sees, given, strict=True))
    ]


def _contents(own: Any, shape: tuple[int, int], player: int) -> Array:
    try:
        contents = np.broadcast_to(np.asarray(own, float), shape)
    except ValueError:
        contents = np.zeros(shape)
    if not (np.isfinite(contents) & (contents > 0)).all():
        raise InputError(
            f"The urns of player {player + 1} hold {own} at first.",
            f"They hold finite numbers above 0 that broadcast to {shape}: things seen, moves.",
            "Give one number for all, or one array per player.",
        )
    return contents


def _check(runs: int, forgetting: float, experimentation: float, share: float) -> None:
    ranges = {
        f"{runs} runs": runs >= 1,
        f"forgetting {forgetting}": 0 <= forgetting < 1,
        f"experimentation {experimentation}": 0 <= experimentation < 1,
        f"a share of {share}": 0 < share <= 1,
    }
    for said, fine in ranges.items():
        if not fine:
            raise InputError(
                f"Reinforcement was asked for with {said}.",
                "There is a run at least, forgetting and experimentation are in [0, 1), and share in (0, 1].",
                "Choose a value in its range.",
            )
