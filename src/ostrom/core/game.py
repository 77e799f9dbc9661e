"""A game: who can do what, and what each gets.

Everything that solves, learns, diagnoses or verifies asks a game one question, `deviation_payoffs(mixture)`:
for each player, the expected payoff of each of its own moves against the others' mixture. A table of payoffs
(`NormalForm`) is one way to answer it; counts, congestion and road networks are others that never become a table.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .errors import InputError, TooLarge, UnknownName
from .kind import Kind

if TYPE_CHECKING:
    from .forms.normal_form import NormalForm
    from .institution import Institution
    from .lifts.repeated import Repeated

Array = np.ndarray
Mixture = tuple[Array, ...]
"""One probability vector per player, `mixture[i]` of shape `[..., A_i]`; leading axes are a batch."""

PROFILE_LIMIT = 2_000_000
"""Joint moves beyond which nothing is listed: a table of that size with four players takes 64 MB."""


@dataclass(frozen=True)
class Fact:
    """A quantity per agent that a round produces: what rules can read of the world (harvest, emission, delay).

    `read` maps profiles `int[..., P]` to amounts `float[..., P]`; `unit` is words ("tonnes a season");
    `seen_by` says who can observe it: "all", "self" or "nobody" (then a rule needs a report or an inspection).
    """

    name: str
    unit: str
    read: Callable[[Array], Array]
    seen_by: str = "all"

    @staticmethod
    def of_own_move(name: str, unit: str, amounts: Sequence[Any], seen_by: str = "all") -> Fact:
        """A fact that depends on one's own move alone: `amounts[move]`, the same list for every player."""
        table = np.asarray(amounts, float)
        return Fact(name, unit, lambda profiles: table[profiles], seen_by)


