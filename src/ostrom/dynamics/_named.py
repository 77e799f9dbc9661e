"""The strategies that have a name: what each does in a line, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ..core.automaton import Automaton
from ..core.errors import InputError, UnknownName
from ._automata import automata
from ._counters import Adaptive, Gradual, HardMajority, SoftMajority, WorseAndWorse
from ._first_tournament import Anonymous, Downing, Feld, Graaskamp, Shubik, SteinRapoport, TidemanChieruzzi, Tullock
from ._rules import Rule

Strategy = Automaton | Rule

FIRST_TOURNAMENT = (
    "tit for tat",
    "tideman and chieruzzi",
    "nydegger",
    "grofman",
    "shubik",
    "stein and rapoport",
    "grim",
    "davis",
    "graaskamp",
    "downing",
    "feld",
    "joss",
    "tullock",
    "name withheld",
    "random",
)
"""The entries of Axelrod's first tournament, in the order in which they finished; grim is Friedman's."""

PAGE = """
cooperator | always cooperates | Axelrod 1984
defector | always defects | Axelrod 1984
random | tosses a coin | Axelrod 1980
alternator | C, D, C, D, … | Mittal and Deb 2009
cycler DC | D, C, D, C, … | Axelrod library
cycler CCD | C, C, D again and again | Mittal and Deb 2009
cycler DDC | D, D, C again and again | Mittal and Deb 2009
cycler CCCD | C, C, C, D again and again | Axelrod library
cycler CCCDCD | C, C, C, D, C, D again and again | Axelrod library
cycler CCCCCD | C, C, C, C, C, D again and again | Axelrod library
tit for tat | C, then what the other did | Rapoport, in Axelrod 1980
suspicious tit for tat | tit for tat that begins with D | Beaufils, Delahaye and Mathieu 1997
anti tit for tat | C, then the opposite of what the other did | Hilbe and others 2013
bully | D, then the opposite of what the other did | Nachbar 1992
tit for two tats | D after two defections in a row | Axelrod 1984
two tits for tat | D twice after each defection | Axelrod 1984
hard tit for tat | D if the other did so in any of the last three rounds | Stewart and Plotkin 2012
hard tit for two tats | D if the other did so twice in a row in the last three rounds | Stewart and Plotkin 2012
generous tit for tat | tit for tat that forgives with odds 1/3 | Nowak and Sigmund 1992
contrite tit for tat | tit for tat that takes its punishment: D only in good standing against bad | Sugden 1986
appeaser | C, and changes after each defection of the other | Axelrod library
firm but fair | tit for tat that cooperates after DD with odds 2/3 | Frean 1994
win-stay lose-shift | C after agreement (CC or DD), else D; Pavlov | Nowak and Sigmund 1993
win-shift lose-stay | the opposite, and begins with D | Li and others 2011
stochastic win-stay lose-shift | win-stay lose-shift that errs with odds 1/20 | Axelrod library
stochastic cooperator | memory-one odds 0.935, 0.229, 0.266, 0.42, from selection under noise | Adami and Hintze 2013
all-or-none 2 | C if both did the same in each of the last two rounds | Hilbe and others 2017
grim | D for ever after any defection; Friedman's | Friedman 1971, Axelrod 1980
grudger alternator | after a defection D, C, D, C, … for ever | Axelrod library
opposite grudger | D until the other cooperates, then C for ever | Axelrod library
easy go | D until the other defects, then C for ever | Prison 1998
aggravater | three defections, then grim | Axelrod library
fool me once | forgives one defection, and no second | Axelrod library
spiteful tit for tat | tit for tat, but D for ever after two defections in a row | Prison 1998
soft grudger | answers a defection with D, D, D, D, C, C | Li and others 2011
prober | D, C, C; then D for ever if the other let it, else tit for tat | Li and others 2011
prober 2 | D, C, C; then C for ever if the other did D, C, else tit for tat | Prison 1998
prober 3 | D, C; then D for ever if the other cooperated, else tit for tat | Prison 1998
hard prober | D, D, C, C; then D for ever if the other let it, else tit for tat | Prison 1998
handshake | C, D; then C for ever if the other did the same, else D | Robson 1990
fortress 3 | D until the other does D, D; then C while the other does | Ashlock and others 2006
fortress 4 | D until the other does D, D, D; then C while the other does | Ashlock and others 2006
extort-2 | memory-one odds 8/9, 1/2, 1/3, 0: twice the other's surplus over punishment | Stewart and Plotkin 2012
zd-gtft-2 | memory-one odds 1, 1/8, 1, 1/4: half the other's loss from reward | Stewart and Plotkin 2012
equaliser | memory-one odds 2/3, 0, 2/3, 1/3: the other gets 2, whatever it does | Press and Dyson 2012
soft joss | tit for tat that forgives with odds 1/10 | Prison 1998
joss | tit for tat that answers C with C with odds 0.9 | Axelrod 1980
grofman | C after agreement, else with odds 2/7 | Axelrod 1980
nydegger | by a weighted sum over the last three rounds | Axelrod 1980
davis | ten cooperations, then grim | Axelrod 1980
tideman and chieruzzi | punishes each run of defections more; fresh starts; D in the last two rounds | Axelrod 1980
shubik | each departure from cooperation is punished with one defection more | Axelrod 1980
stein and rapoport | tit for tat that defects against who looks random, and in the last two rounds | Axelrod 1980
graaskamp | tit for tat with a probe, then by what the other looks like | Axelrod 1980
downing | estimates how the other answers, and does what pays | Axelrod 1980
feld | tit for tat whose odds of answering C fall to 1/2 | Axelrod 1980
tullock | eleven cooperations, then 10 % fewer than the other | Axelrod 1980
name withheld | odds between 0.3 and 0.7, drawn anew | Axelrod 1980
soft majority | what the other did more often; C in a tie | Axelrod 1984
hard majority | what the other did more often; D in a tie | Mittal and Deb 2009
gradual | the n-th defection costs n defections, then two cooperations | Beaufils, Delahaye and Mathieu 1997
adaptive | six C, five D, then what paid better on average | Li and others 2011
worse and worse | odds of D grow by 1/1000 every round | Prison 1998
"""
"""Name, what it does, source."""

ALIASES = """
cooperator | ALLC, always cooperate, cooperate
defector | ALLD, always defect, defect
random | RAND, coin
tit for tat | TFT
suspicious tit for tat | STFT
anti tit for tat | ATFT
tit for two tats | TF2T, TFTT
two tits for tat | 2TFT, TTFT
generous tit for tat | GTFT
contrite tit for tat | CTFT
win-stay lose-shift | WSLS, Pavlov
win-shift lose-stay | WSLS reversed
all-or-none 2 | AON2
grim | grim trigger, trigger, Friedman, grudger, spiteful
equaliser | equalizer
soft majority | majority, go by majority
"""
"""Name, what else it is called."""


@dataclass(frozen=True)
class Named:
    """A strategy of the table, with what it does in a line and its source."""

    strategy: Strategy
    line: str
    source: str


@cache
def table() -> dict[str, Named]:
    """Every named strategy, in the order of the page."""
    rules = [TidemanChieruzzi(), Shubik(), SteinRapoport(), Graaskamp(), Downing(), Feld(), Tullock(), Anonymous()]
    rules += [SoftMajority(), HardMajority(), Gradual(), Adaptive(), WorseAndWorse()]
    made: dict[str, Strategy] = {each.name: each for each in (*automata(), *rules)}
    rows = [[cell.strip() for cell in row.split("|")] for row in PAGE.strip().splitlines()]
    return {name: Named(made[name], line, source) for name, line, source in rows}


@cache
def aliases() -> dict[str, str]:
    """What strategies are also called, and their names in the table."""
    rows = [row.split("|") for row in ALIASES.strip().splitlines()]
    return {other.strip(): name.strip() for name, others in rows for other in others.split(",")}


@cache
def called() -> dict[str, str]:
    """The name in the table by every name, as `plain` writes it."""
    return {plain(name): known for name, known in (*aliases().items(), *zip(table(), table(), strict=True))}


def plain(name: str) -> str:
    """A name without capitals, spaces, hyphens and the like: `TFT` is `tft`, `Extort 2` and `extort-2` are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def proper(name: str) -> str:
    """The name in the table of what somebody calls so; `UnknownName` offers what is near."""
    if plain(name) not in called():
        raise UnknownName("strategy", name, [*table(), *(other.lower() for other in aliases())])
    return called()[plain(name)]


def found(which: str | Strategy) -> Strategy:
    """A strategy by its name, or itself; `UnknownName`, or `InputError` for what is neither."""
    if isinstance(which, Automaton | Rule):
        return which
    if not isinstance(which, str):
        raise InputError(
            f"{which!r:.60} is no strategy.", do="Give a name of the table, an Automaton, or a rule of this room."
        )
    return table()[proper(which)].strategy


def all_found(which: Iterable[str | Strategy]) -> tuple[Strategy, ...]:
    """Strategies by their names, or themselves."""
    return tuple(found(each) for each in which)


def automaton(which: str | Strategy) -> Automaton:
    """An automaton by its name, or itself; `InputError` also for a rule that counts, which is none."""
    one = found(which)
    if isinstance(one, Rule):
        raise InputError(
            f"{one.name} counts, and so is no finite automaton.",
            "What it remembers grows with the match, and exact results need strategies with a fixed number of states.",
            "Let it play in a tournament, or give an automaton (Automaton.memory_n remembers some rounds).",
        )
    return one
