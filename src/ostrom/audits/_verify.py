"""The verb `verify`: put every question to a game, and say what stands, what falls, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.certificate import Certificate
from ..core.claim import Finding
from ..core.errors import InputError, TooLarge
from ..core.game import Game, require_interaction
from ..core.lifts.repeated import Repeated
from ..core.lifts.staged import Staged
from ._amendments import constitutions
from ._answers import Answered, Answers, answered, told
from ._case import Audit, Case
from ._certified import certificate_of
from ._repeated_case import RepeatedAudit, RepeatedCase
from ._stages import Stages, stages
from ._without import LAYERS
from .coalitions import Coalitions
from .equilibria import Equilibria
from .evasion import Evasion
from .joint_deviations import JointDeviations
from .layers import Layers
from .learners import Learners
from .loophole import Loophole
from .robustness import Robustness
from .spite import Spite
from .sustained import Sustained
from .unravelling import Unravelling
from .worst_case import WorstCase

AUDITS: tuple[type[Audit], ...] = (
    *(Equilibria, WorstCase, Learners, Coalitions, Evasion, Loophole, Spite, Robustness),
)
"""What is asked unless something else is, in this order."""

REPEATED_AUDITS: tuple[type[RepeatedAudit], ...] = (Sustained, Unravelling, JointDeviations)
"""What is asked of a repeated game, in this order."""

JOINT_MOVES = 50_000
"""Joint moves, of all charters that are left when layers fail, up to which a charter is asked about its layers."""


@dataclass(frozen=True, eq=False)
class Verification(Answered):
    """What became of each question.

    Attributes
    ----------
    name : of the game.
    target : the joint move that is wanted, by label.
    answers : the claims of each audit, by its name.
    certificate : game, institution and claims, for others to check; None where the table is large.
    """

    name: str
    target: tuple[str, ...]
    answers: Answers
    certificate: Certificate | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How many claims stand, and every one that does not."""
        return told(self.claims, f"({', '.join(self.target)})")

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        return {"name": self.name, "target": self.target, "verdict": self.verdict, "answers": self.answers}


def verify(
    game: Game | Repeated,
    target: Sequence[str] | None = None,
    *,
    audits: Iterable[Audit | RepeatedAudit] | None = None,
    welfare: Any = None,
    worth: Any = None,
    seed: int = 0,
    progress: Callable[[str], object] = lambda stage: None,
) -> Verification:
    """Ask of a finite game, under institutions or not, whether what is wanted really comes about.

    Of a repeated game, `game.repeated(0.9).under(…)`, the target is what is to be played in every round, and the
    audits are those of repeated games. A charter of two layers or more is also asked about its `Layers`, and a
    repeated game under a `Constitution` whether it is a `Loophole`.

    Parameters
    ----------
    target : the joint move that is wanted, by label; default the one of highest welfare.
    audits : what is asked; default every audit that fits.
    welfare : what is jointly good; default the mean over all principals. Payments by institutions are left out.
    worth : instead, the welfare of every joint move, `float[A_1, …, A_P]`.
    seed : for what is sampled. The same seed gives the same bytes.
    progress : is told in words what is being asked.

    Raises
    ------
    InputError : fewer than two players, a move that there is not; `TooLarge` where joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> from ostrom.audits import Equilibria
    >>> dilemma = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
    >>> verify(dilemma, ("C", "C"), audits=[Equilibria()]).verdict
    'refuted'
    """
    if isinstance(game, Repeated):
        if worth is not None:
            raise InputError("worth=… was given for a repeated game.", do="Give welfare=…, a measure of welfare.")
        asked = RepeatedCase.of(game, target, welfare=welfare)
        found = answered(_of_kind(RepeatedAudit, REPEATED_AUDITS, audits, _again_about_rules(game)), asked, progress)
        return Verification(game.name, asked.stage.target, found, None)
    require_interaction(game)
    try:
        case = Case.of(game, target, welfare=welfare, worth=worth, seed=seed)
    except TooLarge:
        if not isinstance(game, Staged) or audits is not None or target is not None:
            raise
        return _by_stages(game, welfare, progress)
    more = about_layers(game, welfare) if worth is None else ()  # without a layer, the table may be of another shape
    more = (*more, Stages(game, welfare)) if isinstance(game, Staged) else more
    answers = answered(_of_kind(Audit, AUDITS, audits, more), case, progress)
    claims = [claim for answer in answers.values() for claim in answer]
    return Verification(game.name, case.target, answers, certificate_of(game, case, claims))


def _by_stages(game: Staged, welfare: Any, progress: Callable[[str], object]) -> Verification:
    """Of a game with too many plans for a table: whether it comes to the best there is in the game without rules."""
    base = Case.of(game.base, welfare=welfare)
    progress("Asking about stages")
    return Verification(game.name, base.target, {"Stages": stages(game, base.wanted, welfare)}, None)


def about_layers(game: Game, welfare: Any = None) -> tuple[Audit, ...]:
    """What is asked besides where a game is under a charter of several layers, not too many to try all sets of them."""
    rules = getattr(game, "institutions", ())
    if not 2 <= len(rules) <= LAYERS:
        return ()
    base: Game = game.base  # type: ignore[attr-defined]
    few = 2 ** len(rules) * max(game.size, base.size) <= JOINT_MOVES
    return (Layers(base, rules, welfare),) if few else ()


def _again_about_rules(game: Repeated) -> tuple[RepeatedAudit, ...]:
    """What is asked besides of a repeated game under several layers, or under one by which rules are changed."""
    rules = game.institutions
    amended = (Loophole(),) if constitutions(rules) else ()
    return (*amended, *((Layers(),) if len(rules) >= 2 else ()))


def _of_kind(kind: type[Any], usual: Iterable[type[Any]], audits: Iterable[Any] | None, more: Any = ()) -> list[Any]:
    """The audits to ask, those given or the usual ones and more; `InputError` for one that is about something else."""
    asked = [*(audit() for audit in usual), *more] if audits is None else list(audits)
    for audit in asked:
        if not isinstance(audit, kind):
            about = "repeated games" if kind is RepeatedAudit else "games of one round"
            names = ", ".join(one.__name__ for one in usual)
            raise InputError(f"{audit!r} does not ask about {about}.", "What is asked has to fit.", f"Ask: {names}.")
    return asked
