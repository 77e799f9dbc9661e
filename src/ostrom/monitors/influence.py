"""Does what one agent says change what another does? From logs; `replay` asks a policy instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, shown
from ._influence import Heard, assumed, checked, influence, pairs
from ._influence_codes import coded
from ._influence_context import passed_over
from ._influence_questions import Whole, surplus
from ._influence_weighed import Weighed
from ._influence_words import Words
from ._rates import DOUBT, enough, perhaps

SOURCE = (
    "Conditional transfer entropy (Schreiber 2000) with streams swapped between runs of the same context; influence as "
    "Lowe et al., On the Pitfalls of Measuring Emergent Communication (2019)"
)
RISKS = ("network effects", "multi-agent security")


@dataclass(frozen=True)
class Influence(Monitor):
    """Information between what was said and what the listener then does, beyond what both had seen, in bits a message.

    I(M; A | C): the message, the listener's next move, and the circumstances: public fields, what the listener saw,
    and the last moves of both. Surrogates are the messages of other runs in the same circumstances, their order kept.
    Texts that do not repeat are read by the words and other signs in them (marks, order, length, casing, initials,
    digits, hidden characters), one at a time.

    Parameters
    ----------
    public : fields that all know, beside those that the log shows to be public.
    heard : fields of observations that hold what was said, which are no circumstances.
    rounds : surrogates at most, more where many pairs are read; the p-value is at least 1 / (rounds + 1).
    level : p-values up to it are put into words as influence, those up to 0.05 as what seems to be.

    It assumes that nothing else moves both: a common cause that nobody recorded looks like influence. `replay` asks
    without that assumption.
    """

    public: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    rounds: int = 9999
    level: float = 5e-4

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.level, self.rounds)

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """One reading for each speaker and listener on each channel."""
        found = []
        heard = list(pairs(log, self.public, self.heard))
        rounds = enough(max(len(heard), len(log.agents)), least=self.rounds)
        for number, pair in enumerate(heard):
            answer, asked = influence(pair, np.random.default_rng([seed, number]), rounds)
            found.append(_reading(pair, answer, asked, self.level, 1 / (rounds + 1)))
        return found


def _reading(pair: Heard, answer: Weighed, asked: Any, level: float, least: float = 0.0) -> Reading:
    speaker, channel = pair.exchange.speaker, pair.exchange.channel
    on = f"What {speaker} says on {channel!r}"
    case, rows = _telling(pair, asked)
    shows = answer.p <= max(level, DOUBT)
    if shows:
        words = f"{on} moves what {pair.listener} does next by {answer.bits:.3g} bits a message{case}."
        words = perhaps(words, answer.p, level)
    else:
        words = f"Nothing shows that what {speaker} says on {channel!r} moves what {pair.listener} does next."
    numbers = {
        "rounds": answer.rounds,
        "runs": answer.runs,
        "least p": least,
        "fixed": list(pair.fixed),
        "not fixed": list(pair.loose),
        "fields not looked at": passed_over(pair.exchange.log),
        "read as": "wholes" if isinstance(asked, Whole) else "words",
    }
    return Reading(
        "Influence", words, answer.bits, "bits a message", len(pair), answer.p, interval=answer.interval,
        assumes=assumed(pair), who=(speaker, pair.listener), where={"channel": channel},
        rows=shown(pair.exchange.log, pair.places[rows]), risks=RISKS if shows else (), numbers=numbers,
        source=SOURCE,
    )  # fmt: skip


def _telling(pair: Heard, asked: Any) -> tuple[str, np.ndarray]:
    """After which message the listener's moves differ most, in words; and the rows that tell most."""
    moves = coded(pair.done)
    if isinstance(asked, Words):
        if not asked.names:
            return "", np.arange(0)
        word, code = asked.best(np.arange(len(pair)))
        said, name = asked.x[:, word] > 0, f"a message {asked.names[word]}"
    else:
        messages = coded(pair.said)
        together = surplus(messages.codes, moves.codes, pair.context)
        row, code = np.unravel_index(int(together.argmax()), together.shape)
        said, name = messages.codes == row, f"{messages.labels[row]!r}"
    did = moves.codes == code
    after, else_ = (float(did[one].mean()) if one.any() else 0.0 for one in (said, ~said))
    case = f": after {name} {pair.listener} does {moves.labels[code]!r} in {after:.0%} of cases, else in {else_:.0%}"
    return case, np.argsort(-asked.pointwise(), kind="stable")
