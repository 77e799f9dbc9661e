"""What a command is about: a name, a file, a folder or an import path, under rules and for principals."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..core import catalogue
from ..core.delegation import Delegation
from ..core.errors import InputError, UnknownName
from ..core.forms.ballots import Ballots
from ..core.forms.coalitional import Coalitional
from ..core.forms.network import Network
from ..core.forms.reactions import Reactions
from ..core.game import Game
from ..core.institution import Institution
from ..core.lifts.repeated import Repeated
from ..formats.coopeval import CoopEval
from ..formats.cross_play import CrossPlay
from ..formats.delegation import load_delegation
from ..formats.subject import SUFFIXES, open_subject

_IMPORT_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


PLAIN: dict[type, str] = {
    Reactions: "a loop of reactions",
    Coalitional: "a game of coalitions",
    Ballots: "an election",
}
"""What has no moves, in words."""


def find(
    subject: str,
    assignments: Sequence[str] | None = None,
    under: Sequence[str] | None = None,
    principals: Path | None = None,
    precision: str | None = None,
    repeated: float | None = None,
) -> Any:
    """The game, delegation or network that the arguments describe, or the path of a folder of logs.

    Raises `InputError` (`UnknownName` with the nearest names) for whatever cannot be used.
    """
    found = _made(subject, assignments or ())
    if isinstance(found, CoopEval):
        _refuse_options(found.folder, under, principals, precision)
        return found.folder
    if isinstance(found, CrossPlay):
        found = found.game
    if isinstance(found, Network) and (principals or precision):
        raise InputError(
            f"{found.name} is a road network.",
            "Its players are crowds, who drive for themselves and take the quickest way.",
            "Leave out --principals and --precision.",
        )
    plain = next((said for kind, said in PLAIN.items() if isinstance(found, kind)), None)
    if plain is not None and (under or principals or precision or repeated is not None):
        raise InputError(
            f"{found.name} is {plain}.",
            "It has no moves, and so no payoffs of moves that an option could be about.",
            "Leave out --under, --principals, --precision and --repeated.",
        )
    return _delegated(_governed(_again(found, repeated), under or ()), principals, precision)


def find_game(
    subject: str,
    assignments: Sequence[str] | None = None,
    under: Sequence[str] | None = None,
    repeated: float | None = None,
) -> Game | Repeated:
    """The finite game that the arguments describe, under its rules; an `InputError` for anything else."""
    found = find(subject, assignments, under, repeated=repeated)
    if isinstance(found, Game | Repeated) and not isinstance(found, Network):
        return found
    kinds: dict[type, str] = {
        Network: "is a road network",
        **{kind: f"is {said}" for kind, said in PLAIN.items()},
    }
    what = next((said for kind, said in kinds.items() if isinstance(found, kind)), "holds no single game")
    if isinstance(found, Ballots):
        raise InputError(
            f"{subject} is an election.",
            "What is verified is one joint move of a finite game.",
            f"ostrom audit {subject} asks every rule who gains by another ballot and which axioms fail; one question "
            "alone is asked in Python (ostrom.audits.Manipulation, voting_axioms, coalitional_manipulation).",
        )
    raise InputError(
        f"{subject} {what}.",
        "What is verified is one joint move of a finite game.",
        "Name a scenario or a payoff table; ostrom audit looks at networks, elections and logs.",
    )


def joint_move(text: str | None) -> tuple[str, ...] | None:
    """A joint move as it is printed, `(C, D)`, or without the brackets; None where there is none."""
    return None if text is None else catalogue.split(catalogue.bracketed(text.strip()))


def refuse_for_roads(found: Any, **given: Any) -> None:
    """Refuse options that say something about single players, where the subject is a road network."""
    asked = [f"--{name}" for name, value in given.items() if value not in (None, [], ())]
    if isinstance(found, Network) and asked:
        raise InputError(
            f"{found.name} is a road network, and {asked[0]} is about single players.",
            "For roads tolls of several kinds and closed roads are looked for.",
            "Leave it out.",
        )


def refuse_cell(found: Any, cell: str | None) -> None:
    """Refuse --cell for anything but records."""
    if cell is not None and not isinstance(found, Path):
        raise InputError(f"--cell {cell} is for records of play.", "This is a game, and has no cells.", "Leave it out.")


def refuse_for_repeated(repeated: float | None, **given: Any) -> None:
    """Refuse options that say something about a single round, where the game is repeated."""
    asked = [f"--{name}" for name, value in given.items() if value not in (None, [], ())]
    if repeated is not None and asked:
        raise InputError(f"{asked[0]} was given with --repeated.", "It is about a game of one round.", "Leave it out.")


def _again(found: Any, discount: float | None) -> Any:
    """The game again and again, when a discount factor is given; `InputError` for what is no table."""
    if discount is None:
        return found
    if not isinstance(found, Game) or isinstance(found, Network):
        what = "a road network" if isinstance(found, Network) else f"a {type(found).__name__}"
        raise InputError(f"--repeated {discount:g} is for games, and this is {what}.", do="Leave it out.")
    return found.repeated(discount)


def _made(subject: str, assignments: Sequence[str]) -> Any:
    name, colon, rest = subject.partition(":")
    if _is_file(subject):
        if assignments:
            raise InputError(
                f"{subject} is a file, and {assignments[0]!r} is a parameter.",
                "A file says everything itself; only scenarios take parameters.",
                "Leave it out, or name a scenario (ostrom list games).",
            )
        return open_subject(subject)
    if colon:
        assignments = (*catalogue.split(rest), *assignments)
    made = catalogue.make("games", _scenario(name), assignments)
    if not isinstance(made, Game | Delegation | Reactions | Coalitional | Ballots):
        raise InputError(
            f"{name} makes a {type(made).__name__}.",
            "An audit is about a game or a delegation.",
            "Name a class or function that returns one.",
        )
    return made


def _scenario(name: str) -> Any:
    """The class or function of a scenario; an unknown name is no file either, and the error says so."""
    try:
        return catalogue.member("games", name)
    except UnknownName as error:
        if error.kind == "game":
            do = f"{error.do} There is no file or folder of that name either."
            if others := catalogue.rooms_with(name):
                why = f"It is one of {' and of '.join(others)}, and a command is about a game, a world, or a file."
                raise InputError(error.what, why, f"ostrom show {name} says how it is asked about in Python.") from None
            raise InputError(error.what, error.why, do) from None
        raise


def _is_file(subject: str) -> bool:
    """Names come first; whatever is there, or looks like a path or a known kind of file, is a file."""
    name = subject.partition(":")[0]
    if "games" in catalogue.rooms_with(name):
        return False
    if subject == "-" or Path(subject).exists():
        return True
    if _IMPORT_PATH.fullmatch(name) and Path(name).suffix not in SUFFIXES:
        return False
    return any(mark in name for mark in "./\\")


def _governed(found: Any, under: Sequence[str]) -> Any:
    if not under:
        return found
    if isinstance(found, Delegation):
        raise InputError(
            f"{found.game.name} is a delegation, and {under[0]!r} would change what its agents are paid.",
            "Its tables are about the game without the rule, which may have other moves.",
            "Give the game itself, and its principals by --principals.",
        )
    return found.under(*(catalogue.build("institutions", text, Institution) for text in under))


def _delegated(found: Any, principals: Path | None, precision: str | None) -> Any:
    if principals is not None:
        if isinstance(found, Delegation):
            raise InputError(f"{found.game.name} has its principals already.", do="Leave out --principals.")
        found = load_delegation(principals, found)
    if precision is None:
        return found
    if not isinstance(found, Delegation):
        return Delegation(found, precision=precision)
    exact = copy.copy(found)
    exact.precision = Delegation(found.game, precision=precision).precision
    return exact


def _refuse_options(folder: Path, under: Any, principals: Any, precision: Any) -> None:
    given = [
        flag for flag, value in (("--under", under), ("--principals", principals), ("--precision", precision)) if value
    ]
    if given:
        raise InputError(
            f"{folder} holds records of play, and {given[0]} is about a game.",
            "What was recorded cannot be played again under another rule.",
            "Leave it out; --cell narrows what is looked at.",
        )
