"""XML without surprises: elements, attributes and lines; no document types, no entities of one's own, no depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ostrom.core.errors import InputError, TooLarge

from ._text import bad

DEEPEST = 30
"""Levels of elements beyond which nobody looks."""

ELEMENTS = 200_000
"""Elements of one text."""


@dataclass
class Element:
    """An element: its tag, its attributes, the elements inside, and the line on which it begins."""

    tag: str
    given: Mapping[str, str]
    line: int
    inside: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Element]:
        """Every element of a tag in it, however deep, in order."""
        for element in self.inside:
            if element.tag == tag:
                yield element
            yield from element.all(tag)


def parse_xml(text: str, where: str) -> Element:
    """The root of an XML text; `InputError` with the line for what is not XML or declares a document type."""
    parser = expat.ParserCreate("utf-8")
    stack: list[Element] = []
    roots: list[Element] = []
    count = 0

    def begin(tag: str, given: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) >= DEEPEST or count > ELEMENTS:
            raise TooLarge(
                f"{where}, line {parser.CurrentLineNumber}: elements {len(stack) + 1} deep, {count:,} in all.",
                f"More than {DEEPEST} levels or {ELEMENTS:,} elements are not read.",
                "Split the file.",
            )
        element = Element(tag, given, parser.CurrentLineNumber)
        (stack[-1].inside if stack else roots).append(element)
        stack.append(element)

    def refuse(*_: object) -> None:
        raise bad(
            where,
            parser.CurrentLineNumber,
            "there is a document type.",
            "It can define entities that grow without end or read other files.",
            "Take the lines from <!DOCTYPE on out.",
        )

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda tag: stack.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise bad(
            where, error.lineno, f"this is not XML: {reason}.", "The text breaks off or has a mark too many."
        ) from None
    except UnicodeEncodeError:
        raise InputError(f"{where}: there are characters that no text has.", do="Save the file as UTF-8.") from None
    return roots[0]
