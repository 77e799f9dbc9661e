"""The verb `design` for games too large to list whose players are alike: rules that treat them alike, ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim, Finding
from ..core.errors import InputError, UnknownName
from ..core.forms.symmetric import Symmetric
from ..core.institution import Institution
from ..core.rooms import key
from ..diagnosis.large import LargeDiagnosis
from ._alike_crowd import Crowd
from ._alike_limits import ban, quota
from ._alike_lines import AlikeLine, lined, tried
from ._alike_lot import lot
from ._alike_rates import fines, tax
from ._alike_regard import advice, prosocial
from ._alike_rule import Rule
from ._alike_words import because, order
from ._proposal import Impossible
from ._remedy import require_margin
from ._weights import weighed

APPROACHES: dict[str, str] = {
    "tax": "Tax",
    "fines": "Fines",
    "quota": "Quota",
    "restriction": "Ban",
    "prosocial": "Prosocial",
    "advice": "Advice",
    "lot": "Advice",
}
"""Approach -> the institution that it hands out."""


LEARNT = 2
"""Rules, the best first, that learners try."""


@dataclass(frozen=True, eq=False)
class AlikeDesign:
    """What could be done about a game of players who are alike, the best first.

    Attributes
    ----------
    name, players : of the game, and how many play.
    target : the move that all are to make.
    now : what is played as things are, in words.
    lines : the rules, ranked; those with an objection last.
    impossible : approaches that cannot do it, with why, and the nearest possible thing.
    welfare_now, welfare_target, welfare_best : mean over all principals as things are, where all make the target's
        move, and at the best spread of the players over the moves.
    best_spread : that spread in words.
    because : what kind of problem it is, why the first line is first, and what treating players alike costs.
    certificate : None: the table that a certificate would hold is too large to list.
    """

    name: str
    players: int
    target: str
    now: str
    lines: tuple[AlikeLine, ...]
    impossible: tuple[Impossible, ...]
    welfare_now: float
    welfare_target: float
    welfare_best: float
    best_spread: str
    because: str
    certificate: None = None

    @property
    def best(self) -> AlikeLine | None:
        """The first line that nothing speaks against; None when there is none."""
        return next((line for line in self.lines if not line.objection), None)

    @property
    def institution(self) -> Institution:
        """The institution of the first line; an `InputError` says why there is none."""
        if self.best is None:
            nearest = next((one.nearest for one in self.impossible if one.nearest), "Name another target.")
            raise InputError(f"No institution is proposed for {self.name}.", self.because, nearest)
        return self.best.institution

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the first line."""
        return self.best.claims if self.best is not None else ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What comes first and why, then every rule, then what is impossible."""
        cannot = (
            Finding("impossible", f"{one.approach.capitalize()}: {one.because} {one.nearest}".strip())
            for one in self.impossible
        )
        return Finding("design", self.because), *(line.finding for line in self.lines), *cannot

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        parts = ("name", "players", "target", "now", "because", "welfare_now", "welfare_target", "welfare_best")
        return {part: getattr(self, part) for part in (*parts, "best_spread", "lines", "impossible")}


def design_alike(
    game: Symmetric,
    *,
    target: str | None = None,
    among: Iterable[str | type[Institution]] | None = None,
    margin: float = 0.1,
    shared: bool = True,
    weights: Mapping[str, float] | None = None,
    seen: LargeDiagnosis | None = None,
    seed: int = 0,
    seconds: float = 10.0,
    progress: Callable[[str], object] = lambda stage: None,
) -> AlikeDesign:
    """Rules that treat all alike, for a game whose players are alike: closed forms and counts instead of a list.

    Welfare is the mean over all principals, bystanders included, before payments. What is played now is where play
    leads as `diagnose_large` predicts it.

    Parameters
    ----------
    game : `Symmetric`, of any size that form allows, with rules round it or not.
    target : the label of the move that all are to make; default the one that is best when all make it.
    among : approaches by name ("tax", "fines", "quota", "restriction", "prosocial", "advice", "lot") or institutions;
        default all, and "lot" (who plays what is drawn) only where no target is given.
    margin : by how much the target has to be better than leaving it, as a share (> 0) of the range of payoffs.
    shared : whether what a tax takes goes back to all in equal parts.
    weights : what each part of a burden counts in the ranking; default as for `design`.
    seen : what `diagnose_large` found, where that is known already.
    seed : for the starts of learners. seconds : time limit of each linear program.
    progress : is told in words what is being looked for.

    Raises
    ------
    InputError : a game of another form, a margin that is not positive, unknown names; `TooLarge` where a rule cannot
        be tried in every state.

    Examples
    --------
    >>> from ostrom.games import Commons
    >>> found = design_alike(Commons(players=100), among=["tax", "quota"])
    >>> found.institution
    Quota(on='harvest', limit=2.0, season=0)
    """
    require_margin(margin)
    progress("Counting how players may be spread")
    crowd, weighing = Crowd(game, seen), weighed(weights)
    place = crowd.target(target)
    lines: list[AlikeLine] = []
    impossible: list[Impossible] = []
    for name in _chosen(among, target is None):
        progress(f"Looking for {name}")
        answer = lot(crowd, weighing, seconds) if name == "lot" else _rule(crowd, name, place, margin, shared)
        if isinstance(answer, Rule):
            answer = lined(crowd, answer, place, weighing, seconds)
        lines.append(answer) if isinstance(answer, AlikeLine) else impossible.append(answer)
    lines.sort(key=lambda line: order(crowd, line))
    progress("Letting learners try")
    hopeful = [k for k, line in enumerate(lines) if not line.objection][:LEARNT]
    lines = [tried(crowd, line, seed) if k in hopeful else line for k, line in enumerate(lines)]
    return AlikeDesign(
        name=game.name,
        players=crowd.count,
        target=crowd.moves[place],
        now=crowd.now.words,
        lines=tuple(lines),
        impossible=tuple(impossible),
        welfare_now=crowd.now.welfare,
        welfare_target=float(crowd.welfare[place]),
        welfare_best=crowd.best.place.welfare,
        best_spread=crowd.best.place.words,
        because=" ".join(because(crowd, place, lines)),
    )


def _rule(crowd: Crowd, name: str, place: int, margin: float, shared: bool) -> Rule | Impossible:
    found: dict[str, Callable[[], Rule | Impossible]] = {
        "tax": lambda: tax(crowd, place, margin, shared),
        "fines": lambda: fines(crowd, place, margin),
        "quota": lambda: quota(crowd, place),
        "restriction": lambda: ban(crowd, place),
        "prosocial": lambda: prosocial(crowd, place, margin),
        "advice": lambda: advice(crowd, place),
    }
    return found[name]()


def _chosen(among: Iterable[str | type[Institution]] | None, drawn: bool) -> list[str]:
    """Names of approaches, in the order in which they are known."""
    if among is None:
        return [name for name in APPROACHES if drawn or name != "lot"]
    listed = [among] if isinstance(among, str | type) else among
    wanted = [one if isinstance(one, str) else one.__name__ for one in listed]
    found = set()
    for name in wanted:
        fits = {a for a in APPROACHES if key(a) == key(name)}
        fits = fits or {a for a, made in APPROACHES.items() if key(made) == key(name)}
        if not fits:
            raise UnknownName("approach", name, {*APPROACHES, *APPROACHES.values()})
        found |= fits
    return [name for name in APPROACHES if name in found]
