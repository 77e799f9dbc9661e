"""Institutions on games that never become a table.

`GovernedCounts`: players who are alike stay alike under a rule that treats seats alike, so one profile for each way the
others can be spread says everything. `GovernedSeparable`: a rule whose transfers are sums of what each seat did is
recovered from a handful of probes and added to the base's own oracle. Both are checked at random joint moves, and a
rule that is not what they need is refused by name.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..charter import Charter
from ..errors import CarrierError
from ..forms.symmetric import Symmetric
from ..game import Array, Game, Mixture
from .onestage import OneStage

PROBES = 64
TOLERANCE = 1e-8


class GovernedCounts(Symmetric):
    """A `Symmetric` game under institutions that treat all seats alike: again a `Symmetric` game."""

    def __init__(self, base: Symmetric, charter: Charter) -> None:
        self.stage = stage = OneStage(base, charter)
        self.base, self.institutions, self.charter = base, charter.institutions, charter
        if any(names != stage.names[0] for names in stage.names):
            raise CarrierError(
                f"{charter} permits different moves to different seats of {base.name}.",
                "A game of counts needs rules that treat all seats alike.",
                "Treat seats alike, or make the game small enough for a table.",
            )
        aggregate = base.amounts is not None and _reads_own_only(charter)
        amounts = [int(base.amounts[k]) for k in stage.kept[0]] if aggregate and base.amounts is not None else None
        form = Symmetric(lambda own, others: 0.0 * own, players=base.players, moves=stage.names[0], amounts=amounts)
        shape = form.representatives.shape
        rows = form.representatives.reshape(-1, shape[-1])
        _check_alike(stage, rows, base.name)
        payoffs = np.concatenate(
            [stage.payoffs_at(part)[:, 0] for part in np.array_split(rows, len(rows) // 20_000 + 1)]
        )
        super().__init__(
            payoffs.reshape(shape[:-1]),
            players=base.players,
            moves=stage.names[0],
            amounts=amounts,
            name=f"{base.name} under {charter}",
            bystanders=base.bystanders,
            bystander_payoffs=_bystanders(base, stage, form),
            facts=stage.facts,
        )

    def utilities_at(self, profiles: Array) -> Array:
        """Utilities `float[..., P + B]` of all principals at joint moves: what is paid, whatever agents want."""
        if not self.charter.motivates:
            return super().utilities_at(profiles)
        paid = self.stage.payoffs_at(profiles, wishes=False)
        return np.concatenate([paid, self.bystander_payoffs_at(profiles)], axis=-1)


class GovernedSeparable(Game):
    """Any game under institutions whose transfers are a sum of what each seat did; exact, and never a table."""

    def __init__(self, base: Game, charter: Charter) -> None:
        for rule in charter.institutions:
            if rule.scope == "profile":
                raise CarrierError(
                    f"{type(rule).__name__} reads the whole profile (scope 'profile') and {base!r} is no table.",
                    "Without a table only rules that read one seat at a time, or sums over seats, are exact.",
                    "Use few enough players for a table, or play it in a world or a society.",
                )
        self.stage = stage = OneStage(base, charter)
        self.base, self.institutions, self.charter = base, charter.institutions, charter
        self.players, self.bystanders, self.name = base.players, base.bystanders, f"{base.name} under {charter}"
        self.moves = tuple(tuple(names) for names in stage.names)
        self.facts = stage.facts
        self.passed = self._own_moves()
        self.transfers = self._probe()
        self._verify()

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs at joint moves, asked of the institutions themselves."""
        return self.stage.payoffs_at(profiles)

    def bystander_payoffs_at(self, profiles: Array) -> Array:
        """Utilities of the bystanders at what the base game is given."""
        return self.stage.averaged(self.base.bystander_payoffs_at, profiles)

    def utilities_at(self, profiles: Array) -> Array:
        """Utilities `float[..., P + B]` of all principals at joint moves: what is paid, whatever agents want."""
        paid = self.stage.payoffs_at(profiles, wishes=not self.charter.motivates)
        return np.concatenate([paid, self.bystander_payoffs_at(profiles)], axis=-1)

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """The base's own answer for the moves passed down, plus expected transfers (exact by linearity)."""
        below = tuple(x @ self._onto(i) for i, x in enumerate(mixture))
        worth = self.base.deviation_payoffs(below)
        expected = [np.einsum("...a,ia->...i", x, t) for x, t in zip(mixture, self.transfers, strict=True)]
        received = sum(expected)
        answers = []
        for i, own in enumerate(worth):
            fixed = np.asarray(received)[..., i] - expected[i][..., i] + self.constant[i]
            answers.append(own[..., self.passed[i]] + self.transfers[i][i] + fixed[..., None])
        return tuple(answers)

    def _onto(self, seat: int) -> Array:
        return np.eye(self.base.sizes[seat])[self.passed[seat]]

    def _own_moves(self) -> list[Array]:
        """Per seat, which base move each of its choices becomes; it must not depend on others."""
        zero = np.zeros(len(self.players), int)
        passed = []
        for seat, size in enumerate(self.sizes):
            rows = np.repeat(zero[None], size, 0)
            rows[:, seat] = np.arange(size)
            passed.append(self.stage.base_profiles(rows)[:, seat])
        return passed

    def _probe(self) -> list[Array]:
        """For each seat j, `float[P, A_j]`: what its choice adds to everybody's transfers, from single departures."""
        zero = np.zeros(len(self.players), int)
        self.constant = self._paid(zero[None])[0]
        found = []
        for seat, size in enumerate(self.sizes):
            rows = np.repeat(zero[None], size, 0)
            rows[:, seat] = np.arange(size)
            found.append((self._paid(rows) - self.constant).T)
        return found

    def _paid(self, profiles: Array) -> Array:
        return self.stage.payoffs_at(profiles) - self.base.payoffs_at(self.stage.base_profiles(profiles))

    def _verify(self) -> None:
        rows = _probes(self.sizes)
        below = self.stage.base_profiles(rows)
        kept = np.stack([self.passed[i][rows[:, i]] for i in range(len(self.players))], -1)
        told = self.constant + sum(t[:, rows[:, j]].T for j, t in enumerate(self.transfers))
        error = float(np.abs(told - self._paid(rows)).max())
        if (below != kept).any() or error > TOLERANCE * max(1.0, float(np.abs(told).max())):
            raise CarrierError(
                f"{self.charter} cannot be recovered from single departures on {self.base.name} "
                f"(transfers off by {error:.3g} at {len(rows)} joint moves).",
                "Without a table only transfers that are sums of what each seat did are exact.",
                "Tax a fact of the own move, or use few enough players for a table.",
            )


