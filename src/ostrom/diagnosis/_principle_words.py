"""What is found of one principle, and the words that several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Answer = Literal["holds", "fails", "not applicable"]


@dataclass(frozen=True)
class Principle:
    """One of the design principles of a charter: whether it holds, and what shows it.

    Attributes
    ----------
    name, number : "graduated sanctions", "5"; numbers with a letter are those of Cox, Arnold and Villamayor-Tomás.
    answer : "holds", "fails", or "not applicable" where there is nothing that could be judged.
    sentence : the same in words.
    who : the players it is shown on.
    witness : the numbers: fines by step, who changes what for whom, …
    sampled : whether only some of the situations were looked at; "holds" then still stands on its witness.
    """

    name: str
    number: str
    answer: Answer
    sentence: str
    who: tuple[str, ...] = ()
    witness: Mapping[str, Any] = field(default_factory=dict)
    sampled: bool = False


def units(amount: float) -> str:
    """A payment in words."""
    return f"{amount:.4g}"
