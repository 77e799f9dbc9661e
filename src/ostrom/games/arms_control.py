"""A treaty that can be broken in secret, and an inspector who cannot be everywhere."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node
from ostrom.core.record import Interval

from ._scenario import check, require


class ArmsControl(ExtensiveForm):
    """A state may keep a treaty or break it in secret; the other side may inspect, at a cost.

    An inspection of a violation finds it with odds `detection`. If the treaty were never broken nobody would pay for
    inspections, and if there were none it would be broken: so both happen now and then. What makes violations rare is
    not the fine but how dear inspections are, and what deters the inspector's opponent is paid for by the inspector.

    Players `state`, `inspector`; moves `comply`, `violate` and `trust`, `inspect`.

    Parameters
    ----------
    gain : what an undetected violation is worth to the state, and `harm` what it costs the other side.
    fine : what the state loses when it is caught. cost : of an inspection. detection : odds to find what is there.

    Source: Dresher, A sampling inspection problem in arms control agreements (1962); Avenhaus, von Stengel and Zamir,
    Inspection games (2002).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "closed form: violations cost / (detection · harm), inspections gain / (detection · (gain + fine))",
        "odds of a violation": 0.125,
        "odds of an inspection": 0.25,
    }

    def __init__(
        self,
        gain: Annotated[float, Interval(ge=0)] = 1.0,
        harm: Annotated[float, Interval(ge=0)] = 10.0,
        fine: Annotated[float, Interval(ge=0)] = 4.0,
        cost: Annotated[float, Interval(ge=0)] = 1.0,
        detection: Annotated[float, Interval(ge=0, le=1)] = 0.8,
    ) -> None:
        check(ArmsControl, locals())
        given = f"gain {gain:g}, fine {fine:g}, cost {cost:g}, harm {harm:g} and detection {detection:g}"
        sense = 0 < gain < detection * (gain + fine) and 0 < cost < detection * harm
        require(
            sense, ArmsControl, given, "Here inspections deter when they are sure to come, and can be worth their cost."
        )
        missed, caught = End(pays=(gain, -harm - cost)), End(pays=(-fine, -cost))
        looked: Node = (
            Chance({"found": (detection, caught), "missed": (round(1 - detection, 12), missed)})
            if detection < 1
            else caught
        )
        kept = Choice("inspector", {"trust": End(pays=(0.0, 0.0)), "inspect": End(pays=(0.0, -cost))}, sees="no news")
        broken = Choice("inspector", {"trust": End(pays=(gain, -harm)), "inspect": looked}, sees="no news")
        super().__init__(
            Choice("state", {"comply": kept, "violate": broken}), players=("state", "inspector"), name="arms_control"
        )
        self.hidden = ("state",)
