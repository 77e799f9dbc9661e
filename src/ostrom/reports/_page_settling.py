"""What a report says of where play can settle: equilibria, advice, learning, and from where each is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..core.game import Mixture
from ..diagnosis._diagnose import Diagnosis
from ..diagnosis.equilibria import Equilibria, Point
from ..dynamics.basins import Basins
from ._chart_bars import share_picture
from ._chart_basins import paths_picture
from ._page import Cell, Picture, Table, table
from ._words import name, number, tidy

EQUILIBRIA, NAMED, PARTIES = 12, 8, 20
"""Rows of the table; players, and moves of a mixture, that are written out; principals whose payoffs are."""


def settling_blocks(seen: Diagnosis) -> Iterator[Picture | Table | None]:
    """Paths of learning, equilibria, what advice could do, and basins."""
    if seen.played is not None:
        yield paths_picture(seen.agents_game)
    if seen.equilibria is not None:
        yield _equilibria(seen.equilibria)
        yield _correlated(seen.equilibria)
    if seen.stability is not None:
        evolving, learning = seen.stability.evolution, seen.stability.learning
        if max(len(evolving.basins), len(learning.basins)) > 1 or evolving.restless.count or learning.restless.count:
            yield _basins(seen, evolving, "evolving apart (replicator dynamics)")
            yield _basins(seen, learning, "learning without regret (regret matching)")


def _equilibria(found: Equilibria) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (_mixture(found.moves, p.mixture), "mixed" if p.profile is None else "pure", p.welfare, _amounts(p))
        for p in found.points[:EQUILIBRIA]
    ]
    limit = found.limit
    if limit.profile is None or limit.profile not in {point.profile for point in found.points}:
        rows.append((_mixture(found.moves, limit.mixture), "where play leads", limit.welfare, _amounts(limit)))
    scope = "All equilibria" if found.listed_all and found.nash.status == "complete" else "Equilibria"
    kind = "" if found.listed_all else "; of mixed ones only where the logit branch leads"
    cut = f"The {EQUILIBRIA} best of {len(found.nash.points)}." if len(found.points) > EQUILIBRIA else ""
    return table(
        f"{scope}, best first ({found.nash.status}{kind})",
        ("equilibrium", "kind", "welfare", "what each gets"),
        rows,
        note=" ".join(part for part in (f"Found by {found.nash.method}.", found.nash.note, cut) if part),
    )


def _amounts(point: Point) -> str:
    shown = ", ".join(number(value) for value in point.utilities[:PARTIES])
    return f"{shown}, …" if len(point.utilities) > PARTIES else shown


def _mixture(moves: Sequence[Sequence[str]], mixture: Mixture) -> str:
    """An equilibrium in words: the moves, with their shares where somebody mixes."""
    said = [_mixed(own, odds.tolist()) for own, odds in zip(moves, mixture, strict=True)]
    if len(set(said)) == 1:
        return f"all {said[0]}" if len(said) > 1 else said[0]
    return "; ".join(said[:NAMED]) + ("; …" if len(said) > NAMED else "")


def _mixed(own: Sequence[str], odds: Sequence[float]) -> str:
    played = [(name(move), share) for move, share in zip(own, odds, strict=True) if share > 5e-4]
    if len(played) == 1:
        return played[0][0]
    shown = " + ".join(f"{number(100 * share, 3)} % {move}" for move, share in played[:NAMED])
    return shown + (" + …" if len(played) > NAMED else "")


def _correlated(found: Equilibria) -> Table | None:
    return table(
        "With advice that is worth following, and where learners without regret can end",
        ("", "welfare", "status"),
        [(b.concept, tidy(b.value, found.optimum - found.worst_outcome), b.status) for b in found.bounds],
        note="Advice can reach no more than the best correlated equilibrium; learners can do no worse than the worst "
        "coarse one.",
    )


def _basins(seen: Diagnosis, found: Basins, kind: str) -> Picture | None:
    """The share of starts that ends at each rest point; None where no rest point gathers any."""
    if not found.basins:
        return None
    moves = seen.delegation.game.moves
    named = found.basins[:NAMED]
    rows: list[tuple[str, float, float | None, float | None]] = [
        (_mixture(moves[: len(b.point)], b.point), b.share.value, *b.share.interval) for b in named
    ]
    left = found.starts - sum(basin.share.count for basin in named) - found.restless.count
    if left > 0:
        rows.append(("elsewhere", left / found.starts, None, None))
    if found.restless.count:
        rows.append(("never comes to rest", found.restless.value, *found.restless.interval))
    caption = f"Where play ends, {kind}: the share of {found.starts} random starts, with 95 % intervals."
    return share_picture(rows, caption)
