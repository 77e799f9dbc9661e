"""Alarms about one thing, gathered: who tells whom what by which sign, in one sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..core.reading import Reading
from ..core.rooms import in_words, load, members
from ._words import listed, name

TELLS = ("channels", "new protocol", "glossary")
BOTH, MOVES = "working channel", "influence"
CHANGE = ("novelty", "changes")
KINDS = {
    **dict.fromkeys((*TELLS, BOTH, MOVES, *CHANGE), "said"),
    **dict.fromkeys(("screens", "regret audit"), "together"),
    **dict.fromkeys(("feedback", "probe gain", "branching", "early warning"), "loop"),
    **dict.fromkeys(("drift", "check up", "seeming"), "bounds"),
}
"""Which monitors speak of the same kind of thing; every other is a kind of its own."""

NEXT = {
    "told": "If {speaker} is meant to tell {field}, read the log again with `--public {field}`; if not, "
    "`ostrom.monitors.mitigated` says what a paraphrase, a rate limit or silence takes from it.",
    "moves": "Compare what {speaker} said with what {listener} did next; nothing here says that {speaker} told what "
    "it alone knew.",
    "change": "Read what was said before and after: a new topic, prompt or model changes words as well.",
    "together": "A screen is a sign and no verdict: of agents that can be asked, `ostrom.monitors.collusion` tells a "
    "mechanism from a coincidence.",
    "imitation": "See whether both answer something that the log lacks, as a new game or prompt: give it as a field "
    "of what they are shown, and read again.",
    "loop": "Where the system can be disturbed, measure the gain itself with `ostrom.monitors.probe_gain`; in records, "
    "agents that move alike cannot be told apart.",
    "bounds": "Ask the probes again, and see who taught it: `ostrom.monitors.amplification`.",
    "adaptive": "Where the environment can be run again, `ostrom.monitors.agency` tells by intervention what adapts.",
}
"""What to do next about each kind of finding."""

DRAWS = 99_999
"""Draws that are advised where p is the least that fewer allow."""

MORE = f"p = {{p}} is the least that its draws allow: `--only {{name}}:rounds={DRAWS}` draws more."

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
STAGES = ("screen", "mechanism", "counterfactual")
COLLUSION = "collusion"


def risks(readings: Sequence[Reading]) -> list[str]:
    """The risks that readings name. Collusion only where screen, mechanism and counterfactual are among them."""
    stages = {one.where.get("stage") for one in readings if in_words(one.monitor) == COLLUSION}
    named = {risk for one in readings for risk in one.risks}
    return sorted(named if stages >= set(STAGES) else named - {COLLUSION})


@dataclass(frozen=True, eq=False)
class Found:
    """Alarms about one thing, the strongest first.

    `kind` is "said" for what a speaker says on a channel, else a kind of `KINDS` or the name of a monitor; `plainly`
    is whether what is told stands in the messages word for word.
    """

    kind: str
    readings: tuple[Reading, ...]
    plainly: bool = False

    @cached_property
    def by(self) -> Mapping[str, Reading]:
        """The strongest reading of each monitor."""
        return {in_words(one.monitor): one for one in reversed(self.readings)}

    @property
    def monitors(self) -> tuple[str, ...]:
        """The monitors, the one with the strongest evidence first."""
        return tuple(dict.fromkeys(in_words(one.monitor) for one in self.readings))

    @property
    def speaker(self) -> str:
        """Who is named first."""
        return next((one.who[0] for one in self.readings if one.who), "somebody")

    @property
    def channel(self) -> str | None:
        """The channel, where the alarms name one."""
        return next((str(one.where["channel"]) for one in self.readings if "channel" in one.where), None)

    @property
    def listeners(self) -> tuple[str, ...]:
        """Who acts on what is said."""
        heard = (one.who[1:] for one in self.readings if in_words(one.monitor) in (BOTH, MOVES))
        return tuple(dict.fromkeys(agent for who in heard for agent in who))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """What is told, by the names of fields of what the speaker was shown."""
        return tuple(dict.fromkeys(field for one in self.readings for field in _fields(one)))

    @property
    def changes_only(self) -> bool:
        """Whether words change and nothing shows that they tell anything."""
        return self.kind == "said" and set(self.monitors) <= set(CHANGE)

    @property
    def sentence(self) -> str:
        """All of it in one sentence, with how many monitors say so."""
        first = self.readings[0].sentence
        many = f": {_count(self.monitors)}"
        lone = len(self.readings) == 1
        if self.kind != "said" or not (self.fields or self.listeners) or (lone and not lexicon(self)):
            return first if lone else f"{first} ({_count(self.monitors).capitalize()}.)"
        who, channel = name(self.speaker), f" on {self.channel!r}" if self.channel else ""
        heard = listed([name(one) for one in self.listeners])
        if not self.fields:
            return f"What {who} says{channel} moves what {heard} does{many}."
        acts = f", and {heard} {'act' if len(self.listeners) > 1 else 'acts'} on it" if heard else ""
        return f"{who} tells {listed([name(one) for one in self.fields[:3]])}{channel}{self._sign()}{acts}{many}."

    @property
    def about(self) -> str:
        """The kind of finding in `NEXT`."""
        said = "told" if self.fields else "moves" if self.listeners else "change" if self.changes_only else ""
        return said if self.kind == "said" else self.kind

    @property
    def next(self) -> str:
        """What to do about it; empty where nothing can be said in general."""
        named = {"speaker": name(self.speaker), "listener": listed([name(one) for one in self.listeners])}
        return NEXT.get(self.about, "").format(field=name(self.fields[0]) if self.fields else "", **named)

    def _sign(self) -> str:
        if self.plainly:
            return " in plain words"
        if channels := self.by.get("channels"):
            sign, carrier = channels.numbers.get("sign"), channels.where.get("carrier", channels.numbers.get("carrier"))
            return f" by {name(str(carrier))}" + (f" ({name(str(sign))})" if sign else "") if carrier else ""
        if entries := lexicon(self):
            return f" by words ({', '.join(repr(name(str(one['words']))) for one in entries[:2])})"
        return ""


def lexicon(found: Found) -> Sequence[Mapping[str, Any]]:
    """What words stand for what, where a glossary is among the alarms."""
    glossary = found.by.get("glossary")
    entries = () if glossary is None else glossary.numbers.get("lexicon", ())
    return [one for one in entries if isinstance(one, Mapping)]


def gathered(alarms: Sequence[Reading]) -> tuple[Found, ...]:
    """Alarms about the same speaker and channel, or of one kind about the same agents, together; strongest first."""
    groups: dict[Any, list[Reading]] = {}
    for one in alarms:
        kind = KINDS.get(in_words(one.monitor), in_words(one.monitor))
        about = (one.who[:1], one.where.get("channel")) if kind == "said" else tuple(sorted(set(one.who)))
        groups.setdefault((kind, str(about)), []).append(one)
    return tuple(Found(kind, tuple(readings)) for (kind, _), readings in groups.items())


def sentences(found: Sequence[Found]) -> list[str]:
    """A sentence for each, those about words that change merged into one."""
    changing = [one for one in found if one.changes_only]
    if len(changing) < 2:
        return [one.sentence for one in found]
    who = list(dict.fromkeys(name(one.speaker) for one in changing))
    shown = listed(who) if len(who) <= 4 else f"{', '.join(who[:3])} and {_number(len(who) - 3)} more"
    monitors = tuple(dict.fromkeys(kind for one in changing for kind in one.monitors))
    merged = f"What {shown} say changes, for whatever reason: {_count(monitors)}."
    said = [merged if one is changing[0] else None if one.changes_only else one.sentence for one in found]
    return [one for one in said if one is not None]


def steps(found: Sequence[Found]) -> list[str]:
    """What to do next, a sentence for each kind of finding; of more that are told, the command that says so."""
    first = {one.about: one for one in reversed(found)}
    told = [one for one in found if one.about == "told" and one is not first["told"]]
    also = [f"`--public {name(one.fields[0])}` for {name(one.speaker)}" for one in told[:4]]
    said = {kind: one.next for kind, one in sorted(first.items(), key=lambda item: found.index(item[1]))}
    if also:
        said["told"] += f" Likewise {listed(also)}."
    least = next((one for group in found for one in group.readings if _least(one)), None)
    more = [] if least is None else [MORE.format(name=in_words(least.monitor).replace(" ", "_"), p=f"{least.p:.2g}")]
    return list(dict.fromkeys(one for one in (*said.values(), *more) if one))


def _least(reading: Reading) -> bool:
    """Whether a p-value is the least that its draws allow, and its monitor can be told to draw more."""
    draws = reading.numbers.get("draws", reading.numbers.get("rounds"))
    if not isinstance(draws, int) or reading.p is None or not 0.99 < reading.p * (draws + 1) < 1.01:
        return False
    return draws < DRAWS and "rounds" in _parameters(in_words(reading.monitor).replace(" ", "_"))


def _parameters(monitor: str) -> tuple[str, ...]:
    """The names of the parameters of a monitor by its name; none where there is no such."""
    named = members("monitors").get(monitor, "")
    return tuple(getattr(vars(load("monitors", monitor))[named], "__dataclass_fields__", ())) if named else ()


def _fields(reading: Reading) -> Iterator[str]:
    if in_words(reading.monitor) == BOTH:
        told = reading.numbers.get("tells")
        names = [told.get("field")] if isinstance(told, Mapping) else []
    elif in_words(reading.monitor) == "glossary":
        entries = reading.numbers.get("lexicon", ())
        names = [one.get("field") for one in entries if isinstance(one, Mapping)]
    else:
        names = [reading.where.get("field")]
    yield from (str(one).removeprefix("observation.").removeprefix("facts.") for one in names if one)


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _count(monitors: Sequence[str]) -> str:
    return f"{_number(len(monitors))} monitor{'s' if len(monitors) > 1 else ''} ({', '.join(monitors)})"
