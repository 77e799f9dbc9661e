"""Institutions for worlds, searched over learners, and verified on seeds, learners and co-players not tuned on.

    python examples/design_in_worlds.py
    python examples/design_in_worlds.py harvest --steps 4000000 --replay replays

For each world it prints what was found and every arm of its verification: the rule, doing nothing, the rule told but
enforced by nobody, and as much money moved at random. Learners are trained anew under each, in several seeds; "the rule
has more" is the difference seed by seed, with a 95 % interval. With `--replay FOLDER` it also writes a page for each
world on which an episode without the rule and one under it can be looked at side by side.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _in_worlds import command, read

import ostrom as om
from ostrom.reports import replay
from ostrom.worlds import Harvest, Lake, Pricing, RouteChoice


@dataclass(frozen=True)
class Setup:
    """A world, what is looked for there, and what else the search is told."""

    world: Callable[[], om.World]
    among: tuple[str, ...]
    told: dict[str, Any] = field(default_factory=dict)


SETUPS = {
    "harvest": Setup(Harvest.small, ("tax", "quota")),
    "route_choice": Setup(RouteChoice.small, ("toll",)),
    "pricing": Setup(Pricing.small, ("tax", "quota"), {"on": ["price"], "bystanders": {"buyers": "surplus"}}),
    "lake": Setup(Lake, ("tax", "quota"), {"on": ["harvest"]}),
}
STEPS = 4_000_000


def designed(name: str, steps: int, seeds: int, seed: int, progress: Callable[[str], object]) -> Any:
    """The design for one of the worlds."""
    setup = SETUPS[name]
    return om.design(
        setup.world(), among=setup.among, steps=steps, seeds=seeds, seed=seed, progress=progress, **setup.told
    )


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print what was found."""
    parser = command(__doc__, SETUPS, steps=f"in all, for each world (default {STEPS})", seeds=4)
    parser.add_argument("--replay", type=Path, help="a folder for pages with replays")
    parser.add_argument("--loud", action="store_true", help="say what is being done")
    given = read(parser, SETUPS, words)
    for name in given.worlds:
        began = time.perf_counter()
        tell = (lambda said: print(f"  {said}", flush=True)) if given.loud else lambda said: None
        found = designed(name, given.steps or STEPS, given.seeds, given.seed, tell)
        rules = " and ".join(map(repr, found.institutions))
        print(f"{name}: {rules}, {found.spent:,} steps, {time.perf_counter() - began:.0f} s")
        print(found.table(), end="\n\n", flush=True)
        if given.replay is not None:
            given.replay.mkdir(exist_ok=True)
            (given.replay / f"{name}.html").write_text(replay(*found.recordings()), encoding="utf-8")


if __name__ == "__main__":
    main()
