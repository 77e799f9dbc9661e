"""What an inspection costs who is inspected, in closed form: the least odds that deter, and how they move."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..audits.evasion import chance_needed
from ..core.errors import InputError

COUNTED = 1e-4
"""Charges up to this are no charge to an inspection (`Enforced`)."""


@dataclass(frozen=True)
class Inspector:
    """An inspection: what it can charge, how often it errs, and what it takes for looking away.

    Attributes
    ----------
    fine : F, the most that can be charged. bribe : b; who would be charged more pays b instead.
    missed, mistaken : β and α, the odds that who owes is cleared, and that who does not is condemned.
    wrong : w, what is charged by mistake; None is the largest fine.
    most : the largest odds with which anybody can be inspected.
    """

    fine: float
    bribe: float = math.inf
    missed: float = 0.0
    mistaken: float = 0.0
    wrong: float | None = None
    most: float = 1.0

    def __post_init__(self) -> None:
        for name in ("missed", "mistaken", "most"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name} is {getattr(self, name)!r}.", do="Give odds, from 0 to 1.")
        if not COUNTED < self.fine < math.inf:
            raise InputError(
                f"The largest fine is {self.fine!r}.",
                f"Charges up to {COUNTED:g} count as none, and without a limit the least odds are 0.",
                "Say what anybody can be made to pay, in units in which that is a number like 5.",
            )
        if not self.bribe >= 0 or not 0 <= (self.wrong or 0.0) < math.inf:
            raise InputError(
                f"The bribe is {self.bribe!r}, and {self.wrong!r} is charged by mistake.",
                "Neither can be negative, and what is charged has to be finite.",
                "Give amounts of at least 0; bribe=inf is an inspector who takes none.",
            )

    @property
    def charge(self) -> float:
        """min(F, b): what who is condemned pays, to whomever."""
        return min(self.fine, self.bribe)

    @property
    def slip(self) -> float:
        """min(w, b): what who is condemned by mistake pays."""
        return self.charge if self.wrong is None else min(self.wrong, self.bribe)

    @property
    def bite(self) -> float:
        """(1 - β) min(F, b) - α min(w, b): what a violation adds to what an inspection can be expected to cost."""
        return (1 - self.missed) * self.charge - self.mistaken * self.slip

    def chance(self, gain: float) -> float | None:
        """The least odds that deter from a gain (Becker 1968); None where the largest there are do not."""
        found = chance_needed(gain, self.charge, self.mistaken, self.missed, self.slip)
        return float(found) if found is not None and found <= self.most else None

    def fine_for(self, gain: float, odds: float) -> float:
        """The least fine that deters from a gain under these odds; no more than `charge` where they are enough."""
        least = (gain / odds + self.mistaken * self.slip) / (1 - self.missed)
        return min(max(least, 10 * COUNTED), self.charge)

    def slopes(self, gain: float) -> dict[str, float]:
        """How the least odds move per unit of gain, fine, bribe and either error; 0 where a limit does not bind.

        Where the fine is the bribe, a larger one buys nothing: the slope is that towards larger amounts.
        """
        bribed, per_bite = self.bribe <= self.fine, -gain / self.bite**2
        alike = 1 - self.missed - self.mistaken if self.wrong is None else 1 - self.missed
        slips = self.mistaken * (self.wrong is not None and self.bribe < self.wrong)
        bribe = (alike if self.bribe < self.fine else 0.0) - slips
        return {
            "gain": 1 / self.bite,
            "fine": 0.0 if bribed else per_bite * alike,
            "bribe": per_bite * bribe + 0.0,
            "mistaken": -per_bite * self.slip,
            "missed": -per_bite * self.charge,
        }

    def remedies(self, gain: float) -> dict[str, float]:
        """What one change each would deter from a gain at the largest odds, by name; only those that can.

        "fine" and "bribe" are the least that do, "bribe and fine" what both would have to be, "mistaken" and "missed"
        the largest errors.
        """
        if self.most == 0:
            return {}
        owed, right, found = gain / self.most, 1 - self.missed, {}
        fine, least = self._least_fine(owed), self._least_charge(owed)
        if fine <= self.bribe:
            found["fine"] = fine
        if least <= self.fine:
            found["bribe"] = least
        if math.isfinite(least) and not {"fine", "bribe"} & set(found):
            found["bribe and fine"] = least
        if self.charge > 0 and (most := 1 - (owed + self.mistaken * self.slip) / self.charge) >= 0:
            found["missed"] = most
        if self.slip > 0 and (most := (right * self.charge - owed) / self.slip) >= 0:
            found["mistaken"] = most
        return found

    def _least_fine(self, owed: float) -> float:
        """The least fine, were it not for bribes, that is worth `owed` per inspection; infinite where none is."""
        if self.wrong is None:
            return self._least_charge(owed)
        right = 1 - self.missed
        return (owed + self.mistaken * self.slip) / right if right > 0 else math.inf

    def _least_charge(self, owed: float) -> float:
        """The same of what the fine and the bribe both would have to be, or exceed."""
        right, net = 1 - self.missed, 1 - self.missed - self.mistaken
        if self.wrong is None or (net > 0 and owed / net <= self.wrong):
            return owed / net if net > 0 else math.inf
        return (owed + self.mistaken * self.wrong) / right if right > 0 else math.inf
