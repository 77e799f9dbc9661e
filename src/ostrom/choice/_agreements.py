"""What can be agreed upon, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..core.game import Array

CLOSE = 1e-12
"""How far the logarithm of a product may be from the largest."""


class Agreements(ABC):
    """Payoffs that can be agreed upon, and less for anybody (free disposal), against a disagreement point."""

    disagreement: Array

    @abstractmethod
    def along(self, direction: Array) -> float:
        """The largest t for which everybody can have its disagreement payoff and t times the direction."""

    @property
    @abstractmethod
    def unit(self) -> Array:
        """How far apart each one's payoffs are, `[n]`."""

    @abstractmethod
    def ideal(self) -> Array:
        """The most that each can have while nobody has less than in disagreement, `[n]`."""

    @abstractmethod
    def product(self, weights: Array) -> tuple[Array, float]:
        """Where the weighted product of gains is largest, `[n]`, and a bound on what its logarithm lacks."""
