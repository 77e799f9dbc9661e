"""What a report on a diagnosed game says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..core.claim import Finding
from ..core.forms.extensive import ExtensiveForm
from ..core.forms.normal_form import NormalForm
from ..core.lifts.staged import Staged
from ..diagnosis._diagnose import Diagnosis
from ..solvers.pure_equilibria import pure_equilibria
from ._chart_cycles import circle_picture
from ._chart_payoffs import payoff_picture
from ._chart_welfare import welfare_picture
from ._page import Cell, Page, Picture, Prose, Section, Table, points, section, table
from ._page_facets import facet_blocks
from ._page_large import large_ends, large_loss, large_places
from ._page_settling import settling_blocks
from ._tree_drawing import tree_drawing
from ._words import listed, name, number, spaced

FEW, NAMED = 5, 8
"""Joint moves of one kind in the table of those worth knowing; players whose moves and payoffs are written out."""

PARTIES = 20
"""Principals up to which each has a row of its own."""


def game_page(seen: Diagnosis) -> Page:
    """The page on a diagnosed game."""
    return Page(f"Diagnosis of {spaced(seen.name)}", seen.summary, (*game_sections(seen), *game_appendix(seen)))


def game_sections(seen: Diagnosis) -> tuple[Section, ...]:
    """The sections on a diagnosed game, in reading order."""
    told = _by_topic(seen)
    return (
        *section("What is lost, and why", *_loss(seen), points(told("facets", "precision", "selection", "shares"))),
        *section("Thought through from the end", points(told("tree"))),
        *section("What they know and believe", points(told("beliefs"))),
        *section(
            "What is played for", *_game(seen), points(told("basis", "dilemma", "ordinal", "moves", "components"))
        ),
        *section("What it means for each", _effects(seen), points(told("effects"))),
        *section("Do they want the same?", points(told("interests"))),
        *section("What lasts", points(told("absorbing states"))),
        *section("Does it go round?", _circle(seen), points(told("cycles"))),
        *section("Who has a say", points(told("power"))),
        *section("What rivalry presses on", points(told("pressure"))),
        *section("Where play can settle", *settling_blocks(seen), *_ends(seen), points(told("equilibria", "basins"))),
    )


def game_appendix(seen: Diagnosis) -> tuple[Section, ...]:
    """What only some readers look for: measures of others, what is missing, and whose definitions were used."""
    sources = dict.fromkeys(finding.source.rstrip(".") for finding in seen.findings if finding.source)
    return (
        *section("Published measures", points(_by_topic(seen)("published"))),
        *section("What was left out", points(seen.left_out)),
        *section("Sources", Prose(f"{'. '.join(sources)}.", aside=True) if sources else None),
    )


def _loss(seen: Diagnosis) -> Iterator[Picture | Table | None]:
    if seen.facets is not None:
        yield from facet_blocks(seen.facets)
    if seen.large is not None:
        yield from large_loss(seen.large)


def _by_topic(seen: Diagnosis) -> Callable[..., list[Finding]]:
    every = [finding for finding in seen.findings if finding not in seen.left_out]
    return lambda *topics: [finding for finding in every if finding.topic in topics]


def _game(seen: Diagnosis) -> Iterator[Picture | Table | Prose | None]:
    if seen.large is not None:
        yield large_places(seen.large)
    if seen.played is None:
        return
    if isinstance(seen.delegation.game, Staged):
        yield _stages(seen.delegation.game)
    if isinstance(seen.delegation.game, ExtensiveForm) and (tree := tree_drawing(seen.delegation.game)):
        yield Picture("The game as a tree.", f"{len(seen.delegation.game.ends)} ends.", {"svg": tree})
    principals, agents = seen.principals_game, seen.agents_game
    if np.array_equal(principals.payoffs, agents.payoffs):
        yield from _table(seen, agents, "")
    else:
        yield Prose("The agents pursue something else than their principals want, so there are two tables.")
        yield from _table(seen, agents, "As the agents see it. ")
        yield from _table(seen, principals, "As their principals see it. ")


def _stages(game: Staged) -> Prose:
    return Prose(
        f"This game has stages or private views. The solution concept that fits it is {game.concept}. Below, its plans "
        "of action (reduced strategies) stand in a table, whose equilibria include those with promises or threats that "
        "would not be kept."
    )


def _table(seen: Diagnosis, game: NormalForm, whose: str) -> Iterator[Picture | Table | None]:
    """The game as a picture and a table where that is small, or else the joint moves worth knowing."""
    pure = pure_equilibria(game).profiles
    picture = payoff_picture(game, pure, seen.optima, whose)
    if picture is None:
        yield welfare_picture(game, seen.delegation.welfare.on_table(seen.delegation.utilities), pure, whose)
        yield _profiles(seen, game, pure, whose)
    else:
        yield picture
        yield payoff_table(game, pure, seen.optima, whose)


def payoff_table(
    game: NormalForm, pure: Sequence[tuple[int, ...]], optima: Sequence[tuple[int, ...]], whose: str
) -> Table | None:
    """The payoffs of two players, with signs at equilibria and optima."""

    def shown(place: tuple[int, ...]) -> str:
        signs = "*" * (place in pure) + "+" * (place in optima)
        return ", ".join(number(value) for value in game.payoffs[place].tolist()) + (f" {signs}" if signs else "")

    row, column = map(name, game.players)
    return table(
        f"{whose}What {row} (rows) and {column} (columns) get",
        ("", *game.moves[1]),
        [(move, *(shown((i, j)) for j in range(game.sizes[1]))) for i, move in enumerate(game.moves[0])],
        note="* pure equilibrium, + highest welfare.",
    )


def _profiles(seen: Diagnosis, game: NormalForm, pure: Sequence[tuple[int, ...]], whose: str) -> Table | None:
    """The joint moves worth knowing where not all can be drawn: the best, the worst, the equilibria, the likeliest."""
    worth, played = seen.delegation.welfare.on_table(seen.delegation.utilities), np.asarray(seen.played)
    kinds: dict[tuple[int, ...], list[str]] = {}
    for kind, places in (
        ("best for all", seen.optima),
        ("pure equilibrium", sorted(pure, key=lambda place: -worth[place])),
        ("likeliest", (_place(played, int(np.argmax(played))),)),
        ("worst for all", (_place(worth, int(np.argmin(worth))),)),
    ):
        for place in (*places[:FEW], *(place for place in places[FEW:] if place in kinds)):
            kinds.setdefault(place, []).append(kind)
    chosen = sorted(kinds, key=lambda place: -worth[place])
    rows: list[tuple[Cell, ...]] = [
        (
            _together(game.labels(place)),
            listed(kinds[place]),
            float(worth[place]),
            *game.utilities_at(np.array(place))[:NAMED].tolist(),
        )
        for place in chosen
    ]
    more = max(len(seen.optima) - FEW, 0), max(len(pure) - FEW, 0)
    return table(
        f"{whose}Joint moves worth knowing, best first",
        ("joint move", "what it is", "welfare", *game.principals[:NAMED]),
        rows,
        note=f"There are {more[0]:,} more optima and {more[1]:,} more pure equilibria." if any(more) else "",
    )


def _place(values: np.ndarray, flat: int) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(flat, values.shape))


def _together(labels: Sequence[str]) -> str:
    """A joint move in few words."""
    if len(set(labels)) == 1:
        return f"all {name(labels[0])}"
    return ", ".join(map(name, labels[:NAMED])) + (", …" if len(labels) > NAMED else "")


def _circle(seen: Diagnosis) -> Picture | None:
    return None if seen.cycles is None else circle_picture(seen.cycles)


def _ends(seen: Diagnosis) -> Iterator[Picture]:
    return large_ends(seen.large) if seen.large is not None else iter(())


def _effects(seen: Diagnosis) -> Table | None:
    found = seen.consequences
    if found is None:
        return None
    everyone = (*found.players, *(f"{party} (bystander)" for party in found.bystanders))
    rows = [(party, *(got[k] for got in found.utilities.values())) for k, party in enumerate(everyone[:PARTIES])]
    heads = ("as played" if situation == "played" else situation for situation in found.utilities)
    more = len(everyone) - PARTIES
    note = f"{more} more are in the JSON form." if more > 0 else ""
    return table("What each gets", ("", *heads), rows, note=note)
