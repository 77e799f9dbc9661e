"""Where the impact gap of worlds comes from, with intervals: bare, under an institution that helps, and under one that
does not.

    python examples/world_facets.py
    python examples/world_facets.py lake stock --seeds 6 --steps 200000

Each line is a diagnosis by trained corners. "played" is the welfare of players who have learned for a short while,
"perfect" that of those who have learned until a search for a better reply found none, "as one" that of players trained
for the welfare of all (or of the world's bots, where they do better). Welfare is what the world itself pays, each, in
an episode; what rules take is left out. "temptation" is what a seat gains for itself by leaving those who act as one:
where it is little, the inter-agent line is a matter of coordination, and else of conflict. "*" says that a search still
found a better reply when training stopped.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from _in_worlds import DILEMMA, LEARNER, command, read

import ostrom as om
from ostrom.core.catalogue import spelled
from ostrom.diagnosis import diagnose_world
from ostrom.institutions import Quota, Tax, Toll
from ostrom.learners import DQN
from ostrom.worlds import CoinGame, Donation, Lake, Pricing, RouteChoice, Stock


@dataclass(frozen=True)
class Setup:
    """A world, an institution that should help, one that should not, who has no seat, who learns, and for how long."""

    world: om.World
    helps: om.Institution
    idle: om.Institution
    bystanders: dict[str, str] = field(default_factory=dict)
    learner: Any = LEARNER
    steps: int = 40_000


FETCHING = DQN(shared=True, discount=0.8, batch=128, keeps=20_000, least=0.01)
"""Who learns to fetch coins in 80,000 steps, which takes the usual learner more than a million."""
SETUPS = {
    "dilemma": Setup(DILEMMA, Tax(on="D", rate=2.5), Tax(on="D", rate=0.5)),
    "lake": Setup(Lake(players=3), Quota(on="harvest", limit=5.0), Quota(on="harvest", limit=8.0), steps=80_000),
    "stock": Setup(Stock.small(), Quota(on="harvest", limit=10.0), Quota(on="harvest", limit=20.0)),
    "coin_game": Setup(
        CoinGame.small(), Tax(on="other", rate=2.0), Tax(on="own", rate=0.5), learner=FETCHING, steps=80_000
    ),
    "donation": Setup(Donation.small(), Tax(on="D", rate=2.0), Tax(on="C", rate=0.5)),
    "pricing": Setup(
        Pricing.small(), Quota(on="price", limit=1.6), Quota(on="price", limit=2.5), bystanders={"buyers": "surplus"}
    ),
    "route_choice": Setup(RouteChoice.small(), Toll((("north>south", 20.0),)), Toll((("north>south", 1.0),))),
}
WIDE = 34
HEAD = ("", "played", "perfect", "as one", "gap", "capability", "inter-agent", "temptation")


def diagnosed(name: str, steps: int | None, seeds: int, seed: int) -> Iterator[tuple[str, om.diagnosis.WorldFacets]]:
    """The world bare, under the institution that should help, and under the one that should not."""
    setup = SETUPS[name]
    budget = {"steps": steps or setup.steps, "seeds": seeds, "seed": seed}
    for rule in (None, setup.helps, setup.idle):
        world = setup.world if rule is None else setup.world.under(rule)
        early = budget["steps"] // 20
        what = diagnose_world(world, early, learner=setup.learner, bystanders=setup.bystanders, **budget)
        yield name if rule is None else f"  {spelled('institutions', rule)}", what


def row(title: str, found: om.diagnosis.WorldFacets) -> str:
    """One line of the table."""
    loose = "" if found.corners["intent+capability"].settled else "*"
    cells = (
        found.played.words,
        found.perfect.words + loose,
        found.best.words,
        found.gap.words,
        found.capability.words,
        found.inter_agent.words,
        found.temptation.words,
    )
    return f"{title:<{WIDE}}" + "".join(f"{cell:>19}" for cell in cells)


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the table."""
    usual = "of each training in each seed (default 40000, or twice as many where learning takes longer)"
    given = read(command(__doc__, SETUPS, steps=usual, seeds=4), SETUPS, words)
    print(f"{HEAD[0]:<{WIDE}}" + "".join(f"{title:>19}" for title in HEAD[1:]))
    for name in given.worlds:
        began = time.perf_counter()
        for title, found in diagnosed(name, given.steps, given.seeds, given.seed):
            print(row(title, found), flush=True)
        print(f"{'':<{WIDE}}{time.perf_counter() - began:>15.0f} s", flush=True)


if __name__ == "__main__":
    main()
