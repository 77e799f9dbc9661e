"""A protocol: a state machine that says who may do what next, what is prescribed, who sees what, and what has to hold.

    start      the state before anybody has done anything       safety     what has to hold in every state
    events     the steps that can come next                     liveness   what has to come about in the end
    sees       what a party knows of a state                    ended      whether it is fine to stop here
    pays       what each party gets if it stops here

One object answers two kinds of question. Whatever order steps come in, and whatever the faulty may do: does the
protocol keep its promises (`audits.model_check`)? And does it pay to follow it, where leaving is a move like any other
(`audits.honesty`)? `Protocol.play` makes it a game in extensive form, for every solver of trees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .errors import InputError, UnknownName
from .record import Record

if TYPE_CHECKING:
    from ._protocol_play import Play

State = Any
"""Anything hashable that is never changed; a tuple of small whole numbers, or one whole number, is quick."""

Kind = Literal["honest", "abort", "silent", "equivocate", "lie"]
DEVIATIONS: tuple[Kind, ...] = ("abort", "silent", "equivocate", "lie")
"""Ways to leave a protocol: walk out, send nothing (or too late), tell some one thing and others another, or what is
not so."""

Holds = Callable[[State, frozenset[str]], bool]
"""A property: asked of a state and of the set of parties that may be faulty, of whom nothing is promised."""

Trace = Sequence[tuple[str, str]]
"""Steps one after another, each an actor and a label."""


class Step(NamedTuple):
    """One thing that can happen next.

    Attributes
    ----------
    actor : a party, or whoever else moves things on ("network"): a name that is no party's acts by chance.
    label : what it does; an actor's labels in a state differ.
    after : the state that follows.
    kind : "honest" for what the protocol prescribes or leaves open, else one of `DEVIATIONS`.
    odds : how likely chance makes it, or how likely a party that follows the protocol does, among the actor's honest
        steps here; None: what the others leave is shared evenly. Chance cannot make a step of odds 0; a party may, if
        it is honest: the protocol allows it, and does not ask for it.
    """

    actor: str
    label: str
    after: State
    kind: Kind = "honest"
    odds: Any = None


class Protocol(Record):
    """A protocol as a machine; subclasses declare parameters as fields, like institutions, and override what they need.

    All methods are pure. Steps of several actors in one state may come in any order; where time counts, the state says
    so. Who is told nothing of a state that matters to it must not `sees` it: that is what secrecy, and moving at the
    same time, are made of.
    """

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """Who takes part, is promised something, and is paid."""
        raise NotImplementedError

    @property
    def alike(self) -> Sequence[Collection[str]]:
        """Groups of parties that can change places: what is promised does not depend on which of a group are faulty.

        `audits.model_check` looks at one set of faulty parties for all that differ by such a change. A party is in one
        group at most; by default nobody is in any.
        """
        return ()

    def start(self) -> State:
        """The first state."""
        raise NotImplementedError

    def events(self, state: State) -> Sequence[Step]:
        """All steps that can come next, deviations included, in a list; in a game who is listed first goes first."""
        raise NotImplementedError

    def events_of(self, deviating: Collection[str]) -> Callable[[State], Sequence[Step]]:
        """`events`, of which deviations by other parties than these may be left out: only for speed."""
        return self.events

    def ended(self, state: State) -> bool:
        """Whether it is fine that nothing comes after this state; elsewhere that is a deadlock."""
        return True

    def sees(self, state: State, party: str) -> Hashable:
        """What a party knows of a state when it is about to act, by default all; it remembers what it saw and did."""
        return state

    def pays(self, state: State) -> Sequence[Any]:
        """What each party gets if play stops here, in the order of `parties`."""
        return (0,) * len(self.parties)

    def safety(self) -> Mapping[str, Holds]:
        """What has to hold in every state that can be reached, by name."""
        return {}

    def liveness(self) -> Mapping[str, Holds]:
        """What has to come about sooner or later, by name; it counts once it has been so."""
        return {}

    def follow(self, trace: Trace) -> State:
        """The state that a trace leads to; `InputError` at a step that cannot be made there."""
        state, parties = self.start(), self.parties
        for number, (actor, label) in enumerate(_pairs(trace), 1):
            steps = {(step.actor, step.label): step.after for step in possible(checked_steps(self, state), parties)}
            if (actor, label) not in steps:
                there = "; ".join(f"{who}: {what}" for who, what in list(steps)[:12]) or "nothing"
                raise InputError(
                    f"Step {number} of the trace is {actor!r}: {label!r}.",
                    f"What can come there is: {there}.",
                    "Give a trace that this protocol made.",
                )
            state = steps[actor, label]
        return state

    def play(
        self,
        free: Iterable[Collection[str]] | None = None,
        *,
        kinds: Collection[str] = DEVIATIONS,
        schedule: Literal["listed", "even"] = "listed",
    ) -> Play:
        """The protocol as a game in extensive form, and the behaviour in it that follows the protocol.

        Parameters
        ----------
        free : who may leave it: groups of parties, each of which acts, knows and is paid as one. All others follow it,
            and are bystanders. By default everybody is free, each alone.
        kinds : the deviations that are moves.
        schedule : who goes first where several could: who is "listed" first among those with an honest step, or all of
            them with "even" odds (how long a message takes is then a matter of chance).

        Who has only deviations to make is on turn once nobody has an honest step left. A draw that changes nothing is
        drawn again. Information sets are all that a group saw and did whenever it was
        to act. Raises `TooLarge` for plays of more than 150 steps, or trees that do not fit, `InputError` where what
        is prescribed rests on what its party does not see, or odds are none.
        """
        from ._protocol_play import made_game

        try:
            groups = [(party,) for party in self.parties] if free is None else [_members(group) for group in free]
        except TypeError:
            raise InputError(f"Who is free is {free!r:.80}.", do='Give groups: [("buyer",), …].') from None
        known = [party for group in groups for party in group]
        for party in known:
            self.refuse_unknown(party)
        if len(set(known)) < len(known) or not all(groups) or not groups:
            raise InputError(
                f"The groups that are free are {groups}.", do="Name each party at most once, and somebody."
            )
        if not isinstance(schedule, str) or schedule not in ("listed", "even"):
            raise UnknownName("schedule", str(schedule), ("listed", "even"))
        return made_game(self, groups, refused_kinds(kinds), schedule)

    def refuse_unknown(self, party: str) -> None:
        """Raises `UnknownName` for who is no party."""
        if not isinstance(party, str) or party not in self.parties:
            raise UnknownName("party", str(party), self.parties)


def possible(steps: Iterable[Step], parties: Collection[str]) -> list[Step]:
    """The steps without those that chance never makes."""
    return [step for step in steps if step.odds != 0 or step.actor in parties]


def checked_pays(protocol: Protocol, state: State) -> tuple[Any, ...]:
    """What each party gets if play stops here; `InputError` for other than one finite number each."""
    pays = protocol.pays(state)
    given = tuple(pays) if isinstance(pays, Iterable) else ()
    if len(given) != len(protocol.parties) or not all(isinstance(one, Real) and math.isfinite(one) for one in given):
        raise InputError(
            f"{type(protocol).__name__} pays {pays!r:.120}.",
            f"The parties are {', '.join(protocol.parties)}.",
            "Pay each a finite number.",
        )
    return given


def refused_kinds(kinds: Collection[str]) -> frozenset[str]:
    """The kinds of deviation as a set; `UnknownName` for one that is none, `InputError` for what is no list of them."""
    try:
        given = [kinds] if isinstance(kinds, str) else list(kinds)
    except TypeError:
        raise InputError(f"The kinds are {kinds!r:.80}.", do=f"Give some of {DEVIATIONS}.") from None
    for kind in given:
        if not isinstance(kind, str) or kind not in DEVIATIONS:
            raise UnknownName("deviation", str(kind), DEVIATIONS)
    return frozenset(given)


def checked_steps(protocol: Protocol, state: State) -> list[Step]:
    """The steps of a state; `InputError` where they are no list of steps, states cannot be hashed, an actor's labels
    are equal, or odds are none, and `UnknownName` for a kind that there is not."""
    steps, name = protocol.events(state), type(protocol).__name__
    if not isinstance(steps, list | tuple) or not all(isinstance(step, Step) for step in steps):
        raise InputError(f"The events of {name} are {steps!r:.80}.", do="Give a list of steps.")
    for each in (state, *(step.after for step in steps)):
        try:
            hash(each)
        except TypeError:
            raise InputError(
                f"The state {each!r:.80} of {name} cannot be hashed.", do="Make states of tuples and numbers."
            ) from None
    refused_kinds({step.kind for step in steps} - {"honest"})
    for actor in dict.fromkeys(step.actor for step in steps):
        own = [step for step in steps if step.actor == actor]
        labels = [step.label for step in own]
        if not all(isinstance(label, str) for label in labels) or len(set(labels)) < len(labels):
            raise InputError(
                f"{actor} has the steps {labels!r:.200}.",
                "An actor's labels differ, and are texts.",
                "Name each apart.",
            )
        _refuse_odds(actor, [step.odds for step in own], actor not in protocol.parties)
    return list(steps)


def _refuse_odds(actor: str, odds: Sequence[Any], chance: bool) -> None:
    given = [one for one in odds if one is not None]
    try:
        total = sum(given)
        fine = all(0 <= one <= 1 for one in given) and (not chance or total <= 1 + 1e-9)
        fine = fine and not (chance and len(given) == len(odds) and total < 1 - 1e-9)
    except TypeError:
        fine = False
    if not fine:
        raise InputError(
            f"{actor} has steps with odds {given!r:.120}.",
            "Odds are from 0 to 1, at most 1 in all, and those of chance sum to 1.",
            "Give such odds, or None for what the others leave.",
        )


def _members(group: Any) -> tuple[str, ...]:
    return (group,) if isinstance(group, str) else tuple(group)


def _pairs(trace: Any) -> list[tuple[Any, Any]]:
    """A trace as pairs of an actor and a label; `InputError` for anything else."""
    try:
        return [(actor, label) for actor, label in trace]
    except (TypeError, ValueError):
        raise InputError(f"The trace is {trace!r:.80}.", do='Give steps: [("buyer", "pay"), …].') from None
