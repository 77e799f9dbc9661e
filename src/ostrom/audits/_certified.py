"""Claims about a game, governed or not, as a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.certificate import Certificate
from ..core.claim import Claim
from ..core.exact import ExactGame
from ..core.game import Array, Game
from ._case import EXACT, Case


def certificate_of(
    game: Game, case: Case, claims: Sequence[Claim], *, before: Game | None = None, worth: Array | None = None
) -> Certificate | None:
    """The certificate of a case; None where a table is too large for rationals.

    What the institution adds is stated beside the payoffs without it, joint move by joint move. With `before`, the game
    without the institution, and its `worth`, the certificate holds that game whole where the governed one only leaves
    moves out and pays; otherwise (moves were added) the governed game without payments stands for it.
    """
    exact = case.exact
    if exact is None:
        return None
    rules = getattr(game, "institutions", ())
    whole = None if before is None or worth is None else _whole(exact, Case.of(before, worth=worth))
    bare, moves = (_bare(exact), exact.moves) if whole is None else (whole.payoffs, whole.moves)
    certificate = Certificate(
        subject=getattr(game, "base", game).name,
        institution=" · ".join(type(rule).__name__ for rule in rules) or "none",
        players=exact.players,
        bystanders=game.bystanders,
        moves=moves,
        rewards=bare,
        worth=exact.worth if whole is None else whole.worth,
        after_moves=exact.moves,
        plays=tuple(range(exact.size)) if whole is None else _plays(exact, whole),
        adds=exact.adds,
    )
    return certificate.with_claims([claim if whole is not None else _about(claim) for claim in claims])


def _about(claim: Claim) -> Claim:
    """The claim without evidence about a game that the certificate does not hold."""
    before = claim.evidence is not None and claim.evidence.get("of") == "before"
    return replace(claim, evidence=None) if before else claim


def _bare(exact: ExactGame) -> tuple:
    """Payoffs without what the institution adds."""
    rows = zip(exact.payoffs, exact.adds, strict=True)
    return tuple(tuple(paid - added for paid, added in zip(*row, strict=True)) for row in rows)


def _plays(exact: ExactGame, whole: ExactGame) -> tuple[int, ...]:
    return tuple(whole.number(exact.labels(place)) for place in range(exact.size))


def _whole(exact: ExactGame, before: Case) -> ExactGame | None:
    """The game before, if what is left of it is the governed game but for payments; None otherwise."""
    game = before.exact
    if game is None or np.prod(game.sizes) * len(game.players) > EXACT:
        return None
    if any(label not in own for own, left in zip(game.moves, exact.moves, strict=True) for label in left):
        return None
    places, bare = _plays(exact, game), _bare(exact)
    same = all(
        game.payoffs[there] == bare[here] and game.worth[there] == exact.worth[here]
        for here, there in enumerate(places)
    )
    return game if same else None
