"""What stands in two real logs, counted by hand beside it: the figures of docs/monitors/real_logs.md.

python benchmarks/real_logs.py ../shared/data
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from ostrom import Log, monitor
from ostrom.formats.log import open_log
from ostrom.monitors import Adaptive, Feedback, Imitation

GAMES = {"prisoners_dilemma": "COOPERATE", "public_goods": "CONTRIBUTE", "stag_hunt": "STAG"}
ALSO = ("matching_pennies", "prisoners_dilemma", "travellers_dilemma", "trust_game")
FOLLOWED = ("openai/gpt-5.2(CoT)", "openai/gpt-4o-2024-05-13(CoT)")


def part(log: Log, fact: str, kept: Callable[[str], bool]) -> Log:
    """The rows whose fact is one that is kept."""
    column = log[f"facts.{fact}"]
    return log.take(np.array([kept(value) for value in column.values])[column.codes])


def told(log: Log, one: Any, who: tuple[str, ...] = ()) -> None:
    """What a monitor says by itself, and whether it stands."""
    seen = monitor(log, [one])
    found = [reading for reading in seen.readings if not who or reading.who == who]
    for reading in found:
        stands = "stands" if any(reading is alarm for alarm in seen.alarms) else "does not stand"
        name = reading.where.get("test", reading.who[-1])
        print(f"  {name}: {reading.effect:.2f}, p = {reading.p:.2g}, n = {reading.n}, {stands}")
    if not found:
        print("  it follows somebody else more, or too few moves recur to say")


def mediators(log: Log) -> None:
    """Moves with a mediator on offer, beside those without any mechanism."""
    for game, good in GAMES.items():
        print(f"{game} with a mediator on offer, against without any mechanism:")
        some = part(log, "cell", {f"{game}xmediation", f"{game}xno_mechanism"}.__contains__)
        told(some, Adaptive(regime="cell"))
        events = list(some.events())
        count = Counter((event.agent, event.facts["cell"].partition("x")[2], event.action) for event in events)
        each = len(events) // 2 // len(some.agents)
        for agent in sorted(some.agents):
            before, after = (count[agent, mechanism, good] for mechanism in ("no_mechanism", "mediation"))
            print(f"  {good} by {agent}: {before} of {each} without, {after} with")
        print(f"  the mediator made {sum('mediated' in event.facts for event in events)} of {len(events) // 2} moves")


def topics(log: Log) -> None:
    """What each agent is asked about before and at its 361st message."""
    for agent in sorted(log.agents):
        rows = log.by(agent)
        said = rows[log["message"].present[rows]]
        before, after = (log["facts.cell"][said[k]] for k in (359, 360))
        print(f"message 361 of {agent}, row {log.row[said[360]]}: from {before} to {after}")


def imitators(log: Log) -> None:
    """Whether GPT-4o copies GPT-5.2 within one game."""
    for game in ALSO:
        print(f"{game} alone, GPT-4o after GPT-5.2:")
        told(part(log, "cell", lambda cell, game=game: cell.startswith(game)), Imitation(), FOLLOWED)


def pools(log: Log) -> None:
    """Whether numbers grow in the pool without one condition, and how often all harvest alike."""
    for left in log["facts.condition"].values:
        print(f"the pool without {left}:")
        told(part(log, "condition", lambda one, left=left: one != left), Feedback())
    rounds: dict[tuple[int, int], set[Any]] = {}
    for event in log.events():
        rounds.setdefault((event.episode, event.t), set()).add(event.action)
    alike = [len(moves) == 1 for moves in rounds.values()]
    pairs = [(alike[k], len(rounds[e, t + 1]) == 1) for k, (e, t) in enumerate(rounds) if (e, t + 1) in rounds]
    print(f"all harvest alike in {sum(alike)} of {len(rounds)} rounds")
    print(f"of {len(pairs)} rounds with a next one, in {pairs.count((True, True))} all harvest alike in both")


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "../shared/data"
    played = open_log(f"{folder}/coopeval")
    played = played.take(played.on("act"))
    mediators(played)
    topics(played)
    imitators(played)
    pools(open_log(f"{folder}/llm-commons/runs.json"))
