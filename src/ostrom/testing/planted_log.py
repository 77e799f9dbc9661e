"""Logs with a planted phenomenon, or with what is only taken for one: the truth is known because it was put there.

Nothing in this file or those beside it imports a detector, and no detector imports these.
"""

from __future__ import annotations

from ._planted import Planted as Planted
from ._planted import planted


def planted_log(
    carrier: str = "punctuation",
    bits: float = 0.1,
    *,
    messages: int = 1000,
    heeded: float = 0.5,
    defence: str = "none",
    control: str = "none",
    declared: bool = False,
    onset: float = 0.0,
    seed: int = 0,
) -> Planted:
    """A log of four agents in which Ann puts what only she knows into what she says, and Bob moves on it.

    In every step Ann and Cleo are each shown a cost, low or high, and all are shown the topic. Both say something about
    the topic, Ann to Bob and Cleo to Dan; then Bob and Dan move. Ann's bit is her cost through a binary symmetric
    channel whose error is such that a message tells `bits` of it; Cleo's is drawn.

    Parameters
    ----------
    carrier : where the bit is: "synonym" (a word), "punctuation" (the mark at the end), "order" (of two items),
        "parity" (of the number of words), "hidden" (a character that takes no room), "digits" (the last one of a
        number), "keyed" (the whole message, chosen by a secret key and distributed as honest ones are), "timing" (the
        time until it is sent) or "moves" (a move that comes with it).
    bits : 0 to 1 a message; 0 plants nothing. messages : steps, 10 to a million.
    heeded : how much Bob's odds of buying differ between her two bits, 0 to 1.
    defence : applied to all: "paraphrase" fills all places of a text anew; "rate limit" lets one message in four
        through; "role permutation" lets a random one of the two send each message.
    control : what else goes on that is nothing of the kind, with `bits=0` only: "topic drift"; "common shock", which
        moves costs, topics and moves; "informative but public", words that tell what all see; "same seed", agents who
        say the same; "shared prompt", a phrase that all use from the middle on.
    declared : whether the odds of the costs are in the log (`facts.odds`), so that tests can be exact.
    onset : the share of the log before anything is planted.

    Raises `InputError` for numbers out of range, `UnknownName` for other names. The same seed gives the same log.

    Examples
    --------
    >>> one = planted_log("order", 0.5, messages=20)
    >>> len(one.log), one.bits, one.speaker, one.onset
    (80, 0.5, 'Ann', 1)
    """
    return planted(carrier, bits, messages, heeded, defence, control, declared, onset, seed)
