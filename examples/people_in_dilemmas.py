"""How people play repeated prisoner's dilemmas, what foretells it in games nobody fitted, and what beats them.

    python examples/people_in_dilemmas.py ../shared/data/human-ipd/decisions-even-games.csv.gz --picture people.svg

reads decisions (Nay and Vorobeychik 2016), fits models of behaviour, and scores each on every game with that game left
out. Prints the scores, the parameters, game by game what was done and foretold, and a tournament of the fitted people
with named strategies.
"""

import argparse
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from _tables import row, table

from ostrom.core.automaton import Automaton
from ostrom.diagnosis.behaviour import Behaviour, Choices, compare_behaviour, fit_behaviour
from ostrom.dynamics.repeated_play import repeated_play
from ostrom.dynamics.strategies import strategies, strategy
from ostrom.dynamics.tournament import tournament
from ostrom.formats.human_ipd import load_human_ipd
from ostrom.games import PrisonersDilemma

MODELS = ("rate", "last move", "logit", "fehr schmidt", "memory one")
LENGTHS = (2, 4, 10)
"""Mean rounds of a match."""
RIVALS = ("cooperator", "tit for tat", "generous tit for tat", "win-stay lose-shift", "grim", "extort-2", "defector")
SITUATIONS = ("first", "CC", "CD", "DC", "DD")


class Study:
    """The choices, and what is learned of them."""

    def __init__(self, path: Path) -> None:
        self.choices = Choices(**load_human_ipd(path))

    @cached_property
    def scores(self):
        """Every model on every game left out."""
        return compare_behaviour(self.choices, MODELS)

    @cached_property
    def fits(self) -> dict[str, Behaviour]:
        """Every model on all games."""
        return {model: fit_behaviour(self.choices, model) for model in MODELS}

    @cached_property
    def foretold(self) -> dict[str, float]:
        """The rate of cooperation that memory one foretells for each game from the others."""
        found = {}
        for game in self.scores.games:
            out = self.choices.game == game
            found[game] = float(fit_behaviour(self.choices.those(~out)).odds(self.choices.those(out)).mean())
        return found


def scored(study: Study) -> str:
    """Log loss and Brier score on games left out, and what the best gains on each."""
    found, lines = study.scores, [row("model", "log loss", "Brier score", "memory one gains, a game", "better in")]
    for k, model in enumerate(found.models):
        gain = "" if model == found.best else found.gain(found.best, model).words
        pairs = zip(found.by_game[found.models.index(found.best)], found.by_game[k], strict=True)
        wins = "" if model == found.best else f"{sum(a < b for a, b in pairs)} of {len(found.games)}"
        lines.append(row(model, f"{found.log_loss[k]:.3f}", f"{found.brier[k]:.3f}", gain, wins))
    return table(*lines)


def told(study: Study) -> str:
    """What each model says of people, in its own sentence."""
    return "\n".join(f"- {model}: {found.findings[0].sentence}" for model, found in study.fits.items())


def by_game(study: Study) -> str:
    """For each game its greed, fear and odds of another round, what was done, and what was foretold from the others."""
    found, choices = study.scores, study.choices
    lines = [row("game", "greed", "fear", "δ", "choices", "cooperated", "foretold", "last move", "memory one")]
    losses = {model: found.by_game[found.models.index(model)] for model in ("last move", "memory one")}
    for k, game in enumerate(found.games):
        own = choices.those(choices.game == game)
        cells, _ = own.cells
        greed, fear, *_ = cells.covariates[0]
        rates = (f"{100 * value:.0f}" for value in (own.cooperated.mean(), study.foretold[game]))
        delta = f"{own.continues[0]:g}"
        loss = (f"{each[k]:.3f}" for each in losses.values())
        lines.append(row(game, f"{greed:.2f}", f"{fear:.2f}", delta, found.choices[k], *rates, *loss))
    return table(*lines)


def people(study: Study, length: int) -> Automaton:
    """The fitted people in the dilemma that pays 3, 0, 5, 1, when matches last so many rounds on average."""
    return study.fits["memory one"].automaton(PrisonersDilemma(), 1 - 1 / length)


