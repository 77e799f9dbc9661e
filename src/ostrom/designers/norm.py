"""The norm that keeps a joint move in a repeated game: whom to hold in good standing, and what to do to whom."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.delegation import Delegation
from ..core.errors import InputError
from ..core.game import Game
from ._norm_found import Search
from ._norm_proposal import impossible, proposal
from ._proposal import Impossible, Proposal
from ._remedy import Problem, require_margin
from ._tempted import tempted


def norm(
    subject: Game | Delegation | Problem,
    target: Sequence[str] | None = None,
    *,
    discount: float = 0.9,
    error: float = 0.0,
    order: int = 2,
    bad: str | None = None,
    margin: float = 0.01,
) -> Proposal | Impossible:
    """A norm of good standing, with the action rule that goes with it, that keeps a joint move round after round.

    Every norm of the order (16 of the second, 256 of the third) is tried with all 16 action rules. A pair will do when
    the target is played as long as no mistake is made, and no strategy gains anything at any state. Of those that do,
    the one with most welfare comes first; then with most welfare after one wrong entry, the least discount factor, and
    the fewest distinctions. The institution remembers, so lay it round `game.repeated(discount)`.

    `governed` is the first round as a table: what is paid now, and what standings are worth afterwards when all follow
    the rule (per round, `(1 - δ) u + δ V`). All that is said of the repeated game itself is in the claims.

    Parameters
    ----------
    subject : a game or delegation of up to six players whose joint moves can be listed.
    target : the same label for all; default the welfare optimum.
    discount : factor δ, 0 to below 1. error : odds that an entry is the wrong one, each seat and round, 0 to 1/2.
    order : 2, where what was done and the standing of whom it was done to are judged; 3, the doer's own as well.
    bad : the label with which those in bad standing are met; default each that all have is tried.
    margin : what the best single departure has to lose in all at any state, as a share (> 0) of the largest range of
        payoffs in a round. `least discount` and `errors borne` are without it.

    `numbers` holds the rule in letters (as `dynamics.standing` reads it), the `least discount` and the departure that
    `binding`s it, the discount factor below which `no rule` that only remembers keeps the target, `errors borne`, how
    many rounds until a wrong entry is `forgiven` by player, the `best` pairs in order, and for donation games which of
    them are evolutionarily stable `among strangers` (`dynamics.stable_norms`).

    Raises
    ------
    InputError : a discount factor, error, order or margin out of range; `UnknownName` for a move there is not,
        `TooLarge` beyond tables and beyond six players.

    Examples
    --------
    >>> from ostrom.games import PrisonersDilemma
    >>> found = norm(PrisonersDilemma())
    >>> found.institution, found.numbers["rule"], round(found.numbers["least discount"], 6)
    (Reputation(norm='GBBG', good='C'), 'DC', 0.666667)
    """
    problem = subject if isinstance(subject, Problem) else Problem(subject)
    require_margin(margin)
    _require(discount, error, order)
    place = problem.target(target)
    labels = problem.game.labels(place)
    if len(set(labels)) > 1:
        because = f"A norm judges all by the same move, and ({', '.join(labels)}) asks different things."
        return Impossible("norm", because, "Fines can differ from player to player.")
    if max(one.gain for one in tempted(problem, place, "equilibrium")) <= 0:
        because = f"({', '.join(labels)}) holds without a norm: nobody gains by leaving it in a round."
        return Impossible("norm", because, "What is missing is coordination: advice may do.")
    search = Search(problem, place, float(discount), float(error), order, bad, margin * problem.scale)
    return proposal(search, found) if (found := search.best()) else impossible(search)


def _require(discount: float, error: float, order: int) -> None:
    if not 0 <= discount < 1:
        raise InputError(
            f"The discount factor is {discount!r}.", "A norm works by what follows: 0 ≤ δ < 1.", "Give such a number."
        )
    if not 0 <= error <= 0.5:
        raise InputError(f"error={error!r} is no odds of an error.", "Errors are less frequent than not.", "Give 0.01.")
    if order not in (2, 3):
        raise InputError(
            f"order={order!r} is not there.",
            "A norm of order 2 looks at the standing of whom was met, and of order 3 at one's own as well.",
            "Give 2 or 3.",
        )
