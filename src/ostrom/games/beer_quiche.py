"""Beer or quiche: what somebody has for breakfast, to look stronger than it may be."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm, Node
from ostrom.core.record import Interval

from ._scenario import check


class BeerQuiche(ExtensiveForm):
    """Somebody strong or weak has breakfast and is watched by another who would fight the weak, but not the strong.

    The strong like beer, the weak like quiche (worth 1), and everybody likes not to be fought (worth 2). While the
    strong are many, both have the same and nobody is fought: a signal that tells nothing. That all have quiche is an
    equilibrium too, but one that hangs on taking a beer drinker for weak, who has no reason at all to drink it.

    Players `sender`, `receiver`; moves `beer`, `quiche` and `fight`, `leave`. Information sets `strong`, `weak` and
    `beer`, `quiche`.

    Parameters
    ----------
    strong : odds that the sender is strong.

    Source: Cho and Kreps, Signaling games and stable equilibria (1987).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Cho and Kreps (1987)",
        "intuitive equilibrium": {"strong": "beer", "weak": "beer", "beer": "leave", "quiche": "fight"},
        "other pooling equilibrium": {"strong": "quiche", "weak": "quiche", "beer": "fight", "quiche": "leave"},
        "sender at the intuitive equilibrium": 2.9,
        "receiver at both": 0.9,
    }

    def __init__(self, strong: Annotated[float, Interval(ge=0.001, le=0.999)] = 0.9) -> None:
        check(BeerQuiche, locals())
        kinds = {"strong": (strong, _breakfast("strong")), "weak": (round(1 - strong, 12), _breakfast("weak"))}
        super().__init__(Chance(kinds), players=("sender", "receiver"), name="beer_quiche")


def _breakfast(kind: str) -> Node:
    liked = {"strong": "beer", "weak": "quiche"}[kind]

    def after(meal: str) -> Node:
        fought = float(meal == liked), float(kind == "weak")
        left = 2.0 + (meal == liked), float(kind == "strong")
        return Choice("receiver", {"fight": End(pays=fought), "leave": End(pays=left)}, sees=meal)

    return Choice("sender", {meal: after(meal) for meal in ("beer", "quiche")}, sees=kind)
