"""How long learning is looked at in a world, unless somebody says otherwise."""

from __future__ import annotations

from typing import NamedTuple


class Effort(NamedTuple):
    """Of the small preset, with four seeds: steps of each training, and how long it takes on two cores.

    Attributes
    ----------
    steps : of the world in each seed, over all copies, after which corners of the facets are told apart.
    diagnosed, audited : seconds that a diagnosis and an audit then take, compiling included.
    """

    steps: int
    diagnosed: int
    audited: int
