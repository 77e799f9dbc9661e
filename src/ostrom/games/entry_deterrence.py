"""A threat that would not be carried out: whoever is in the market says it will fight whoever comes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.extensive import Choice, End, ExtensiveForm
from ostrom.core.record import Interval

from ._scenario import check, require


class EntryDeterrence(ExtensiveForm):
    """A firm may enter the market of another, which can then fight or share.

    If the entrant believed the threat of a fight it would stay out, and nobody would ever see that the threat is empty:
    that is an equilibrium. But once there is an entrant, sharing is better for both.

    Players `entrant`, `incumbent`; moves `stay out`, `enter` and `fight`, `share`.

    Parameters
    ----------
    monopoly : the incumbent's profit alone. shared : each one's when they share. fight : each one's when they fight.
    outside : the entrant's profit elsewhere.

    Source: Selten, The chain store paradox (1978).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Selten (1978)",
        "pure equilibria": [("stay out", "fight"), ("enter", "share")],
        "subgame-perfect equilibrium": ("enter", "share"),
        "threat that is not credible": ("incumbent", "fight"),
    }

    def __init__(
        self,
        monopoly: Annotated[float, Interval(ge=0)] = 2.0,
        shared: Annotated[float, Interval(ge=0)] = 1.0,
        fight: float = -1.0,
        outside: Annotated[float, Interval(ge=0)] = 0.0,
    ) -> None:
        check(EntryDeterrence, locals())
        given = f"monopoly {monopoly:g}, shared {shared:g}, fight {fight:g}, outside {outside:g}"
        require(
            monopoly > shared > outside > fight, EntryDeterrence, given, "Here monopoly > shared > outside > fight."
        )
        answer = Choice("incumbent", {"fight": End(pays=(fight, fight)), "share": End(pays=(shared, shared))})
        super().__init__(
            Choice("entrant", {"stay out": End(pays=(outside, monopoly)), "enter": answer}),
            players=("entrant", "incumbent"),
            name="entry_deterrence",
        )
