"""The Security Council of the United Nations: five who can block, and ten who hardly ever decide."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

from ostrom.core.forms.weighted_voting import WeightedVoting

PERMANENT = ("China", "France", "Russia", "United Kingdom", "United States")


class SecurityCouncil(WeightedVoting):
    """Fifteen members vote; nine voices are needed, and those of all five permanent members among them.

    As a weighted vote: seven votes for a permanent member, one for each of the others, and a quota of 39. No coalition
    without all five passes anything, and with them any four others do.

    Players are the five permanent members and `member 6` to `member 15`. A winning coalition is worth 1.

    Source: Shapley and Shubik, A method for evaluating the distribution of power in a committee system (1954), for the
    index; the Charter of the United Nations, article 27, for the rule.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Shapley and Shubik's index (1954), by counting",
        "share of a permanent member": Fraction(421, 2145),
        "share of another member": Fraction(4, 2145),
        "with a veto": PERMANENT,
    }

    def __init__(self) -> None:
        players = (*PERMANENT, *(f"member {k}" for k in range(6, 16)))
        super().__init__(39, [7] * 5 + [1] * 10, players, name="security_council")
