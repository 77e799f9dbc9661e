"""What the examples on worlds share: how they are called, who learns, and a world that more than one of them has."""

import argparse
from collections.abc import Collection

import ostrom as om
from ostrom.learners import IPPO, Net
from ostrom.worlds import MatrixWorld

LEARNER = IPPO(net=Net((32, 32)), rate=5e-3)
DILEMMA = MatrixWorld.of(om.games.PrisonersDilemma(), horizon=10)


def command(about: str | None, worlds: Collection[str], *, steps: str, seeds: int) -> argparse.ArgumentParser:
    """A command line that takes names of worlds, steps (said in words), and seeds."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("worlds", nargs="*", help=f"which (default all): {', '.join(worlds)}")
    parser.add_argument("--steps", type=int, help=steps)
    parser.add_argument("--seeds", type=int, default=seeds, help=f"trainings of each kind (default {seeds})")
    parser.add_argument("--seed", type=int, default=0, help="of the first training (default 0)")
    return parser


def read(parser: argparse.ArgumentParser, worlds: Collection[str], words: list[str] | None) -> argparse.Namespace:
    """What was said; ends with what is wrong where there is no such world, or only one seed."""
    given = parser.parse_args(words)
    given.worlds = given.worlds or list(worlds)
    for name in given.worlds:
        if name not in worlds:
            parser.error(f"there is no {name!r} here; choose from {', '.join(worlds)}")
    if given.seeds < 2:
        parser.error(f"--seeds is {given.seeds}; an interval needs two")
    return given
