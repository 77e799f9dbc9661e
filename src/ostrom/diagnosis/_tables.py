"""What several members read off a game's table: utilities per outcome, standardised, and their correlations."""

from __future__ import annotations

import numpy as np

from ..core.delegation import Delegation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture

TIE = 1e-9
"""Share of a party's own range of payoffs below which two payoffs count as equal."""


def principals_game(delegation: Delegation) -> NormalForm:
    """The game the principals would play themselves: everybody is paid in their principal's utility."""
    count = len(delegation.game.players)
    return _played_for(delegation, delegation.utilities[..., :count], delegation.utilities[..., count:])


def agents_game(delegation: Delegation) -> NormalForm:
    """The game the agents play: each is paid in the reward it pursues. Bystanders keep their utilities."""
    return _played_for(delegation, delegation.rewards, delegation.utilities[..., len(delegation.game.players) :])


def _played_for(delegation: Delegation, payoffs: Array, bystanders: Array) -> NormalForm:
    game = delegation.game
    if isinstance(game, NormalForm) and np.array_equal(payoffs, game.payoffs):
        payoffs = game.payoffs if game.exact is None else game.exact
    return NormalForm(
        payoffs,
        players=game.players,
        moves=game.moves,
        name=game.name,
        bystanders=game.bystanders,
        bystander_payoffs=bystanders,
        facts=game.facts,
    )


LONG = 80
"""Characters of a mixture beyond which a sentence says only how many players mix."""


def ranked(values: Array) -> Array:
    """Dense ranks `int[...]` of one party's payoffs, 0 for the smallest; nearly equal ones (`TIE`) share a rank."""
    flat = values.ravel()
    order = np.argsort(flat, kind="stable")
    ranks = np.empty(flat.size, int)
    ranks[order] = np.concatenate([[0], np.cumsum(np.diff(flat[order]) > TIE * np.ptp(flat))])
    return ranks.reshape(values.shape)


def listed(names: tuple[str, ...]) -> str:
    """Names as a sentence has them: "A, B and C"; nothing when there are none."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 player", "3 players"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def percent(share: float) -> str:
    """A share of one in whole percent."""
    return f"{100 * share:.0f} %"


def opened(sentence: str) -> str:
    """A sentence with a capital at its start, whatever name it opens with."""
    return sentence[0].upper() + sentence[1:]


def everybody(players: tuple[str, ...]) -> str:
    """All players in the singular: "every fisher" for fisher 1, fisher 2, …; otherwise "every player"."""
    kinds = {name.rstrip("0123456789").strip(" -_#") for name in players}
    numbered = all(name[-1:].isdigit() for name in players)
    return f"every {kinds.pop()}" if numbered and len(kinds) == 1 and "" not in kinds else "every player"


def where(moves: tuple[tuple[str, ...], ...], mixture: Mixture) -> str:
    """A mixture in words: `(C, D)`, or `(C, 0.67 D + 0.33 C)` where somebody mixes, and no numbers where many do."""
    named = f"({', '.join(_odds(own, x) for own, x in zip(moves, mixture, strict=True))})"
    mixing = sum(bool(x.max() < 1) for x in mixture)
    return named if mixing == 0 or len(named) <= LONG else f"a mixture ({mixing} of {len(mixture)} players mix)"


def _odds(own: tuple[str, ...], x: np.ndarray) -> str:
    used = np.flatnonzero(x > 5e-4)
    return own[used[0]] if len(used) == 1 else " + ".join(f"{x[k]:.3g} {own[k]}" for k in used)