def govern_large(base: Game, charter: Charter) -> Game:
    """The governed game for a base too large for a table."""
    if isinstance(base, Symmetric):
        return GovernedCounts(base, charter)
    return GovernedSeparable(base, charter)


def _probes(sizes: Sequence[int]) -> Array:
    """Joint moves that tell rules apart: everybody at one move, and every density of departures from it.

    Uniform draws alone would never meet "all delegate" among a hundred seats.
    """
    draw = np.random.default_rng(0)
    rows = [np.stack([draw.integers(0, size, PROBES) for size in sizes], -1)]
    for move in range(max(sizes)):
        common = np.minimum(move, np.array(sizes) - 1)
        leave = draw.random((PROBES, len(sizes))) < np.linspace(0, 1, PROBES)[:, None] ** 2
        rows.append(np.where(leave, rows[0], common))
    return np.concatenate(rows)


def _check_alike(stage: OneStage, rows: Array, name: str) -> None:
    """Payoffs move with the seats when the seats are shuffled; if not, somebody is treated differently."""
    draw = np.random.default_rng(0)
    picked = np.concatenate([rows[draw.integers(0, len(rows), PROBES)], _probes([len(n) for n in stage.names])])
    order = draw.permutation(picked.shape[1])
    straight, shuffled = stage.payoffs_at(picked), stage.payoffs_at(picked[:, order])
    error = float(np.abs(straight[:, order] - shuffled).max())
    if error > TOLERANCE * max(1.0, float(np.abs(straight).max())):
        raise CarrierError(
            f"{stage.charter} treats the seats of {name} differently (payoffs differ by {error:.3g} when seats "
            "are shuffled).",
            "A game of counts needs rules that treat all seats alike.",
            "Treat seats alike, or make the game small enough for a table.",
        )


def _bystanders(base: Symmetric, stage: OneStage, form: Symmetric) -> Array:
    """Their utilities `[T, B]` over the spreads of all players: read off the profiles that have each of them."""
    table = np.zeros((len(form.totals), len(base.bystanders)))
    rows = form.representatives.reshape(-1, len(base.players))
    counts = (rows[..., None] == np.arange(len(form.moves[0]))).sum(1)
    spread = counts @ np.asarray(form.amounts) if form.amounts is not None else counts
    where = {tuple(np.atleast_1d(total)): k for k, total in enumerate(form.totals)}
    at = [where[tuple(np.atleast_1d(one))] for one in spread]
    table[at] = stage.averaged(base.bystander_payoffs_at, rows)
    return table


def _reads_own_only(charter: Charter) -> bool:
    return not charter.enacts and all(rule.scope == "additive" for rule in charter.institutions)
