"""An organisation in a live session: several agents on one seat, and a rule by which they decide."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..agents.organisation import Organisation, Vote
from ..core.agent import NEVER, Agent, Choice, Look, Policy, Sight
from ..core.errors import InputError
from ..core.ground import Ground, Part

Members = tuple[Policy, ...]


class Council(Agent):
    """Agents who share one seat of a live session and decide by a rule (Condorcet, 1785; Black, 1948; Stone, 1961).

    Every member is asked what it would choose, as if the seat were its own, and sees what the seat sees. From the
    answers the rule makes the odds of what is decided; where they leave something to chance, it is drawn by the seed
    that the seat was given, the round and the stage. A member is told what was decided and what the seat was paid. It
    may be a council itself, and answer late, like any agent; the council then answers when all of its members have.

    Parameters
    ----------
    members : agents, at least one.
    rule : makes an organisation of so many policies: a class of `ostrom.agents` such as `Vote`, `Median` or `Lottery`,
        or `lambda members: Vote(members, quorum=3)`.
    ground : of the session, `session.charter.ground`. Only a rule that names a label which is not asked for at every
        stage needs it (a status quo, `Vote(members, otherwise="D")`).

    Raises `InputError` for no members, for one that is no agent, for a rule that makes no organisation, and when a
    member chooses what it may not.
    """

    def __init__(
        self,
        members: Sequence[Agent],
        rule: Callable[[Members], Organisation] = Vote,
        ground: Ground | None = None,
    ) -> None:
        if not members or not all(isinstance(member, Agent) for member in members):
            raise InputError(
                f"A council of {members!r:.80} was asked for.",
                "Every member is asked what it would choose, and there is at least one.",
                "Give agents; of a function of a look, Agent.of(function).",
            )
        self.members, self.rule, self.ground = tuple(members), rule, ground
        made = rule((Policy(),) * len(self.members))
        if not isinstance(made, Organisation):
            raise InputError(
                f"The rule makes {made!r:.80} of the members.",
                "How they decide is what an organisation knows.",
                "Give one of ostrom.agents: Vote, Median, Lottery.",
            )

    def init(self, seed: int) -> tuple[int, tuple[Any, ...]]:
        """The seed of what is drawn, and the state of every member, each with a seed of its own."""
        seeds = np.random.SeedSequence(seed).generate_state(len(self.members)).tolist()
        return seed, tuple(member.init(own) for member, own in zip(self.members, seeds, strict=True))

    def act(self, state: tuple[int, tuple[Any, ...]], look: Look) -> Any:
        """What is decided at each part; awaitable where a member answers late."""
        said = [member.act(own, look) for member, own in zip(self.members, state[1], strict=True)]
        late = any(map(inspect.isawaitable, said))
        return self._later(said, state[0], look) if late else self._decide(said, state[0], look)

    def learn(self, state: tuple[int, tuple[Any, ...]], look: Look, choice: Choice, payoff: float) -> Any:
        """Every member learns from what was decided, and from all that the seat was paid."""
        pairs = zip(self.members, state[1], strict=True)
        return state[0], tuple(member.learn(own, look, choice, payoff) for member, own in pairs)

    async def _later(self, said: Sequence[Any], seed: int, look: Look) -> Choice:
        async def answer(one: Any) -> Choice:
            return await one if inspect.isawaitable(one) else one

        return self._decide(await asyncio.gather(*map(answer, said)), seed, look)

    def _decide(self, said: Sequence[Choice], seed: int, look: Look) -> Choice:
        together = self.rule(tuple(_Said(_scores(answer, look, number)) for number, answer in enumerate(said)))
        scores, _ = together.act(_sight(look, self.ground), together.begin())
        random = np.random.default_rng((seed, look.time or 0, look.stage))
        return {part: _drawn(scores[part], options, random) for part, options in look.choices.items()}


class _Said(Policy):
    """A member's answer, as the scores that give it."""

    scores: Mapping[str, Any]

    def act(self, sight: Sight, memory: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The answer."""
        return self.scores, memory


def _scores(answer: Choice, look: Look, number: int) -> dict[str, Any]:
    """Log-odds over what may be chosen, or the number, in each part."""
    if not isinstance(answer, Mapping) or set(answer) != set(look.choices):
        raise InputError(
            f"Member {number} of {look.player} answers {answer!r:.80}.",
            f"It is asked for {', '.join(look.choices)}.",
            "Answer every part once, {part: label}.",
        )
    return {part: _score(answer[part], options, look, number) for part, options in look.choices.items()}


def _score(chosen: Any, options: tuple[Any, ...], look: Look, number: int) -> Any:
    refused = InputError(
        f"Member {number} of {look.player} chooses {chosen!r:.80}.",
        f"It may choose {'from ' if isinstance(options[0], str) else 'a number in '}{options}.",
        "Choose one label or number, or give odds for some of the labels.",
    )
    if not isinstance(options[0], str):
        if isinstance(chosen, bool) or not isinstance(chosen, int | float) or not options[0] <= chosen <= options[1]:
            raise refused
        return float(chosen)
    said = {chosen: 1.0} if isinstance(chosen, str) else chosen
    if not isinstance(said, Mapping) or set(said) - set(options):
        raise refused
    odds = np.array([said.get(label, 0.0) for label in options], float)
    if not (odds >= 0).all() or not 0 < odds.sum() < np.inf:
        raise refused
    return np.where(odds > 0, np.log(np.where(odds > 0, odds, 1.0)), NEVER)


def _drawn(scores: Any, options: tuple[Any, ...], random: np.random.Generator) -> Any:
    """What is decided: the number, or a label by its odds."""
    if not isinstance(options[0], str):
        return float(scores)
    odds = np.exp(scores - np.max(scores))
    return options[int(random.choice(len(options), p=odds / odds.sum()))]


def _sight(look: Look, ground: Ground | None) -> Sight:
    """What may be chosen, as the arrays that an organisation reads; all labels of the ground are there to be named."""
    asked = tuple(_part(name, options) for name, options in look.choices.items())
    known = () if ground is None else tuple(ground.parts.values())
    named = tuple(Part(f"any {p.name}", p.labels_of(look.seat)) for p in known if not p.continuous and p.has(look.seat))
    small = Ground((look.player,), play=(asked,), after=(named,) if named else ())
    masks = {
        name: np.ones(len(options), bool) if isinstance(options[0], str) else np.array(options, float)
        for name, options in look.choices.items()
    }
    return Sight(np.int32(0), small, {}, masks)


def _part(name: str, options: tuple[Any, ...]) -> Part:
    if isinstance(options[0], str):
        return Part(name, options)
    return Part(name, low=options[0], high=max(options[1], np.nextafter(options[0], np.inf)))
