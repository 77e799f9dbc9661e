"""What rules share that change what another rule keeps of each seat: a yes or no, like good standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution


def standings(rule: Institution, ground: Ground) -> Mapping[str, Any]:
    """What `rule` keeps at the start; `InputError` when there is no yes or no about every seat in it."""
    record = rule.found(ground)
    if not any(of_seats(entry, ground) for entry in record.values()):
        raise InputError(
            f"{type(rule).__name__} keeps {', '.join(record) or 'nothing'}.",
            "What is changed here is a yes or no about every seat.",
            "Wrap a rule that keeps one, like Reputation.",
        )
    return record


def of_seats(entry: Any, ground: Ground) -> bool:
    """Whether an entry of a record is a yes or no about every seat."""
    return np.shape(entry) == (len(ground.players),) and entry.dtype == bool
