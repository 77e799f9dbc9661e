"""Does a learner give what its methods' signatures say? Looked at while it is traced, before anything is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from ..core.errors import DeclarationError
from ..core.ground import Ground

THREE = "Give three things, (part -> choice, memory, notes): a dict, what it keeps in mind, () if nothing, and a dict."
TWO = "Give two things, the mind and a dict of metrics, {} if there are none."


def require_choice(learner: Any, made: Any, ground: Ground) -> tuple[Any, Any, Any]:
    """What `act` gives for one seat: one whole number for a part of labels, one number for a continuous one."""
    if not isinstance(made, tuple) or len(made) != 3:
        _odd(learner, "act", f"gives {_kind(made)}", THREE)
    moves, _, notes = made
    if not isinstance(moves, Mapping) or not isinstance(notes, Mapping):
        _odd(learner, "act", f"gives a choice that is {_kind(moves)} and notes that are {_kind(notes)}", THREE)
    for name in moves.keys() & ground.parts.keys():
        continuous = ground.parts[name].continuous
        wanted = "one number, a float" if continuous else "the number of one label, an int32"
        if np.shape(moves[name]) != () or jnp.issubdtype(jnp.result_type(moves[name]), np.floating) != continuous:
            said = f"{jnp.result_type(moves[name])}{list(np.shape(moves[name]))}"
            _odd(
                learner, "act", f"gives {said} in {name!r}, where {wanted}, is expected", "One seat chooses at a time."
            )
    return made


def require_lesson(learner: Any, made: Any) -> tuple[Any, Any]:
    """What `update` (or `improve`) gives: the mind, and metrics by name."""
    if not isinstance(made, tuple) or len(made) != 2:
        _odd(learner, "update", f"gives {_kind(made)}", TWO)
    if not isinstance(made[1], Mapping):
        _odd(learner, "update", f"gives metrics that are {_kind(made[1])}", TWO)
    return made


def _kind(made: Any) -> str:
    return f"a tuple of {len(made)}" if isinstance(made, tuple) else f"a {type(made).__name__}"


def _odd(learner: Any, method: str, what: str, do: str) -> None:
    raise DeclarationError(f"{type(learner).__name__}.{method} {what}.", do=do) from None
