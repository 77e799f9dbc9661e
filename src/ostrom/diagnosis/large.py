"""What is lost in a game too large to list: exact by counts where players are alike, and else as far as can be seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.forms.congestion import Congestion
from ..core.forms.symmetric import Symmetric
from ..core.game import Game, require_interaction
from ..core.welfare import Utilitarian
from ._large_alike import alike
from ._large_congestion import congestion
from ._large_found import Found
from ._large_other import other
from ._large_words import findings

STARTS = 50
"""Starting points by default: a share of one half is then known to within 14 %."""


@dataclass(frozen=True, kw_only=True)
class LargeDiagnosis(Found):
    """The impact gap of a game that cannot be listed, among agents who act for themselves and play perfectly (λ = ∞).

    Welfare is the mean over all principals. What it holds is said in `Found`, plus sentences and plain data.
    """

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to say, in sentences with their numbers."""
        return findings(self)

    @property
    def summary(self) -> str:
        """One paragraph: how much is lost, what is played and would be best, and what it means for whom."""
        told = [finding.sentence for finding in self.findings if finding.topic in ("facets", "moves", "effects")]
        return " ".join(told)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: dicts, lists, strings, numbers, None."""
        said = {"summary": self.summary, "findings": [asdict(finding) for finding in self.findings]}
        return {"kind": "large diagnosis", **asdict(self), **said}


def diagnose_large(subject: Game | Delegation, *, seed: int = 0, starts: int = STARTS) -> LargeDiagnosis:
    """Where the impact gap of a game that cannot be listed comes from.

    Agents act for themselves and play perfectly (λ = ∞), and welfare is the mean over all principals. Among players
    who are alike (`Symmetric`) outcomes, pure equilibria up to the names of the seats and dominance by a single move
    are exact, by counts. Of a `Congestion` game equilibria are those that best replies find, and the optimum lies
    between the best found and a bound. Of any other game there is only where learning leads. `status` says which.
    Rewards, precision and observed play of a delegation are not looked at.

    Parameters
    ----------
    seed : for starting points. The same seed gives the same bytes.
    starts : starting points from which evolution and learning of players who are alike are followed.

    Raises
    ------
    InputError : a welfare that is not utilitarian, rules that change what agents want, fewer than two players, a player
        without a choice, or no starts; `TooLarge` where even the oracle would need a list.

    Examples
    --------
    >>> from ostrom.games import PublicGoods
    >>> found = diagnose_large(PublicGoods(players=40))
    >>> found.played.words, found.optimum.place.words, found.gap
    ('all play 0', 'all play 20', 300.0)
    """
    delegation = as_delegation(subject)
    game = delegation.game
    require_interaction(game)
    if starts < 1:
        raise InputError(f"Basins from {starts} starts.", "A share needs something to count.", "Use at least one.")
    if delegation.motivated:
        raise InputError(
            f"Rules change what the agents of {game.name} want, and it cannot be listed.",
            "Without a list of joint moves agents are taken to act for what their principals get.",
            "Leave those rules out, or use few enough players for a table.",
        )
    if not isinstance(delegation.welfare, Utilitarian):
        raise InputError(
            f"The welfare is {delegation.welfare.name}, and {game.name} cannot be listed.",
            "Without a list of joint moves only the mean over principals is worked out.",
            "Use the utilitarian welfare, or few enough players for a table.",
        )
    return LargeDiagnosis(**vars(_found(game, seed, starts)))


def _found(game: Game, seed: int, starts: int) -> Found:
    if isinstance(game, Symmetric):
        return alike(game, seed, starts)
    return congestion(game, seed) if isinstance(game, Congestion) else other(game, seed)
