"""A repeated game under rules that remember, with each layer in turn not enforced."""

from __future__ import annotations

from typing import Any

from ..core.claim import Claim
from ..core.errors import CarrierError, TooLarge
from ..core.lifts.markov import MarkovPerfect
from ..core.lifts.repeated import Repeated
from ..institutions._silent import names_of, with_silent
from ._repeated_case import RepeatedCase, excluded, keeping

METHOD = "Markov perfect equilibria in what the rules remember, and iterated conditional dominance, layer by layer"


def about_layers(case: RepeatedCase) -> Claim:
    """That the target can be played in every round, also if any one layer fails."""
    game, names = case.game, names_of(case.game.institutions)
    statement = f"{case.where} can be played in every round at a discount factor of {game.discount:g}, also if any one "
    statement += "layer fails."
    told: dict[str, dict[str, Any]] = {}
    for k, name in enumerate(("no layer", *names)):
        rules = with_silent(game.institutions, {k - 1})
        told[name] = _kept(RepeatedCase(Repeated(game.game, game.discount, rules), case.stage))
    whole = told.pop("no layer")
    numbers = {"as it stands": whole, "layers": told}
    lost = {name: one for name, one in {"": whole, **told}.items() if one["kept"] is False}
    if lost:
        name, one = next(iter(lost.items()))
        witness = {"failing": [name] if name else [], "player": one["player"], "move": one["move"]}
        return Claim(statement, "refuted", METHOD, case.slack, numbers, witness)
    if whole["kept"] and all(one["kept"] for one in told.values()):
        return Claim(statement, "proved", METHOD, case.slack, numbers)
    return Claim(statement, "unknown", METHOD, numbers=numbers)


def _kept(case: RepeatedCase) -> dict[str, Any]:
    """Whether the target is kept: True by an equilibrium that keeps it, False where none can, None where unknown."""
    try:
        found = keeping(case)
        if isinstance(found, MarkovPerfect):
            return {"kept": True}
        gone = excluded(case)
        if gone is not None:
            return {"kept": False, "player": gone["player"], "move": gone["move"]}
        return {"kept": None, "reason": found}
    except (CarrierError, TooLarge) as error:
        return {"kept": None, "reason": error.what}
