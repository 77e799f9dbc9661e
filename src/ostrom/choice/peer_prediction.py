"""Paying for honest reports that nobody can check: by what others report."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ._peer_payments import PeerPayments
from ._scores import SCORES, Score, score
from ._signals import Signals

__all__ = [
    "SCORES", "PeerPayments", "Score", "Signals", "bayesian_truth_serum", "correlated_agreement",
    "determinant_mutual_information", "miller_resnick_zeckhauser", "output_agreement", "robust_peer_truth_serum",
    "score",
]  # fmt: skip


def output_agreement(signals: Signals, reporters: int = 2, *, reward: float = 1.0) -> PeerPayments:
    """Each is paid for the share of the others that report the same (von Ahn and Dabbish 2004).

    Truth is an equilibrium only where everybody believes its own signal to be the likeliest of others' too; to report
    the same whatever one saw always pays at least as much.
    """
    size = len(signals.signals)
    return _simple(signals, reporters, np.eye(size) * reward, "output agreement", "von Ahn and Dabbish (2004)")


def miller_resnick_zeckhauser(
    signals: Signals, reporters: int = 2, *, rule: Score = "quadratic", scale: float = 1.0, shift: float = 0.0
) -> PeerPayments:
    """Each is scored for what its report says about the others' reports: `scale` times a proper score plus `shift`.

    A report is turned into the forecast that the model makes of it; the score is the mean over the others. Truth is a
    strict equilibrium where different signals lead to different forecasts (Miller, Resnick and Zeckhauser 2005). Raises
    as `score`.

    Examples
    --------
    >>> film = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))
    >>> miller_resnick_zeckhauser(film)(("h", "l")).round(4).tolist()
    [-0.0126, 0.5689]
    """
    name, source = f"peer prediction, {rule} score", "Miller, Resnick and Zeckhauser (2005)"
    return _simple(signals, reporters, scale * score(signals.posterior, rule) + shift, name, source)


def bayesian_truth_serum(signals: Signals, reporters: int = 6, *, alpha: float = 1.0) -> PeerPayments:
    """Each says an answer and how often others give which; surprisingly common answers and good forecasts are paid.

    An answer scores the logarithm of how common it is over the geometric mean of how common all forecast it to be, and
    a forecast `alpha` times the log score against how common answers are; all reporters count, oneself too. With
    `alpha=1` the scores sum to zero. Truth is an equilibrium with enough reporters (Prelec 2004); how many are enough,
    `ostrom.audits.TruthTelling` says. A report is written "h|l": answer h, with the forecast of one who saw l. Raises
    `InputError` where a forecast would be 0.
    """
    size, names = len(signals.signals), signals.signals
    forecasts = signals.posterior
    if (forecasts <= 0).any():
        raise InputError("A signal rules another out.", "Its logarithm is infinite.", "Give odds above 0.")
    logs = np.log(forecasts)

    def pay(reports: Array) -> Array:
        answers, told = reports // size, logs[reports % size]  # [..., T, n], [..., T, n, X]
        common = np.eye(size)[answers].mean(-2)[..., None, :]
        log = np.log(np.where(common > 0, common, 1.0))
        surprise = log - told.mean(-2, keepdims=True)
        own = np.take_along_axis(np.broadcast_to(surprise, told.shape), answers[..., None], -1)[..., 0]
        forecast = (common * (told - log)).sum(-1)
        return (own + alpha * forecast).sum(-2)

    options = tuple(f"{one}|{other}" for one in names for other in names)
    truth = tuple(k * size + k for k in range(size))
    return PeerPayments(
        "Bayesian truth serum", signals, _several(reporters), 1, options, truth, pay, "Prelec, Science 306 (2004)"
    )


def correlated_agreement(signals: Signals, reporters: int = 2, *, tasks: int = 3, scores: Any = None) -> PeerPayments:
    """Paid for reports on the same task that go together, less what reports on different tasks would be paid.

    Two reports score 1 where they are likelier together than apart by the model, else 0; `scores[X, X]` replaces that.
    Means are over all tasks, pairs of different tasks, and other reporters. Truth is worth as much as any strategy that
    treats tasks alike, and more than one that ignores what was seen (Shnayder, Agarwal, Frongillo and Parkes 2016).
    Raises `InputError` for fewer than two tasks, or scores of another shape.
    """
    apart = np.multiply.outer(signals.marginal, signals.marginal)
    table = np.asarray(signals.pair > apart + 1e-12, float) if scores is None else np.asarray(scores, float)
    if table.shape != signals.pair.shape or tasks < 2:
        raise InputError(f"Scores of shape {table.shape}, {tasks} tasks.", do="Give scores[X, X], 2 tasks or more.")

    def pay(reports: Array) -> Array:
        many, count = reports.shape[-2:]
        pairs = table[reports[..., :, None, :, None], reports[..., None, :, None, :]]  # [..., p, q, i, j]
        same = np.einsum("...ppij->...ij", pairs)
        other = pairs.sum((-4, -3)) - same
        net = same / many - other / (many * (many - 1))
        return _over_others(net, count)

    return PeerPayments(
        "correlated agreement", signals, _several(reporters), tasks, signals.signals,
        tuple(range(len(table))), pay, "Shnayder, Agarwal, Frongillo and Parkes (2016)",
    )  # fmt: skip


def determinant_mutual_information(signals: Signals, reporters: int = 2, *, tasks: int | None = None) -> PeerPayments:
    """Paid the product of the determinants of joint counts of reports in either half of the tasks.

    Divided so that its mean is the squared determinant of the joint odds of reports. Truth is worth at least as much
    as any strategy that treats tasks alike, whatever others do, and needs no prior to be paid (Kong 2020). Needs at
    least two tasks for each signal, which is the default. Raises `InputError` for fewer.
    """
    size = len(signals.signals)
    total = 2 * size if tasks is None else tasks
    if total < 2 * size:
        raise InputError(
            f"{total} tasks for {size} signals.", "Half of them give a determinant of 0.", f"Give {2 * size}."
        )

    def pay(reports: Array) -> Array:
        half, count = reports.shape[-2] // 2, reports.shape[-1]
        return _over_others(
            _determinant(reports[..., :half, :], size) * _determinant(reports[..., half:, :], size), count
        )

    return PeerPayments(
        "determinant mutual information", signals, _several(reporters), total, signals.signals,
        tuple(range(size)), pay, "Kong, SODA (2020)",
    )  # fmt: skip


def robust_peer_truth_serum(signals: Signals, reporters: int = 2, *, tasks: int = 3) -> PeerPayments:
    """Paid one over how common a report is in other tasks where a peer reports the same, less 1.

    Nothing is paid for a report that is not to be found there. How common is counted among the others' reports on the
    other tasks. Means are over tasks and peers. Truth is an equilibrium, with enough tasks, where one's own signal
    raises its odds of another's more than any other's (Radanovic, Faltings and Jurca 2016). Raises `InputError` for
    fewer than two tasks.
    """
    if tasks < 2:
        raise InputError(f"{tasks} tasks.", "How common a report is, other tasks say.", "Give at least 2.")
    size = len(signals.signals)

    def pay(reports: Array) -> Array:
        many, count = reports.shape[-2:]
        shown = np.eye(size)[reports]  # [..., T, n, X]
        all_, of_others = shown.sum(-2, keepdims=True), shown.sum(-2, keepdims=True) - shown
        counts = all_.sum(-3, keepdims=True) - shown.sum(-3, keepdims=True) - of_others
        common = np.take_along_axis(counts, reports[..., None], -1)[..., 0] / ((many - 1) * (count - 1))
        same = np.take_along_axis(of_others, reports[..., None], -1)[..., 0] / (count - 1)
        return np.where(common > 0, same / np.where(common > 0, common, 1.0) - 1, 0.0).mean(-2)

    return PeerPayments(
        "robust peer truth serum", signals, _several(reporters), tasks, signals.signals,
        tuple(range(size)), pay, "Radanovic, Faltings and Jurca (2016)",
    )  # fmt: skip


def _simple(signals: Signals, reporters: int, table: Array, name: str, source: str) -> PeerPayments:
    """One task; the mean over the others of what one's report and another's are paid, `table[own, other]`."""

    def pay(reports: Array) -> Array:
        pairs = table[reports[..., :, None], reports[..., None, :]].sum(-3)  # [..., i, j], all tasks together
        return _over_others(pairs, reports.shape[-1])

    truth = tuple(range(len(table)))
    return PeerPayments(name, signals, _several(reporters), 1, signals.signals, truth, pay, source)


def _over_others(pairs: Array, count: int) -> Array:
    """The mean of `[..., i, j]` over all j other than i."""
    return (pairs.sum(-1) - np.einsum("...ii->...i", pairs)) / (count - 1)


def _determinant(reports: Array, size: int) -> Array:
    """For each pair of reporters the determinant of counts, over what makes its mean that of the joint odds."""
    shown = np.eye(size)[reports]
    counts = np.einsum("...tix,...tjy->...ijxy", shown, shown)
    many = reports.shape[-2]
    return np.rint(np.linalg.det(counts)) / np.prod(np.arange(many, many - size, -1.0))


def _several(reporters: int) -> int:
    if isinstance(reporters, bool) or not isinstance(reporters, int) or reporters < 2:
        raise InputError(f"{reporters!r} reporters.", "Each is held against another.", "Give at least 2.")
    return reporters
