"""Which layers of a charter carry the target, which could be left out, and which do harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.errors import CarrierError, InputError, TooLarge, UnknownName
from ..core.game import Game
from ..core.institution import Institution
from ..core.lifts.repeated import Repeated
from ._case import Audit, Case
from ._repeated_case import RepeatedAudit, RepeatedCase
from ._without import Charters, Left, Set, plain, slack_of
from ._without_repeated import about_layers

METHOD = "every departure from the target, layer by layer not enforced"


@dataclass(frozen=True)
class Layers(Audit, RepeatedAudit):
    """Whether the target stands when layers of the charter fail, one by one and together.

    A layer that fails stays on paper: what it forbids can be done, what it would do for others is not done, and nobody
    pays; its parts stay, and the other layers work. Three claims: the target is an equilibrium as the charter stands
    and if any one layer fails; the smallest sets whose joint failure breaks it (all 2^k are looked at where needed,
    and none that has a smaller one within it is listed); and no layer does harm: without it the target would not be
    held more firmly, nor the worst pure equilibrium have a higher welfare.

    In the numbers each layer is *load-bearing* (the target falls with it alone), *redundant* (it stands without it), or
    *idle* (it falls either way), and besides *harmful* or not.

    Of a repeated game there is one claim: the target can be played in every round, also if any one layer fails.

    Parameters
    ----------
    base, charter : the game without institutions, and the layers, innermost first; default those of the game asked
        about. A game in stages does not hand them on, and is asked about with them.
    welfare : by which equilibria are compared, payments left out; default the mean over all principals.

    Raises `TooLarge` beyond 10 layers.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> twice = games.PrisonersDilemma().under(*[institutions.Tax(on="D", rate=2.5)] * 2)
    >>> [claim.verdict for claim in Layers()(twice, ("C", "C"))]
    ['proved', 'proved', 'proved']
    """

    base: Game | None = None
    charter: tuple[Institution, ...] = ()
    welfare: Any = None

    def __call__(
        self,
        game: Game | Repeated,
        target: Sequence[str] | None = None,
        *,
        welfare: Any = None,
        worth: Any = None,
        seed: int = 0,
    ) -> tuple[Claim, ...]:
        """The claims about a game of one round, as any audit's, or the one about a repeated game."""
        if not isinstance(game, Repeated):
            return Audit.__call__(self, game, target, welfare=welfare, worth=worth, seed=seed)
        if worth is not None:
            raise InputError("worth=… was given for a repeated game.", do="Give welfare=…, a measure of welfare.")
        return RepeatedAudit.__call__(self, game, target, welfare=welfare, seed=seed)

    def answer(self, case: Case | RepeatedCase) -> tuple[Claim, ...]:
        """That no single failure breaks the target, which joint ones do, and that no layer does harm."""
        if isinstance(case, RepeatedCase):
            return (about_layers(case),)
        base = getattr(case.game, "base", None) if self.base is None else self.base
        rules = self.charter or getattr(case.game, "institutions", ())
        if base is None or not rules:
            reason = "the game does not say which layers lie round it; give base=… and charter=…"
            return (_unknown(_stays(case), reason),)
        charters = Charters(base, tuple(rules), case.target, self.welfare)
        try:
            return _alone(case, charters), _together(case, charters), _harmless(case, charters)
        except (CarrierError, TooLarge, UnknownName) as error:  # without a layer there are other moves, or many more
            return (_unknown(_stays(case), error.what),)


def _stays(case: Case) -> str:
    return f"{case.where} is an equilibrium, and stays one if any one layer fails."


def _unknown(statement: str, reason: str) -> Claim:
    return Claim(statement, "unknown", METHOD, numbers={"reason": reason})


def _alone(case: Case, charters: Charters) -> Claim:
    """The whole charter, and without each layer."""
    whole = charters.without(frozenset())
    numbers = {"layers": {name: _role(charters, k) for k, name in enumerate(charters.names)}}
    for failing in (frozenset[int](), *(frozenset((k,)) for k in range(len(charters.rules)))):
        left = charters.without(failing)
        if not left.holds:
            return _broken(case, charters, _stays(case), failing, left, numbers)
    return Claim(_stays(case), "proved", f"{METHOD}, in float64", whole.case.slack, numbers)


