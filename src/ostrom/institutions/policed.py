"""A rule that takes money, enforced only where a player chooses to inspect."""

from __future__ import annotations

from typing import ClassVar

from ._policing import Policing


class Policed(Policing):
    """What `rule` takes from a seat is taken only if another player chose to inspect (the inspection game).

    At the time of play, and without knowing what is played, each inspector chooses "inspect" or "look away". Who
    inspects pays `cost` and finds every other seat that owes the rule something on balance; nobody inspects itself. For
    one inspector and one seat with a gain g and a charge F > g, the only equilibrium is mixed: the seat violates with
    odds `cost / (reward + share · F + metafine)`, the inspector inspects with odds g / F (Tsebelis, 1990; Avenhaus, von
    Stengel and Zamir, 2002).

    Parameters
    ----------
    rule : an institution that takes money.
    inspectors : the players who may inspect; they may have moves of their own as well.
    cost : payoff units that inspecting takes from who inspects, whatever is found; they leave the players.
    reward : payoff units from outside for each violator found, in equal parts to all who found it.
    share : the share of what is collected that goes to who found it, in equal parts; the rule pays out the rest.
    metafine : payoff units that an inspector pays who looks away while another seat violates; they leave the players.

    What is not collected is not paid out either: it is taken off what the rule pays, in proportion. Inspectors who are
    absent find nobody and pay nothing. Raises `InputError` when the rule takes no money, or has a part "inspect" of its
    own, and `UnknownName` for inspectors who are not there.
    """

    example: ClassVar[str] = "policed:rule=(fines:schedule=((row,D,5)),shared=no),inspectors=(column),reward=2"
