"""An institution: rules written once, as a few small hooks that any carrier can wind round a game.

    menu      what can be chosen, and when        found, remember   what the rule keeps between rounds
    dice      what chance decides                 inform            who gets to know what
    permit    what may be chosen                  enact             what the choices become below
    settle    who pays and who is paid

Every hook has a neutral default and one argument besides what it transforms: `now`, all that a rule may look at. The
same object runs on a table, a learning world and a live session, because it names things ("D", "harvest") and never
indexes them. `design/0001-institution.md` says why there are eight hooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np

from .errors import CarrierError, UnknownName
from .ground import Ground
from .record import Record

Array = Any
"""A NumPy or JAX array; hooks use `now.xp` and only what both libraries share."""

HOOKS = ("menu", "found", "dice", "inform", "permit", "enact", "settle", "remember")
"""The hooks, in the order in which a round calls them."""


@dataclass(frozen=True)
class Now:
    """All that a hook may look at.

    Attributes
    ----------
    ground : the parts and stages as this institution sees them.
    record : what the institution keeps between rounds (what `found` and `remember` returned).
    moves : every part, `int32[..., P]` or `float[..., P]`; -1 (NaN) where not known, or not yet.
    luck : faces of the institution's own dice, `int32[..., R]` each.
    facts : what the round produced, `float[..., P]` each; empty before play, except what a world can already see.
    prospects : what each move could still produce for its maker, fact -> `float[..., P, A]` over the part "act"; -inf
        where a seat has no such move.
    present : `bool[..., P]`: who takes part at the moment.
    time : the number of the round, 0 first.
    xp : the array library, `numpy` or `jax.numpy`.
    """

    ground: Ground
    record: Mapping[str, Array]
    moves: Mapping[str, Array]
    luck: Mapping[str, Array] = field(default_factory=dict)
    facts: Mapping[str, Array] = field(default_factory=dict)
    prospects: Mapping[str, Array] = field(default_factory=dict)
    present: Array = True
    time: Array = 0
    xp: Any = np

    @property
    def players(self) -> int:
        """How many seats there are."""
        return len(self.ground.players)

    def __getitem__(self, part: str) -> Array:
        return self.moves[self.ground.part(part).name]

    def did(self, part: str, label: str) -> Array:
        """`bool[..., P]`: who is known to have chosen `label` in `part`; False where it is not known yet."""
        codes = self.ground.part(part).codes(label, self.players)
        if (codes < 0).all():
            self.ground.index(part, label)
        return self[part] == self.xp.asarray(codes)

    def amount(self, name: str) -> Array:
        """`float[..., P]`: how much of `name` each seat did: a fact, a continuous part, or the label of a part."""
        if name in self.facts:
            return self.facts[name]
        part = self._part_for(name)
        if part is None:
            return self.xp.zeros(self.xp.shape(next(iter(self.moves.values()))))
        if name in self.ground.parts or name in self.ground.aliases:
            return self.xp.nan_to_num(self.moves[part])
        return self.xp.where(self.did(part, name), 1.0, 0.0)

    def would(self, name: str) -> tuple[str, Array]:
        """`(part, float[..., P, A])`: the most of `name` that each choice in a part could bring its maker.

        Raises `CarrierError` when nothing can be said before play; a rule that settles afterwards still can.
        """
        if name in self.prospects:
            return self.ground.part("act").name, self._widened(self.prospects[name])
        part = self._part_for(name)
        if part is None or name in self.ground.parts:
            raise CarrierError(
                f"How much {name!r} a move will bring is not known when it is chosen here.",
                "A limit has to be checked before the move is made.",
                f"Settle it afterwards instead (a tax on {name!r}), or give the carrier prospects of it.",
            )
        codes = self.ground.part(part).codes(name, self.players)
        width = self.ground.part(part).width(self.players)
        return part, self.xp.asarray(codes[:, None] == np.arange(width), float)

    def _widened(self, most: Array) -> Array:
        """Prospects of the base's moves on a part with added labels: those may bring what any move could.

        Prospects are -inf where a seat has no such move; the labels added for a seat begin there.
        """
        part, shape, xp = self.ground.part("act"), self.xp.shape(most), self.xp
        counts = np.array([len(part.labels_of(seat)) for seat in range(self.players)])
        width = int(counts.max())
        most = xp.concatenate([most, xp.full((*shape[:-1], width - shape[-1]), -np.inf)], -1)
        added = (most == -np.inf) & xp.asarray(np.arange(width) < counts[:, None])
        return xp.where(added, most.max(-1, keepdims=True), most)

    def _part_for(self, name: str) -> str | None:
        """The part that `name` is or is a label of, a move before what is only said; None for a fact not there yet."""
        if name in self.ground.parts or name in self.ground.aliases:
            return self.ground.part(name).name
        played = {part.name for stage in self.ground.play for part in stage}
        for part in sorted(self.ground.parts.values(), key=lambda part: part.name not in played):  # what is done first
            if (part.codes(name, self.players) >= 0).any():
                return part.name
        if name in self.ground.facts:
            return None
        labels = {label for p in self.ground.parts.values() for s in range(self.players) for label in p.labels_of(s)}
        hint = "Say on which the rule lies, with on=…: what a rule is on by default is not there in every game."
        raise UnknownName("fact, part or label", name, {*self.ground.facts, *self.ground.parts, *labels}, hint)


@dataclass(frozen=True)
class View:
    """What the seats get to see at a stage, besides their own moves.

    `public` values are the same for all (`[..., any]`), `seat` values are told one by one (`[..., P, any]`), `hidden`
    are parts whose moves others do not see although their stage is closed. Only one row of `seat` ever leaves a server.
    """

    public: Mapping[str, Array] = field(default_factory=dict)
    seat: Mapping[str, Array] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def show(self, **values: Array) -> View:
        """The same view with more that everybody sees."""
        return replace(self, public={**self.public, **self._fresh(values)})

    def tell(self, **values: Array) -> View:
        """The same view with more that each seat alone sees: row i of `[..., P, any]` for seat i."""
        return replace(self, seat={**self.seat, **self._fresh(values)})

    def hide(self, part: str) -> View:
        """The same view without others' moves in `part`."""
        return replace(self, hidden=self.hidden | {part})

    def _fresh(self, values: Mapping[str, Array]) -> dict[str, Array]:
        named = {}
        for name, value in values.items():
            unused, number = name, 2
            while unused in self.public or unused in self.seat:
                unused, number = f"{name}{number}", number + 1
            named[unused] = value
        return named


