"""The one seam to Vega: a chart goes in, the text of an SVG comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ._theme import COLOURS, LIGHT, config

_NAME = re.compile(r'(\bid="|url\(#|xlink:href="#)([\w-]+)')
_PAINT = re.compile(r'\b(fill|stroke)="(#[0-9a-f]{6})"')
_OUTLINED = re.compile(r'<text([^>]*\bstroke="#)')
_VARIABLE = {light: name for name, light in LIGHT.items()}


def drawn(chart: Mapping[str, Any], label: str) -> str:
    """A Vega-Lite chart as an `<svg>` element; `label` keeps its inner names apart from those of other pictures.

    `{"svg": text}` is a picture that has been drawn. Nothing is loaded from anywhere. The same chart and label give
    the same text.
    """
    svg = chart["svg"] if "svg" in chart else _converted(chart)
    order: dict[str, str] = {}
    return _NAME.sub(lambda m: m[1] + order.setdefault(m[2], f"{label}-{len(order)}"), svg)


def _converted(chart: Mapping[str, Any]) -> str:
    import vl_convert

    svg = vl_convert.vegalite_to_svg({"config": config(), **chart}, vl_version="5.21", allowed_base_urls=[])
    return _OUTLINED.sub(r'<text paint-order="stroke"\1', svg)  # the outline of letters lies behind them


def png(svg: str, scale: float = 2.0) -> bytes:
    """A drawing as the bytes of a PNG, `scale` pixels to one of its own. The same drawing gives the same bytes."""
    import vl_convert

    return vl_convert.svg_to_png(svg, scale=scale)


def themed(svg: str) -> str:
    """The same drawing with its colours as CSS variables."""
    return _PAINT.sub(lambda m: f'{m[1]}="var(--{_VARIABLE[m[2]]})"' if m[2] in _VARIABLE else m[0], svg)


def variables() -> str:
    """The CSS that gives these variables their values, for light paper and for dark."""
    light, dark = ("".join(f"--{name}:{pair[k]};" for name, pair in COLOURS.items()) for k in (0, 1))
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
