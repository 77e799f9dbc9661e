"""The games that CoopEval's configurations describe, as tables, and what its contracts pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.forms.normal_form import MAX_AXES, NormalForm, refuse_large
from ._jsonl import Row

MATRIX_MOVES = {
    "PrisonersDilemma": ("COOPERATE", "DEFECT"),
    "StagHunt": ("STAG", "HARE"),
    "MatchingPennies": ("HEADS", "TAILS"),
    "TrustGame": ("GIVE", "KEEP"),
}
"""Games given by a payoff matrix, whose keys join the first letters of both moves ("CD": I cooperate, you defect)."""


@dataclass(frozen=True)
class Cell:
    """One game under one mechanism: `base` without the mechanism, `rounds` played, weighted by `discount`."""

    name: str
    game: str
    mechanism: str
    variant: str
    base: NormalForm
    rounds: int
    discount: float


def read_cell(row: Row) -> Cell:
    """The cell that one line of a configs file describes."""
    config = row.row("config")
    mechanism = config.row("mechanism").row("kwargs")
    repeated = "num_rounds" in mechanism.data
    discount = mechanism.number("discount") if "discount" in mechanism.data else 1.0
    if not 0 < discount <= 1:
        mechanism.refuse("discount", "above 0 and at most 1")
    return Cell(
        row.text("cell"),
        row.text("game"),
        row.text("mechanism"),
        row.text("variant"),
        base_game(config.row("game"), row.text("game")),
        mechanism.whole("num_rounds", 1, 10**6) if repeated else 1,
        discount,
    )


def base_game(game: Row, name: str) -> NormalForm:
    """The table of a configured game: `{"type": …, "kwargs": {…}}`, one of six types.

    Moves carry the names that plays record, in the order in which stated strategies number them (A0, A1, …).
    """
    kind, settings = game.text("type"), game.row("kwargs")
    if kind in MATRIX_MOVES:
        return _matrix(settings, MATRIX_MOVES[kind], name)
    if kind == "PublicGoods":
        return _public_goods(settings, name)
    if kind == "TravellersDilemma":
        return _travellers_dilemma(settings, name)
    raise UnknownName("type of CoopEval game", kind, [*MATRIX_MOVES, "PublicGoods", "TravellersDilemma"])


def _matrix(settings: Row, moves: tuple[str, str], name: str) -> NormalForm:
    matrix = settings.row("payoff_matrix")
    table = [[matrix.numbers(a[0] + b[0], (2,)) for b in moves] for a in moves]
    return NormalForm(table, moves=moves, name=name)


def _public_goods(settings: Row, name: str) -> NormalForm:
    """Everybody keeps or gives one point; what is given is multiplied and shared equally."""
    players, multiplier = settings.whole("num_players", 2, MAX_AXES), settings.number("multiplier")
    refuse_large((2,) * players, name)
    keeps = np.moveaxis(np.indices((2,) * players), 0, -1)
    share = (1 - keeps).sum(-1, keepdims=True) * multiplier / players
    return NormalForm(keeps + share, moves=("CONTRIBUTE", "FREE_RIDE"), name=name)


def _travellers_dilemma(settings: Row, name: str) -> NormalForm:
    """Both get the lower claim; who claimed less gets the bonus on top, who claimed more pays it (Basu 1994)."""
    count, bonus = settings.whole("num_actions", 2), settings.number("bonus")
    refuse_large((count, count), name)
    claims = settings.number("min_claim") + settings.number("claim_spacing") * np.arange(count)
    mine, yours = np.meshgrid(claims, claims, indexing="ij")
    first = np.minimum(mine, yours) + bonus * np.sign(yours - mine)
    return NormalForm(np.stack([first, first.T], -1), moves=[f"CLAIM_{k}" for k in range(count)], name=name)


def transfers(contract: Mapping[str, float], moves: Sequence[str]) -> np.ndarray:
    """What a signed contract pays each seat, `float[P]`: everybody is paid for the own move, by the others equally.

    The payments sum to zero. Raises `InputError` when the contract does not name a move.
    """
    if missing := set(moves) - set(contract):
        raise InputError(
            f"A contract over {sorted(contract)} says nothing about {sorted(missing)}.", do="Give a payment per move."
        )
    paid = np.array([contract[move] for move in moves], float)
    return paid - (paid.sum() - paid) / (len(moves) - 1)
