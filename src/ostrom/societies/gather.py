"""Ask the seats of a live session, all at once, and keep time.

The referee (`ostrom.core.society.Session`) never waits; this is the part that does. Seats are agents whose `act` may be
a plain function or a coroutine (a person at a browser, a model behind an API). Whoever does not answer in time lapses.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Sequence
from typing import Any

from ..core.agent import Agent
from ..core.errors import InputError
from ..core.society import Session


async def gather(session: Session, agents: Sequence[Agent], *, patience: float | None = None, seed: int = 0) -> Session:
    """Play a session to its end with one agent per seat, and return it.

    Parameters
    ----------
    session : an open session; its log holds everything that happens.
    agents : one per seat; `act(state, look)` may return a choice or an awaitable of one.
    patience : seconds that a stage waits for its seats before the missing ones lapse; None waits for ever.
    seed : agent i is initialised with `seed + i`.

    Raises `InputError` when there is not one agent per seat. A choice that is not permitted is told to the agent as the
    error it is; what it then does is up to it. An agent that raises takes the session with it, log and all.
    """
    if len(agents) != len(session.players):
        raise InputError(f"{len(agents)} agents for {len(session.players)} seats.", do="Give one agent per seat.")
    states = [agent.init(seed + seat) for seat, agent in enumerate(agents)]
    while not session.over:
        round_, shown = session.time, {}
        before = session.totals.copy()
        while not session.over and session.time == round_:
            await _stage(session, agents, states, shown, patience)
        for seat, (look, choice) in shown.items():
            states[seat] = agents[seat].learn(states[seat], look, choice, float(session.totals[seat] - before[seat]))
    return session


async def _stage(
    session: Session, agents: Any, states: list[Any], shown: dict[int, Any], patience: float | None
) -> None:
    """Ask every seat that is waited for; answers are taken in the order in which they come."""
    stage, round_ = session.stage, session.time

    async def ask(seat: int) -> None:
        look = session.look(seat)
        choice = agents[seat].act(states[seat], look)
        if inspect.isawaitable(choice):
            choice = await choice
        if (session.stage, session.time) == (stage, round_) and seat in session.waiting:
            session.submit(seat, choice)
            shown[seat] = (look, choice)

    tasks = [asyncio.ensure_future(ask(seat)) for seat in session.waiting]
    done, late = await asyncio.wait(tasks, timeout=patience)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()
    if late and (session.stage, session.time) == (stage, round_):
        session.lapse()
