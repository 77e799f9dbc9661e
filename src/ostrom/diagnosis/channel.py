"""Does a channel carry anything: does the speaker mean something by its messages, and does the listener heed them?

Two measures of Lowe et al. (*On the Pitfalls of Measuring Emergent Communication*, 2019), in nats. Speaker consistency
is the information between a speaker's messages and what it does itself (or, where it does nothing else, what it sees).
Causal influence is the information between a message that is *set* and what the listener then does. The first can be
as high as it can get while the second is 0: a speaker who means what it says need not be heard.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.agent import NEVER, Policy, Sight
from ..core.claim import Finding
from ..core.errors import InputError
from ._information import Information, as_if_set, counted, estimated, information, together, whole

Array = np.ndarray
SOURCE = "Lowe et al., On the Pitfalls of Measuring Emergent Communication (2019)"


@dataclass(frozen=True)
class Channel:
    """What recorded plays say of a channel: `consistency` of the speaker, `influence` on the listener."""

    consistency: Information
    influence: Information

    @property
    def finding(self) -> Finding:
        """Both in one sentence."""
        means, moves = self.consistency.low > 0, self.influence.low > 0
        said = {
            (True, True): "The speaker means something by its messages, and the listener heeds them",
            (
                True,
                False,
            ): "The speaker means something by its messages, but nothing shows that the listener heeds them",
            (False, True): "The listener heeds the messages, but nothing shows that the speaker means anything by them",
            (False, False): "Nothing shows that the channel carries anything",
        }[means, moves]
        numbers = {name: vars(one) for name, one in (("SC", self.consistency), ("CIC", self.influence))}
        return Finding("channel", f"{said} (SC {self.consistency}; CIC {self.influence}).", (), numbers, SOURCE)


def speaker_consistency(joint: Any) -> float:
    """Nats between message and own move, from how often (or how probably) they go together, `[M, A]`.

    Examples
    --------
    >>> round(speaker_consistency([[5, 0], [0, 5]]), 4)
    0.6931
    """
    table = np.asarray(joint, float)
    if table.ndim != 2 or not (table >= 0).all() or not 0 < table.sum() < math.inf:
        raise InputError(
            f"The joint table is {str(joint)[:80]}.",
            "It holds, for each message (rows) and move (columns), how often or how probably they go together.",
            "Give a table of numbers of zero or more, not all of them 0.",
        )
    return float(information(table))


def causal_influence(policy: Any, sent: Any = None) -> float:
    """Nats between a message that is set and the listener's move; the mean over contexts, if there are several.

    Parameters
    ----------
    policy : `[…, M, A]`, the odds of each move (columns) when a message (rows) is set, in each context.
    sent : odds `[M]` or `[…, M]` with which messages are set; even by default. Lowe et al. take the speaker's.

    Examples
    --------
    >>> round(causal_influence([[1, 0], [0, 1]]), 4), causal_influence([[0.3, 0.7], [0.3, 0.7]])
    (0.6931, 0.0)
    """
    odds = np.asarray(policy, float)
    weights = (
        np.full(odds.shape[:-1], 1.0) if sent is None else np.broadcast_to(np.asarray(sent, float), odds.shape[:-1])
    )
    if odds.ndim < 2 or not (odds >= 0).all() or (abs(odds.sum(-1) - 1) > 1e-6).any() or not (weights >= 0).all():
        raise InputError(
            f"The policy is {str(policy)[:80]}.",
            "It holds, for each message (rows), the odds of each move (columns), which sum to 1.",
            "Give probabilities, not scores or counts; recorded plays go to channel().",
        )
    return float(information(odds * weights[..., None]).mean())


def replies(policy: Policy, sight: Sight, messages: Sequence[Any], name: str = "message", part: str = "act") -> Array:
    """Odds `float[M, A]` of a policy's moves when what it sees under `name` is set to each of the messages."""
    rows = []
    for message in messages:
        told = replace(sight, seen={**sight.seen, name: np.asarray(message)})
        scores = np.asarray(policy.act(told, policy.begin())[0].get(part, np.zeros(sight.mask[part].shape)), float)
        scores = np.where(sight.mask[part], scores, NEVER)
        rows.append(np.exp(scores - scores.max()))
    odds = np.array(rows)
    return odds / odds.sum(-1, keepdims=True)


def channel(messages: Any, own: Any, answers: Any, contexts: Any = None, *, seed: int = 0) -> Channel:
    """Both measures from recorded plays, with 95 % intervals.

    Parameters
    ----------
    messages, own, answers : whole numbers `[E]` or `[E, T]`: what was said, what the speaker did (or saw), what the
        listener did. Rows are episodes, which are drawn anew as wholes; in `[E]` every play is one.
    contexts : the same shape, whatever else the listener saw that could go with the message.
    seed : of the redraws.

    The influence is causal where messages were set at random, or where `contexts` holds everything that moves both the
    message and the listener. Within a context messages count alike, and contexts by their plays; those in which one
    message only was heard say nothing of what another would have done, and are left out.

    With fewer than two plays for each message and move the lower ends can be too high. Raises `InputError` for plays
    that do not fit, and `TooLarge`.
    """
    said, did, done = whole("messages", messages), whole("own moves", own), whole("answers", answers)
    where = np.zeros(said.shape, int) if contexts is None else whole("contexts", contexts)
    if not said.shape == did.shape == done.shape == where.shape:
        raise InputError(
            f"There are plays of the shapes {said.shape}, {did.shape}, {done.shape} and {where.shape}.",
            "Every play has a message, a move of the speaker, a move of the listener and a context.",
            "Give arrays of the same shape.",
        )
    random, heard = np.random.default_rng(seed), counted(where, said, done)
    telling = (heard.sum((0, -1)) > 0).sum(-1) > 1
    return Channel(
        estimated(counted(np.zeros_like(said), said, did), together, random),
        estimated(heard[:, telling], as_if_set, random),
    )
