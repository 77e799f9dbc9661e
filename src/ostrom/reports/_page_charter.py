"""What a report says of the rules themselves: what each layer is, and which design principles hold of them all."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnosis.kinds import SOURCE as KINDS
from ..diagnosis.principles import SOURCE as PRINCIPLES
from ..diagnosis.principles import Principles
from ._charter import CharterSeen, Layer
from ._page import Block, Points, Prose, Section, Table, section, table
from ._words import plural

HEADS = ("layer", "kind", "law", "run", "made", "memory", "budget", "enforced by")


def charter_section(seen: CharterSeen | None) -> tuple[Section, ...]:
    """The section on the rules; none where there are no rules."""
    return () if seen is None else section("What the rules are", *_blocks(seen))


def _blocks(seen: CharterSeen) -> Iterator[Block | None]:
    yield _layers(seen.layers)
    wrong = tuple(sentence for layer in seen.layers for sentence in layer.mismatches)
    yield Points(wrong) if wrong else None
    yield Prose(seen.unasked) if seen.unasked else None
    yield _principles(seen.principles) if seen.principles is not None else None


def _layers(layers: tuple[Layer, ...]) -> Table | None:
    rows = [(layer.name, _kind(layer), *_told(layer)) for layer in layers]
    order = ", innermost first" if len(layers) > 1 else ""
    note = f"Kinds, by what a layer changes: {KINDS}. "
    if not all(layer.seen for layer in layers):
        note += "With * as declared, where a layer could not be asked by itself, or changes nothing by itself. "
    return table(f"{plural(len(layers), 'layer')}{order}", HEADS, rows, note=note + "All else is as declared.")


def _kind(layer: Layer) -> str:
    return ", ".join(layer.kinds) + ("" if layer.seen else " *")


def _told(layer: Layer) -> tuple[str | None, ...]:
    said = layer.declared
    return (
        "formal" if said["formal"] else "informal",
        "central" if said["central"] else "decentral",
        "emergent" if said["emergent"] else "designed",
        said["memory"],
        said["budget"],
        said["enforced_by"],
    )


def _principles(found: Principles) -> Table | None:
    """Which of Ostrom's principles hold, with what shows it."""
    rows = [(f"{one.number} {one.name}", one.answer, one.sentence) for one in found.principles]
    note = "Seen in what the rules do, round by round, and not in what they call themselves. "
    if any(one.sampled for one in found.principles):
        note += f"Of some only rounds that were drawn were asked, with seed {found.seed}: what holds has been seen, "
        note += "and what fails may have been missed. "
    return table("Design principles", ("principle", "answer", "what shows it"), rows, note=note + PRINCIPLES)
