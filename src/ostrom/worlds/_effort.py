"""How long learning is looked at in a world, unless somebody says otherwise."""

from __future__ import annotations

from typing import NamedTuple

USUAL = "ippo:rate=0.005,net=(net:hidden=(32,32))"
"""Who learns, unless somebody else is named: quick to compile and to learn in small worlds."""


class Effort(NamedTuple):
    """Of the small preset, with four seeds: steps of each training, and how long it takes on two cores.

    Attributes
    ----------
    steps : of the world in each seed, over all copies, after which corners of the facets are told apart.
    diagnosed, audited : seconds that a diagnosis and an audit then take, compiling included.
    learner : who learns what there is to learn in so many steps.
    """

    steps: int
    diagnosed: int
    audited: int
    learner: str = USUAL