class Institution(Record):
    """Rules as hooks; override those that change something.

    What an institution declares is probed by `ostrom.testing.check_institution`; a lie is an error.

    Class attributes
    ----------------
    scope : what `settle` reads of other seats: "additive" (nothing), "counts" (how many did what), "profile" (all).
    memory : "none", "finite" (`found`/`remember` use integers from a finite set) or "unbounded".
    budget : "balanced" (transfers sum to 0), "surplus" (never pays out on balance), "deficit" (never takes), or None.
    kind : Kollock's (1998) kinds: "motivational", "strategic", "structural".
    formal, central : whether it is written law, and whether somebody in the middle runs it.
    emergent : whether it comes about where people deal with each other, with nobody who designed it.
    enforced_by : who makes it hold.
    """

    scope: ClassVar[Literal["additive", "counts", "profile"]] = "profile"
    memory: ClassVar[Literal["none", "finite", "unbounded"]] = "none"
    budget: ClassVar[Literal["balanced", "surplus", "deficit"] | None] = None
    kind: ClassVar[Literal["motivational", "strategic", "structural"]] = "structural"
    formal: ClassVar[bool] = True
    central: ClassVar[bool] = True
    emergent: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "the carrier"

    @property
    def hooks(self) -> tuple[str, ...]:
        """The hooks that it has a version of its own of, in the order in which a round calls them."""
        return tuple(hook for hook in HOOKS if getattr(type(self), hook) is not getattr(Institution, hook))

    def menu(self, ground: Ground) -> Ground:
        """The parts and stages of a round under this institution. Static Python: it may not read float parameters."""
        return ground

    def found(self, ground: Ground) -> Mapping[str, Array]:
        """What is kept at the start of an episode: small integer or boolean arrays by name, `[P]` or scalar."""
        return {}

    def dice(self, now: Now) -> Mapping[str, Array]:
        """Odds `float[R, K]` of R independent dice with K faces each, by name; rolled face down as a round opens."""
        return {}

    def inform(self, now: Now, view: View) -> View:
        """Who gets to see what at the stage that is about to be played."""
        return view

    def permit(self, now: Now, mask: Mapping[str, Array]) -> Mapping[str, Array]:
        """Part -> allowed labels `bool[..., P, A]` (bounds `float[..., P, 2]` of a continuous part); only narrower."""
        return mask

    def enact(self, now: Now, moves: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the layer below is given for what was chosen here; parts it does not know are dropped."""
        return moves

    def settle(self, now: Now, payoffs: Array) -> Array:
        """Payoffs `float[..., P]` after this institution's payments."""
        return payoffs

    def remember(self, now: Now, payoffs: Array) -> Mapping[str, Array]:
        """What is kept for the next round; the names, shapes and types of `found`. One round at a time, no batch."""
        return now.record


class Around(Institution):
    """A wrapper: forwards every hook to `rule`. Subclass it and override `seen`, which blurs what the rule sees."""

    rule: Institution

    def seen(self, now: Now) -> Now:
        """What the wrapped rule gets to look at; the same by default."""
        return now

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.scope

    @property
    def memory(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.memory

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.budget

    @property
    def kind(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.kind

    @property
    def formal(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.formal

    @property
    def central(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.central

    @property
    def emergent(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.emergent

    @property
    def enforced_by(self) -> Any:  # type: ignore[override]
        """What the wrapped rule declares."""
        return self.rule.enforced_by

    @property
    def hooks(self) -> tuple[str, ...]:
        """Those of the wrapped rule, and those that the wrapper has its own version of."""
        own = {hook for hook in HOOKS if getattr(type(self), hook) is not getattr(Around, hook)}
        return tuple(hook for hook in HOOKS if hook in own or hook in self.rule.hooks)

    def menu(self, ground: Ground) -> Ground:
        """The wrapped rule's."""
        return self.rule.menu(ground)

    def found(self, ground: Ground) -> Mapping[str, Array]:
        """The wrapped rule's."""
        return self.rule.found(ground)

    def dice(self, now: Now) -> Mapping[str, Array]:
        """The wrapped rule's; add one's own."""
        return self.rule.dice(self.seen(now))

    def inform(self, now: Now, view: View) -> View:
        """The wrapped rule's."""
        return self.rule.inform(self.seen(now), view)

    def permit(self, now: Now, mask: Mapping[str, Array]) -> Mapping[str, Array]:
        """The wrapped rule's."""
        return self.rule.permit(self.seen(now), mask)

    def enact(self, now: Now, moves: Mapping[str, Array]) -> Mapping[str, Array]:
        """The wrapped rule's."""
        return self.rule.enact(self.seen(now), moves)

    def settle(self, now: Now, payoffs: Array) -> Array:
        """The wrapped rule's."""
        return self.rule.settle(self.seen(now), payoffs)

    def remember(self, now: Now, payoffs: Array) -> Mapping[str, Array]:
        """The wrapped rule's."""
        return self.rule.remember(self.seen(now), payoffs)
