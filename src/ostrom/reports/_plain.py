"""Results as plain data: dicts, lists, numbers, words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.game import Game
from ..core.institution import Institution
from ..designers._proposal import Proposal

_SAID_ELSEWHERE = ("outcome", "worth")
"""Tables as large as the game that a proposal with a target carries: its outcome is the target, surely."""


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: records by field (and their findings), arrays as lists, games by name and players,
    institutions by name and parameters.
    """
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, Game):
        return {"game": value.name, "players": list(value.players)}
    if isinstance(value, Institution):
        return {"institution": type(value).__name__, **plain(vars_of(value))}
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a pair of surrogates cannot be written
    return value if value is None or isinstance(value, int) else str(value)


def vars_of(rule: Institution) -> dict[str, Any]:
    """The parameters of an institution."""
    return {field.name: getattr(rule, field.name) for field in fields(rule)}  # type: ignore[arg-type]


def _record(value: Any) -> dict[str, Any]:
    left_out = _SAID_ELSEWHERE if isinstance(value, Proposal) and value.target is not None else ()
    found = {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.name not in left_out}
    if not isinstance(value, Finding) and isinstance(getattr(value, "findings", None), tuple):
        told = plain(value.findings)
        for part in found.values():
            if isinstance(part, dict) and all(one in told for one in part.get("findings", ())):
                part.pop("findings", None)  # what a part says stands in the whole once
        found["findings"] = told
    return found


def _key(key: Any) -> str:
    return plain(key) if isinstance(key, str) else str(key)
