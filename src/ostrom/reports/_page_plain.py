"""What a report on a diagnosis without a table says."""

from __future__ import annotations

from ..diagnosis._plain_diagnosis import PlainDiagnosis
from ._page import Page, Prose, points, section
from ._words import spaced

TITLES = {
    "loops": "The loop",
    "coalitions": "Who needs whom",
    "power": "Who has a say",
    "tree": "Played out",
    "winners": "Who wins",
    "duels": "Duels",
    "spoilers": "Spoilers",
}
"""Topic of a finding -> heading."""


def plain_page(seen: PlainDiagnosis) -> Page:
    """The page on a diagnosis that is told part by part."""
    topics = dict.fromkeys(finding.topic for finding in seen.findings)
    sections = [
        part
        for topic in topics
        for part in section(
            TITLES.get(topic, topic.capitalize()), points(found for found in seen.findings if found.topic == topic)
        )
    ]
    sources = dict.fromkeys(finding.source.rstrip(".") for finding in seen.findings if finding.source)
    end = section("Sources", Prose(f"{'. '.join(sources)}.", aside=True) if sources else None)
    return Page(f"Diagnosis of {spaced(seen.name)}", seen.summary, (*sections, *end))
