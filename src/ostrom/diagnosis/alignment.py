"""How well agents are aligned with their principals, and these with each other, by the published measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.game import Game, Mixture
from ._standard import SOURCE, collective_alignment, individual_alignment, individual_capability
from ._tables import agents_game, listed


@dataclass(frozen=True)
class Alignment:
    """The measures of a delegation game; all lie in 0 … 1 and 1 is best.

    Attributes
    ----------
    players : the agents.
    individual : IA, how alike each agent's reward and its principal's utility are.
    capability : IC, how near each agent is to its best reply to the others.
    collective : CA, how alike the principals' utilities are (bystanders have no agent and are not among them).
    """

    players: tuple[str, ...]
    individual: tuple[float, ...]
    capability: tuple[float, ...]
    collective: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Whose agent wants something else, who could play better, and how far the principals agree."""
        numbers = {
            "individual alignment": dict(zip(self.players, self.individual, strict=True)),
            "individual capability": dict(zip(self.players, self.capability, strict=True)),
            "collective alignment": self.collective,
        }
        strayed = [name for name, degree in zip(self.players, self.individual, strict=True) if degree < 1 - 1e-9]
        clumsy = [name for name, degree in zip(self.players, self.capability, strict=True) if degree < 1 - 1e-9]
        said = (
            f"By published measures the principals' collective alignment is {self.collective:.2f} (1 is all alike); "
            f"{_apart(strayed, self.individual, 'every agent wants what its principal wants', 'individual alignment')}"
            f", and {_apart(clumsy, self.capability, 'every agent plays a best reply', 'individual capability')}."
        )
        return (Finding("published", said, self.players, numbers, SOURCE),)


def alignment(subject: Game | Delegation, played: Mixture) -> Alignment:
    """Individual and collective alignment of a delegation, and individual capability when its agents play `played`.

    Raises `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> game = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    >>> round(alignment(game, game.pure((1, 1))).collective, 6)
    0.079425
    """
    delegation = as_delegation(subject)
    players = delegation.game.players
    principals = delegation.utilities[..., : len(players)]
    return Alignment(
        players=players,
        individual=_floats(individual_alignment(delegation.rewards, principals)),
        capability=_floats(individual_capability(agents_game(delegation), played)),
        collective=collective_alignment(principals),
    )


def _floats(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _apart(names: list[str], degrees: tuple[float, ...], otherwise: str, what: str) -> str:
    if not names:
        return otherwise
    return f"{what} is below 1 for {listed(tuple(names))} (lowest {min(degrees):.2f})"
