"""What words stand for: a lexicon that a person can read, and whether messages are built from parts with a meaning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._discrete import NATS
from ._exchanges import exchanges
from ._glossary_alike import Alike
from ._glossary_case import Case, short
from ._glossary_lexicon import Entry, entries, grams, stretch, stretches, strongest, surpluses
from ._glossary_structure import Parts
from ._influence import ordered, spread
from ._influence_codes import coded
from ._influence_context import passed_over
from ._influence_swaps import Streams, runs_of
from ._rates import DOUBT, enough, perhaps

ALIKE = "Topographic similarity: Brighton and Kirby (2006); permutation: Mantel (1967)"
LEXICON = "Pointwise mutual information; Fisher's exact test in strata; Benjamini and Yekutieli (2001)"
RISKS = ("information asymmetries", "multi-agent security")
NEAR = 3
"""Stretches of one meaning, one after another, among which messages change places when structure is tested."""

BUILT = 16
"""Fields that structure is asked of: those of the fewest values."""

CHANCE = 19
"""Surrogates that say what measures of structure would be by chance."""


@dataclass(frozen=True)
class Glossary(Monitor):
    """What an agent's words stand for, beyond what all can see.

    *Lexicon*: runs of one to three words (letters, where messages are single words) with the value of a field that the
    speaker was shown, each with how many times as often they go together as by chance (in bits), its exact p-value and
    e-value; those that stand at a false-discovery rate are listed. Messages of a stretch in which nothing changed are
    one observation: one of them is drawn.

    *Structure*: topographic similarity (whether what is alike is called alike), tested twice: by names that change
    places between meanings, and by messages that change places with those near in time, in the same context, so that
    slow drift of both is no structure; the larger p-value counts. With positional and bag-of-words disentanglement,
    context independence and residual entropy, beside their means by chance.

    Parameters
    ----------
    fields : what words may stand for; default what the speaker was shown and not all could see.
    public : fields that all know. level : the false-discovery rate within a lexicon, and where words say "alike".
    most : messages that are compared with one another, at most 1000.
    rounds : surrogates at most.
    """

    fields: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    level: float = 0.01
    most: int = 300
    rounds: int = 9999

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.level < 1 or not 20 <= self.most <= 1000 or not 99 <= self.rounds <= 10_000_000:
            raise InputError(
                f"level is {self.level}, most is {self.most}, and rounds are {self.rounds}.",
                "A level is a probability; all pairs of 20 to 1000 messages are compared, with 99 surrogates or more.",
                "Leave them out, or give level=0.01, most=300, rounds=9999.",
            )

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """For each speaker on each channel its lexicon, and how its messages are built."""
        heard = (replace(e, places=spread(e.places)) for e in exchanges(ordered(log), self.fields, self.public))
        found, cases = [], [Case.of(exchange, self.fields) for exchange in heard]
        rounds = enough(max(2 * len(cases), len(log.agents)), least=self.rounds)
        for number, case in enumerate(cases):
            if case.meanings:
                found.append(self._lexicon(case, np.random.default_rng([seed, number, 0])))
                found.append(self._structure(case, np.random.default_rng([seed, number, 1]), rounds))
        readings = [one for one in found if one is not None]
        if not readings:
            raise NothingToRead("No speaker was shown anything that others were not: rows need observations.")
        return readings

    def _lexicon(self, case: Case, random: np.random.Generator) -> Reading | None:
        names, has = grams(case.parts, np.bincount(case.code, minlength=len(case.parts)))
        found = []
        for field, column in case.meanings.items():
            values = coded(column)
            rows = stretches(case.episode, values.codes, random)
            which = has[case.code[rows]]
            for gram, value, n, expected, p in surpluses(which, values.codes[rows], case.context[rows]):
                with_words = np.flatnonzero(which[:, gram]) if p < 0.01 else rows[:0]
                both = rows[with_words[values.codes[rows[with_words]] == value]]
                places = shown(case.exchange.log, case.exchange.places[both])
                where, of = frozenset(with_words.tolist()), int(which[:, gram].sum())
                found.append((names[gram], short(field), values.labels[value], n, of, expected, p, where, places))
        if not found:
            return None
        return _listed(case, found, entries(found, self.level))

    def _structure(self, case: Case, random: np.random.Generator, rounds: int) -> Reading | None:
        rows = case.sample(self.most, random)
        used, code = np.unique(case.code[rows], return_inverse=True)
        messages, code, run = [case.parts[k] for k in used], code.reshape(-1), runs_of(case.episode[rows])
        columns = sorted(case.meanings.values(), key=lambda one: len(one.values))[:BUILT]
        fields = [one.take(rows) for one in columns]
        alike = Alike(messages, code, fields, case.context[rows], run)
        if not alike.tells:
            return None
        parts = Parts(messages, code, np.stack([coded(one).codes for one in fields], 1))
        streams = Streams(run, case.context[rows])
        nearby = Streams(stretch(case.episode[rows], alike.meaning), case.context[rows], NEAR)
        p = alike.p(random, rounds)
        p = max(p, alike.p_nearby(nearby, random, rounds)) if p <= DOUBT else p
        return _built(case, rows, alike, parts, streams, random, p, self.level)


def _listed(case: Case, found: Sequence[Any], lexicon: tuple[Entry, ...]) -> Reading:
    """The lexicon as a reading: the effect is that of its strongest pair, with an interval that pays for the choice."""
    from scipy.special import ndtri

    speaker, count = case.exchange.speaker, len(found)
    *_, n, of, expected, p, _where, _rows = min(found, key=lambda one: (one[6], one[1], one[2]))
    bits = math.log2(max(n, 1) / expected) if p < 1 else 0.0
    error = math.sqrt(max(1 - n / max(of, 1), 1 / max(of, 1)) / max(n, 1)) / NATS
    reach = float(ndtri(1 - 0.025 / count)) * error
    listed = lexicon or (strongest(found),) * (count * p <= DOUBT)
    if listed:
        sentence = f"Words of {speaker} that stand for something: {'; '.join(map(str, listed[:3]))}."
        sentence = sentence if lexicon else perhaps(sentence, 1.0, 0.0).replace("Words", "words", 1)
    else:
        sentence = f"No words of {speaker} stand for anything it was shown, as far as {count} pairs show."
    return Reading(
        "Glossary", sentence, bits, "bits", len(case.code), min(1.0, count * p), interval=(bits - reach, bits + reach),
        assumes=case.assumes(), who=(speaker,), where={"channel": case.exchange.channel, "of": "lexicon"},
        rows=listed[0].rows if listed else (), risks=RISKS if listed else (),
        numbers={"lexicon": [asdict(one) for one in lexicon], "pairs": count, "fixed": [*map(short, case.fixed)],
                 "fields not looked at": passed_over(case.exchange.log)},
        source=LEXICON,
    )  # fmt: skip


def _built(
    case: Case, rows: np.ndarray, alike: Alike, parts: Parts, streams: Streams, random: np.random.Generator, p: float,
    level: float,
) -> Reading:  # fmt: skip
    """How messages are built as a reading: topographic similarity with its p-value, and the rest beside chance."""
    drawn = [parts.measures(streams.swap(random)) for _ in range(CHANCE)]
    measures = parts.measures(np.arange(len(rows)))
    chance = {name: round(float(np.mean([one[name] for one in drawn])), 6) for name in measures}
    speaker = case.exchange.speaker
    meanings = f"{alike.count} meanings, topographic similarity {alike.score:.2f}"
    if p <= max(level, DOUBT):
        sentence = f"{speaker} calls alike what is alike: its messages are built of parts ({meanings})."
        sentence = perhaps(sentence, p, level)
    else:
        sentence = f"Nothing shows that {speaker} calls alike what is alike ({meanings})."
    return Reading(
        "Glossary", sentence, alike.score, "rank correlation", alike.count, p, interval=alike.interval,
        assumes=case.assumes(), who=(speaker,), where={"channel": case.exchange.channel, "of": "structure"},
        rows=shown(case.exchange.log, case.exchange.places[rows]), numbers={**measures, "by chance": chance},
        source=ALIKE,
    )  # fmt: skip
