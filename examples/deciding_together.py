"""Three cases of deciding together: a rescue over a bad radio, a reservoir by vote and by market, a secret treaty.

    python examples/deciding_together.py --picture rescue.svg

Rescue: agencies share sites out by a central auction, a contract net, a greedy auction among themselves, or a vote on
plans, while every message is lost with the same odds; what they save is held against the optimal assignment.
Reservoir: what regions draw, and what it is worth, under a ration by vote, a price, and permits that are traded.
Treaty: how often it is broken when inspections are chosen, and when they are announced.
"""

import argparse
from pathlib import Path

import numpy as np
from _tables import row, table
from scipy.sparse.csgraph import connected_components

import ostrom as om
from ostrom.choice import best_tasks, borda, consensus_auction
from ostrom.solvers import pure_equilibria

AGENCIES, PLANS = 5, 8
LOSSES = (0.0, 0.1, 0.2, 0.3, 0.5)
WAYS = ("auction", "contract net", "among themselves", "vote on plans", "nobody decides")


def saved(worth: np.ndarray, at: np.ndarray) -> float:
    """Whom agencies save that are `at` these sites: of those at one site the best does it."""
    return sum(float(worth[at == site, site].max()) for site in np.unique(at))


def auction(worth: np.ndarray, loss: float, rng: np.random.Generator) -> np.ndarray:
    """All send what each site is worth to them, and a centre sends back the best assignment; both ways can fail."""
    heard, told = rng.random((2, len(worth))) >= loss
    tasks = np.array(best_tasks(np.where(heard[:, None], worth, 0.0)).tasks)
    return np.where(told & heard & (tasks >= 0), tasks, worth.argmax(1))


def contract_net(worth: np.ndarray, loss: float, rng: np.random.Generator) -> np.ndarray:
    """Site by site, the largest first, a call goes out, those still free bid, and the best bid gets the award."""
    at, promised = worth.argmax(1), np.zeros(len(worth), bool)
    for site in np.argsort(-worth.max(0), kind="stable"):
        called, bid, awarded = rng.random((3, len(worth))) >= loss
        bids = np.where(called & bid & ~promised, worth[:, site], -np.inf)
        best = int(bids.argmax())
        if np.isfinite(bids[best]) and awarded[best]:
            at[best], promised[best] = site, True
    return at


def among_themselves(worth: np.ndarray, loss: float, rng: np.random.Generator) -> np.ndarray:
    """The consensus-based auction over the links that work; groups that cannot hear of each other agree apart."""
    works = np.triu(rng.random((len(worth), len(worth))) >= loss, 1)
    links, at = works | works.T, worth.argmax(1)
    for group in np.unique(connected_components(links)[1]):
        own = np.flatnonzero(connected_components(links)[1] == group)
        tasks = np.array(consensus_auction(worth[own], links[np.ix_(own, own)]).tasks)
        at[own] = np.where(tasks >= 0, tasks, at[own])
    return at


def vote_on_plans(worth: np.ndarray, loss: float, rng: np.random.Generator) -> np.ndarray:
    """A chair draws plans by lot; all rank them by what they would save themselves, and Borda's count decides."""
    plans = np.array([rng.permutation(len(worth)) for _ in range(PLANS)])
    own = worth[np.arange(len(worth)), plans].T  # agencies by plans
    cast, told = rng.random((2, len(worth))) >= loss
    if not cast.any():
        return worth.argmax(1)
    names = [str(k) for k in range(PLANS)]
    winner = int(borda(om.Ballots.from_utilities(own, cast.astype(int), names)).settled(names).winner)
    return np.where(told, plans[winner], worth.argmax(1))


def nobody_decides(worth: np.ndarray, loss: float, rng: np.random.Generator) -> np.ndarray:
    """Each goes where it would save most."""
    return worth.argmax(1)


RULES = dict(zip(WAYS, (auction, contract_net, among_themselves, vote_on_plans, nobody_decides), strict=True))


def rescues(instances: int, seed: int = 0) -> dict[tuple[str, float], np.ndarray]:
    """For each way and loss, the share of the optimum that is saved in every instance."""
    shares = {(way, loss): np.zeros(instances) for way in WAYS for loss in LOSSES}
    for number, stream in enumerate(np.random.SeedSequence(seed).spawn(instances)):
        rng = np.random.default_rng(stream)
        people = 100 * 0.7 ** np.arange(AGENCIES)
        worth = people * rng.uniform(0.2, 1.0, (AGENCIES, AGENCIES))
        most = best_tasks(worth).score
        for way, loss in shares:
            draws = np.random.default_rng([seed, number, WAYS.index(way), LOSSES.index(loss)])
            shares[way, loss][number] = saved(worth, RULES[way](worth, loss, draws)) / most
    return shares


