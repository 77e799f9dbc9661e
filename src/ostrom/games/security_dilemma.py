"""Two states that would both rather not arm, if each did not take the other for somebody who will."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.bayesian import Bayesian
from ostrom.core.record import Interval

from ._scenario import check


class SecurityDilemma(Bayesian):
    """Each state is peaceful or aggressive, knows which, and fears that the other is aggressive.

    A peaceful state likes best that nobody arms, and is sorry to be the only one without arms; an aggressive one always
    arms. Few are aggressive (`aggressive`), but each believes the other to be so with odds `feared`. Where these are
    high enough both arm, each proving the other right.

    Players `west` and `east`; signals (their own kind) `peaceful`, `aggressive`; moves `disarm`, `arm`.

    Parameters
    ----------
    aggressive : odds, for each state apart, that it is aggressive.
    feared : the odds that each believes of the other.
    burden : what arms cost: a peaceful state gets 4 without arms on either side, `4 − burden` when it alone has them,
        `3.5 − burden` when both have, and 2 when only the other has.

    Source: Jervis, Cooperation under the security dilemma (1978); Baliga and Sjöström, Arms races and negotiations
    (2004).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "closed form: peaceful states disarm when the other disarms with odds of at least 1/3",
        "the least fear that makes arming dominant": 2 / 3,
        "value for each when the peaceful disarm": 4 * 0.95**2 + 2 * 0.95 * 0.05 + 4 * 0.05 * 0.95 + 3 * 0.05**2,
    }

    def __init__(
        self,
        aggressive: Annotated[float, Interval(ge=1e-6, le=0.999999)] = 0.05,
        feared: Annotated[float, Interval(ge=1e-6, le=0.999999)] = 0.7,
        burden: Annotated[float, Interval(ge=0.51, le=1.49)] = 1.0,
    ) -> None:
        check(SecurityDilemma, locals())
        peaceful = np.array([[4.0, 2.0], [4 - burden, 3.5 - burden]])  # own move by the other's
        bold = np.array([[2.0, 0.0], [4.0, 3.0]])
        table = np.empty((2, 2, 2, 2, 2))
        for k, own in enumerate((peaceful, bold)):
            table[k, :, :, :, 0] = own
            table[:, k, :, :, 1] = own.T
        true, feared_odds = np.array([1 - aggressive, aggressive]), np.array([1 - feared, feared])
        super().__init__(
            table.reshape(4, 2, 2, 2),
            _known(np.outer(true, true)),
            beliefs=[_known(np.outer(true, feared_odds)), _known(np.outer(feared_odds, true))],
            states=("both peaceful", "east aggressive", "west aggressive", "both aggressive"),
            signals=("peaceful", "aggressive"),
            moves=("disarm", "arm"),
            players=("west", "east"),
            name="security_dilemma",
        )


def _known(odds: np.ndarray) -> np.ndarray:
    """Odds `[4, 2, 2]` of states and signals in which everybody knows its own kind."""
    spread = np.zeros((4, 2, 2))
    for k, (one, other) in enumerate(np.ndindex(2, 2)):
        spread[k, one, other] = odds[one, other]
    return spread
