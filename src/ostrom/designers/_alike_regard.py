"""What players who are alike would have to want, or to be told, for all of them to make one move."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..institutions.advice import Advice
from ..institutions.prosocial import Prosocial
from ._alike_crowd import Crowd
from ._alike_rule import Rule, idle
from ._proposal import Impossible, Needs


def prosocial(crowd: Crowd, target: int, margin: float) -> Rule | Impossible:
    """The least weight w on the others' payoffs at which nobody gains by leaving the target alone.

    A departure that gains g and costs the others E is not worth it from g / (g + E) on; one that loses and helps them
    bounds w from above.
    """
    lead, low, high, label = crowd.lead(margin), Fraction(0), Fraction(1), crowd.moves[target]
    for gain, short, slope in _departures(crowd, target, lead):
        if slope > 0:
            low = max(low, short / slope)
        elif slope < 0:
            high = min(high, short / slope)
        elif short > 0:
            because = f"A departure from {label} that gains {float(gain):.4g} is made a loss by no weight on others."
            return Impossible("prosocial", because)
    if low > high:
        because = f"No weight on the others' payoffs makes it an equilibrium that all play {label}: some departures "
        because += "cost the others too little, or help them."
        return Impossible("prosocial", because)
    if low == 0:
        return idle("prosocial", crowd, target, "equilibrium")
    weight = float(low)
    said = f"If everybody gave the others' payoffs a weight of {weight:.4g}, it would be an equilibrium that all play "
    source = "Ledyard, Public Goods (1995), on other-regarding preferences; closed form by comparing every departure"
    rule = Prosocial(weight=weight)
    return Rule("prosocial", f"{said}{label}.", rule, rule, Needs(observed="nothing"), weight, source)


def _departures(crowd: Crowd, target: int, lead: Fraction) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """`(gain, gain + lead, gain + what it costs the others)` of every departure from the target."""
    gains = crowd.gains(target, False)
    there = crowd.exactly(crowd.one_leaves[target])
    for move, gain in enumerate(gains):
        if move != target:
            cost = (crowd.count - 1) * (there[target] - there[move])
            yield gain, gain + lead, gain + cost


def advice(crowd: Crowd, target: int) -> Rule | Impossible:
    """Everybody is told the target: obeyed where it is an equilibrium."""
    label = crowd.moves[target]
    tempted = float(crowd.alone[target].max() - crowd.alone[target, target])
    if tempted > crowd.slack:
        other = crowd.moves[int(crowd.alone[target].argmax())]
        because = f"Told to play {label}, each gains {tempted:.4g} by playing {other}, where the others obey."
        return Impossible("advice", because, "Incentives or limits have to come first.")
    rule = Advice(device=(((label,) * crowd.count, 1.0),))
    said = f"Everybody is told to play {label}: nobody gains by another move where the others do."
    return Rule("advice", said, rule, None, Needs(), 0.0, "Aumann (1974); Schelling (1960) on focal points")