def rescue(shares: dict[tuple[str, float], np.ndarray]) -> str:
    """What share of the optimum is saved, with 95 % intervals, in percent."""
    lines = []
    for way in WAYS:
        cells = []
        for loss in LOSSES:
            own = 100 * shares[way, loss]
            cells.append(f"{own.mean():.0f} ± {1.96 * own.std(ddof=1) / len(own) ** 0.5:.1f}")
        lines.append(row(way, *cells))
    return table(row("decided by", *(f"{100 * loss:.0f} % lost" for loss in LOSSES)), *lines)


def reservoir() -> str:
    """What each region draws and what that is worth to all, without a rule, by vote, at a price, and by trade."""
    game, rules = om.games.Reservoir(), om.institutions
    worth = game.payoffs.sum(-1)
    levels = (1.0, 2.0, 3.0, 4.0)
    rations = {level: worst(game.under(rules.Quota("withdrawal", level)), worth)[0] for level in levels}
    wishes = np.array([max(levels, key=lambda level: game.payoffs[rations[level]][seat]) for seat in range(3)])
    voted = float(np.median(wishes))
    cases = {
        "nothing": game,
        f"a ration of {voted:g}, by vote": game.under(rules.Quota("withdrawal", voted)),
        "a price of 2": game.under(rules.Tax("withdrawal", 2.0, shared=True)),
        "permits, traded": game.under(rules.Permits("withdrawal", grant=2, price=2.6, penalty=6.0)),
    }
    best, lines = worth.max(), []
    for name, governed in cases.items():
        (low, least), (high, most) = worst(governed, worth), worst(governed, -worth)
        ends = {game.labels(low): least, game.labels(high): -most}
        told = " to ".join(f"{value:.2f}" for value in ends.values())
        drawn = " or ".join(f"({', '.join(labels)})" for labels in ends)
        lines.append(row(name, drawn, told, f"{100 * min(ends.values()) / best:.0f}"))
    lines.append(
        row("the best there is", f"({', '.join(om.games.Reservoir.reference['optimum'])})", f"{best:.2f}", 100)
    )
    votes = ", ".join(f"{who} {wish:g}" for who, wish in zip(game.players, wishes, strict=True))
    told = table(row("rule", "farms, city and industry draw", "worth", "of the best, at worst, %"), *lines)
    return f"{told}\n\nThe ration each would vote for: {votes}; the median is {voted:g}."


def worst(game, worth: np.ndarray) -> tuple[tuple[int, ...], float]:
    """The pure equilibrium at which `worth` is least, and how much that is."""
    ends = [tuple(map(int, end)) for end in pure_equilibria(game).profiles]
    end = min(ends, key=lambda at: worth[at])
    return end, float(worth[end])


def treaty() -> str:
    """How often a treaty is broken and inspected, by the fine, where inspections are chosen and where announced."""
    lines = []
    for fine in (2.0, 4.0, 8.0):
        game = om.games.ArmsControl(fine=fine)
        (point,) = om.solvers.vertex_enumeration(game).points
        worth = game.dense().payoffs.sum(-1)
        chosen = float(point[0] @ worth @ point[1])
        found = om.designers.leadership(game, player="inspector", parts=40, margin=0.001)
        odds = found.numbers["lottery"]["inspect"]
        announced = 2 * found.effects.welfare_after
        lines.append(
            row(f"{fine:g}", f"{100 * point[0][1]:.1f}", f"{100 * point[1][1]:.1f}", f"{chosen:.2f}")[:-1]
            + row("0", f"{100 * odds:.1f}", f"{announced:.2f}")
        )
    heads = ("fine", "broken, %", "inspected, %", "welfare in sum", "announced: broken, %", "inspected, %", "welfare")
    return table(row(*heads), *lines)


def picture(shares: dict[tuple[str, float], np.ndarray]) -> str:
    """What share is saved by how much is lost, a line for each way, as SVG."""
    import vl_convert

    values = [
        {"way": way, "loss": loss, "saved": float(own.mean()), "place": WAYS.index(way)}
        for (way, loss), own in shares.items()
    ]
    chart = {
        "width": 420,
        "height": 280,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "loss", "type": "quantitative", "title": "messages lost", "axis": {"format": "%"}},
            "y": {
                "field": "saved",
                "type": "quantitative",
                "title": "saved, of the optimum",
                "scale": {"zero": False},
                "axis": {"format": "%"},
            },
            "color": {"field": "way", "type": "nominal", "title": None, "sort": list(WAYS)},
        },
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--instances", type=int, default=1000, help="of rescues")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also draw what is saved, as SVG")
    given = parser.parse_args(words)
    if given.instances < 2:
        parser.error("an interval needs two instances")
    shares = rescues(given.instances)
    for part in (rescue(shares), reservoir(), treaty()):
        print(part, end="\n\n")
    if given.picture:
        given.picture.write_text(picture(shares), encoding="utf-8")


if __name__ == "__main__":
    main()