class Game(Kind, ABC):
    """Who can do what, and what each gets; abstract over how the payoffs are stored.

    Attributes
    ----------
    players : names of the P players, in seat order.
    moves : for each player, the names of its A_i moves.
    bystanders : names of B principals who have a utility and no move (consumers, downstream, the public).
    facts : what rules can read of a round, by name.
    hidden : players whose moves nobody else gets to see, so that no rule can hang on them.
    """

    in_words: ClassVar[str] = "a game of moves"
    name: str = "game"
    players: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    bystanders: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    hidden: tuple[str, ...] = ()

    @abstractmethod
    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]` of the players at joint moves `profiles`, `int[..., P]`."""

    @abstractmethod
    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each player i, `float[..., A_i]`: the expected payoff of each own move against the others' mixture."""

    def bystander_payoffs_at(self, profiles: Array) -> Array:
        """Utilities `float[..., B]` of the bystanders at joint moves `profiles`, `int[..., P]`."""
        return np.zeros((*np.shape(profiles)[:-1], 0))

    def utilities_at(self, profiles: Array) -> Array:
        """Utilities `float[..., P + B]` of all principals, players first, at joint moves `int[..., P]`."""
        return np.concatenate([self.payoffs_at(profiles), self.bystander_payoffs_at(profiles)], axis=-1)

    def facts_at(self, profiles: Array) -> dict[str, Array]:
        """Every fact by name, each `float[..., P]`, at joint moves `int[..., P]`."""
        return {fact.name: np.asarray(fact.read(profiles), float) for fact in self.facts}

    @property
    def principals(self) -> tuple[str, ...]:
        """Everybody whose welfare counts: players first, then bystanders."""
        return self.players + self.bystanders

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many moves each player has."""
        return tuple(len(own) for own in self.moves)

    @property
    def size(self) -> int:
        """How many joint moves there are (an exact integer, however large)."""
        return math.prod(self.sizes)

    def expected_payoffs(self, mixture: Mixture) -> Array:
        """Expected payoffs `float[..., P]` of the players when all play `mixture` independently."""
        return np.stack([(x * d).sum(-1) for x, d in zip(mixture, self.deviation_payoffs(mixture), strict=True)], -1)

    def expected_bystander_payoffs(self, mixture: Mixture) -> Array:
        """Expected utilities `float[..., B]` of the bystanders when all play `mixture` independently."""
        if not self.bystanders:
            return np.zeros((*np.broadcast_shapes(*(np.shape(x)[:-1] for x in mixture)), 0))
        return self.dense().expected_bystander_payoffs(mixture)

    def expected_utilities(self, mixture: Mixture) -> Array:
        """Expected utilities `float[..., P + B]` of all principals, players first."""
        return np.concatenate([self.expected_payoffs(mixture), self.expected_bystander_payoffs(mixture)], -1)

    def regrets(self, mixture: Mixture) -> Array:
        """For each player, `float[..., P]`: what its best own move would add to what it gets (≥ 0; all 0 is Nash)."""
        pairs = zip(mixture, self.deviation_payoffs(mixture), strict=True)
        return np.stack([d.max(-1) - (x * d).sum(-1) for x, d in pairs], -1)

    def regret(self, mixture: Mixture) -> float:
        """The largest regret of any player: the smallest ε for which `mixture` is an ε-equilibrium."""
        return float(np.max(self.regrets(mixture)))

    def uniform(self) -> Mixture:
        """The mixture in which everybody plays every move equally often."""
        return tuple(np.full(size, 1 / size) for size in self.sizes)

    def pure(self, profile: Sequence[int]) -> Mixture:
        """The mixture in which player i surely plays move `profile[i]`."""
        return tuple(np.eye(size)[move] for size, move in zip(self.sizes, profile, strict=True))

    def labels(self, profile: Sequence[int]) -> tuple[str, ...]:
        """The names of the moves of a joint move."""
        return tuple(own[move] for own, move in zip(self.moves, profile, strict=True))

    def profile(self, labels: Sequence[str]) -> tuple[int, ...]:
        """The joint move with these names; an `UnknownName` says which moves there are."""
        if len(labels) != len(self.players):
            raise InputError(f"{len(labels)} moves for {len(self.players)} players.", do="Give one move per player.")
        for own, label in zip(self.moves, labels, strict=True):
            if label not in own:
                raise UnknownName("move", str(label), own)
        return tuple(own.index(label) for own, label in zip(self.moves, labels, strict=True))

    def profiles(self) -> Array:
        """All joint moves, `int[N, P]`, last player fastest; refused beyond `PROFILE_LIMIT`."""
        if self.size > PROFILE_LIMIT:
            raise TooLarge(
                f"{self.name} has {amount(self.size)} joint moves ({len(self.players)} players).",
                f"Listing more than {PROFILE_LIMIT:,} does not fit in reasonable memory.",
                "Ask a representation that needs no table (Symmetric, Congestion), or fewer players or moves.",
            )
        return np.indices(self.sizes).reshape(len(self.sizes), -1).T

    def dense(self) -> NormalForm:
        """The same game as a table of payoffs; refused with the count when it would not fit."""
        from .forms.normal_form import NormalForm

        profiles = self.profiles()
        shape = self.sizes
        return NormalForm(
            self.payoffs_at(profiles).reshape(*shape, -1),
            players=self.players,
            moves=self.moves,
            name=self.name,
            bystanders=self.bystanders,
            bystander_payoffs=self.bystander_payoffs_at(profiles).reshape(*shape, len(self.bystanders)),
            facts=self.facts,
        )

    def under(self, *institutions: Institution) -> Any:
        """This game with institutions laid round it, the first one innermost; `under(a, b) == under(a).under(b)`."""
        from .lifts.govern import govern

        return govern(self, institutions)

    def repeated(self, discount: float) -> Repeated:
        """This game played again and again with discount factor δ in [0, 1); institutions may then remember."""
        from .lifts.repeated import Repeated

        return Repeated(self, discount)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {len(self.players)} players, {amount(self.size)} joint moves>"


def require_game(game: Game) -> None:
    """Refuse what is no game of one round, such as a repeated one, with `InputError`."""
    if not isinstance(game, Game):
        if isinstance(game, str | bytes) or hasattr(game, "__fspath__"):
            raise InputError(
                f"{str(game)[:80]!r} is text, and no game.",
                "A file has to be opened, and a scenario to be made, before it can be asked about.",
                "Open it with ostrom.formats.open_subject(path), or make ostrom.games.NAME(…).",
            )
        if isinstance(game, Kind) and not hasattr(game, "discount"):
            raise InputError(
                f"{getattr(game, 'name', 'This')} is {game.in_words}, and no game of one round.",
                "What is asked here is about a game in which everybody chooses once: a table, or a game of counts.",
                "Ask diagnose of it, or what the room of its kind has (ostrom list solvers choice audits).",
            )
        raise InputError(
            f"A {type(game).__name__} is no game of one round.",
            "What is asked here is about a game in which everybody chooses once: a table, or a game of counts.",
            "Of a repeated game ask repeated.gains(strategies), of a game in stages staged.subgame_perfect(); or let "
            "learners play it, in MatrixWorld.of(game, horizon).under(…).",
        )


def require_interaction(game: Game) -> None:
    """Refuse a game in which there is nobody to be misaligned with.

    Of a governed game the base is asked: rules may well leave somebody a single move. Raises `InputError` with fewer
    than two players, when a player has fewer than two moves, and for what is no `Game` (a repeated one).
    """
    require_game(game)
    game = getattr(game, "base", game)
    if len(game.players) < 2:
        raise InputError(
            f"{game.name} has {len(game.players)} player.",
            "Alignment between agents needs at least two agents who act.",
            "Add the other players; a party that is affected but has no move is a bystander of a larger game.",
        )
    for player, own in zip(game.players, game.moves, strict=True):
        if len(own) < 2:
            raise InputError(
                f"Player {player!r} of {game.name} has {len(own)} move.",
                "A player without a choice cannot act for or against anyone.",
                "Leave it out of the players and name it as a bystander instead.",
            )


def amount(count: int) -> str:
    """A count in words that stay short: `1,024`, `about 10^30`."""
    return f"{count:,}" if count < 10**15 else f"about 10^{math.log10(count):.0f}"
