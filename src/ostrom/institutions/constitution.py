"""Rules that say how the rules are changed, and who can change that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.charter import Round
from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._articles import Body
from ._recalling import noted, recalling
from ._silent import names_of

SAFEGUARD = "safeguard"
KEEP = "keep"
NOTE = "articles of a constitution"


class Constitution(Institution):
    """Articles that the seats themselves can repeal and enact again (Ostrom, 1990: collective-choice rules).

    At the end of every round each seat may move to change one article: to repeal one that is in force, or to enact one
    that is not. Every change that enough of those present move for holds from the next round on. What is in force
    decides in this round, also about itself: a `safeguard` raises the votes that other articles need, and if it is not
    `entrenched`, it can itself be repealed with the ordinary number (Suber, 1990: the paradox of self-amendment).

    Parameters
    ----------
    articles : institutions, innermost first; all are in force at the start.
    needed : votes that a change needs; 0 means more than half of the seats.
    safeguard : votes that a change of a guarded article needs while the safeguard is in force; 0 is no safeguard. More
        than there are seats is a clause for ever.
    entrenched : whether the safeguard guards itself too.
    guarded : numbers of the articles that it guards, 0 the innermost; () means all.

    Out of force an article changes nothing, the labels it added are closed, of its parts only the first choice is left,
    and its books rest. Dice still fall, and what it shows is shown. Who is absent has no vote.

    Raises `InputError` for no articles, a safeguard that asks for fewer votes than are needed anyway, and articles that
    replace moves or change what seats want.
    """

    articles: tuple[Institution, ...]
    needed: Annotated[int, Interval(ge=0)] = 0
    safeguard: Annotated[int, Interval(ge=0)] = 0
    entrenched: bool = False
    guarded: tuple[int, ...] = ()
    example: ClassVar[str] = "constitution:articles=((tax:on=D,rate=3)),needed=2,safeguard=3"
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["structural"]] = "structural"
    enforced_by: ClassVar[str] = "whoever counts the votes and enforces the articles"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.articles:
            raise InputError("A constitution without articles.", "There is nothing to change.", "Give articles=(…,).")
        if strangers := [k for k in self.guarded if not 0 <= k < len(self.articles)]:
            raise InputError(
                f"The safeguard is to guard article {strangers[0]}.",
                f"There are articles 0 to {len(self.articles) - 1}.",
                "Number the innermost 0, or leave out guarded=… to guard all.",
            )
        if (self.guarded or self.entrenched) and not self.safeguard:
            raise InputError(
                "Articles are guarded, or the safeguard is entrenched, and there is no safeguard.",
                do="Say with safeguard=… how many votes it asks for.",
            )

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """Which articles are in force, and what they remember."""
        return "unbounded" if any(rule.memory == "unbounded" for rule in self.articles) else "finite"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """What all articles declare; an article out of force moves no money."""
        declared = {rule.budget for rule in self.articles} - {"balanced"}
        return "balanced" if not declared else declared.pop() if len(declared) == 1 else None

    # The law, without a game ------------------------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """What can be changed: the articles by their class, and "safeguard" where there is one."""
        return (*names_of(self.articles), *((SAFEGUARD,) if self.safeguard else ()))

    def votes(self, force: Sequence[Any], players: int, xp: Any = np) -> list[Any]:
        """How many votes each change needs, in the order of `names`, where these are in force (`bool[N]`)."""
        usual = self.needed or players // 2 + 1
        if not self.safeguard:
            return [usual] * len(self.names)
        guarded = [not self.guarded or k in self.guarded for k in range(len(self.articles))]
        raised = xp.where(force[-1], self.safeguard, usual)
        return [raised if one else usual for one in (*guarded, self.entrenched)]

    # The hooks --------------------------------------------------------------------------------------------------------

    def menu(self, ground: Ground) -> Ground:
        """The articles', and a stage at the end at which changes are moved for."""
        usual = self.needed or len(ground.players) // 2 + 1
        if 0 < self.safeguard < usual:
            raise InputError(
                f"The safeguard asks for {self.safeguard} votes, where a change needs {usual} without it.",
                "It would make changes easier.",
                f"Give safeguard={usual} or more.",
            )
        body = Body(ground, self.articles)
        under = recalling(replace(body.ground, aliases={}), **{NOTE: body})
        return under.followed_by(Part("motion", (KEEP, *(f"change {name}" for name in self.names))))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """All is in force."""
        body: Body = noted(ground, NOTE)
        return {"force": np.ones(len(self.names), bool)} | _numbered(body.charter.found())

    def dice(self, now: Now) -> Mapping[str, Any]:
        """The articles', whatever is in force."""
        body, scene = self._body(now)
        return _numbered(body.charter.dice(scene))

    def inform(self, now: Now, view: View) -> View:
        """What is in force, and what the articles tell."""
        body, scene = self._body(now)
        return body.inform(now, scene, view).show(force=now.record["force"])

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the articles in force permit; everything may be moved for."""
        body, scene = self._body(now)
        return body.permit(now, scene, mask)

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the articles in force make of the moves."""
        body, scene = self._body(now)
        return {**moves, **body.charter.descend(scene, body.moves(moves))[0]}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """The payments of the articles in force, from the inside out."""
        body, scene = self._body(now)
        return body.charter.settle(scene, body.charter.descend(scene, body.moves(now.moves)), payoffs)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What is in force from the next round on, and what the articles remember."""
        body, scene = self._body(now)
        return {"force": self._amended(now)} | _numbered(body.remember(now, scene, payoffs))

    def _amended(self, now: Now) -> Any:
        """`bool[N]`: what is in force after the changes that enough seats moved for."""
        xp, force = now.xp, now.record["force"]
        here = xp.asarray(now.present)
        votes = xp.stack([(now.did("motion", f"change {name}") & here).sum(-1) for name in self.names])
        needed = xp.stack([xp.asarray(one) for one in self.votes(force, now.players, xp)])
        return force ^ (votes >= needed)

    def _body(self, now: Now) -> tuple[Body, Round]:
        body: Body = noted(now.ground, NOTE)
        records, luck = ([_of(values, k) for k in range(len(self.articles))] for values in (now.record, now.luck))
        return body, body.scene(now, now.record["force"], records, tuple(luck))


def _numbered(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What belongs to articles, under names that nobody else has."""
    return {f"article {k} {name}": value for k, layer in enumerate(layers) for name, value in layer.items()}


def _of(values: Mapping[str, Any], k: int) -> dict[str, Any]:
    """What among these is article k's, by its own names."""
    head = f"article {k} "
    return {name.removeprefix(head): value for name, value in values.items() if name.startswith(head)}
