"""Results as one HTML file that needs nothing else: no network, no scripts, no fonts, no other host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from ..core.claim import Claim
from ._page import Block, Cell, Page, Picture, Points, Prose, Section, Table, Verdicts
from ._pages import page_of
from ._style import STYLE
from ._vega import drawn, themed, variables
from ._words import cell, is_number, legible, reached, witness

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the browser is told it may load: nothing."""


BROAD = 620
"""Pixels beyond which a picture scrolls on a narrow screen instead of shrinking."""

_TYPED = re.compile(r"`([^`\n]+)`")
"""What a reader is told to type."""

_EVIDENCE = re.compile(r"\b([pe]) = (?=\d)")
"""What stands before a p-value or an e-value."""

_WIDTH = re.compile(r' width="([\d.]+)"')


def html(result: Any) -> str:
    """The report as the text of an HTML file.

    `result` is what a verb returned: a diagnosis, a design, a comparison, a verification or an audit. Everything in it
    is escaped; pictures are drawn inside; it follows the reader's choice of light or dark and prints in light. The same
    result gives the same bytes.
    """
    page = page_of(result)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="generator" content="ostrom">',
            f"<title>{_text(page.title)}</title>",
            f"<style>{variables()}{STYLE}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#content">To the content</a>',
            f"<header>\n<h1>{_text(page.title)}</h1>",
            f'<p class="lead">{_text(page.lead)}</p>\n{_contents(page)}</header>',
            '<main id="content">',
            *_sections(page),
            "</main>",
            "<footer><p>Made with ostrom. Figures are rounded; the JSON form has them in full.</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _text(words: str) -> str:
    return _kept(legible(words))


def _prose(words: str) -> str:
    """A sentence, in which what stands between backticks is to be typed."""
    return _TYPED.sub("<code>\\1</code>", _text(words))


def _cell(value: Cell) -> str:
    return _kept(cell(value))


def _kept(words: str) -> str:
    held = _EVIDENCE.sub("\\1\u00a0=\u00a0", escape(words))
    return held.replace(" %", "\u00a0%")  # a number and its sign stay on one line


def _contents(page: Page) -> str:
    if len(page.sections) < 3:
        return ""
    links = "".join(f'<li><a href="#part-{k}">{_text(s.title)}</a></li>' for k, s in enumerate(page.sections, 1))
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n'


def _sections(page: Page) -> Iterator[str]:
    for k, section in enumerate(page.sections, 1):
        yield f'<section id="part-{k}" aria-labelledby="title-{k}">\n<h2 id="title-{k}">{_text(section.title)}</h2>'
        yield from _blocks(section, k)
        yield "</section>"


def _blocks(section: Section, k: int) -> Iterator[str]:
    """The blocks in order; pictures that follow each other stand side by side where there is room."""
    row: list[str] = []
    for n, block in enumerate(section.blocks, 1):
        if isinstance(block, Picture):
            row.append(_picture(block, f"p{k}-{n}"))
            continue
        yield from _side_by_side(row)
        row = []
        yield _block(block)
    yield from _side_by_side(row)


def _side_by_side(pictures: list[str]) -> list[str]:
    return [f'<div class="pictures">\n{"".join(pictures)}</div>'] if pictures else []


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return f'<p class="aside">{_prose(block.text)}</p>' if block.aside else f"<p>{_prose(block.text)}</p>"
    if isinstance(block, Points):
        return f"<ul>{''.join(f'<li>{_prose(sentence)}</li>' for sentence in block.sentences)}</ul>"
    if isinstance(block, Verdicts):
        claims = "".join(_claim(claim, block.brief) for claim in block.claims)
        return f'<ul class="claims{" brief" if block.brief else ""}">{claims}</ul>'
    assert isinstance(block, Table)
    return _table(block)


def _picture(picture: Picture, label: str) -> str:
    svg = themed(drawn(picture.chart, label))
    named = f'<svg role="img" aria-labelledby="{label}-t {label}-d"'
    inside = f'<title id="{label}-t">{_text(picture.caption)}</title><desc id="{label}-d">{_text(picture.words)}</desc>'
    head, _, rest = svg.removeprefix("<svg").partition(">")
    width = float((_WIDTH.search(head) or ["", "0"])[1])
    scrolls = f' class="wide" role="region" tabindex="0" aria-label="{_text(picture.caption)}"' if width > BROAD else ""
    caption = f"<figcaption>{_text(picture.caption)}</figcaption>"
    return f"<figure{scrolls}>\n{named}{head}>{inside}{rest}\n{caption}\n</figure>\n"


def _table(block: Table) -> str:
    numeric = [all(is_number(row[k]) for row in block.rows) for k in range(len(block.columns))]
    heads = "".join(
        f'<th scope="col"{_flush(right)}>{_text(column)}</th>'
        for column, right in zip(block.columns, numeric, strict=True)
    )
    rows = "\n".join(_row(row, numeric, k in block.marked) for k, row in enumerate(block.rows))
    note = f'<p class="aside">{_text(block.note)}</p>' if block.note else ""
    caption = _text(block.caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}">\n'
        f"<table>\n<caption><span>{caption}</span></caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>{note}"
    )


def _row(row: tuple[Cell, ...], numeric: list[bool], marked: bool) -> str:
    first, *rest = row
    cells = "".join(f"<td{_flush(right)}>{_cell(value)}</td>" for value, right in zip(rest, numeric[1:], strict=True))
    start = '<tr class="marked">' if marked else "<tr>"
    return f'{start}<th scope="row"{_flush(numeric[0])}>{_cell(first)}</th>{cells}</tr>'


def _flush(right: bool) -> str:
    return ' class="number"' if right else ""


def _claim(claim: Claim, brief: bool) -> str:
    by = _text(reached(claim))
    said = f'<strong class="verdict {claim.verdict}">{claim.verdict}</strong> {_text(claim.statement)}'
    found = f"Witness: {_text(witness(claim.witness))}" if claim.witness else ""
    if brief:
        return f'<li>{said} <span class="aside">({by}){f"<br>{found}" if found else ""}</span></li>\n'
    return f'<li>{said}<p class="aside">{by[:1].upper()}{by[1:]}.{f"<br>{found}" if found else ""}</p></li>\n'