def profiles(study: Study) -> str:
    """How people cooperate in each situation of the dilemma that pays 3, 0, 5, 1, and among themselves, exactly."""
    lines = [row("rounds", *SITUATIONS, "among themselves", "points a round")]
    for length in LENGTHS:
        one = people(study, length)
        odds = study.fits["memory one"].memory_one(PrisonersDilemma(), 1 - 1 / length)
        met = repeated_play(PrisonersDilemma(), [one, one], discount=1 - 1 / length)
        shares = (f"{100 * value:.0f}" for value in (*odds, met.moves[0][0]))
        lines.append(row(length, *shares, f"{met.payoffs[0]:.2f}"))
    return table(*lines)


def paid(study: Study, name: str, length: int) -> np.ndarray:
    """Points a round of this strategy (or of people) and of people who meet it."""
    rival: Any = people(study, length) if name == "people" else strategy(name)
    met = repeated_play(PrisonersDilemma(), [rival, people(study, length)], discount=1 - 1 / length)
    return met.payoffs


def against(study: Study) -> str:
    """Points a round of named strategies against people, and of people against them, exactly, by length of matches."""
    lines = [row("strategy", *(f"gets, {n} rounds" for n in LENGTHS), *(f"gives, {n} rounds" for n in LENGTHS))]
    met = {name: [paid(study, name, n) for n in LENGTHS] for name in ("people", *RIVALS)}
    for name, points in met.items():
        lines.append(row(name, *(f"{own:.2f}" for own, _ in points), *(f"{other:.2f}" for _, other in points)))
    return table(*lines)


def best(study: Study) -> str:
    """The best that any strategy can do against people, who remember one round: of these that is one of 32."""
    lines = [row("rounds", *SITUATIONS, "gets", "gives")]
    for n in LENGTHS:
        most, reply = np.zeros(2), ()
        for moves in product((1, 0), repeat=5):
            first, *after = moves
            rival = Automaton.memory_one(*after, first=first)
            points = repeated_play(PrisonersDilemma(), [rival, people(study, n)], discount=1 - 1 / n).payoffs
            if points[0] > most[0] + 1e-9:
                most, reply = points, moves
        lines.append(row(n, *("C" if move else "D" for move in reply), *(f"{value:.2f}" for value in most)))
    return table(*lines)


def entered(study: Study) -> str:
    """Where the people come in a tournament with all named strategies, by length of matches."""
    lines = [row("rounds", "people come", "of", "points a round", "cooperate", "first", "last")]
    for n in LENGTHS:
        found = tournament([people(study, n), *strategies()], ending=1 / n, repetitions=40, seed=0)
        name = found.names[0]
        place, nice = found.ranking.index(name) + 1, f"{100 * found.cooperation[0].mean():.0f}"
        ends = found.ranking[0], found.ranking[-1]
        lines.append(row(n, place, len(found.names), f"{found.scores[0]:.2f}", nice, *ends))
    return table(*lines)


def picture(study: Study) -> str:
    """Cooperation foretold and done, game by game, as SVG."""
    import vl_convert

    choices, values = study.choices, []
    for game, odds in study.foretold.items():
        own = choices.game == game
        values.append({"foretold": odds, "done": float(choices.cooperated[own].mean()), "choices": int(own.sum())})
    axis = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": "%", "tickCount": 5}}
    chart = {
        "width": 320,
        "height": 320,
        "layer": [
            {
                "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
                "mark": {"type": "line", "color": "#999999", "strokeDash": [4, 4]},
                "encoding": {"x": {"field": "x", **axis}, "y": {"field": "y", **axis}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": True, "size": 70, "color": "#2466ab"},
                "encoding": {
                    "x": {"field": "foretold", "title": "cooperation foretold from the other games", **axis},
                    "y": {"field": "done", "title": "cooperation", **axis},
                },
            },
        ],
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="of decisions, comma-separated, plain or gzipped")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also draw what was foretold and done, as SVG")
    given = parser.parse_args(words)
    study = Study(given.file)
    for part in (scored, told, by_game, profiles, against, best, entered):
        print(part(study), end="\n\n")
    if given.picture:
        given.picture.write_text(picture(study), encoding="utf-8")


if __name__ == "__main__":
    main()
