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

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import ostrom as om
from ostrom.core.catalogue import spelled
from ostrom.diagnosis import diagnose_world
from ostrom.institutions import Quota, Tax, Toll
from ostrom.learners import IPPO, Net
from ostrom.worlds import CoinGame, Donation, Lake, MatrixWorld, Pricing, RouteChoice, Stock


@dataclass(frozen=True)
class Setup:
    """A world, an institution that should help, one that should not, and who has no seat."""

    world: om.World
    helps: om.Institution
    idle: om.Institution
    bystanders: dict[str, str] = field(default_factory=dict)


SETUPS = {
    "dilemma": Setup(
        MatrixWorld.of(om.games.PrisonersDilemma(), horizon=10), Tax(on="D", rate=2.5), Tax(on="D", rate=0.5)
    ),
    "lake": Setup(Lake(players=3), Quota(on="harvest", limit=5.0), Quota(on="harvest", limit=12.0)),
    "stock": Setup(Stock.small(), Quota(on="harvest", limit=10.0), Quota(on="harvest", limit=20.0)),
    "coin_game": Setup(CoinGame.small(), Tax(on="other", rate=2.0), Tax(on="own", rate=0.5)),
    "donation": Setup(Donation.small(), Tax(on="D", rate=2.0), Tax(on="C", rate=0.5)),
    "pricing": Setup(
        Pricing.small(), Quota(on="price", limit=1.6), Quota(on="price", limit=2.5), bystanders={"buyers": "surplus"}
    ),
    "route_choice": Setup(RouteChoice.small(), Toll((("north>south", 20.0),)), Toll((("north>south", 1.0),))),
}
LEARNER = IPPO(net=Net((32, 32)), rate=5e-3)
WIDE = 34
HEAD = ("", "played", "perfect", "as one", "gap", "capability", "inter-agent", "temptation")


def diagnosed(name: str, steps: int, seeds: int, seed: int) -> Iterator[tuple[str, om.diagnosis.WorldFacets]]:
    """The world bare, under the institution that should help, and under the one that should not."""
    setup = SETUPS[name]
    for rule in (None, setup.helps, setup.idle):
        world = setup.world if rule is None else setup.world.under(rule)
        budget = {"steps": steps, "seeds": seeds, "seed": seed}
        what = diagnose_world(world, steps // 20, learner=LEARNER, bystanders=setup.bystanders, **budget)
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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("worlds", nargs="*", help=f"which (default all): {', '.join(SETUPS)}")
    parser.add_argument("--steps", type=int, default=100_000, help="of each training in each seed (default 100000)")
    parser.add_argument("--seeds", type=int, default=4, help="trainings of each corner (default 4)")
    parser.add_argument("--seed", type=int, default=0, help="of the first training (default 0)")
    given = parser.parse_args(words)
    for name in given.worlds:
        if name not in SETUPS:
            parser.error(f"there is no {name!r} here; choose from {', '.join(SETUPS)}")
    if given.seeds < 2:
        parser.error(f"--seeds is {given.seeds}; an interval needs two")
    print(f"{HEAD[0]:<{WIDE}}" + "".join(f"{title:>19}" for title in HEAD[1:]))
    for name in given.worlds or SETUPS:
        began = time.perf_counter()
        for title, found in diagnosed(name, given.steps, given.seeds, given.seed):
            print(row(title, found), flush=True)
        print(f"{'':<{WIDE}}{time.perf_counter() - began:>15.0f} s", flush=True)


if __name__ == "__main__":
    main()
