"""Any method of the package pref_voting as a rule on ballots."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..core.errors import OstromError, UnknownName
from ..core.forms.ballots import Ballots
from ._counted import require_ballots
from ._decision import Decision


class MissingPackage(OstromError, ImportError):
    """A package that is no part of ostrom is not installed; the message gives the line that installs it."""


def pref_voting_rule(name: str, **options: Any) -> Callable[[Ballots], Decision]:
    """A method of pref_voting (Holliday and Pacuit 2025) by the name of its function, as a rule on `Ballots`.

    Parameters
    ----------
    name : "split_cycle", "stable_voting", "bucklin", … of `pref_voting.voting_methods`.
    options : passed on to the method.

    Returns
    -------
    A rule. Strict orders of all alternatives go in as a `Profile`, others as a `ProfileWithTies`, which fewer methods
    take; what they raise is raised.

    Raises
    ------
    MissingPackage : pref_voting is not installed (`pip install pref_voting`); it is no dependency of ostrom.
    UnknownName : it has no such method.
    """
    methods = _methods()
    if name not in methods:
        raise UnknownName("voting method of pref_voting", name, methods)
    method = methods[name]

    def rule(ballots: Ballots) -> Decision:
        require_ballots(ballots)
        winners = {int(k) for k in method(_profile(ballots), **options)}
        chosen = tuple(one for k, one in enumerate(ballots.alternatives) if k in winners)
        return Decision(f"pref_voting's {name}", ballots.alternatives, chosen)

    rule.__name__ = name
    return rule


def _methods() -> dict[str, Callable[..., Any]]:
    """All voting methods by the name of their function."""
    try:
        found = vars(import_module("pref_voting.voting_methods"))
        kind = import_module("pref_voting.voting_method").VotingMethod
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pref_voting":
            raise
        raise MissingPackage(
            "pref_voting is not installed.",
            "It is a package of other authors, and no dependency of ostrom.",
            "Install it with: pip install pref_voting",
        ) from None
    return {name: one for name, one in found.items() if isinstance(one, kind)}


def _profile(ballots: Ballots) -> Any:
    """The ballots as pref_voting holds them, alternatives numbered."""
    cast = ballots.gathered()
    numbers = dict(enumerate(ballots.alternatives))
    counts = cast.counts.tolist()
    if ballots.complete and ballots.strict:
        orders = [[int(k) for k in row.argsort()] for row in cast.ranks]
        return import_module("pref_voting.profiles").Profile(orders, rcounts=counts, cmap=numbers)
    ranks = [{k: int(rank) + 1 for k, rank in enumerate(row) if rank >= 0} for row in cast.ranks]
    kind = import_module("pref_voting.profiles_with_ties").ProfileWithTies
    profile = kind(ranks, rcounts=counts, candidates=list(numbers), cmap=numbers)
    profile.use_extended_strict_preference()  # what is mentioned goes before what is not, as in Ballots
    return profile
