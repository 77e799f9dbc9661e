"""Would a behaviour be kept to wherever play might come to? Threats that are empty, beliefs that are possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array
from ._assessments import Onward, arrivals, consistent, kindest, loss_at, onward

TOLERANCE, ROUNDING = 1e-9, 1e-14

WORK = 300_000_000
"""Information sets times sequences of a player up to which each set is judged: some half a minute."""


@dataclass(frozen=True)
class Lapse:
    """An information set at which a player would not do what the behaviour says.

    Attributes
    ----------
    player, place : who, and the label of the information set.
    move, instead : the likeliest move there that is not a best one, and the move that is.
    loss : what keeping to the behaviour from there on loses against the best plan, in payoff.
    reached : whether play comes there; if not, it is a threat or promise that is empty.
    whatever : whether it is so whatever the player believes (else, given its beliefs).
    """

    player: str
    place: str
    move: str
    instead: str
    loss: float
    reached: bool
    whatever: bool


@dataclass(frozen=True)
class Assessment:
    """A behaviour and beliefs, judged at every information set.

    Attributes
    ----------
    beliefs : for each information set the odds of being at each of its places.
    losses : for each, what keeping to the behaviour from there on loses against the best plan, given these beliefs.
    lapses : where that is more than nothing, the largest loss first.
    consistent : whether the beliefs are limits of Bayes' rule under fully mixed play; None when they were not given
        and those that were tried are not.
    """

    beliefs: tuple[Array, ...] = field(repr=False)
    losses: tuple[float, ...]
    lapses: tuple[Lapse, ...]
    consistent: bool | None

    @property
    def rational(self) -> bool:
        """Whether nobody would do otherwise anywhere."""
        return not self.lapses

    @property
    def sequential(self) -> bool | None:
        """Whether it is a sequential equilibrium; None when that was not settled."""
        return self.consistent if self.rational else False


def sequential(
    game: ExtensiveForm,
    behaviour: Sequence[Any],
    beliefs: Sequence[Any] | None = None,
    tolerance: float = TOLERANCE,
) -> Assessment:
    """Judge a behaviour at every information set, those that play never comes to among them (Kreps and Wilson 1982).

    Sequentially rational: from every information set on, no other plan is worth more to its player, given its beliefs
    there and what the others do. Consistent: the beliefs are limits of Bayes' rule under mistakes ever more rare. Both
    together are a sequential equilibrium.

    Parameters
    ----------
    game : a tree with perfect recall. behaviour : odds at each of `game.infosets`.
    beliefs : for each of them odds of its places. By default Bayes' rule where others let play come there, and
        elsewhere, for each set apart, the beliefs that speak most for the behaviour: a lapse is then one whatever is
        believed, and where no lapse is found but these beliefs are not consistent, it is not settled.
    tolerance : losses up to this share of the range of what can be got there are none; odds up to it count as 0.

    Raises
    ------
    InputError : no tree, imperfect recall, odds or beliefs that do not fit.
    TooLarge : more than 300,000,000 information sets times sequences.

    Examples
    --------
    >>> from ostrom.games import EntryDeterrence
    >>> game = EntryDeterrence()
    >>> bluff = game.behaviour({("entrant", "1"): "stay out", ("incumbent", "1"): "fight"})
    >>> (lapse,) = sequential(game, bluff).lapses
    >>> game.gains(bluff).max(), lapse.move, lapse.instead, lapse.reached
    (np.float64(0.0), 'fight', 'share', False)
    """
    if not isinstance(game, ExtensiveForm):
        raise InputError(f"A {type(game).__name__} is no tree.", do="Of a table, game.regret(mixture) says it all.")
    odds = game.checked(behaviour)
    if any(own.ndim > 1 for own in odds):
        raise InputError("sequential() got a batch of behaviours.", do="Give one at a time.")
    game._require_recall()
    _require_small(game)
    reach, allowed = arrivals(game, odds)
    given = None if beliefs is None else _checked(game, beliefs)
    held, losses, lapses = [], [], []
    for part in onward(game, odds):
        nodes = list(game.infosets[part.number].nodes)
        if given is not None:
            belief = given[part.number]
        elif (let := allowed[nodes]).sum() > 0:
            belief = let / let.sum()
        else:
            belief = np.ones(1) if len(nodes) == 1 else kindest(game, part)
        loss, each = loss_at(game, part, belief)
        held.append(belief)
        losses.append(max(loss, 0.0))
        if loss > _slack(part, belief, tolerance):
            come, whatever = bool(reach[nodes].sum() > 0), len(nodes) == 1 or given is None
            lapses.append(_lapse(game, odds, part, (loss, each, come, whatever)))
    fits = consistent(game, odds, tuple(held), tolerance)
    return Assessment(
        beliefs=tuple(held),
        losses=tuple(losses),
        lapses=tuple(sorted(lapses, key=lambda lapse: -lapse.loss)),
        consistent=fits if fits or given is not None else None,
    )


def _require_small(game: ExtensiveForm) -> None:
    work = len(game.infosets) * max(map(len, game.sequences))
    if work > WORK:
        raise TooLarge(
            f"{game.name} has {len(game.infosets):,} information sets.",
            "What follows is looked at from each of them.",
            "Ask game.gains(behaviour), which looks from the beginning only.",
        )


def _slack(part: Onward, belief: Array, tolerance: float) -> float:
    """A loss that is none: a share of the range of what can be got, and never less than what rounding makes."""
    low, high = part.low[belief > 0].min(), part.high[belief > 0].max()
    return max(tolerance * float(high - low), ROUNDING * float(max(abs(low), abs(high))))


def _lapse(game: ExtensiveForm, odds: tuple[Array, ...], part: Onward, found: tuple[float, Array, bool, bool]) -> Lapse:
    loss, each, come, whatever = found
    infoset, best = game.infosets[part.number], int(each.argmax())
    worse = np.where(each < each[best], odds[part.number], -1.0)  # what is wrong may also come only later
    move = int(worse.argmax()) if worse.max() > 0 else int(odds[part.number].argmax())
    return Lapse(
        player=game.players[infoset.player],
        place=infoset.label,
        move=infoset.moves[move],
        instead=infoset.moves[best],
        loss=loss,
        reached=come,
        whatever=whatever,
    )


def _checked(game: ExtensiveForm, beliefs: Sequence[Any]) -> tuple[Array, ...]:
    if len(beliefs) != len(game.infosets):
        raise InputError(
            f"Beliefs at {len(beliefs)} information sets.", f"{game.name} has {len(game.infosets)}.", "Give all."
        )
    held = []
    for infoset, own in zip(game.infosets, beliefs, strict=True):
        belief = np.asarray(own, float)
        if belief.shape != (len(infoset.nodes),) or not (belief >= 0).all() or not abs(belief.sum() - 1) <= 1e-8:
            raise InputError(
                f"At {infoset.label!r} {game.players[infoset.player]} believes {np.array2string(belief, threshold=6)}.",
                f"Beliefs are odds of {len(infoset.nodes)} places: not negative, summing to one.",
                "Mend them.",
            )
        held.append(belief)
    return tuple(held)
