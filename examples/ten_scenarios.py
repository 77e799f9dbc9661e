"""Ten scenarios, every way to govern each of them, and which comes first.

    python examples/ten_scenarios.py
    python examples/ten_scenarios.py chicken stag_hunt --top 3

prints for each scenario the approach that comes first, the share of the gap that it closes, how much of it learners
without regret may miss, its burden, and in a sentence what it does. Other scenarios can be named as well.
"""

import argparse
import math
from collections.abc import Callable
from textwrap import fill

import ostrom as om
from ostrom.core import catalogue
from ostrom.core.game import Game
from ostrom.designers._compare import Comparison, Line

TEN: dict[str, Callable[[], Game]] = {
    "commons": om.games.Commons,
    "public_goods": om.games.PublicGoods,
    "cournot": om.games.Cournot,
    "braess": lambda: om.games.Braess().atomic(4),
    "escape_room": om.games.EscapeRoom,
    "chicken": om.games.Chicken,
    "volunteers_dilemma": om.games.VolunteersDilemma,
    "stag_hunt": om.games.StagHunt,
    "minimum_effort": om.games.MinimumEffort,
    "matching_pennies": om.games.MatchingPennies,
}
"""From conflicting interests by mixed ones to common ones; last a control, in which nothing can be gained."""


def compared(name: str, seed: int = 0) -> Comparison:
    """Every approach to the scenario of that name."""
    return om.compare(TEN.get(name, catalogue.member("games", name))(), seed=seed)


def rows(seen: Comparison, top: int) -> list[tuple[str, ...]]:
    """The first lines that are proposed, as texts: approach, closed, at worst, learners, burden, what it does."""
    proposed = [line for line in seen.lines if line.proposed][:top]
    if not proposed:
        return [("nothing", "", "", "", "", seen.design.because)]
    return [(line.approach, *_shares(seen, line), f"{line.burden:.2f}", line.sentence) for line in proposed]


def _shares(seen: Comparison, line: Line) -> list[str]:
    """What is closed of the gap when it works, at worst, and by learners."""
    now, best = seen.design.welfare_now, seen.design.welfare_best
    values = (line.welfare, line.worst, line.learners)
    return ["" if math.isnan(value) else f"{round((value - now) / (best - now), 2) + 0.0:.0%}" for value in values]


def table(found: dict[str, list[tuple[str, ...]]]) -> str:
    """One block for each scenario."""
    lines = [_row("scenario", "approach", "closes", "at worst", "learners", "burden")]
    for name, ranked in found.items():
        for k, (*cells, does) in enumerate(ranked):
            lines += [_row("" if k else name, *cells), fill(does, 100, initial_indent="    ", subsequent_indent="    ")]
    return "\n".join(lines)


def _row(name: str, approach: str, *cells: str) -> str:
    return f"{name:<20}{approach:<26}{''.join(f'{cell:>10}' for cell in cells)}".rstrip()


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="by name (default: the ten)")
    parser.add_argument("--top", type=int, default=1, help="how many approaches to each (default 1)")
    parser.add_argument("--seed", type=int, default=0, help="of the learners (default 0)")
    given = parser.parse_args(words)
    if given.top < 1:
        parser.error(f"--top is {given.top}; at least one line is needed")
    if unknown := [name for name in given.scenarios if name not in catalogue.names("games")]:
        parser.error(f"there is no scenario {', '.join(unknown)}; there are {', '.join(catalogue.names('games'))}")
    print(table({name: rows(compared(name, given.seed), given.top) for name in given.scenarios or TEN}))


if __name__ == "__main__":
    main()
