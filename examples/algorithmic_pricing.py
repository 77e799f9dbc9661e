"""Two sellers whose prices are set by Q-learning: how much of what a cartel would gain do they end up with?

The baseline of Calvano, Calzolari, Denicolò and Pastorello (2020): logit demand, 15 prices, memory of one period,
learning until no greedy price has changed for 100,000 periods. For each discount factor, over many sessions: the share
of the gain from collusion (0 is the competitive profit, 1 that of a monopoly) with its standard error, what buyers lose
by it against competition, how many sessions settle on one price, and how long they take.

    python examples/algorithmic_pricing.py --sessions 100

A hundred sessions take about two minutes of computing for the patient, on all cores.
"""

import argparse
from pathlib import Path

import numpy as np

from ostrom.learners._tabular import Sessions, learn, play
from ostrom.learners._tabular_rule import Habit, Rule, counted
from ostrom.worlds import Pricing

WORLD = Pricing()
PATIENCE, LIMIT = 100_000, 10_000_000
DISCOUNTS = (0.0, 0.5, 0.95)


def first_values(world: Pricing, discount: float) -> np.ndarray:
    """`[points]`: what each price is worth against rivals that ask anything."""
    prices = np.stack(np.meshgrid(*[world.grid] * world.players, indexing="ij"), -1)
    profit = ((prices - world.cost) * world.market.sold(prices))[..., 0]
    return profit.reshape(world.points, -1).mean(1) / (1 - discount)


def settle(
    sessions: int,
    discount: float,
    *,
    alpha: float = 0.15,
    decay: float = 4e-6,
    patience: int = PATIENCE,
    seed: int = 0,
    world: Pricing = WORLD,
) -> dict[str, np.ndarray]:
    """One row per session: share of the gain, what buyers lose, length of the cycle of prices, periods, settled."""
    code, states = counted(world, "last")
    habit, rule = Habit(code, states, patience=patience), Rule(alpha, discount, 1.0, decay)
    seeds = range(seed, seed + sessions)
    found = learn(world, habit, rule, seeds, LIMIT, start=first_values(world, discount))
    return {"periods": found.steps, "settled": found.settled, **outcome(world, habit, found)}


def outcome(world: Pricing, habit: Habit, found: Sessions) -> dict[str, np.ndarray]:
    """What the settled play without trying anything, over one cycle of prices."""
    states, paid = (np.asarray(row) for row in play(world, habit, found, 2 * habit.states + 2))
    cycles = np.array([_cycle(states[:, session, 0]) for session in range(states.shape[1])])
    market = world.market
    low, high = market.profit(market.competitive), market.profit(market.monopoly)
    prices = world.grid[np.take_along_axis(found.greedy[None], states[..., None], -1)[..., 0]]
    lost = market.surplus(np.full(world.players, market.competitive)) - market.surplus(prices)
    gain = (paid.mean(-1) - low) / (high - low)
    ends = list(enumerate(cycles))
    return {
        "gain": np.array([gain[-cycle:, session].mean() for session, cycle in ends]),
        "lost": np.array([lost[-cycle:, session].mean() for session, cycle in ends]),
        "cycle": cycles,
    }


def _cycle(states: np.ndarray) -> int:
    """After how many periods the last state comes again; play without chance visits every state once at most."""
    return int(len(states) - 1 - np.flatnonzero(states[:-1] == states[-1])[-1])


def line(discount: float, rows: dict[str, np.ndarray]) -> str:
    """The figures of one discount factor."""
    gain, error = rows["gain"].mean(), rows["gain"].std() / np.sqrt(len(rows["gain"]))
    return (
        f"{discount:8.2f}  {gain:6.3f} ± {error:.3f}  {rows['lost'].mean():11.3f}  {(rows['cycle'] == 1).mean():9.0%}"
        f"  {rows['periods'].mean() / 1e6:18.2f}  {rows['settled'].mean():7.0%}"
    )


def picture(shares: dict[float, np.ndarray]) -> str:
    """How the sessions of each discount factor are spread over shares of the gain, as SVG."""
    import vl_convert

    values = [{"discount": f"{key:g}", "gain": float(gain)} for key, gains in shares.items() for gain in gains]
    axis = {"title": "share of the gain from collusion (0 competition, 1 monopoly)"}
    chart = {
        "data": {"values": values},
        "mark": {"type": "bar", "color": "#2466ab"},
        "width": 460,
        "height": 90,
        "encoding": {
            "x": {"field": "gain", "bin": {"step": 0.05}, "type": "quantitative", "axis": axis},
            "y": {"aggregate": "count", "title": "sessions"},
            "row": {"field": "discount", "title": "discount factor"},
        },
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=100, help="of each discount factor (default 100)")
    parser.add_argument("--discount", type=float, action="append", help="may be repeated (default 0, 0.5 and 0.95)")
    parser.add_argument("--decay", type=float, default=4e-6, help="odds to try are exp(-decay t) (default 4e-6)")
    parser.add_argument("--seed", type=int, default=0, help="of the first session (default 0)")
    parser.add_argument("--picture", type=Path, help="an SVG file to write")
    given = parser.parse_args(words)
    if given.sessions < 1:
        parser.error(f"--sessions is {given.sessions}; at least one is needed")
    print("discount  share of gain   buyers lose  one price  periods (millions)  settled")
    shares = {}
    for discount in given.discount or DISCOUNTS:
        rows = settle(given.sessions, discount, decay=given.decay, seed=given.seed)
        shares[discount] = rows["gain"]
        print(line(discount, rows), flush=True)
    if given.picture:
        given.picture.write_text(picture(shares), encoding="utf-8")


if __name__ == "__main__":
    main()
