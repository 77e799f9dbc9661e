"""The published bound on what principals can lose by delegating, and its terms, beside what they do lose."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture
from ._standard import SOURCE, collective_alignment, columns, individual_alignment, individual_capability, standardise
from ._tables import TIE, agents_game


@dataclass(frozen=True)
class RegretBound:
    """The regret bound of delegation games and its terms, in mean utility of the P principals.

    ŵ* − ŵ(s) ≤ (1 − CC)(w* − w_0) + (w_0 − w_ε) + (4/P) Σ m̂_i (1 − IA_i) + R. Hats are the principals'; w_0 is the
    agents' worst pure equilibrium and w_ε their worst pure ε-equilibrium at the capability they showed.

    Attributes
    ----------
    regret, bound : ŵ* − ŵ(s) as it is, and what it can be at most.
    inter_agent, capability : the first two terms; None where there is no pure equilibrium, or play is worse than
        every pure ε-equilibrium, so that CC does not exist. The bound then holds `agents_loss` in their place.
    agents_loss : w* − w(s), which the first two terms split.
    intent, magnitude : the third term, and R, which is 0 where agents' and principals' magnitudes m agree.
    cooperation : CC, how far play is from the worst pure ε-equilibrium to the optimum; None as above.
    ideal_regret, ideal_bound : ŵ₊ − ŵ* ≤ (1 − CA) Σ m̂_i / P, where ŵ₊ is the mean of each principal's own maximum.
    """

    players: tuple[str, ...]
    regret: float
    bound: float
    inter_agent: float | None
    capability: float | None
    agents_loss: float
    intent: float
    magnitude: float
    cooperation: float | None
    ideal_regret: float
    ideal_bound: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the principals lose, and what the bound allows."""
        said = (
            f"Counting players alone, each loses {self.regret:.4g} on average against the best joint move; "
            f"the published bound allows {self.bound:.4g}."
        )
        numbers = {name: value for name, value in asdict(self).items() if name != "players"}
        return (Finding("published", said, self.players, numbers, SOURCE),)


def regret_bound(subject: Game | Delegation, played: Mixture) -> RegretBound:
    """The bound when the agents of a delegation play `played`, in expectation over joint moves.

    The constant K of the paper is 1 (no difference exceeds the norm). An agent whose reward is constant adds nothing
    to R. Raises `TooLarge` when the joint moves cannot be listed.
    """
    delegation = as_delegation(subject)
    count = len(delegation.game.players)
    utilities = delegation.utilities[..., :count]
    own, ideal, odds = columns(delegation.rewards), columns(utilities), _odds(played)
    sizes, ideal_sizes = standardise(own)[1], standardise(ideal)[1]
    best = int(np.argmax(ideal.mean(-1)))
    ratios = np.divide(ideal_sizes, sizes, out=np.ones(count), where=sizes > 0)
    magnitude = float(((ratios - 1) * (own[best] - odds @ own)).mean())
    intent = float(4 * (ideal_sizes * (1 - individual_alignment(delegation.rewards, utilities))).mean())
    welfare = own.mean(-1)
    loss, top = float(welfare.max() - odds @ welfare), ideal.mean(-1).max()
    split = _split(agents_game(delegation), played, float(odds @ welfare))
    cooperation, inter_agent, capability = split or (None, None, None)
    return RegretBound(
        players=delegation.game.players,
        regret=float(top - odds @ ideal.mean(-1)),
        bound=(split[1] + split[2] if split else loss) + intent + magnitude,
        inter_agent=inter_agent,
        capability=capability,
        agents_loss=loss,
        intent=intent,
        magnitude=magnitude,
        cooperation=cooperation,
        ideal_regret=float(ideal.max(0).mean() - top),
        ideal_bound=float((1 - collective_alignment(utilities)) * ideal_sizes.mean()),
    )


def _split(game: NormalForm, played: Mixture, got: float) -> tuple[float, float, float] | None:
    """CC, (1 − CC)(w* − w_0) and w_0 − w_ε; None where they do not exist."""
    welfare = game.payoffs.mean(-1)
    exact = welfare[_near_equilibria(game, np.zeros(len(played)))]
    near = welfare[_near_equilibria(game, 1 - individual_capability(game, played))]
    if not exact.size or got < near.min() - TIE * np.ptp(welfare):
        return None
    room = float(welfare.max() - exact.min())
    cooperation = min(max((got - float(near.min())) / room, 0.0), 1.0) if room > 0 else 1.0
    return cooperation, (1 - cooperation) * room, float(exact.min() - near.min())


def _near_equilibria(game: NormalForm, slack: Array) -> Array:
    """`bool[A_1, …, A_P]`: where every player gets all but a share `slack` of what its own move can change."""
    near = np.ones(game.sizes, bool)
    for i, share in enumerate(slack):
        own = game.payoffs[..., i]
        high, low = own.max(axis=i, keepdims=True), own.min(axis=i, keepdims=True)
        near &= own >= low + (1 - share) * (high - low) - TIE * np.ptp(own)
    return near


def _odds(played: Mixture) -> Array:
    """The probability of every joint move, `float[S]`, last player's move fastest."""
    odds = np.ones(1)
    for own in played:
        odds = np.multiply.outer(odds, own).ravel()
    return odds