def _role(charters: Charters, k: int) -> dict[str, Any]:
    whole, left = charters.without(frozenset()), charters.without(frozenset((k,)))
    part = "redundant" if left.holds else "load-bearing" if whole.holds else "idle"
    return {"part": part, "harmful": bool(_harm(whole, left)), **left.told()}


def _broken(case: Case, charters: Charters, statement: str, failing: Set, left: Left, numbers: dict[str, Any]) -> Claim:
    """A claim that some failure refutes; with evidence in rationals where nothing is paid any more."""
    witness = {"failing": [charters.names[k] for k in sorted(failing)], **left.told()}
    if (exact := left.case.exact) is not None and (failing == frozenset() or _unpaid(case, left)):
        move = {"player": exact.players[left.player], "move": exact.moves[left.player][left.move]}
        gain = exact.gain(exact.number(case.target), left.player, left.move)
        evidence = {"kind": "evades", "target": case.target, **move, "chance": 0, "gain": gain}
        if not failing:
            evidence = {"kind": "gain", "at": case.target, **move, "gain": gain}
        return case.settled(statement, False, evidence, METHOD, witness=witness, numbers=numbers)
    return Claim(statement, "refuted", f"{METHOD}, in float64", left.case.slack, numbers, witness)


def _unpaid(case: Case, left: Left) -> bool:
    """Whether what is left is the game asked about, without any payment: evidence can then be about that game.

    A game in stages does not tell what is paid in it, so payoffs are compared.
    """
    game, bare = left.case.game, case.game.payoffs - case.adds
    return game.moves == case.game.moves and np.allclose(game.payoffs, bare, rtol=0.0, atol=case.slack)


def _together(case: Case, charters: Charters) -> Claim:
    """The minimal sets whose joint failure breaks the target."""
    found = charters.breaking
    sets = [[charters.names[k] for k in sorted(one)] for one in found]
    method = f"every set of {len(charters.rules)} layers that has no smaller breaking set within it, in float64"
    slack = charters.without(frozenset()).case.slack
    numbers = {"minimal breaking sets": sets, "layers": len(charters.rules)}
    if not found:
        return Claim(f"{case.where} stays an equilibrium whatever layers fail.", "proved", method, slack, numbers)
    least = len(found[0])
    listed = "; ".join(charters.words(one) for one in found if len(one) == least)
    if not least:
        statement = f"{case.where} is no equilibrium even if no layer fails."
    else:
        many = "layer" if least == 1 else "layers"
        statement = f"It takes at least {least} failing {many} to break {case.where}: {listed}."
    numbers["what then"] = {charters.words(one): charters.without(one).told() for one in found[:8]}
    return Claim(statement, "proved", method, slack, numbers)


def _harmless(case: Case, charters: Charters) -> Claim:
    """That the charter is not better without one of its layers."""
    statement = f"No layer does harm: without it {case.where} is held no more firmly, and equilibria are worth no more."
    method = f"{METHOD}, and all pure equilibria, in float64"
    whole = charters.without(frozenset())
    harms = list(_harms(charters))
    if harms:
        return Claim(statement, "refuted", method, whole.case.slack, {"harmful": harms}, harms[0])
    return Claim(statement, "proved", method, whole.case.slack)


def _harms(charters: Charters) -> Iterator[dict[str, Any]]:
    whole = charters.without(frozenset())
    for k, name in enumerate(charters.names):
        if harm := _harm(whole, charters.without(frozenset((k,)))):
            yield {"layer": name, **harm}


def _harm(whole: Left, left: Left) -> dict[str, Any]:
    """How a charter is better without a layer: what leaving the target brings, and the worst equilibrium's welfare."""
    found: dict[str, Any] = {}
    if left.gain < whole.gain - slack_of(whole, left):
        found["gain from leaving"] = {"with it": plain(whole.gain), "without it": plain(left.gain)}
    if whole.worst is not None and left.worst is not None:
        close = 1e-9 * max(abs(whole.worst), abs(left.worst), 1.0)
        if left.worst > whole.worst + close:
            found["welfare of the worst equilibrium"] = {"with it": whole.worst, "without it": left.worst}
    return found
