"""Does a game of your own answer the one question rightly? The public conformance kit for representations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import DeclarationError
from ..core.game import Game, Mixture

TOLERANCE = 1e-9
LISTED = 20_000


@dataclass(frozen=True)
class Sound:
    """What was checked of a game."""

    game: str
    checks: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.game} answers as a game should.", *(f"  ✓ {check}" for check in self.checks)])


def check_game(game: Game, seed: int = 0) -> Sound:
    """Check a representation: shapes, finiteness, batches, and its oracle against its own payoffs.

    `deviation_payoffs` is compared with the exact average over all joint moves where they can be listed, and with
    joint moves played one by one otherwise. A game of crowds (`nonatomic`) is checked for shapes and batches only,
    because no joint move says what its shares do.

    Returns a `Sound`. Raises `DeclarationError` with the place and the two numbers at the first disagreement.
    """
    random = np.random.default_rng(seed)
    checks = [_names(game), _shapes(game, random), _batches(game, random)]
    if not getattr(game, "nonatomic", False):
        checks += [_pure(game, random), _average(game, random)]
    return Sound(repr(game), tuple(checks))


def _fail(game: Game, what: str, why: str) -> None:
    raise DeclarationError(
        f"{game.name}: {what}", why, "Compare with ostrom.core.game.Game, which says what each means."
    )


def _names(game: Game) -> str:
    if len(game.moves) != len(game.players):
        _fail(game, f"{len(game.moves)} lists of moves for {len(game.players)} players.", "Every player has its own.")
    if len(set(game.principals)) < len(game.principals):
        _fail(game, f"principals share a name: {game.principals[:6]}.", "Results are told by name.")
    if any(len(set(own)) < len(own) or not own for own in game.moves):
        _fail(game, "a player has no move, or two with one name.", "Moves are found by name.")
    return "names: of players, bystanders and moves"


def _mixtures(game: Game, random: np.random.Generator, batch: tuple[int, ...] = ()) -> Mixture:
    return tuple(random.dirichlet(np.ones(size), size=batch or None) for size in game.sizes)


def _profiles(game: Game, random: np.random.Generator, count: int) -> np.ndarray:
    return np.stack([random.integers(0, size, count) for size in game.sizes], -1)


def _shapes(game: Game, random: np.random.Generator) -> str:
    profiles, players = _profiles(game, random, 5), len(game.players)
    found = {
        "payoffs_at": game.payoffs_at(profiles).shape == (5, players),
        "bystander_payoffs_at": game.bystander_payoffs_at(profiles).shape == (5, len(game.bystanders)),
        "facts_at": all(np.shape(amounts) == (5, players) for amounts in game.facts_at(profiles).values()),
        "deviation_payoffs": tuple(w.shape[-1] for w in game.deviation_payoffs(game.uniform())) == game.sizes,
    }
    for method, right in found.items():
        if not right:
            _fail(game, f"{method} answers in another shape.", "The seat axis is the last one, batches come first.")
    if not all(np.isfinite(worth).all() for worth in game.deviation_payoffs(game.uniform())):
        _fail(game, "deviation_payoffs is not finite at the uniform mixture.", "Expectations have to be numbers.")
    return "shapes: seats last, batches first, numbers finite"


def _batches(game: Game, random: np.random.Generator) -> str:
    many = _mixtures(game, random, (2, 3))
    together = game.deviation_payoffs(many)
    alone = game.deviation_payoffs(tuple(x[1, 2] for x in many))
    for seat, (all_, one) in enumerate(zip(together, alone, strict=True)):
        if all_.shape[:2] != (2, 3) or not _close(all_[1, 2], one):
            _fail(
                game,
                f"a batch of mixtures is answered otherwise than each alone, at seat {seat}.",
                "They are the same.",
            )
    return "batches: many mixtures at once are answered like each alone"


def _pure(game: Game, random: np.random.Generator) -> str:
    """At pure mixtures, what a move is worth is its payoff there, and a fact is read the same either way."""
    for profile in _profiles(game, random, 8):
        worth = game.deviation_payoffs(game.pure(profile))
        for seat in range(len(game.players)):
            for move in range(min(game.sizes[seat], 6)):
                changed = profile.copy()
                changed[seat] = move
                paid = float(game.payoffs_at(changed)[seat])
                if not _close(worth[seat][move], paid):
                    _fail(
                        game,
                        f"seat {seat} move {move}: {float(worth[seat][move])} instead of {paid}.",
                        f"At {changed}.",
                    )
    return "pure play: the oracle gives the payoffs themselves"


def _average(game: Game, random: np.random.Generator) -> str:
    if game.size > LISTED:
        return f"mixed play: not compared, {game.size:,} joint moves are too many to list"
    mixture = _mixtures(game, random)
    profiles = game.profiles()
    odds = np.prod([x[profiles[:, i]] for i, x in enumerate(mixture)], axis=0)
    for seat, worth in enumerate(game.deviation_payoffs(mixture)):
        for move in range(game.sizes[seat]):
            here = profiles[:, seat] == move
            exact = float(odds[here] @ game.payoffs_at(profiles[here])[:, seat] / odds[here].sum())
            if not _close(worth[move], exact):
                _fail(
                    game, f"seat {seat} move {move}: {float(worth[move])} instead of {exact}.", "At a random mixture."
                )
    return f"mixed play: the average over all {game.size:,} joint moves"


def _close(here: object, there: object) -> bool:
    scale = max(1.0, float(np.abs(np.asarray(there)).max(initial=0.0)))
    return bool(np.allclose(np.asarray(here), np.asarray(there), rtol=0, atol=TOLERANCE * scale))
